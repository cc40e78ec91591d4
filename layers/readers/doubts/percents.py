"""Ratios and percentages that keep the contract and are still hardly meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from layers.readers.columns import Units
from layers.readers.doubts.finding import Cure, Finding

_PERCENTS = ("coverage_max_pct", "green_min_pct")
_RATIOS = ("far_max", "far_min")
_USUAL = (0.05, 15.0)
"""Floor area ratios that plans hold; 0 stands for land that is not built on."""
_TIMES_100 = (20.0, 1_500.0)


def findings(table: pd.DataFrame, units: Mapping[str, str]) -> Iterator[Finding]:
    """What is doubtful about percentages and floor area ratios.

    Parameters
    ----------
    table
        Rows under our column names.
    units
        Target to the unit that it was read in.
    """
    for column in (*_PERCENTS, *_RATIOS):
        if column not in table or not pd.api.types.is_numeric_dtype(table[column]):
            continue
        values = table[column].to_numpy(dtype=float, na_value=np.nan)
        there = np.isfinite(values) & (values > 0)
        if there.any():
            yield from (_shares if column in _PERCENTS else _far)(column, values, there, units.get(column, ""))


def _shares(column: str, values: np.ndarray, there: np.ndarray, unit: str) -> Iterator[Finding]:
    most = float(values[there].max())
    if most <= 1 and unit != "share":
        evidence = {"most": most, "median": float(np.median(values[there])), "rows_compared": int(there.sum())}
        cure = Cure("unit", {"units": Units(columns={column: "share"})}, {"column": column, "unit": "share"})
        yield Finding("looks_like_share", "asks", evidence, column, (), cure)


def _far(column: str, values: np.ndarray, there: np.ndarray, unit: str) -> Iterator[Finding]:
    odd = there & ((values < _USUAL[0]) | (values > _USUAL[1]))
    if not odd.any():
        return
    median, rows = float(np.median(values[there])), np.flatnonzero(odd)
    evidence = {"median": median, "low": float(values[odd].min()), "high": float(values[odd].max()), "usual": _USUAL}
    hundredfold = unit != "%" and _TIMES_100[0] <= median <= _TIMES_100[1]
    cure = Cure("unit", {"units": Units(columns={column: "%"})}, {"column": column, "unit": "%"})
    yield Finding(
        "far_in_percent" if hundredfold else "far_unusual",
        "asks",
        evidence,
        column,
        tuple(rows.tolist()),
        cure if hundredfold else None,
    )
