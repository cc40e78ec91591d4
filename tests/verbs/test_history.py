"""history, undo, redo, branch, diff, merge and scenario on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from layers import stores
from layers.commands import Edit
from layers.commands.editing import frozen
from tests.files import call, plain
from tests.lived import LOCKED, OTHER, copied, did


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "w.gpkg"
    copied(path)
    return path


def refused(status: int, answer: dict[str, Any]) -> tuple[int, str]:
    """Exit code and code of an error that is whole."""
    assert set(answer["error"]) == {"code", "message", "where", "cure"}
    return status, answer["error"]["code"]


def noted(path: Path, key: str, text: str, scenario: str = "main", column: str = "name") -> int:
    return did(stores.open_store(path), Edit("parcels", key, frozen({column: text})), scenario)


def name(path: Path, key: str, scenario: str = "main") -> str | None:
    table = stores.read(path, scenario).table("parcels").set_index("parcel_id")
    found = table["name"].get(key)
    return found if isinstance(found, str) else None


def test_history_is_told_newest_first(path: Path) -> None:
    status, answer = call("history", path)
    assert status == 0
    events = answer["events"]
    assert [event["revision"] for event in events] == list(range(18, 0, -1))
    keys = {"revision", "op_id", "at", "actor", "role", "scenario", "kind", "facts", "undoes", "hash"}
    assert all(keys <= event.keys() for event in events)
    assert [event["revision"] for event in call("history", path, "--limit", 2)[1]["events"]] == [18, 17]
    branch = call("history", path, "--scenario", OTHER)[1]["events"]
    assert [event["kind"] for event in branch] == ["delete", "edit", "branch"]
    parcel = call("history", path, "--parcel", "A")[1]["events"]
    assert [event["kind"] for event in parcel] == ["merge", "create"]
    gone = call("history", path, "--parcel", "B")[1]["events"]
    assert [event["kind"] for event in gone] == ["split", "edit", "redo", "undo", "edit", "create"]
    assert refused(*call("history", path, "--scenario", "none")) == (1, "scenario_unknown")
    assert refused(*call("history", path, "--parcel", "none"))[0] == 1
    for limit in ("many", "-1"):
        assert refused(*call("history", path, "--limit", limit)) == (2, "call_wrong")


def test_undo_and_redo_go_back_and_forth(path: Path) -> None:
    noted(path, "A", "新名")
    status, answer = call("undo", path, "--actor", "planner")
    assert (status, answer["revision"], name(path, "A")) == (0, 20, None)
    status, answer = call("redo", path, "--actor", "planner")
    assert (status, answer["revision"], name(path, "A")) == (0, 21, "新名")
    assert refused(*call("redo", path, "--actor", "planner"))[0] == 1
    assert call("check", path)[1]["ok"]


def test_undo_of_what_others_did_is_for_the_admin(path: Path) -> None:
    seq = noted(path, "A", "新名")
    assert refused(*call("undo", path, "--actor", "visitor")) == (1, "denied")
    assert refused(*call("undo", path, "--actor", "boss"))[0] == 1, "of her own there is nothing"
    assert call("undo", path, "--actor", "boss", "--revision", seq)[0] == 0
    assert name(path, "A") is None
    told = call("history", path, "--limit", 1)[1]["events"][0]
    assert (told["kind"], told["actor"], told["facts"]["by"]) == ("undo", "boss", "planner")


def test_undo_after_somebody_else_changed_the_row_is_a_conflict(path: Path) -> None:
    noted(path, "A", "一")
    assert call("undo", path, "--actor", "boss", "--revision", 12)[0] == 1, "the parcel was split since"
    status, answer = call("undo", path, "--actor", "planner", "--revision", 12)
    assert status == 1
    assert answer["error"]["code"]
    assert call("check", path)[1]["events"] == 19, "nothing was written"


def test_branch_makes_a_scenario_of_what_is_there(path: Path) -> None:
    status, answer = call("branch", path, "第三", "--note", "备选")
    assert status == 0
    assert (answer["scenario"], answer["parent"], answer["note"]) == ("第三", "main", "备选")
    assert answer["revision"] >= 18
    before = call("capacity", path)[1]
    assert call("capacity", path, "--scenario", "第三")[1]["permitted_m2"] == before["permitted_m2"]
    child = call("branch", path, "第四", "--scenario", OTHER)[1]
    assert child["parent"] == OTHER
    assert refused(*call("branch", path, "第三")) == (1, "scenario_exists")
    assert refused(*call("branch", path, "x" * 61)) == (1, "scenario_name")
    assert refused(*call("branch", path, "五", "--scenario", "none")) == (1, "scenario_unknown")
    assert refused(*call("branch", path, "五", "--actor", "visitor")) == (1, "denied")
    assert refused(*call("branch", path)) == (2, "call_wrong")


def test_diff_tells_rows_that_differ(path: Path) -> None:
    status, answer = call("diff", path, "1", "6")
    assert status == 0
    told = {(one["layer"], one["key"]) for one in answer["changes"]}
    assert ("parcels", "B") in told
    assert {layer for layer, _ in told} == {"parcels", "assignments"}
    assert call("diff", path, "main", "main@17")[1]["changes"] == []
    assert call("diff", path, f"{OTHER}@8", "main@8")[1]["changes"] == []
    assert refused(*call("diff", path, "main", "none")) == (1, "scenario_unknown")
    assert refused(*call("diff", path, "1", "99")) == (1, "revision_unknown")
    assert refused(*call("diff", path, "1")) == (2, "call_wrong")


def test_merge_takes_over_what_is_not_disputed(path: Path) -> None:
    call("branch", path, "第三")
    noted(path, "A", "新名", "第三")
    status, answer = call("merge", path, "第三", "main", "--dry-run")
    assert (status, answer["merged"], answer["conflicts"]) == (0, False, [])
    assert name(path, "A") is None
    status, answer = call("merge", path, "第三", "main")
    assert (status, answer["merged"], answer["conflicts"]) == (0, True, [])
    assert name(path, "A") == "新名"
    assert call("check", path)[1]["ok"]


def test_merge_asks_where_both_changed_the_same(path: Path) -> None:
    call("branch", path, "第三")
    noted(path, "A", "theirs", "第三")
    noted(path, "A", "mine")
    before = call("check", path)[1]["events"]
    status, answer = call("merge", path, "第三", "main")
    assert (status, answer["merged"]) == (1, False)
    (conflict,) = answer["conflicts"]
    assert {"id", "mine", "theirs", "ancestor", "resolutions"} <= conflict.keys()
    sides = {side: conflict[side][0]["row"].get("name") for side in ("mine", "theirs", "ancestor")}
    assert sides == {"mine": "mine", "theirs": "theirs", "ancestor": None}
    assert call("check", path)[1]["events"] == before, "nothing is written before it is decided"
    assert call("merge", path, "第三", "main", "--dry-run")[0] == 1
    word = f"{conflict['id']}=theirs"
    assert refused(*call("merge", path, "第三", "main", "--resolve", "nothing=mine")) == (1, "conflict_unknown")
    assert refused(*call("merge", path, "第三", "main", "--resolve", f"{conflict['id']}=x")) == (1, "choice_unknown")
    status, answer = call("merge", path, "第三", "main", "--resolve", word, "--dry-run")
    assert (status, answer["merged"], answer["undecided"], answer["rows"]) == (0, False, [], 1)
    status, answer = call("merge", path, "第三", "main", "--resolve", word)
    assert (status, answer["merged"], name(path, "A")) == (0, True, "theirs")
    assert refused(*call("merge", path, "第三", "main", "--resolve", "x")) == (2, "call_wrong")
    assert refused(*call("merge", path, "main", "main")) == (2, "call_wrong")
    assert refused(*call("merge", path, "none", "main")) == (1, "scenario_unknown")
    assert refused(*call("merge", path, "第三", LOCKED))[0] == 1


def test_scenarios_are_listed_locked_and_renamed(path: Path) -> None:
    status, answer = call("scenario", "list", path)
    assert status == 0
    assert [one["scenario"] for one in answer["scenarios"]] == ["main", OTHER, LOCKED]
    assert [one["locked"] for one in answer["scenarios"]] == [False, False, True]
    status, answer = call("scenario", "lock", path, OTHER)
    assert (status, answer["scenario"], answer["locked"]) == (0, OTHER, True)
    assert refused(*call("undo", path, "--scenario", OTHER, "--actor", "planner")) == (1, "scenario_locked")
    assert call("scenario", "unlock", path, OTHER)[1]["locked"] is False
    status, answer = call("scenario", "rename", path, OTHER, "新方案")
    assert (status, answer["scenario"]) == (0, "新方案")
    assert [one["scenario"] for one in answer["scenarios"]] == ["main", "新方案", LOCKED]
    assert refused(*call("scenario", "rename", path, "main", "x")) == (1, "main_stays")
    assert refused(*call("scenario", "lock", path, LOCKED, "--actor", "planner")) == (1, "denied")
    for words in (("lock", path), ("rename", path, OTHER), ("lock", path, "a", "b"), ("drop", path, OTHER)):
        assert refused(*call("scenario", *words)) == (2, "call_wrong")
    assert call("check", path)[1]["ok"]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_people_are_told_in_words(path: Path, language: str) -> None:
    noted(path, "A", "x")
    for words in (
        ("history", path),
        ("undo", path, "--actor", "planner"),
        ("redo", path, "--actor", "planner"),
        ("branch", path, "第三"),
        ("diff", path, "1", "main"),
        ("merge", path, "第三", "main"),
        ("scenario", "list", path),
    ):
        status, text, err = plain(*words, "--lang", language)
        assert (status, err) == (0, ""), words
        assert text.strip(), words
        assert "{7" not in text.replace("{{7*7}}", "")
