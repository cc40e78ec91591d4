"""What a map may send: each act as the command that it means, and everything else refused with its field."""

from __future__ import annotations

import json
from typing import Any

import pytest

from layers.changes import Command
from layers.commands import Assign, Delete, Edit, EditMany, MergeParcels, Reassign, Split, Unassign
from layers.live.acts import KINDS, MOST_ACTS, MOST_BYTES, Act, Batch, read
from layers.live.errors import ActRefused
from layers.workspace import Workspace
from tests.hostile import PAYLOADS


def body(*acts: Any, **more: Any) -> bytes:
    return json.dumps({"epoch": "e1", "revision": 3, "acts": list(acts), **more}).encode()


def act(do: str, **said: Any) -> dict[str, Any]:
    return {"op": "c-1", "do": do, "seen": 3, **said}


def only(batch: Batch) -> Act | tuple[str, ActRefused]:
    (one,) = batch.acts
    return one


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
    (act("split", parcel="A", parts=3), Split("A", parts=3)),
    (act("merge", parcels=["A", "B"], figures={"far_max": 2}), MergeParcels(("A", "B"), (("far_max", 2),))),
    (act("undo"), "undo"),
    (act("redo"), "redo"),
]


@pytest.mark.parametrize(("given", "meant"), GOOD, ids=[one["do"] + str(i) for i, (one, _) in enumerate(GOOD)])
def test_an_act_means_its_command(world: Workspace, given: dict[str, Any], meant: Command | str) -> None:
    found = only(read(body(given)))
    assert isinstance(found, Act) and (found.op, found.seen) == ("c-1", 3)
    assert found.command(world) == meant


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
    (act("split", parcel="A", parts=1), "parts"),
    (act("split", parcel="A", parts=2.0), "parts"),
    (act("split", parcel="A", parts=10**6), "parts"),
    (act("merge", parcels=["A"]), "parcels"),
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
