"""What a map may send: each act as the command that it means, and everything else refused with its field."""

from __future__ import annotations

import json
from typing import Any

import pytest

from layers.changes import Command
from layers.commands import (
    Assign,
    AssignMany,
    At,
    AtVertex,
    CutStrip,
    Delete,
    DrawArea,
    DrawParcel,
    Dropped,
    Edit,
    EditMany,
    Inserted,
    MergeParcels,
    Moved,
    MoveVertices,
    OnEdge,
    Reassign,
    Split,
    TrimOverlaps,
    Unassign,
    UnassignMany,
)
from layers.live.acts import MOST_ACTS, MOST_BYTES, Act, Batch, read
from layers.live.errors import ActRefused
from layers.live.kinds import KINDS
from layers.workspace import Workspace
from tests.hostile import PAYLOADS


def body(*acts: Any, **more: Any) -> bytes:
    return json.dumps({"epoch": "e1", "revision": 3, "acts": list(acts), **more}).encode()


def act(do: str, **said: Any) -> dict[str, Any]:
    return {"op": "c-1", "do": do, "seen": 3, **said}


def only(batch: Batch) -> Act | tuple[str, ActRefused]:
    (one,) = batch.acts
    return one


VERTEX, EDGE = {"vertex": ["A", 0, 0, 1]}, {"edge": ["B", 0, 0, 2, 0.5]}

GOOD: list[tuple[dict[str, Any], Command | str]] = [
    (act("assign", parcel="A", project="p1"), Assign("A", "p1")),
    (
        act("assign", parcel="A", project="p1", floor_area_m2=10, stage="signed", supply_mode="lease", term_years=20),
        Assign("A", "p1", 10.0, stage="signed", supply_mode="lease", term_years=20.0),
    ),
    (act("reassign", assignment="A1", stage="signed", note="…"), Reassign("A1", stage="signed", note="…")),
    (act("unassign", assignment="A1"), Unassign("A1")),
    (
        act("edit", layer="parcels", key="A", values={"far_max": 2.5, "note": None}),
        Edit("parcels", "A", (("far_max", 2.5), ("note", None))),
    ),
    (
        act("edit_many", layer="parcels", keys=["A", "B"], values={"status": "sold"}),
        EditMany("parcels", ("A", "B"), (("status", "sold"),)),
    ),
    (act("delete", layer="parcels", key="A", with_buildings=True), Delete("parcels", "A", True)),
    (
        act("split", parcel="A", line=[VERTEX, EDGE]),
        Split("A", line=(AtVertex("A", 0, 0, 1), OnEdge("B", 0, 0, 2, 0.5))),
    ),
    (act("split_equally", parcel="A", parts=3), Split("A", parts=3)),
    (act("split_equally", parcel="A", parts=3, bearing=45, share=1), Split("A", parts=3, direction=45.0, share=1)),
    (
        act("strip", parcels=["A", "B"], line=[VERTEX, EDGE], width_m=20, becomes="nothing"),
        CutStrip(("A", "B"), (AtVertex("A", 0, 0, 1), OnEdge("B", 0, 0, 2, 0.5)), 20.0, "nothing"),
    ),
    (
        act("draw", ring=[VERTEX, EDGE, VERTEX], values={"land_use": "M4"}, trim=True, fill_m=1),
        DrawParcel(
            (AtVertex("A", 0, 0, 1), OnEdge("B", 0, 0, 2, 0.5), AtVertex("A", 0, 0, 1)),
            (("land_use", "M4"),),
            trim=True,
            fill_m=1.0,
        ),
    ),
    (
        act(
            "draw_area",
            layer="constraints",
            ring=[VERTEX, EDGE, VERTEX],
            values={"kind": "noise", "effect": "inform"},
        ),
        DrawArea(
            "constraints",
            (AtVertex("A", 0, 0, 1), OnEdge("B", 0, 0, 2, 0.5), AtVertex("A", 0, 0, 1)),
            (("kind", "noise"), ("effect", "inform")),
        ),
    ),
    (
        act(
            "vertices",
            steps=[
                {"step": "move", "vertex": ["A", 0, 0, 1], "to": EDGE},
                {"step": "insert", "edge": ["A", 0, 0, 2, 0.25]},
                {"step": "drop", "vertex": ["B", 0, 0, 3]},
            ],
        ),
        MoveVertices(
            (
                Moved(AtVertex("A", 0, 0, 1), OnEdge("B", 0, 0, 2, 0.5)),
                Inserted(OnEdge("A", 0, 0, 2, 0.25)),
                Dropped(AtVertex("B", 0, 0, 3)),
            )
        ),
    ),
    (act("trim", parcels=["A"], against=["B"]), TrimOverlaps(("A",), ("B",))),
    (act("assign_many", parcels=["A", "B"], project="p1", share=0.5), AssignMany(("A", "B"), "p1", 0.5)),
    (act("unassign_many", parcels=["A", "B"]), UnassignMany(("A", "B"))),
    (act("merge", parcels=["A", "B"], figures={"far_max": 2}), MergeParcels(("A", "B"), (("far_max", 2),))),
    (act("undo"), "undo"),
    (act("redo"), "redo"),
]


