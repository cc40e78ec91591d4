"""What open maps show of one branch of a workspace: numbers of its parcels that stay, and what changed since when.

A map loads outlines, names and classes once and is told of changes afterwards. So that a change can be small, a
parcel gets a number (its slot) when it is first seen; the number is never given to another, whatever is split, merged
or taken back. Slots mean something only together with the epoch of their board.
"""

from __future__ import annotations

import base64
import json
import secrets
import struct
import threading
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from layers.accounts import available
from layers.map import blob
from layers.map.classes import MODES, Classes, classes
from layers.map.payload import called, labels
from layers.map.styles import modes
from layers.workspace import Workspace, same_columns

MOST = 4_000
"""Parcels that one patch may change; more, and the map loads everything again."""

_REMEMBERED = 512
_BOARDS = 8


@dataclass(frozen=True)
class _Step:
    """What one revision changed, after another.

    Parameters
    ----------
    slots, shaped, named
        Parcels whose classes, outline, and key or label differ.
    fresh
        Whether classes came that were not there before.
    """

    since: int
    revision: int
    slots: np.ndarray
    shaped: np.ndarray
    named: np.ndarray
    fresh: bool


class Board:
    """What open maps show of one branch; safe to use from several threads."""

    def __init__(self, workspace: Workspace) -> None:
        self.epoch = secrets.token_hex(6)
        self._lock = threading.RLock()
        self._steps: deque[_Step] = deque(maxlen=_REMEMBERED)
        self._found = classes(workspace)
        self._keys = list(workspace.parcel_index)
        self._names = labels(workspace)
        self._slot = {key: slot for slot, key in enumerate(self._keys)}
        self._slots = np.arange(len(self._keys))
        self._of = {key: of.copy() for key, of in self._found.of.items()}
        self._outlines: tuple[blob.Outlines, np.ndarray] | None = None
        self.shape_version = 0
        self.name_version = 0

    @property
    def workspace(self) -> Workspace:
        """The state that the board shows."""
        return self._found.workspace

    @property
    def revision(self) -> int:
        """Its revision."""
        return self.workspace.revision

    def slot(self, key: str) -> int:
        """Number of a parcel, −1 for one that was never seen."""
        return self._slot.get(key, -1)

    def see(self, workspace: Workspace) -> None:
        """Take in the present state; an older one than the board shows is left alone."""
        with self._lock:
            if workspace.revision > self.revision:
                self._take(workspace)

    def outlines(self) -> bytes:
        """The binary of all outlines by slot, not compressed."""
        with self._lock:
            return self._shown(slice(None))

    def names(self) -> dict[str, list[str]]:
        """Keys and labels of all parcels by slot."""
        with self._lock:
            return {"keys": list(self._keys), "labels": list(self._names)}

    def state(self, language: str) -> bytes:
        """Classes of all parcels: a u32 length, that much JSON, and two planes of bytes of u16 for each mode."""
        with self._lock:
            ways = [mode.payload() for mode in modes(self.workspace, self._found.values, language)]
            head = json.dumps(
                {"revision": self.revision, "count": len(self._keys), "modes": ways}, ensure_ascii=False
            ).encode("utf-8")
            planes = [self._of[key].astype("<u2").view(np.uint8).reshape(-1, 2).T.tobytes() for key in MODES]
            return b"".join([struct.pack("<I", len(head)), head, *planes])

    def by_slot(self, workspace: Workspace, numbers: np.ndarray, otherwise: int) -> bytes:
        """Numbers below 256 of the parcels of a workspace as bytes by slot; parcels that it lacks have another."""
        with self._lock:
            slots = np.fromiter((self._slot.get(key, -1) for key in workspace.parcel_index), np.int64)
            found = np.full(len(self._keys), otherwise, dtype=np.uint8)
            found[slots[slots >= 0]] = numbers[slots >= 0]
            return found.tobytes()

    def available(self, key: str) -> float | None:
        """Available floor area of a parcel [m²]; None where it is unknown or the parcel is not there."""
        row = self.workspace.parcel_index.get_indexer(pd.Index([key]))[0]
        left = available(self.workspace)[row] if row >= 0 else np.nan
        return None if np.isnan(left) else float(left)

    def since(self, revision: int, language: str) -> dict[str, Any] | None:
        """What changed after a revision, as `Patch` in `assets/feed.js`; None where that is not known or too much.

        Where many classes changed and few outlines, the patch says `state`: the map loads all classes again.
        """
        with self._lock:
            steps = [step for step in self._steps if step.revision > revision]
            if revision != self.revision and (not steps or steps[0].since > revision):
                return None
            slots, shaped, named = (
                np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *(getattr(step, name) for step in steps)]))
                for name in ("slots", "shaped", "named")
            )
            if len(shaped) + len(named) > MOST:
                return None
            if len(slots) > MOST:
                return self._shapes_of({"state": True, "slots": [], "of": {}}, shaped, named)
            patch: dict[str, Any] = {"slots": slots.tolist(), "of": {}}
            if len(slots):
                patch["of"] = {key: self._of[key][slots].tolist() for key in MODES}
            if any(step.fresh for step in steps):
                patch["modes"] = [
                    mode.payload()
                    for mode in modes(self.workspace, self._found.values, language)
                    if mode.by_count or mode.key == "suitability"
                ]
            return self._shapes_of(patch, shaped, named)

    def _shapes_of(self, patch: dict[str, Any], shaped: np.ndarray, named: np.ndarray) -> dict[str, Any]:
        """A patch with outlines and names."""
        patch |= {"revision": self.revision, "count": len(self._keys)}
        if len(shaped):
            packed = base64.b64encode(self._shown(shaped)).decode("ascii")
            patch |= {"shaped": shaped.tolist(), "outlines": packed}
        if len(named):
            patch["names"] = {str(slot): [self._keys[slot], self._names[slot]] for slot in named.tolist()}
        return patch

    def _take(self, workspace: Workspace) -> None:
        before = self.workspace
        found = classes(workspace, self._found)
        moved = not same_columns(before.table("parcels"), workspace.table("parcels"), ("parcel_id",))
        # row before of each row now, −1 for one that is new
        was = before.parcel_index.get_indexer(workspace.parcel_index) if moved else np.arange(len(self._slots))
        slots = self._placed(workspace, was) if moved else self._slots
        named = self._named(before, workspace, was, slots)
        changed = self._recoded(found, slots, moved=moved)
        shaped = self._reshaped(before, workspace, was, slots)
        fresh = found.values != self._found.values
        self._steps.append(_Step(before.revision, workspace.revision, changed, shaped, named, fresh))
        self._found, self._slots = found, slots
        self.shape_version += bool(len(shaped))
        self.name_version += bool(len(named))

    def _placed(self, workspace: Workspace, was: np.ndarray) -> np.ndarray:
        """Slot of each row; parcels that were never seen get the next."""
        slots = self._slots[was]
        for row in np.flatnonzero(was < 0).tolist():
            key = str(workspace.parcel_index[row])
            if key not in self._slot:
                self._slot[key] = len(self._keys)
                self._keys.append(key)
                self._names.append("")
            slots[row] = self._slot[key]
        more = len(self._keys)
        self._of = {name: np.concatenate([of, np.zeros(more - len(of), np.uint16)]) for name, of in self._of.items()}
        return slots

    def _recoded(self, found: Classes, slots: np.ndarray, *, moved: bool) -> np.ndarray:
        """Slots whose class differs under any mode, once all have their new ones."""
        differs = np.zeros(len(slots), dtype=bool)
        for key, of in found.of.items():
            if moved or of is not self._found.of[key]:
                differs |= self._of[key][slots] != of
                self._of[key][slots] = of
        return slots[differs]

    def _named(self, before: Workspace, now: Workspace, was: np.ndarray, slots: np.ndarray) -> np.ndarray:
        """Slots whose label differs, once all have their new ones."""
        old, new = before.table("parcels"), now.table("parcels")
        if same_columns(old, new, ("parcel_id", "parcel_no", "name")):
            return np.zeros(0, dtype=np.int64)
        rows = np.flatnonzero(
            (was < 0) | _differs(old["parcel_no"], new["parcel_no"], was) | _differs(old["name"], new["name"], was)
        )
        fresh = []
        for row, name in zip(rows.tolist(), called(new.iloc[rows]), strict=True):
            slot = int(slots[row])
            if self._names[slot] != name:
                self._names[slot] = name
                fresh.append(slot)
        return np.array(fresh, dtype=np.int64)

    def _reshaped(self, before: Workspace, now: Workspace, was: np.ndarray, slots: np.ndarray) -> np.ndarray:
        """Slots whose outline or flag differs, once the new outlines stand behind those that are known."""
        if same_columns(before.table("parcels"), now.table("parcels"), ("parcel_id", "geometry", "geometry_basis")):
            return np.zeros(0, dtype=np.int64)
        drawn, at = self._drawn()
        old, here, flags = before.shapes("parcels"), now.shapes("parcels"), _flags(now)
        same = np.fromiter(
            (row >= 0 and old[row] is shape for row, shape in zip(was.tolist(), here, strict=True)), bool
        )
        doubtful = np.flatnonzero(
            ~same & (was >= 0)
        )  # a state that was read anew has the same outlines in other objects
        same[doubtful] = shapely.equals_identical(old[was[doubtful]], here[doubtful])
        same &= _flags(before)[was] == flags
        rows = np.flatnonzero(~same)
        gone = np.setdiff1d(self._slots, slots)
        fresh = blob.outlines(here[rows], now.pyproj_crs, flags[rows])
        at = np.concatenate([at, np.full(len(self._keys) - len(at), -1)])
        at[slots[rows]] = len(drawn) + np.arange(len(rows))
        at[gone] = -1
        self._outlines = blob.joined([drawn, fresh]), at
        return np.union1d(slots[rows], gone)

    def _drawn(self) -> tuple[blob.Outlines, np.ndarray]:
        """All outlines that were ever known, made when they are first asked for, and which of them each slot has."""
        if self._outlines is None:
            now = self.workspace
            made = blob.outlines(now.shapes("parcels"), now.pyproj_crs, _flags(now))
            at = np.full(len(self._keys), -1)
            at[self._slots] = np.arange(len(made))
            self._outlines = made, at
        return self._outlines

    def _shown(self, slots: np.ndarray | slice) -> bytes:
        """The binary of some slots; those of parcels that are gone say so."""
        drawn, at = self._drawn()
        found = drawn.take(at[slots])
        found.flags[at[slots] < 0] |= blob.GONE
        return blob.encode(found)


