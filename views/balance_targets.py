"""Demand from above: what the targets of the plan ask for, beside what projects ask for one by one."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers import balancing
from layers.balancing import Year
from layers.vocabulary import FUNCTIONS
from layers.workspace import Workspace
from views.markup import Markup, Row, join, table, tag
from views.numbers import plain, shown, wan
from views.text import Text


def targets_view(workspace: Workspace, years: list[Year], say: Text) -> Markup:
    """Every target with its change and the floor area that it asks for, and both ways to count side by side."""
    found = balancing.top_down(workspace)
    if not found:
        return tag("p", say("balance_no_targets"), css="cz-hint cz-note")
    heads = [
        say("balance_target"),
        say("balance_base"),
        say("balance_goal"),
        say("balance_change"),
        say("balance_floor_area"),
    ]
    return join(
        [
            tag("div", say("balance_targets_heading"), " ", tag("small", say("balance_unit")), css="cz-h"),
            table(heads, [_row(one, say) for one in found], css="cz-sheet cz-targets"),
            tag("p", say("balance_targets_hint"), css="cz-hint"),
            _side_by_side(found, years, say),
        ]
    )


def _row(one: dict[str, Any], say: Text) -> Row:
    mix = say("list_sign").join(
        f"{say.term(FUNCTIONS, name)} {share:.0%}" for name, share in one["functions"].items()
    )
    head = join([say.name(one["name"], one["name_en"]), *([tag("small", mix)] if mix else [])])
    return Row(
        head,
        [
            _dated(one["base_value"], one["base_year"], say),
            _dated(one["target_value"], one["target_year"], say),
            say("balance_unknown") if one["units"] is None else _signed(one["units"]),
            _area(one, say),
        ],
        "cz-part" if one["adds"] else "cz-part cz-pale",
    )


def _dated(value: float | None, year: int | None, say: Text) -> Markup:
    written = say("balance_unknown") if value is None else f"{value:,.0f}"
    return join([written, *([tag("small", str(year))] if year is not None else [])])


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'}{plain(abs(value)) if abs(value) < 1_000 else f'{abs(value):,.0f}'}"


def _area(one: dict[str, Any], say: Text) -> Markup | str:
    if one["floor_area_p50_m2"] is None:
        return "—"
    low, middle, high = (wan(one[f"floor_area_p{p}_m2"]) for p in (10, 50, 90))
    least, most = sorted((low, high))
    span = say("balance_range" if least >= 0 else "balance_span", low=shown(least), high=shown(most))
    return join([shown(middle), *([tag("small", span, css="cz-range")] if low != high else [])])


def _side_by_side(found: list[dict[str, Any]], years: list[Year], say: Text) -> Markup:
    """The two totals; both are ways to look at the same future, and no sum of them means anything."""
    above = sum(one["floor_area_p50_m2"] or 0.0 for one in found if one["adds"])
    below = float(np.max([one.total[1] for one in years], initial=0.0))
    cells = [
        tag("div", tag("span", say(name)), tag("b", shown(wan(value))), css="cz-figure")
        for name, value in (("balance_from_above", above), ("balance_from_below", below))
    ]
    return tag("div", *cells, css="cz-headline cz-both")