@pytest.mark.parametrize(("given", "meant"), GOOD, ids=[one["do"] + str(i) for i, (one, _) in enumerate(GOOD)])
def test_an_act_means_its_command(world: Workspace, given: dict[str, Any], meant: Command | str) -> None:
    found = only(read(body(given)))
    assert isinstance(found, Act) and (found.op, found.seen) == ("c-1", 3)
    assert found.command(world) == meant


def test_a_place_in_degrees_becomes_one_of_the_working_crs(world: Workspace) -> None:
    found = only(read(body(act("split", parcel="A", line=[{"at": [116.28, 39.83]}, VERTEX]))))
    assert isinstance(found, Act)
    command = found.command(world)
    assert isinstance(command, Split) and isinstance(command.line, tuple)
    start = command.line[0]
    assert isinstance(start, At) and (round(start.x, 3), round(start.y, 3)) == (438363.930, 4410901.479)


def test_every_kind_of_act_is_tried_here() -> None:
    assert {one["do"] for one, _ in GOOD} == set(KINDS)


BAD: list[tuple[dict[str, Any], str]] = [
    (act("unheard_of"), "do"),
    (act("__class__"), "do"),
    ({"op": "c-1", "do": ["assign"], "seen": 3}, "do"),
    ({"op": "c-1", "do": "undo"}, "seen"),
    ({"op": "c-1", "do": "undo", "seen": True}, "seen"),
    ({"op": "c-1", "do": "undo", "seen": -1}, "seen"),
    ({"op": "c-1", "do": "undo", "seen": 2**70}, "seen"),
    (act("undo", actor="admin"), "actor"),
    (act("assign", parcel="A"), "project"),
    (act("assign", parcel="A", project="p1", scenario="main"), "scenario"),
    (act("assign", parcel="A", project="p1", geometry="POLYGON EMPTY"), "geometry"),
    (act("assign", parcel="A" * 65, project="p1"), "parcel"),
    (act("assign", parcel="", project="p1"), "parcel"),
    (act("assign", parcel=["A"], project="p1"), "parcel"),
    (act("assign", parcel="A\u0000", project="p1"), "parcel"),
    (act("assign", parcel="\ud800", project="p1"), "parcel"),
    (act("assign", parcel="A", project="p1", floor_area_m2=-3), "floor_area_m2"),
    (act("assign", parcel="A", project="p1", floor_area_m2=1e300), "floor_area_m2"),
    (act("assign", parcel="A", project="p1", floor_area_m2="10"), "floor_area_m2"),
    (act("assign", parcel="A", project="p1", floor_area_m2=True), "floor_area_m2"),
    (act("assign", parcel="A", project="p1", floor_area_m2=None), "floor_area_m2"),
    (act("assign", parcel="A", project="p1", stage="done"), "stage"),
    (act("edit", layer="people", key="A", values={"role": "admin"}), "layer"),
    (act("edit", layer="parcels", key="A", values={}), "values"),
    (act("edit", layer="parcels", key="A", values=[["far_max", 2]]), "values"),
    (act("edit", layer="parcels", key="A", values={"far_max": {"$gt": 0}}), "values.far_max"),
    (act("edit", layer="parcels", key="A", values={"note": "x" * 4001}), "values.note"),
    (act("edit", layer="parcels", key="A", values={"far_max": 1e13}), "values.far_max"),
    (act("edit", layer="parcels", key="A", values={"x" * 61: 1}), "values"),
    (act("edit_many", layer="parcels", keys=[], values={"status": "sold"}), "keys"),
    (act("edit_many", layer="parcels", keys=["A"] * 5001, values={"status": "sold"}), "keys"),
    (act("split_equally", parcel="A", parts=1), "parts"),
    (act("split_equally", parcel="A", parts=2.0), "parts"),
    (act("split_equally", parcel="A", parts=10**6), "parts"),
    (act("merge", parcels=["A"]), "parcels"),
    (act("split", parcel="A", line=[VERTEX]), "line"),
    (act("split", parcel="A", line=[VERTEX] * 2_001), "line"),
    (act("split", parcel="A", line=[VERTEX, {"at": [181, 0]}]), "line[1][0]"),
    (act("split", parcel="A", line=[VERTEX, {"at": [116, 39, 5]}]), "line[1]"),
    (act("split", parcel="A", line=[VERTEX, {"vertex": ["A", 0, -1, 0]}]), "line[1][2]"),
    (act("split", parcel="A", line=[VERTEX, {"edge": ["A", 0, 0, 0, 1.5]}]), "line[1][4]"),
    (act("split", parcel="A", line=[VERTEX, {**VERTEX, **EDGE}]), "line[1]"),
    (act("split", parcel="A", line="LINESTRING (0 0, 1 1)"), "line"),
    (act("strip", parcels=["A"], line=[VERTEX, EDGE], width_m=0), "width_m"),
    (act("strip", parcels=["A"], line=[VERTEX, EDGE], width_m=9, becomes="sea"), "becomes"),
    (act("draw", ring=[VERTEX, EDGE]), "ring"),
    (act("vertices", steps=[]), "steps"),
    (act("vertices", steps=[{"step": "burn"}]), "step"),
    (act("vertices", steps=[{"step": "move", "vertex": ["A", 0, 0, 1]}]), "to"),
    (act("vertices", steps=[{"step": "drop", "vertex": ["A", 0, 0, 1], "to": VERTEX}]), "to"),
    (act("assign_many", parcels=["A"], project="p1", share=1.5), "share"),
]


