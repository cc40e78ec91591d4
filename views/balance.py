"""The balance: every zone and function against its supply, year by year, and what stands behind one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from layers import balancing
from layers.balancing import MARGINS, Market, Options, Year
from layers.vocabulary import FUNCTIONS
from layers.workspace import Workspace
from spatial.area import round_half_up
from views import acts
from views.balance_side import behind, fan, reasons
from views.balance_targets import targets_view
from views.illustrative import demand_mark
from views.markup import note, tag
from views.numbers import shown, wan
from views.picking import pick
from views.session import present, text
from views.text import Text
from views.zones_panel import zone_names


def page() -> None:
    """Draw the page."""
    acts.page(board)


@dataclass(frozen=True)
class Line:
    """A row of the matrix: its cell, and that cell in every year."""

    cell: tuple[str | None, str]
    at: int


def board() -> None:
    """Figures and controls above, the matrix at the left, the course and what stands behind it at the right."""
    say, workspace = text(), present()
    with st.container(key="balance-line", horizontal=True, vertical_alignment="bottom"):
        how = _controls(say)
        both, years = balancing.outlook(workspace, how)
        one = _year(years, say)
        st.html(_headline(both, one, say))
    if not any(year.demand[2].any() for year in years):
        st.html(note("hint", say("balance_empty")))
        return
    left, right = st.columns([60, 40], gap="medium")
    with left:
        view = _view(say)
        chosen = None
        if view == "targets":
            with st.container(key="balance-targets", border=False):
                st.html(targets_view(workspace, years, one, say))
        else:
            chosen = _matrix(workspace, years, one, say)
    with right, st.container(key="balance-side", border=False):
        st.html(fan(both, years, one.year, say))
        st.html(reasons(workspace, both, one, say))
        behind(workspace, both, one, chosen, say)


def _view(say: Text) -> str:
    """Whether the left side shows demand from below or from above."""
    return str(
        st.segmented_control(
            say("balance_view"),
            ("matrix", "targets"),
            format_func=lambda name: say(f"balance_view_{name}"),
            default="matrix",
            required=True,
            key="balance-view",
            label_visibility="collapsed",
        )
    )


def _controls(say: Text) -> Options:
    basis = st.segmented_control(
        say("balance_basis"),
        ("nominal", "expected"),
        format_func=lambda name: say(f"balance_{name}"),
        default="nominal",
        required=True,
        key="balance-basis",
    )
    margin = st.segmented_control(
        say("balance_margin"),
        tuple(MARGINS),
        format_func=lambda name: say(f"balance_margin_{name}"),
        default="none",
        required=True,
        key="balance-margin",
        help=say("balance_margin_help"),
    )
    return Options(expected=basis == "expected", margin=str(margin))


def _year(years: list[Year], say: Text) -> Year:
    every = [one.year for one in years]
    if len(every) == 1:
        return years[0]
    if st.session_state.get("balance-year") not in every:
        st.session_state["balance-year"] = every[-1]
    chosen = st.select_slider(say("balance_year"), every, key="balance-year", width=260)
    return years[every.index(chosen)]


def _headline(both: Market, one: Year, say: Text) -> str:
    lasts = balancing.years_of_supply(both, one)
    low, high = (shown(wan(float(one.total[at]))) for at in (0, 2))
    figures = [
        ("balance_demand", shown(wan(float(one.total[1]))), say("balance_range", low=low, high=high), "cz-want"),
        ("balance_supply", shown(wan(both.for_enterprises(one.supply))), "", ""),
        ("balance_housed", shown(wan(float(one.housed[1]))), "", "cz-strong"),
        ("balance_short", shown(wan(float(one.unhoused[1]))), _range(one.unhoused, say), _red(one.unhoused[1])),
        ("balance_years", _lasts(lasts, say), "", ""),
    ]
    cells = [
        tag("div", tag("span", say(name)), tag("b", value), tag("small", more), css=f"cz-figure {css}".strip())
        for name, value, more, css in figures
    ]
    return tag("div", tag("small", say("balance_unit")), *cells, css="cz-headline cz-balance")


def _lasts(years: float | None, say: Text) -> str:
    if years is None:
        return say("balance_forever")
    return say("balance_years_value", years=f"{round_half_up(years, 1 if years < 20 else 0)}")


def _range(values: np.ndarray, say: Text) -> str:
    low, high = (shown(wan(float(values[at]))) for at in (0, 2))
    return "" if low == high else say("balance_range", low=low, high=high)


def _red(value: float) -> str:
    return "cz-strong cz-short" if wan(float(value)) > 0 else ""


def _matrix(workspace: Workspace, years: list[Year], one: Year, say: Text) -> tuple[str | None, str] | None:
    """The table of zones and functions; gives the cell of the row that is selected."""
    lines = lines_of(workspace, years)
    frame = matrix_table(workspace, lines, years, one, say)
    st.html(
        tag(
            "div",
            say("balance_heading", year=one.year),
            " ",
            tag("small", say("balance_unit")),
            demand_mark(workspace, say),
            css="cz-h",
        )
    )
    number = st.column_config.NumberColumn(format="%.2f", width=71)
    config: dict[str, Any] = {say(f"balance_{name}"): number for name in ("p50", "eligible", "attributed", "gap")}
    config[say("balance_zone")] = st.column_config.TextColumn(width=104)
    config[say("balance_probability")] = st.column_config.ProgressColumn(
        format="percent", min_value=0.0, max_value=1.0, width="small"
    )
    config[say("balance_course")] = st.column_config.BarChartColumn(y_min=0.0, width="small")
    with st.container(key="balance-table"):
        at = pick(frame, f"balance-{say.language}", config)
    st.html(tag("p", say("balance_hint"), css="cz-hint"))
    return None if at is None else lines[at].cell


def matrix_table(workspace: Workspace, lines: list[Line], years: list[Year], one: Year, say: Text) -> pd.DataFrame:
    """The matrix as it is shown, in 万 m²."""
    names = zone_names(workspace, say) | {None: say("balance_free")}
    at = [line.at for line in lines]

    def rounded(values: np.ndarray) -> list[float]:
        return [float(wan(float(values[row]))) for row in at]

    low, middle, high = one.demand
    ranges = zip(rounded(low), rounded(high), strict=True)
    return pd.DataFrame(
        {
            say("balance_zone"): [names.get(line.cell[0], str(line.cell[0])) for line in lines],
            say("balance_function"): [say.term(FUNCTIONS, line.cell[1]) for line in lines],
            say("balance_p50"): rounded(middle),
            say("balance_p10_p90"): [say("balance_range", low=f"{a:.2f}", high=f"{b:.2f}") for a, b in ranges],
            say("balance_eligible"): rounded(one.eligible),
            say("balance_attributed"): rounded(one.attributed),
            say("balance_gap"): rounded(middle - one.attributed),
            say("balance_probability"): [float(one.shortage[row]) for row in at],
            say("balance_course"): [
                [max(float(wan(float(year.demand[1, row] - year.attributed[row]))), 0.0) for year in years]
                for row in at
            ],
        }
    )


def lines_of(workspace: Workspace, years: list[Year]) -> list[Line]:
    """Cells in which anything is ever asked for: zones in the order of their table, free to choose last."""
    order = {key: at for at, key in enumerate(workspace.table("zones")["zone_id"])}
    ever = np.any([year.demand[2] > 0 for year in years], axis=0)
    found = [Line(cell, at) for at, cell in enumerate(years[0].cells) if ever[at]]
    functions = list(FUNCTIONS)
    return sorted(found, key=lambda line: (order.get(line.cell[0], len(order)), functions.index(line.cell[1])))


if __name__ == "__main__":
    page()
