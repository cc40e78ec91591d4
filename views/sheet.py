"""The sheet of the first page: accounts and demand by zone, rounded so that everything shown adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from layers.accounts import books
from layers.matching import Line, by_zone, in_all, top_zones
from layers.workspace import Workspace
from spatial.ledger import Accounts
from views.numbers import columns_in_balance, row_in_balance, wan

ACCOUNTS = (
    "built_occupied",
    "built_vacant",
    "under_construction",
    "committed",
    "reserved",
    "held_by_cap",
    "available",
)
"""Accounts in the order of the bar; permitted + over is their sum."""

MANY = 7
"""With more zones than this they are rows of the table and not columns."""

Figures = dict[str, list[Decimal]]


@dataclass(frozen=True)
class Sheet:
    """Figures in 万 m², one column a zone.

    Parameters
    ----------
    zones
        Key of each column; None is land outside every zone, or demand that is free to choose.
    accounts
        Accounts with `permitted` and `over`; rows add up as shown, and so do columns unless there are many.
    demand
        `asked`, `housed`, `unmet`, `supply`, `margin`; margin is supply − unmet, both as shown.
    ranges
        Low and high of `asked` and `unmet` for each column and in all, unrounded [m²].
    exact
        Accounts of the columns and of everything (last), unrounded [m²].
    """

    zones: tuple[str | None, ...]
    accounts: Figures
    demand: Figures
    ranges: dict[str, list[tuple[float, float]]] = field(repr=False)
    exact: Accounts = field(repr=False)

    def total(self, name: str) -> Decimal:
        """The sum of a row as shown."""
        row = self.accounts[name] if name in self.accounts else self.demand[name]
        return sum(row, Decimal(0))

    def present(self, name: str) -> bool:
        """Whether a row has anything to show."""
        return any(self.accounts.get(name) or self.demand.get(name) or ())


def sheet(workspace: Workspace) -> Sheet:
    """The sheet of a workspace."""
    held, lines, everything = books(workspace), by_zone(workspace), in_all(workspace)
    zones: list[str | None] = list(top_zones(workspace))
    number = {key: i for i, key in enumerate(zones)}
    of_place = [*(number.get(key, len(zones)) for key in held.places.zone), len(zones)]
    group = np.array(of_place, dtype=np.int64)[held.places.code]
    sums = held.parts.grouped(group, len(zones) + 1)
    open_column = _anything(sums, len(zones), lines[-1])
    columns = [*range(len(zones)), *([len(zones)] if open_column else [])]
    shown = [*zones, None] if open_column else zones
    return Sheet(
        zones=tuple(shown),
        accounts=_accounts(sums, columns),
        demand=_demand([lines[i] for i in columns]),
        ranges=_ranges([*(lines[i] for i in columns), everything]),
        exact=sums.grouped(np.zeros(len(zones) + 1, dtype=np.int64), 1),
    )


def _accounts(sums: Accounts, columns: list[int]) -> Figures:
    """Accounts of the columns: each column adds up, or, where they are many, each row to its own total.

    Rounding that keeps columns moves totals by up to half a unit a column, which many columns would make visible.
    """
    names = (*ACCOUNTS, "over", "permitted")
    if len(columns) > MANY:
        return {name: row_in_balance(getattr(sums, name)[columns].tolist()) for name in names}
    found = columns_in_balance({name: getattr(sums, name)[columns] for name in ACCOUNTS})
    found["over"] = row_in_balance(sums.over[columns].tolist())
    found["permitted"] = [
        sum((found[name][i] for name in ACCOUNTS), Decimal(0)) - found["over"][i] for i in range(len(columns))
    ]
    return found


def _anything(sums: Accounts, row: int, free: Line) -> bool:
    return bool(sums.permitted[row] > 0 or sums.over[row] > 0 or free.asked[1] > 0 or free.housed > 0)


def _demand(lines: Sequence[Line]) -> Figures:
    """Demand in the same rounding: asked is what is housed and still to house, less what was given beyond asking."""
    housed = row_in_balance([line.housed for line in lines])
    unmet = row_in_balance([line.unmet[1] for line in lines])
    beyond = [wan(line.housed + line.unmet[1] - line.asked[1]) for line in lines]
    asked = [h + u - b for h, u, b in zip(housed, unmet, beyond, strict=True)]
    supply = row_in_balance([line.supply for line in lines])
    margin = [s - u for s, u in zip(supply, unmet, strict=True)]
    return {"asked": asked, "housed": housed, "unmet": unmet, "supply": supply, "margin": margin}


def _ranges(lines: Sequence[Line]) -> dict[str, list[tuple[float, float]]]:
    return {
        "asked": [(line.asked[0], line.asked[2]) for line in lines],
        "unmet": [(line.unmet[0], line.unmet[2]) for line in lines],
    }
