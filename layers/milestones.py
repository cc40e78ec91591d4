"""Milestones: what an assignment has promised, by when, and what came of it."""

from __future__ import annotations

import unicodedata

from layers.contract import Column, Layer
from layers.vocabulary import FIGURE_BASIS, MILESTONE_KINDS

QUANTITIES: dict[str, str] = {
    "investment": "亿元/万m²",
    "research_share": "%",
    "tax_per_mu": "万元/亩",
    "tax_per_floor": "万元/万m²",
    "jobs": "人",
    "land_price": "% 50 年期地价",
}
"""Milestones that promise a quantity, with the unit of it; all others promise a date."""


def in_our_unit(kind: str, unit: object) -> bool:
    """Whether a quantity is told in the unit of its kind; files may spell ² as 2.

    >>> in_our_unit("investment", "亿元/万m2"), in_our_unit("investment", "万元/亩"), in_our_unit("start", None)
    (True, False, False)
    """
    if kind not in QUANTITIES or not isinstance(unit, str):
        return False
    return unicodedata.normalize("NFKC", unit) == unicodedata.normalize("NFKC", QUANTITIES[kind])


MILESTONES = Layer(
    name="milestones",
    zh="履约义务",
    row="one obligation of one assignment: a date to keep, or a quantity promised",
    row_zh="一个落位的一项义务：约定的日期，或承诺的数量",
    key="milestone_id",
    columns=(
        Column("milestone_id", "text", "义务编号", "Stable key", required=True),
        Column("assignment_id", "text", "落位", "assignment_id that promised it", required=True),
        Column("kind", "text", "类别", "What is promised", required=True, allowed=tuple(MILESTONE_KINDS)),
        Column("due", "date", "到期日", "Last day on which it is kept in time"),
        Column("first_due", "date", "原定到期日", "The day that was agreed at first, where it was postponed"),
        Column("done_on", "date", "履行日", "Day on which it was kept, or on which the quantity was found"),
        Column("promised", "number", "承诺值", "Least quantity that was promised", minimum=0),
        Column("achieved", "number", "实际值", "Quantity that was reached", minimum=0),
        Column("unit", "text", "单位", "Unit of both"),
        Column("document", "text", "文号", "Number of the contract, agreement or minutes that it rests on"),
        Column("basis", "text", "数据依据", "Basis of the row", allowed=tuple(FIGURE_BASIS)),
        Column("source", "text", "来源", "Where the row comes from"),
        Column("note", "text", "备注", "Remarks"),
    ),
)
