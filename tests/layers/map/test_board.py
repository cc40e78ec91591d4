"""The board of open maps: numbers that stay, and patches that bring a map to where loading afresh would."""

from __future__ import annotations

import base64
import json
import struct
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from layers.changes import Command
from layers.commands import Assign, Edit, EditMany, MergeParcels, Reshape, Split
from layers.map import blob, board
from layers.map.board import Board, Boards
from layers.map.classes import MODES
from layers.map.payload import labels
from layers.workspace import Workspace
from tests.world import after, box


class Open:
    """A map as the browser keeps it, brought along by patches."""

    def __init__(self, shown: Board) -> None:
        self.board, self.revision = shown, shown.revision
        self.of = {key: of.tolist() for key, of in state(shown)[1].items()}
        found = shown.names()
        self.keys, self.labels = list(found["keys"]), list(found["labels"])
        self.outlines = blob.decode(shown.outlines())

    def follow(self) -> dict[str, Any]:
        patch = self.board.since(self.revision, "en")
        assert patch is not None
        json.dumps(patch, allow_nan=False)
        self.revision, count = patch["revision"], patch["count"]
        for names in (self.keys, self.labels):
            names.extend([""] * (count - len(names)))
        for key, numbers in self.of.items():
            numbers.extend([0] * (count - len(numbers)))
            for slot, number in zip(patch["slots"], patch["of"].get(key, ()), strict=bool(patch["slots"])):
                numbers[slot] = number
        for slot, (key, label) in patch.get("names", {}).items():
            self.keys[int(slot)], self.labels[int(slot)] = key, label
        if "shaped" in patch:
            fresh = blob.decode(base64.b64decode(patch["outlines"]))
            order = np.concatenate([np.arange(len(self.outlines)), np.full(count - len(self.outlines), -1)])
            order[patch["shaped"]] = len(self.outlines) + np.arange(len(fresh))
            self.outlines = blob.joined([self.outlines, fresh]).take(order)
        return patch

    def check(self, workspace: Workspace) -> None:
        """Everything is as a board of this workspace alone has it."""
        afresh = Board(workspace)
        slots = np.array([self.keys.index(key) for key in workspace.parcel_index])
        here, there = self.outlines.take(slots), blob.decode(afresh.outlines())
        assert all(np.array_equal(vars(here)[name], vars(there)[name]) for name in vars(here))
        assert [self.labels[slot] for slot in slots] == labels(workspace)
        gone = np.setdiff1d(np.arange(len(self.keys)), slots)
        assert (self.outlines.flags[gone] & blob.GONE).all() and not self.outlines.parts[gone].any()
        for key in ("available", "status", "supply_mode", "assignment"):
            assert [self.of[key][slot] for slot in slots] == state(afresh)[1][key].tolist(), key


def state(shown: Board) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The head of the state, and the classes of each mode by slot."""
    packed = shown.state("en")
    (length,) = struct.unpack_from("<I", packed)
    head = json.loads(packed[4 : 4 + length])
    planes = np.frombuffer(packed, np.uint8, offset=4 + length).reshape(len(MODES), 2, head["count"])
    return head, dict(zip(MODES, planes[:, 0].astype(int) | planes[:, 1].astype(int) << 8, strict=True))


STEPS: list[list[Command]] = [
    [Assign("A", "p1", 100.0), Edit.of("parcels", "A", status="sold")],
    [Edit.of("parcels", "C", parcel_no="<b>7"), Edit.of("parcels", "C", geometry_basis="schematic")],
    [Reshape("parcels", "C", box(300, 0, 399, 100))],
    [Split("B", parts=3)],
    [Split("A", parts=2), MergeParcels(("P00001", "P00002"))],
]


@pytest.mark.parametrize("commands", STEPS, ids=["figures", "names", "outline", "split", "split and merge"])
def test_patches_lead_where_loading_afresh_leads(world: Workspace, commands: list[Command]) -> None:
    shown, here = Board(world), world
    step, late = Open(shown), Open(shown)
    for command in commands:
        here = after(here, command)
        shown.see(here)
        step.follow()
        step.check(here)
    late.follow()
    late.check(here)


def test_a_parcel_that_comes_back_has_the_number_that_it_had(world: Workspace) -> None:
    shown, split = Board(world), after(world, Split("B", parts=2))
    opened = Open(shown)
    shown.see(split)
    opened.follow()
    shown.see(world.at(split.revision + 1))
    opened.follow()
    opened.check(world)
    assert shown.slot("B") == 1 and shown.slot("never") == -1


def test_only_what_changed_travels(world: Workspace) -> None:
    shown = Board(world)
    opened = Open(shown)
    assert opened.follow() == {"revision": 0, "count": 3, "slots": [], "of": {}}
    shown.see(after(world, Assign("A", "p1", 100.0)))
    patch = opened.follow()
    assert patch["slots"] == [0] and "outlines" not in patch and "names" not in patch
    shown.see(after(shown.workspace, Edit.of("parcels", "A", note="…")))
    assert opened.follow()["slots"] == []


def test_an_older_state_is_left_alone(world: Workspace) -> None:
    shown, later = Board(world), after(world, Assign("A", "p1", 100.0))
    shown.see(later)
    shown.see(world)
    assert shown.workspace is later


def test_what_is_too_old_or_too_much_is_loaded_again(world: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Board(world.at(7))
    assert shown.since(3, "en") is None and shown.since(9, "en") is None
    monkeypatch.setattr(board, "MOST", 2)
    shown.see(after(shown.workspace, EditMany("parcels", ("A", "B", "C"), (("status", "sold"),))))
    patch = shown.since(7, "en")
    assert patch is not None and patch["state"] and patch["slots"] == []
    shown.see(after(shown.workspace, Split("B", parts=3)))
    assert shown.since(7, "en") is None


def test_each_branch_and_place_has_a_board_of_its_own(world: Workspace) -> None:
    boards = Boards()
    main, plan = boards.of("a", world), boards.of("a", replace(world, scenario="方案二"))
    assert main is boards.of("a", world) and len({main.epoch, plan.epoch, boards.of("b", world).epoch}) == 3


def test_floor_area_of_one_parcel_is_told_on_asking(world: Workspace) -> None:
    shown = Board(world)
    assert [shown.available(key) for key in ("A", "B", "C", "never")] == [15_000.0, 0.0, None, None]


def test_a_state_that_was_read_anew_changes_nothing(world: Workspace) -> None:
    shown = Board(world)
    opened = Open(shown)
    again = world.frame("parcels").copy(deep=True).set_geometry([box(0, 0, 100, 100), *world.shapes("parcels")[1:]])
    shown.see(world.with_tables(parcels=again.set_crs(world.crs)).at(1))
    patch = opened.follow()
    assert patch["slots"] == [] and "shaped" not in patch
