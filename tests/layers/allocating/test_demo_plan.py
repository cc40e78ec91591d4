"""The plan of the demo: checked, applied as one command, and undone to the very state that was there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cli
from layers import applying, checks, stores
from layers.accounts import books, totals
from layers.allocating import plan, told
from layers.allocating.proposing import Proposal
from layers.changes import Actor, Asked
from layers.commands import Edit
from layers.matching import housed
from layers.ruling import breaches
from layers.stores.contract import Store
from tests.layers.commands.doing import changes, every_row, undone
from tests.state import state
from tests.world import demo

ME = Actor("planner", "operator")


@pytest.fixture(scope="module")
def found() -> Proposal:
    return plan(demo())


@pytest.fixture
def store(tmp_path: Path) -> Store:
    stores.create(tmp_path / "w.gpkg", demo())
    return stores.open_store(tmp_path / "w.gpkg")


def test_every_goal_is_proved(found: Proposal) -> None:
    assert found.verified and found.plan.status == "optimal"
    assert [one.gap for one in found.plan.goals] == [0.0] * 4


def test_it_keeps_to_the_workspace_and_goes_back(found: Proposal) -> None:
    before = demo()
    rows = changes(before, found.command)
    from layers.rows import with_rows

    after = with_rows(before, rows)
    known = {str(one) for one in checks.problems(before)}
    assert {str(one) for one in checks.problems(after)} <= known
    assert abs(books(after).total().imbalance()).max() < 1e-6
    day = str(before.as_of)
    assert {one.assignment_id for one in breaches(after, day)} <= {one.assignment_id for one in breaches(before, day)}
    assert every_row(undone(after, rows)) == every_row(before)
    met = sum(one.met for one in found.placings)
    kept = housed(found.made.ground.base).sum()
    assert housed(after).sum() == pytest.approx(kept + met, abs=1.0)
    assert totals(after)["committed_m2"] == totals(before)["committed_m2"], "what is signed does not move"


def test_it_is_applied_and_undone_in_one(store: Store, found: Proposal) -> None:
    with store.reading() as tx:
        seen = tx.workspace()
    before = state(store)
    command = plan(seen).command
    outcome = applying.apply(store, Asked(ME, "op", seen.revision), command)
    assert outcome.status == "ok", outcome.error
    assert outcome.facts["rows"] == len(command.given) + len(command.taken)
    assert applying.undo(store, Asked(ME, "back")).status == "ok"
    with store.reading() as tx:
        assert every_row(tx.workspace()) == every_row(seen)
    assert before != state(store), "the history goes on"


@pytest.mark.parametrize(
    ("layer", "column", "value"), [("parcels", "far_max", 0.1), ("projects", "must_zone", "west")]
)
def test_it_is_refused_where_what_it_rests_on_changed(store: Store, layer: str, column: str, value: object) -> None:
    with store.reading() as tx:
        seen = tx.workspace()
    command = plan(seen).command
    key = command.given[0].parcel_id if layer == "parcels" else command.given[0].project_id
    assert (
        applying.apply(store, Asked(Actor("other", "operator"), "e"), Edit(layer, key, ((column, value),))).status
        == "ok"
    )
    assert applying.apply(store, Asked(ME, "op", seen.revision), command).status == "conflict"
    again = applying.apply(store, Asked(ME, "op2"), command)
    assert again.status == "invalid", "looked at anew, a rule forbids it"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    code = cli.main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_command_line(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    code, answer = run(capsys, "allocate", store.address, "--dry-run", "--max-changes", "5", "--time-limit", "30")
    assert code == 0
    assert {"status", "goals", "assignments", "unplaced", "seconds", "verified"} <= answer.keys()
    assert answer["verified"] is True and answer["applied"] is False
    assert all({"name", "value", "bound", "gap"} <= one.keys() for one in answer["goals"])  # type: ignore[attr-defined]
    assert all({"project", "parcels", "floor_area_m2"} <= one.keys() for one in answer["assignments"])  # type: ignore[attr-defined]
    assert all({"project", "reason"} <= one.keys() for one in answer["unplaced"])  # type: ignore[attr-defined]
    assert sum(one["change"] != "kept" for one in answer["assignments"]) <= 5  # type: ignore[attr-defined]
    code, applied = run(capsys, "allocate", store.address, "--time-limit", "30")
    assert (code, applied["applied"], applied["revision"]) == (0, True, 2)
    code, checked = run(capsys, "check", store.address)
    assert (code, checked["ok"]) == (0, True)
    code, why = run(capsys, "why-not", store.address, "中国中铁", "E1-08-02")
    assert (code, why["possible"]) == (0, False)
    assert {"possible", "blocked_by", "moves", "cost"} <= why.keys()
    assert cli.main(["allocate", store.address, "--goals", "luck"]) == 2
    assert cli.main(["allocate", store.address, "--time-limit", "0"]) == 2
    assert cli.main(["why-not", store.address, "nobody", "E1-08-02"]) == 1


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_it_reads_in_both_languages(found: Proposal, language: str) -> None:
    from layers.printed import allocations

    answer = told(found, language) | {"applied": False}
    text = allocations.allocated(answer, language)
    assert found.code in text
    assert all(one["reason"] in text for one in answer["unplaced"])
