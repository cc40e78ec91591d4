"""Figures as people read them: thousands apart, a true minus sign, and rounding that adds up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from spatial.area import balanced, round_half_up

WAN = 10_000.0
DECIMALS = 2
"""Decimals of figures in 万 m²: one unit is 100 m²."""


def square_metres(value: Any, decimals: int = 0) -> str:
    """Square metres with thousands apart.

    >>> square_metres(16000), square_metres(-0.4), square_metres(None)
    ('16,000', '0', '—')
    """
    if value is None or value != value:
        return "—"
    return shown(round_half_up(float(value), decimals))


def shown(value: Decimal, *, signed: bool = False) -> str:
    """A rounded figure; zero has no sign.

    >>> shown(Decimal("-1234.50")), shown(Decimal("3.2"), signed=True)
    ('−1,234.50', '+3.2')
    """
    if not value:
        return f"{abs(value):,}"
    text = f"{abs(value):,}"
    return f"−{text}" if value < 0 else f"+{text}" if signed else text


def plain(value: float) -> str:
    """A ratio or count as short as it is true: 2.5 and not 2.50.

    >>> plain(2.50), plain(3.0)
    ('2.5', '3')
    """
    return f"{float(value):.4f}".rstrip("0").rstrip(".")


def wan(value: float) -> Decimal:
    """Square metres as 万 m², rounded half up."""
    return round_half_up(float(value) / WAN, DECIMALS)


def columns_in_balance(figures: Mapping[str, Sequence[float]]) -> dict[str, list[Decimal]]:
    """Figures [m²] of several accounts over several columns, in 万 m², rounded so that each column adds up.

    Row totals are then sums of what is shown, so that both directions of the table add up.

    Parameters
    ----------
    figures
        Account to its figure in every column.

    Examples
    --------
    >>> found = columns_in_balance({"a": [14_040.0], "b": [14_040.0], "c": [14_040.0]})
    >>> [str(row[0]) for row in found.values()], str(sum(row[0] for row in found.values()))
    (['1.41', '1.40', '1.40'], '4.21')
    """
    names = list(figures)
    matrix = np.array([list(figures[name]) for name in names], dtype=float) / WAN
    rounded = [balanced([float(v) for v in matrix[:, column]], DECIMALS) for column in range(matrix.shape[1])]
    return {name: [column[row] for column in rounded] for row, name in enumerate(names)}


def row_in_balance(values: Sequence[float]) -> list[Decimal]:
    """Figures [m²] of one row in 万 m² that sum to their rounded total."""
    return balanced([float(value) / WAN for value in values], DECIMALS)
