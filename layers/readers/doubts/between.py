"""Outlines beside each other: land that two of them claim, that none of them has, and hairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import shapely

from layers.readers.doubts.finding import Cure, Finding, Weight
from spatial import geometry, topology

_MOST = 20
"""Faults that are told one by one."""


def findings(shapes: np.ndarray, sound: np.ndarray, held: np.ndarray) -> Iterator[Finding]:
    """Overlaps, gaps and slivers between parcels of the file, and overlaps with those that the workspace holds.

    Parameters
    ----------
    shapes
        In the working CRS, shape (n,).
    sound
        Rows that may be looked at: valid polygons that are not left out, shape (n,).
    held
        Outlines that the workspace holds already.
    """
    rows = np.flatnonzero(sound)
    here = shapes[rows]
    around = topology.suspects(here)
    if len(around):
        faults = topology.faults(here, around)
        for kind, severity in _KINDS:
            found = [fault for fault in faults if fault.kind == kind]
            if found:
                yield _told(kind, severity, found, rows)
    yield from _on_held(here, rows, held)


_KINDS: tuple[tuple[topology.Kind, Weight], ...] = (("overlap", "asks"), ("gap", "tells"), ("sliver", "asks"))


def _told(kind: topology.Kind, severity: Weight, found: Sequence[topology.Fault], rows: np.ndarray) -> Finding:
    found = sorted(found, key=lambda fault: -fault.area_m2)
    listed = [
        {
            "rows": rows[list(fault.rows)].tolist(),
            "area_m2": fault.area_m2,
            "thickness": fault.thickness,
            "place": list(fault.place),
        }
        for fault in found[:_MOST]
    ]
    largest = found[0]
    evidence = {
        "faults": len(found),
        "area_m2": float(sum(fault.area_m2 for fault in found)),
        "largest_m2": largest.area_m2,
        "at": f"({largest.place[0]:,.1f}, {largest.place[1]:,.1f})",
        "listed": listed,
    }
    concerned = tuple(sorted({int(rows[row]) for fault in found for row in fault.rows}))
    cure = None
    if kind == "sliver":
        cure = Cure("skip_rows", {"skip_rows": frozenset(concerned)}, {"count": len(concerned)})
    return Finding(f"parcels_{kind}", severity, evidence, "geometry", concerned, cure)


def _on_held(here: np.ndarray, rows: np.ndarray, held: np.ndarray) -> Iterator[Finding]:
    held = held[~(shapely.is_missing(held) | shapely.is_empty(held))]
    held = held[shapely.is_valid(held)]
    if not len(held) or not len(here):
        return
    mine, _ = shapely.STRtree(held).query(here, predicate="intersects")
    near = np.unique(mine)
    if not len(near):
        return
    both = np.concatenate([here[near], held])
    found = geometry.overlaps(both, topology.Limits().area_m2)
    across = (found.left < len(near)) & (found.right >= len(near))
    if across.any():
        area = float(found.area[across].sum())
        concerned = np.unique(rows[near[found.left[across]]])
        evidence = {"area_m2": area, "largest_m2": float(found.area[across].max())}
        yield Finding("parcels_on_held", "tells", evidence, "geometry", tuple(concerned.tolist()))
