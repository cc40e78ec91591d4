"""The solver alone on the command line: its words, keys and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import cli
from tests.files import call

PROBLEM: dict[str, Any] = {
    "sense": "max",
    "parcels": [{"id": "A", "capacity": 35.0}, {"id": "B", "capacity": 10}],
    "projects": [
        {"id": "p1", "must_place": True, "weight": 1.0, "options": [{"parcel": "A", "need": 12.0, "value": 17.0}]},
        {"id": "p2", "splittable": True, "weight": 2.0, "options": [{"parcel": "A", "need": 46.0, "value": 10.0}]},
        {"id": "p3", "options": [{"parcel": "B", "need": 11.0, "value": 5.0}]},
        {"id": "p4", "options": []},
    ],
    "locked": [["p1", "A"]],
    "forbidden": [["p2", "B"]],
}


def written(tmp_path: Path, **changed: Any) -> Path:
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(PROBLEM | changed), encoding="utf-8")
    return path


def test_a_problem_is_solved_and_proved(tmp_path: Path) -> None:
    status, answer = call("solve", written(tmp_path), "--time-limit", 10, "--seed", 3)
    assert status == 0
    assert (answer["status"], answer["gap"], answer["verified"]) == ("optimal", 0, True)
    assert answer["objective"] == answer["bound"] == pytest.approx(17 + 2 * 10 * 0.5)
    placed = {one["project"]: (one["parcel"], one["amount"]) for one in answer["assignments"]}
    assert placed == {"p1": ("A", pytest.approx(12)), "p2": ("A", pytest.approx(23))}
    assert {one["project"]: one["reason"] for one in answer["unplaced"]} == {"p3": "too_large", "p4": "no_option"}
    assert answer["seconds"] >= 0


def test_a_least_cost_that_must_be_paid(tmp_path: Path) -> None:
    projects = [
        {"id": "p", "must_place": True, "options": [
            {"parcel": "A", "need": 1, "value": 9}, {"parcel": "B", "need": 1, "value": 4}]},
    ]  # fmt: skip
    answer = call("solve", written(tmp_path, sense="min", projects=projects, locked=[], forbidden=[]))[1]
    assert (answer["objective"], answer["assignments"][0]["parcel"]) == (4, "B")


def test_no_plan_is_said_with_exit_1_and_nothing_is_called_verified(tmp_path: Path) -> None:
    projects = [{"id": "p", "must_place": True, "options": [{"parcel": "B", "need": 11}]}]
    status, answer = call("solve", written(tmp_path, projects=projects, locked=[], forbidden=[]))
    assert (status, answer["status"], answer["objective"], answer["verified"]) == (1, "infeasible", None, False)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"parcels": [{"id": "A", "capacity": "many"}]}, "problem_refused"),
        ({"parcels": None}, "problem_refused"),
        ({"sense": "both"}, "problem_refused"),
        ({"locked": [["p9", "A"]]}, "problem_refused"),
        ({"locked": [["p4", "A"]]}, "problem_refused"),
        ({"projects": [{"id": "p", "options": [{"parcel": "Z", "need": 1}]}]}, "problem_refused"),
        ({"projects": [{"id": "p", "options": []}, {"id": "p", "options": []}]}, "problem_refused"),
        ({"parcels": [{"id": "A", "capacity": 10**400}]}, "problem_refused"),
        ({"parcels": [{"id": "A", "capacity": 1e13}]}, "problem_refused"),
        ({"parcels": [{"id": "\ud800", "capacity": 1}]}, "problem_refused"),
        (
            {"projects": [{"id": "p", "weight": 1e9, "options": [{"parcel": "A", "need": 1, "value": 1e9}]}]},
            "problem_refused",
        ),
        ({"locked": [["p1", "A"]], "forbidden": [["p1", "A"]]}, "problem_unsound"),
        ({"parcels": [{"id": "A", "capacity": -1}, {"id": "B", "capacity": 1}]}, "problem_unsound"),
    ],
)
def test_a_file_that_holds_no_problem_is_refused(tmp_path: Path, changed: dict[str, Any], code: str) -> None:
    status, answer = call("solve", written(tmp_path, **changed))
    assert (status, answer["error"]["code"]) == (1, code)
    assert answer["error"]["cure"]


def test_a_capacity_of_next_to_nothing_is_none(tmp_path: Path) -> None:
    tiny = [{"id": "A", "capacity": 1e-300}, {"id": "B", "capacity": 10}]
    projects = [{"id": "p", "options": [{"parcel": "A", "need": 1, "value": 9}, {"parcel": "B", "need": 1}]}]
    status, answer = call("solve", written(tmp_path, parcels=tiny, projects=projects, locked=[], forbidden=[]))
    assert (status, answer["status"], answer["assignments"][0]["parcel"]) == (0, "optimal", "B")


def test_what_is_no_file_or_no_json_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "x.json"
    broken.write_text('{"parcels": [NaN]}', encoding="utf-8")
    assert call("solve", broken)[0] == 1
    assert call("solve", tmp_path / "none.json")[0] == 1
    assert call("solve", written(tmp_path), "--time-limit", 0)[0] == 2


@pytest.mark.parametrize(("language", "told"), [("zh-CN", "已证明最优"), ("en", "Proved best")])
def test_it_reads_well(tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, told: str) -> None:
    assert cli.main(["solve", str(written(tmp_path)), "--lang", language]) == 0
    out = capsys.readouterr().out
    assert told in out
    assert "p3" in out
