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

from layers.map import blob
from layers.map.classes import MODES, Classes, available, classes
from layers.map.payload import labels
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
        self._outlines: blob.Outlines | None = None
        self.shape_version = 0

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
            return blob.encode(self._drawn())

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
                    mode.payload() for mode in modes(self.workspace, self._found.values, language) if mode.by_count
                ]
            return self._shapes_of(patch, shaped, named)

    def _shapes_of(self, patch: dict[str, Any], shaped: np.ndarray, named: np.ndarray) -> dict[str, Any]:
        """A patch with outlines and names."""
        patch |= {"revision": self.revision, "count": len(self._keys)}
        if len(shaped):
            packed = blob.encode(self._drawn().take(shaped))
            patch |= {"shaped": shaped.tolist(), "outlines": base64.b64encode(packed).decode("ascii")}
        if len(named):
            patch["names"] = {str(slot): [self._keys[slot], self._names[slot]] for slot in named.tolist()}
        return patch

    def _take(self, workspace: Workspace) -> None:
        before = self.workspace
        found = classes(workspace, self._found)
        old, new = before.table("parcels"), workspace.table("parcels")
        moved = not same_columns(old, new, ("parcel_id",))
        slots = self._placed(workspace) if moved else self._slots
        named = self._named(before, workspace, slots)
        changed = self._recoded(found, slots, moved=moved)
        shaped = self._reshaped(before, workspace, slots)
        fresh = found.values != self._found.values
        self._steps.append(_Step(before.revision, workspace.revision, changed, shaped, named, fresh))
        self._found, self._slots = found, slots
        if len(shaped):
            self.shape_version += 1

    def _placed(self, workspace: Workspace) -> np.ndarray:
        """Slot of each row; parcels that were never seen get the next."""
        for key in workspace.parcel_index:
            if key not in self._slot:
                self._slot[key] = len(self._keys)
                self._keys.append(key)
                self._names.append("")
        more = len(self._keys)
        self._of = {name: np.concatenate([of, np.zeros(more - len(of), np.uint16)]) for name, of in self._of.items()}
        return np.array([self._slot[key] for key in workspace.parcel_index], dtype=np.int64)

    def _recoded(self, found: Classes, slots: np.ndarray, *, moved: bool) -> np.ndarray:
        """Slots whose class differs under any mode, once all have their new ones."""
        differs = np.zeros(len(slots), dtype=bool)
        for key, of in found.of.items():
            if moved or of is not self._found.of[key]:
                differs |= self._of[key][slots] != of
                self._of[key][slots] = of
        return slots[differs]

    def _named(self, before: Workspace, now: Workspace, slots: np.ndarray) -> np.ndarray:
        if same_columns(before.table("parcels"), now.table("parcels"), ("parcel_id", "parcel_no", "name")):
            return np.zeros(0, dtype=np.int64)
        called = labels(now)
        fresh = [slot for slot, name in zip(slots.tolist(), called, strict=True) if self._names[slot] != name]
        for slot, name in zip(slots.tolist(), called, strict=True):
            self._names[slot] = name
        return np.array(fresh, dtype=np.int64)

    def _reshaped(self, before: Workspace, now: Workspace, slots: np.ndarray) -> np.ndarray:
        """Slots whose outline or flag differs, once the outlines are brought up to date."""
        if same_columns(before.table("parcels"), now.table("parcels"), ("parcel_id", "geometry", "geometry_basis")):
            return np.zeros(0, dtype=np.int64)
        drawn = self._drawn()
        was = np.full(len(self._keys), None, dtype=object)
        was[self._slots] = before.shapes("parcels")
        gone = np.setdiff1d(self._slots, slots)
        flags = _flags(now)
        old_flags = np.concatenate([drawn.flags, np.full(len(self._keys) - len(drawn), blob.GONE, np.uint8)])
        here = now.shapes("parcels")
        same = np.fromiter((a is b for a, b in zip(was[slots], here, strict=True)), bool, len(here))
        rows = np.flatnonzero(~same | (old_flags[slots] != flags))
        fresh = blob.outlines(here[rows], now.pyproj_crs, flags[rows])
        order = np.concatenate([np.arange(len(drawn)), np.full(len(self._keys) - len(drawn), -1)])
        order[slots[rows]] = len(drawn) + np.arange(len(rows))
        order[gone] = -1
        self._outlines = blob.joined([drawn, fresh]).take(order)
        self._outlines.flags[order < 0] = blob.GONE
        return np.union1d(slots[rows], gone)

    def _drawn(self) -> blob.Outlines:
        """The outlines by slot; made when they are first asked for."""
        if self._outlines is None:
            now = self.workspace
            self._outlines = blob.outlines(now.shapes("parcels"), now.pyproj_crs, _flags(now))
        return self._outlines


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


def _flags(workspace: Workspace) -> np.ndarray:
    schematic = workspace.table("parcels")["geometry_basis"] == "schematic"
    return np.where(schematic.to_numpy(dtype=bool, na_value=False), blob.SCHEMATIC, 0).astype(np.uint8)


BOARDS = Boards()
"""The boards of this process: the screens and the routes show the same."""
