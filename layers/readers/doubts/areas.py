"""Stated areas against drawn ones: another unit, another surface, or simply other land."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

import numpy as np
import pandas as pd
from pyproj import CRS

from layers.readers.columns import AREAS, Units
from layers.readers.doubts.finding import Cure, Finding
from spatial import area as area_

_NEAR = 0.1
"""How far the usual ratio of drawn to stated areas may be from a unit, relative."""
_CLOSE = 0.02
"""Rows within this of a unit speak for it, relative."""
_ROW_M2, _ROW_SHARE = 1.0, 0.001
"""A stated area agrees with the outline within the larger of the two [m², relative]."""
_SURFACE = 1e-5
"""How near the ellipsoidal area has to be for the stated ones to be of that kind, relative."""


def findings(table: pd.DataFrame, shapes: np.ndarray, crs: CRS, units: Mapping[str, str]) -> Iterator[Finding]:
    """What is doubtful about stated areas.

    Parameters
    ----------
    table
        Rows under our column names.
    shapes
        In the working CRS, shape (n,).
    units
        Target to the unit that it was read in.
    """
    column = "official_area_m2"
    drawn = area_.planar(shapes)
    if column in table and pd.api.types.is_numeric_dtype(table[column]):
        official = table[column].to_numpy(dtype=float, na_value=np.nan)
        yield from _zero(column, official, drawn)
        doubt = _unit(column, official, drawn, units.get(column, "m2"))
        if doubt is not None:
            yield doubt
        else:
            yield from _rows(column, official, drawn, lambda rows: area_.ellipsoidal(shapes[rows], crs))
    yield from _floor_areas(table, drawn, units)


def _zero(column: str, official: np.ndarray, drawn: np.ndarray) -> Iterator[Finding]:
    rows = np.flatnonzero((official == 0) & (drawn > 0))
    if len(rows):
        yield Finding("official_area_zero", "asks", {"drawn_m2": float(drawn[rows].sum())}, column, _all(rows))


def _unit(column: str, official: np.ndarray, drawn: np.ndarray, told: str) -> Finding | None:
    """A unit that explains the usual ratio of drawn to stated areas.

    >>> found = _unit("official_area_m2", np.array([15.0, 30.0]), np.array([10_000.0, 20_010.0]), "m2")
    >>> found.evidence["unit"], found.evidence["share"]
    ('mu', 1.0)
    """
    there = (official > 0) & (drawn > 0) & np.isfinite(official)
    if not there.any():
        return None
    ratios = drawn[there] / official[there] * float(AREAS[told])
    median = float(np.median(ratios))
    best = min(AREAS, key=lambda unit: abs(np.log(median / float(AREAS[unit]))))
    size = float(AREAS[best])
    if AREAS[best] == AREAS[told] or abs(median / size - 1) >= _NEAR:
        return None
    share = float((np.abs(ratios / size - 1) < _CLOSE).mean())
    lone = float((np.abs(ratios / float(AREAS[told]) - 1) < _CLOSE).mean())
    evidence = {
        "ratio": median / float(AREAS[told]),
        "unit": best,
        "told": told,
        "share": share,
        "share_as_told": lone,
        "rows_compared": int(there.sum()),
    }
    cure = Cure("unit", {"units": Units(columns={column: best})}, {"column": column, "unit": best})
    return Finding("area_unit_doubtful", "asks", evidence, column, (), cure)


def _rows(
    column: str, official: np.ndarray, drawn: np.ndarray, true: Callable[[np.ndarray], np.ndarray]
) -> Iterator[Finding]:
    """Stated areas that disagree; `true` gives the ellipsoidal area of some rows, which is asked for no others."""
    there = (official > 0) & (drawn > 0) & np.isfinite(official)
    if not there.any():
        return
    large = np.flatnonzero(there & (drawn > 1_000))
    if len(large):
        planar = float(np.median(np.abs(official[large] / drawn[large] - 1)))
        if planar > 3 * _SURFACE:
            ellipsoidal = float(np.median(np.abs(official[large] / true(large) - 1)))
            if ellipsoidal < _SURFACE:
                evidence = {"planar_ppm": planar * 1e6, "ellipsoidal_ppm": ellipsoidal * 1e6}
                yield Finding("area_is_ellipsoidal", "tells", evidence, column)
    off, limit = np.abs(official - drawn), np.maximum(_ROW_M2, _ROW_SHARE * drawn)
    far = np.flatnonzero(there & (off > limit))
    if len(far):
        off[far] = np.minimum(off[far], np.abs(official[far] - true(far)))
    rows = far[off[far] > limit[far]]
    if len(rows):  # rows without an outline have no share, and are none of these
        worst = int(rows[np.argmax(off[rows] / drawn[rows])])
        evidence = {
            "compared": int(there.sum()),
            "worst_row": worst,
            "worst_official_m2": float(official[worst]),
            "worst_drawn_m2": float(drawn[worst]),
            "worst_share": float(off[worst] / drawn[worst]),
        }
        yield Finding("area_disagrees", "tells", evidence, column, _all(rows))


_TEN_THOUSAND = Fraction(10_000)


def _floor_areas(table: pd.DataFrame, drawn: np.ndarray, units: Mapping[str, str]) -> Iterator[Finding]:
    """Stated floor areas that are 10,000 times smaller than ratio × site: 万m² that were read as m²."""
    column = "stated_floor_area_m2"
    if not {column, "far_max"} <= set(table) or units.get(column, "m2") != "m2":
        return
    if not all(pd.api.types.is_numeric_dtype(table[name]) for name in (column, "far_max")):
        return
    stated, ratio = (table[name].to_numpy(dtype=float, na_value=np.nan) for name in (column, "far_max"))
    there = (stated > 0) & (ratio > 0) & (drawn > 0)
    if there.sum() < 1:
        return
    times = ratio[there] * drawn[there] / stated[there]
    median = float(np.median(times))
    if abs(np.log(median / float(_TEN_THOUSAND))) < np.log(2):
        evidence = {"ratio": median, "unit": "10000m2", "rows_compared": int(there.sum())}
        cure = Cure("unit", {"units": Units(columns={column: "10000m2"})}, {"column": column, "unit": "10000m2"})
        yield Finding("floor_area_unit_doubtful", "asks", evidence, column, (), cure)


def _all(rows: np.ndarray) -> tuple[int, ...]:
    return tuple(rows.tolist())
