"""Figures that keep the contract and are still hardly meant: a forgotten unit, shares where per cent is meant."""

from __future__ import annotations

import numpy as np
import pandas as pd

from layers.contract import Complaint
from layers.readers.notes import note
from spatial.area import SQUARE_METRES, planar

_NEAR = 0.1
"""How far the usual ratio of drawn to official areas may be from a unit, relative."""


def doubts(table: pd.DataFrame) -> list[Complaint]:
    """What is doubtful about parcels; all of it is a warning.

    Parameters
    ----------
    table
        Rows with `geometry` in the working CRS, under our column names.
    """
    out: list[Complaint] = []
    for column in ("coverage_max_pct", "green_min_pct"):
        if column in table:
            given = table[column].dropna()
            given = given[given > 0]
            if len(given) and given.max() <= 1:
                out.append(note("looks_like_share", column, severity="warning", value=f"{given.max():g}"))
    if "official_area_m2" in table:
        out += _areas(
            table["official_area_m2"].to_numpy(dtype=float), planar(table["geometry"].to_numpy(dtype=object))
        )
    return out


def _areas(official: np.ndarray, drawn: np.ndarray) -> list[Complaint]:
    """Official areas of 0, and official areas that are as far from the drawn ones as another unit would put them.

    >>> [said.limit for said in _areas(np.array([15.0, 30.0]), np.array([10_000.0, 20_010.0]))]
    ['mu']
    """
    column = "official_area_m2"
    out = [
        note("official_area_zero", column, row=int(row), severity="warning")
        for row in np.flatnonzero((official == 0) & (drawn > 0))
    ]
    there = (official > 0) & (drawn > 0) & np.isfinite(official)
    if there.any():
        ratio = float(np.median(drawn[there] / official[there]))
        for unit, size in SQUARE_METRES.items():
            if unit != "m2" and abs(ratio / float(size) - 1) < _NEAR:
                out.append(note("area_unit_doubtful", column, severity="warning", value=f"{ratio:.4g}", limit=unit))
    return out