class Boards:
    """The boards of this process, by place and branch."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], Board] = OrderedDict()

    def of(self, place: str, workspace: Workspace) -> Board:
        """The board of a workspace's branch, which sees this state of it."""
        key = (place, workspace.scenario)
        with self._lock:
            board = self._known.get(key)
            if board is None or board.workspace.crs != workspace.crs:
                board = self._known[key] = Board(workspace)
            self._known.move_to_end(key)
            while len(self._known) > _BOARDS:
                self._known.popitem(last=False)
        board.see(workspace)
        return board

    def known(self, place: str, scenario: str) -> Board | None:
        """The board of a branch, where somebody has looked at it."""
        with self._lock:
            return self._known.get((place, scenario))

    def put(self, place: str, board: Board) -> None:
        """Have a board of somebody's own making answer for a place, until others need the room."""
        with self._lock:
            self._known[place, board.workspace.scenario] = board


def _differs(old: pd.Series, new: pd.Series, was: np.ndarray) -> np.ndarray:
    """Rows whose text is not what it was; `was` is the row before of each."""
    before, now = old.astype("str").array.take(was, allow_fill=True), new.astype("str").array
    both_missing = np.asarray(before.isna()) & np.asarray(now.isna())
    return ~(np.asarray(before == now, dtype=bool) | both_missing)


def _flags(workspace: Workspace) -> np.ndarray:
    schematic = workspace.table("parcels")["geometry_basis"] == "schematic"
    return np.where(schematic.to_numpy(dtype=bool, na_value=False), blob.SCHEMATIC, 0).astype(np.uint8)


BOARDS = Boards()
"""The boards of this process: the screens and the routes show the same."""
