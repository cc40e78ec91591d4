"""Demand from above: what the targets of the plan ask for, beside what projects ask for one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from layers import balancing
from layers.balancing import Year
from layers.vocabulary import FUNCTIONS, TARGET_MEASURES
from layers.workspace import Workspace
from views.illustrative import demand_mark
from views.markup import Markup, Row, join, table, tag
from views.numbers import plain, shown, wan
from views.text import Text
from views.zones_panel import zone_names


def targets_view(workspace: Workspace, years: list[Year], one: Year, say: Text) -> Markup:
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
            table(heads, [_row(each, say) for each in found], css="cz-sheet cz-targets"),
            tag("p", say("balance_targets_hint"), css="cz-hint"),
            _side_by_side(found, years, say),
            by_cell(workspace, one, say),
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


def by_cell(workspace: Workspace, one: Year, say: Text) -> Markup:
    """A row a zone and function, a column a way to count: each target measure from above, and projects from below."""
    above = [each for each in balancing.from_above(workspace, one.year) if each.year == one.year]
    measures = list(dict.fromkeys(each.measure for each in above))
    told = {(each.zone, each.function, each.measure): each.floor_area for each in above}
    below = {cell: one.demand[:, at] for at, cell in enumerate(one.cells) if one.demand[2, at] > 0}
    order = {key: at for at, key in enumerate(workspace.table("zones")["zone_id"])}
    functions = list(FUNCTIONS)
    cells = sorted(
        {*below, *((each.zone, each.function) for each in above)},
        key=lambda cell: (-1 if cell[0] is None else order.get(cell[0], len(order)), functions.index(cell[1])),
    )
    names = zone_names(workspace, say) | {None: say("balance_free")}
    rows = [
        Row(
            f"{names.get(zone, zone)} · {say.term(FUNCTIONS, function)}",
            [
                *(_three(told.get((zone, function, measure)), say) for measure in measures),
                _three(below.get((zone, function)), say),
            ],
        )
        for zone, function in cells
    ]
    heads = [
        say("balance_zone_function"),
        *(say("balance_above_of", measure=say.term(TARGET_MEASURES, measure)) for measure in measures),
        say("balance_below_of"),
    ]
    unit = tag("small", say("balance_unit"))
    title = tag("div", say("balance_by_cell", year=one.year), " ", unit, demand_mark(workspace, say), css="cz-h")
    return join(
        [title, table(heads, rows, css="cz-sheet cz-cells"), tag("p", say("balance_by_cell_hint"), css="cz-hint")]
    )


def _three(values: Sequence[float] | np.ndarray | None, say: Text) -> Markup | str:
    """Median with its range, as `_area` writes it."""
    if values is None:
        return "–"
    return _area({f"floor_area_p{p}_m2": float(v) for p, v in zip((10, 50, 90), values, strict=True)}, say)