@pytest.mark.parametrize(("given", "field"), BAD, ids=range(len(BAD)))
def test_a_hostile_act_is_refused_with_its_field(given: dict[str, Any], field: str) -> None:
    good = act("undo") | {"op": "c-2"}
    batch = read(body(given, good))
    (op, error), other = batch.acts
    assert op == "c-1" and isinstance(error, ActRefused) and str(error.facts["field"]).endswith(field)
    assert isinstance(other, Act), "one that cannot be read does not hold up the others"


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"{" * 100_000,
        b'{"epoch": NaN, "revision": 1, "acts": []}',
        b'{"a": ' * 5_000 + b"1" + b"}" * 5_000,
        b" " * (MOST_BYTES + 1),
        body(),
        body(act("undo"), more=1),
        body(act("undo"), act("redo")),
        body(*[act("undo") | {"op": f"c-{i}"} for i in range(MOST_ACTS + 1)]),
        body("undo"),
        body({"do": "undo", "seen": 3}),
        body(act("undo") | {"op": "C 1"}),
        body(act("undo") | {"op": 7}),
        body(act("undo"), epoch="../x"),
        body(act("undo"), revision="3"),
    ],
    ids=range(18),
)
def test_a_request_that_cannot_be_read_is_refused_as_a_whole(sent: bytes) -> None:
    with pytest.raises(ActRefused):
        read(sent)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_a_key_that_nothing_has_and_a_note_that_stays_text(world: Workspace, payload: str) -> None:
    found = only(read(body(act("edit", layer="parcels", key=payload[:64], values={"note": payload}))))
    assert isinstance(found, Act)
    assert found.command(world) == Edit("parcels", payload[:64], (("note", payload),))
