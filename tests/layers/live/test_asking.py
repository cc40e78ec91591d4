"""What an editor may ask: answers from the present state, nothing written, everything else refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from layers.commands import Assign
from layers.live.asking import QUESTIONS, answered
from layers.live.errors import ActRefused
from layers.live.kinds import KINDS
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from tests.layers.commands.doing import did
from tests.world import box, table


def told(workspace: Workspace, ask: str, **said: Any) -> dict[str, Any]:
    found = answered(workspace, {"ask": ask, **said}, "zh-CN")
    json.dumps(found, allow_nan=False)
    return found


def test_rows_come_in_the_order_of_their_keys_and_without_those_that_went(world: Workspace) -> None:
    rows = told(world, "rows", keys=["C", "gone", "A"])["rows"]
    assert [one["parcel_id"] for one in rows] == ["C", "A"]
    assert (rows[1]["permitted_m2"], rows[1]["built_m2"], rows[1]["available_m2"]) == (20_000, 5_000, 15_000)
    assert rows[0]["permitted_m2"] is None, "a parcel without a limit is unknown, not 0"


def test_a_form_has_the_values_that_parcels_share(world: Workspace) -> None:
    one = told(did(world, Assign("A", "p1", 100.0)), "form", keys=["A"])
    assert one["values"]["far_max"] == {"value": 2.0, "mixed": False} and one["drawn_area_m2"] == 10_000
    assert [given["floor_area_m2"] for given in one["assignments"]] == [100.0]
    both = told(world, "form", keys=["A", "B"])
    assert both["values"]["far_max"]["mixed"] and both["labels"] == ["A", "B"]
    status = next(column for column in both["columns"] if column["name"] == "status")
    assert status["label"] == "供应状态" and all(option["label"] for option in status["options"])
    basis = next(column for column in both["columns"] if column["name"] == "far_basis")
    assert basis["options"] == [{"value": "net", "label": "净用地"}, {"value": "gross", "label": "毛用地"}]
    assert {"parcel_id", "parents"}.isdisjoint(both["values"])


def test_a_form_has_the_accounts_of_what_is_known(world: Workspace) -> None:
    one = told(did(world, Assign("A", "p1", 100.0)), "form", keys=["A"])["figures"]
    assert (one["permitted_m2"], one["built_m2"], one["available_m2"]) == (20_000, 5_000, 14_900)
    assert (one["binding"], one["unknown"], one["site_area_m2"]) == ("far", 0, 10_000)
    both = told(world, "form", keys=["A", "C"])["figures"]
    assert (both["permitted_m2"], both["unknown"], both["binding"]) == (20_000, 1, "")


def test_a_line_of_text_chooses_parcels(world: Workspace) -> None:
    found = told(world, "choose", query="可供 > 10000")
    assert found["keys"] == ["A"]
    assert (found["figures"]["site_area_m2"], found["figures"]["available_m2"]) == (10_000, 15_000)
    assert told(world, "choose", query="可供 > 1000000")["figures"]["available_m2"] == 0
    with pytest.raises(ChengzaiError):
        told(world, "choose", query="'; drop table parcels")


def test_projects_are_told_with_what_they_still_want(world: Workspace) -> None:
    before = {one["key"]: one["wants_m2"] for one in told(world, "projects")["projects"]}
    after = {
        one["key"]: one["wants_m2"] for one in told(did(world, Assign("A", "p1", 100.0)), "projects")["projects"]
    }
    assert before["p1"] - after["p1"] == pytest.approx(min(100.0, before["p1"]))
    assert list(before.values()) == sorted(before.values(), reverse=True)


def test_faults_are_found_around_what_is_shown_only(world: Workspace) -> None:
    parcels = table("parcels", [
        {"parcel_id": "a", "geometry": box(0, 0, 10, 10)},
        {"parcel_id": "b", "geometry": box(9, 0, 20, 10)},
        {"parcel_id": "c", "geometry": box(500, 0, 510, 10)},
        {"parcel_id": "d", "geometry": box(509, 0, 520, 10)},
    ])  # fmt: skip
    here = world.with_tables(parcels=parcels, buildings=world.table("buildings").iloc[:0])
    found = told(here, "faults", keys=["a"])
    assert [(one["kind"], one["area_m2"], one["keys"]) for one in found["faults"]] == [("overlap", 10.0, ["a", "b"])]
    assert all(115 < lon < 118 and 39 < lat < 41 for lon, lat in found["faults"][0]["rings"][0])


def test_a_drawn_line_is_measured_on_stored_vertices(world: Workspace) -> None:
    corners = [{"vertex": ["A", 0, 0, i]} for i in range(4)]
    line = told(world, "measure", points=corners[:2])
    assert line["length_planar_m"] == 100 and line["area_planar_m2"] is None
    assert abs(line["length_ellipsoidal_m"] - 100) < 0.02
    assert told(world, "measure", points=corners, closed=True)["area_planar_m2"] == 10_000


def test_boundary_points_are_text_for_a_sheet(world: Workspace) -> None:
    found = told(world, "points", parcel="A")
    assert found["count"] == 4 and found["text"].splitlines()[1].startswith("J1\t1\t4410100.000\t438000.000")


def test_an_attempt_says_what_would_be_and_writes_nothing(world: Workspace) -> None:
    before = {name: len(world.table(name)) for name in world.tables}
    found = told(world, "attempt", act={"do": "split_equally", "parcel": "A", "parts": 4})
    assert found["may"] and [one["area_m2"] for one in found["rows"] if not one["goes"]] == [2_500.0] * 4
    assert {name: len(world.table(name)) for name in world.tables} == before
    refused = told(world, "attempt", act={"do": "assign", "parcel": "A", "project": "p1", "floor_area_m2": 1e6})
    assert not refused["may"] and refused["message"] and refused["cure"] and "columns" not in refused


def test_an_attempt_to_merge_tells_the_columns_that_differ_as_data(world: Workspace) -> None:
    side_by_side = [box(100 * i, 0, 100 * i + 100, 100) for i in range(3)]
    close = world.with_tables(parcels=world.table("parcels").assign(geometry=side_by_side))
    found = told(close, "attempt", act={"do": "merge", "parcels": ["A", "B"]})
    assert found["code"] == "figures_differ" and found["columns"] == ("far_max",)


BAD: list[Any] = [
    None, [], {}, {"ask": "secrets"}, {"ask": ["rows"]}, {"ask": "rows"}, {"ask": "rows", "keys": []},
    {"ask": "rows", "keys": ["A"] * 501}, {"ask": "rows", "keys": ["A"], "more": 1}, {"ask": "choose", "query": ""},
    {"ask": "choose", "query": "x" * 501}, {"ask": "measure", "points": [{"at": [1, 2]}]},
    {"ask": "measure", "points": "LINESTRING"}, {"ask": "attempt", "act": {"do": "undo"}},
    {"ask": "attempt", "act": {"do": "assign", "parcel": "A"}}, {"ask": "attempt", "act": "assign"},
    {"ask": "points", "parcel": "A\u0000"},
]  # fmt: skip


@pytest.mark.parametrize("given", BAD, ids=range(len(BAD)))
def test_what_cannot_be_read_is_refused(world: Workspace, given: Any) -> None:
    with pytest.raises(ActRefused):
        answered(world, given, "en")


def test_what_is_not_there_is_said(world: Workspace) -> None:
    for said in ({"ask": "points", "parcel": "Z"}, {"ask": "form", "keys": ["Z"]}):
        with pytest.raises(ChengzaiError, match="Z"):
            answered(world, said, "zh-CN")


def test_every_question_and_every_act_is_described() -> None:
    told_of = {"rows", "sums", "form", "choose", "projects", "faults", "measure", "place", "points", "attempt"}
    assert set(QUESTIONS) == told_of
    assert "geometry" not in {name for kind in KINDS.values() for name in kind.said}
