"""Outlines one by one: none at all, crossing themselves, drawn twice, of another kind, in a form that is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from layers.contract import Layer
from layers.readers.doubts.finding import Cure, Finding
from layers.readers.doubts.words import KINDS, REASONS
from spatial.vertices import Rings, every_ring, is_finite

_COLUMN = "geometry"
_PLACE = re.compile(r"\[([-\d.e+]+) ([-\d.e+]+)\]")
_SAMPLES = 5


@dataclass(frozen=True)
class Drawn:
    """Outlines of a file.

    Parameters
    ----------
    kept
        Rows that the user did not leave out, shape (n,).
    raw
        As the file has them, shape (n,).
    placed
        In the working CRS, mended where the user asked for it, shape (n,).
    lost
        Where one is there but cannot be parsed, shape (n,).
    gaps
        Rows whose ends do not meet, and by how much [m].
    invalid
        Finite outlines that are invalid in the file, with the reason; None where nobody has looked.
    """

    kept: np.ndarray
    raw: np.ndarray
    placed: np.ndarray
    lost: np.ndarray
    gaps: Mapping[int, float] = field(default_factory=dict)
    invalid: Mapping[int, str] | None = None


def findings(drawn: Drawn, layer: Layer, left_out: tuple[int, int], *, repair: bool) -> Iterator[Finding]:
    """What is doubtful about outlines, one by one.

    Parameters
    ----------
    left_out
        How many had Z or M, and how many had arcs.
    repair
        Whether invalid ones are mended.
    """
    raw, lost = drawn.raw, drawn.lost & drawn.kept
    missing = shapely.is_missing(raw) & ~drawn.lost & drawn.kept
    missing[list(drawn.gaps)] = False
    yield from _open(drawn.gaps)
    empty = ~shapely.is_missing(raw) & shapely.is_empty(raw)
    if layer.geometry_required:
        yield from _rows("geometry_missing", "asks", missing, skip=True)
    yield from _rows("geometry_empty", "asks", empty, skip=True)
    yield from _rows("geometry_unreadable", "asks", lost, skip=True)
    if left_out[0]:
        yield Finding("dimensions_left_out", "tells", {"shapes": left_out[0]}, _COLUMN)
    if left_out[1]:
        yield Finding("curves_straightened", "tells", {"shapes": left_out[1]}, _COLUMN)
    yield from _kinds(raw, layer)
    yield from _invalid(_reasons(raw) if drawn.invalid is None else drawn.invalid, repair)
    rings, of = _rings(raw)
    yield from _turns(rings, of)
    yield from _repeated_points(rings, of)
    yield from _twice(drawn.placed)


def _open(gaps: Mapping[int, float]) -> Iterator[Finding]:
    """Outlines whose ends do not meet, the widest gap first."""
    if gaps:
        rows = sorted(gaps, key=lambda row: -gaps[row])
        evidence = {"gaps_m": [gaps[row] for row in rows[:_SAMPLES]], "widest_m": gaps[rows[0]]}
        yield Finding(
            "rings_open", "asks", evidence, _COLUMN, tuple(rows), Cure("close_rings", {"close_rings": True})
        )


def _rows(code: str, severity: str, where: np.ndarray, *, skip: bool = False) -> Iterator[Finding]:
    rows = np.flatnonzero(where)
    if len(rows):
        cure = Cure("skip_rows", {"skip_rows": frozenset(rows.tolist())}, {"count": len(rows)}) if skip else None
        yield Finding(code, severity, {}, _COLUMN, tuple(rows.tolist()), cure)  # type: ignore[arg-type]


def _kinds(raw: np.ndarray, layer: Layer) -> Iterator[Finding]:
    kind = shapely.get_type_id(raw)
    fits = {shapely.GeometryType[name.upper()].value for one in layer.geometry for name in (one, f"Multi{one}")}
    wrong = np.flatnonzero((kind >= 0) & ~np.isin(kind, list(fits)))
    if len(wrong):
        met, counts = np.unique(kind[kind >= 0], return_counts=True)
        kinds = {shapely.GeometryType(int(one)).name: int(count) for one, count in zip(met, counts, strict=True)}
        said = (
            "、".join(f"{KINDS.get(name, name)} × {count}" for name, count in kinds.items()),
            ", ".join(f"{name.lower()} × {count}" for name, count in kinds.items()),
        )
        cure = Cure("skip_rows", {"skip_rows": frozenset(wrong.tolist())}, {"count": len(wrong)})
        yield Finding("geometry_mixed", "asks", {"kinds": kinds, "said": said}, _COLUMN, tuple(wrong.tolist()), cure)


def _reasons(raw: np.ndarray) -> dict[int, str]:
    """Finite outlines that are invalid, and why."""
    there = np.flatnonzero(is_finite(raw))
    rows = there[~shapely.is_valid(raw[there])]
    return dict(zip(rows.tolist(), map(str, shapely.is_valid_reason(raw[rows])), strict=True))


def _invalid(reasons: Mapping[int, str], repair: bool) -> Iterator[Finding]:
    """Outlines that cross themselves, each with the place, and how much its area depends on the way of mending."""
    if not reasons:
        return
    faults: list[dict[str, Any]] = []
    for row, reason in list(reasons.items())[:_SAMPLES]:
        place = _PLACE.search(reason)
        at = [float(place[1]), float(place[2])] if place else None
        faults.append({"row": row, "reason": reason.split("[")[0], "place": at})
    first = faults[0]
    said = f"({first['place'][0]:.10g}, {first['place'][1]:.10g})" if first["place"] else "—"
    evidence = {
        "faults": faults,
        "reason": (REASONS.get(first["reason"], first["reason"]), first["reason"]),
        "at": said,
    }
    cure = None if repair else Cure("repair", {"repair": True}, {"count": len(reasons)})
    severity = "tells" if repair else "asks"
    yield Finding("geometry_invalid", severity, evidence, _COLUMN, tuple(reasons), cure)  # type: ignore[arg-type]


def _rings(raw: np.ndarray) -> tuple[Rings, np.ndarray]:
    """The rings of polygons, and the row that each is of."""
    rows = np.flatnonzero(is_finite(raw))
    rings = every_ring(raw[rows])
    return rings, rows[rings.row]


def _turns(rings: Rings, of: np.ndarray) -> Iterator[Finding]:
    """Outer rings that run the other way than most: harmless here, a hole in other programs."""
    left, of = (rings.turns > 0)[~rings.hole], of[~rings.hole]
    few = left if left.sum() * 2 < len(left) else ~left
    if few.any() and not few.all():
        rows = tuple(np.unique(of[few]).tolist())
        yield Finding("ring_order_mixed", "tells", {"rings": len(left), "other": int(few.sum())}, _COLUMN, rows)


def _repeated_points(rings: Rings, of: np.ndarray) -> Iterator[Finding]:
    points, ring = rings.points, rings.ring
    same = (points[1:] == points[:-1]).all(axis=1) & (ring[1:] == ring[:-1]) & ~rings.hole[ring[1:]]
    if same.any():
        rows = tuple(np.unique(of[ring[1:][same]]).tolist())
        yield Finding("vertices_repeated", "tells", {"vertices": int(same.sum())}, _COLUMN, rows)


def _twice(placed: np.ndarray) -> Iterator[Finding]:
    """The same outline drawn again; every one but the first is the doubtful one."""
    there = np.flatnonzero(~(shapely.is_missing(placed) | shapely.is_empty(placed)))
    there = there[is_finite(placed[there])]
    keys = np.column_stack([shapely.bounds(placed[there]), shapely.area(placed[there])]).round(3)
    _, number, counts = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    many = counts[number.ravel()] > 1
    if not many.any():
        return
    rows, group = there[many], number.ravel()[many]
    plain = shapely.to_wkb(shapely.normalize(placed[rows]))
    first: dict[tuple[int, bytes], int] = {}
    again, of = [], []
    for row, key in zip(rows.tolist(), zip(group.tolist(), plain, strict=True), strict=True):
        if first.setdefault(key, row) != row:
            again.append(row)
            of.append(first[key])
    if again:
        cure = Cure("skip_rows", {"skip_rows": frozenset(again)}, {"count": len(again)})
        yield Finding("geometry_twice", "asks", {"of": of[:_SAMPLES], "first_of": of[0]}, _COLUMN, tuple(again), cure)
