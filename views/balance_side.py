"""The right side of the balance: the course of demand and supply, what stands in the way, what is behind a cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from layers import balancing
from layers.balancing import Market, Year
from layers.vocabulary import FUNCTIONS
from layers.workspace import Workspace
from views.drawings import picture
from views.illustrative import project_mark
from views.markup import Markup, Row, join, table, tag
from views.numbers import WAN, shown, square_metres, wan
from views.text import Text
from views.zones_panel import zone_names

_WIDE, _HIGH = 520.0, 190.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 12.0, 12.0, 24.0
_MOST = 8
"""Rows that stand behind a cell before the others are counted."""


def fan(both: Market, years: Sequence[Year], chosen: int, say: Text) -> Markup:
    """Demand as a fan of years and supply as a line, the chosen year marked; a picture that runs nothing."""
    demand = np.array([one.total for one in years]) / WAN
    supply = np.array([both.for_enterprises(one.supply) for one in years]) / WAN
    top = _round_up(max(float(demand.max()), float(supply.max()), 1e-9))
    every = [one.year for one in years]

    def x(at: int) -> float:
        return _LEFT + (_WIDE - _LEFT - _RIGHT) * (at / (len(every) - 1) if len(every) > 1 else 0.5)

    def y(value: float) -> float:
        return _HIGH - _BOTTOM - (_HIGH - _TOP - _BOTTOM) * value / top

    def line(values: np.ndarray) -> str:
        return " ".join(f"{x(at):.1f},{y(float(value)):.1f}" for at, value in enumerate(values))

    back = " ".join(f"{x(at):.1f},{y(float(demand[at, 0])):.1f}" for at in reversed(range(len(every))))
    parts = [_grid(top, y), *(_tick(year, x(at), year == chosen) for at, year in enumerate(every))]
    parts += [
        tag("polygon", points=f"{line(demand[:, 2])} {back}", fill="#ecd391", fill_opacity="0.75"),
        tag("polyline", points=line(demand[:, 1]), fill="none", stroke="#9a6a12", stroke_width="2"),
        tag("polyline", points=line(supply), fill="none", stroke="#12696b", stroke_width="2.4"),
    ]
    at = every.index(chosen)
    parts += [
        _dot(x(at), y(float(supply[at])), "#12696b"),
        _dot(x(at), y(float(demand[at, 1])), "#9a6a12"),
    ]
    said = say("balance_fan_note", first=every[0], last=every[-1])
    keys = [
        tag("span", tag("i", css="cz-key", style=f"background:{colour}"), word)
        for colour, word in (("#ecd391", say("balance_fan_demand")), ("#12696b", say("balance_fan_supply")))
    ]
    return join(
        [
            tag("div", say("balance_fan"), " ", tag("small", say("balance_unit")), css="cz-h"),
            picture(parts, _WIDE, _HIGH, css="cz-fan", alt=said, title=said),
            tag("div", *keys, css="cz-keys"),
        ]
    )


def _round_up(value: float) -> float:
    """The next of 1, 2, 2.5, 5 × a power of ten: the top of a scale with four even steps."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(step * power for step in (1.0, 2.0, 4.0, 5.0, 8.0, 10.0) if step * power >= value))


def _grid(top: float, y: object) -> Markup:
    rows = []
    for step in range(5):
        value = top * step / 4
        high = y(value)  # type: ignore[operator]
        rows.append(
            tag("line", x1=f"{_LEFT:.0f}", x2=f"{_WIDE - _RIGHT:.0f}", y1=f"{high:.1f}", y2=f"{high:.1f}",
                stroke="#e3e8ea" if step else "#b9c3c8", stroke_width="1")
        )  # fmt: skip
        rows.append(
            tag("text", f"{value:,.4g}", x=f"{_LEFT - 6:.0f}", y=f"{high + 4:.1f}", font_size="11",
                text_anchor="end", fill="#6b7a82")
        )  # fmt: skip
    return join(rows)


def _tick(year: int, x: float, chosen: bool) -> Markup:
    label = tag(
        "text", str(year), x=f"{x:.1f}", y=f"{_HIGH - 7:.0f}", font_size="11", text_anchor="middle",
        fill="#1e2a32" if chosen else "#6b7a82", font_weight="600" if chosen else "400",
    )  # fmt: skip
    if not chosen:
        return label
    mark = tag(
        "line", x1=f"{x:.1f}", x2=f"{x:.1f}", y1=f"{_TOP:.0f}", y2=f"{_HIGH - _BOTTOM:.0f}", stroke="#8b9aa2",
        stroke_width="1", stroke_dasharray="3 3",
    )  # fmt: skip
    return join([mark, label])


def _dot(x: float, y: float, colour: str) -> Markup:
    return tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r="3.6", fill=colour, stroke="#fff", stroke_width="1.4")


def reasons(workspace: Workspace, both: Market, one: Year, say: Text) -> Markup:
    """What keeps demand from being housed, a sentence each."""
    found = balancing.why(workspace, both, one)
    said = [
        tag("li", why["text"][say.language], css="cz-because" if why["partner_parks"] else "cz-because cz-warn")
        for why in found
    ]
    body = (
        tag("ul", *said, css="cz-reasons") if said else tag("p", say("balance_fits", year=one.year), css="cz-because")
    )
    more = [tag("p", say("balance_partly"), css="cz-hint")] if not one.exact else []
    undated = int((both.group[both.undated] >= 0).sum())
    if undated:
        more.append(tag("p", say("balance_undated", count=undated), css="cz-hint"))
    return join([tag("div", say("balance_why"), css="cz-h"), body, *more])


def behind(workspace: Workspace, both: Market, one: Year, cell: tuple[str | None, str] | None, say: Text) -> None:
    """Projects and parcels behind the chosen cell."""
    if cell is None:
        st.html(tag("p", say("balance_pick"), css="cz-hint cz-note"))
        return
    zone = (zone_names(workspace, say) | {None: say("balance_free")}).get(cell[0], str(cell[0]))
    title = f"{zone} · {say.term(FUNCTIONS, cell[1])} · {one.year}"
    st.html(
        join(
            [
                tag("div", title, " ", tag("small", "m²"), css="cz-h"),
                projects_table(workspace, balancing.projects_behind(workspace, both, one, cell), say),
                parcels_table(workspace, balancing.parcels_behind(workspace, both, one, cell), say),
            ]
        )
    )


def projects_table(workspace: Workspace, found: pd.DataFrame, say: Text) -> Markup:
    """Projects behind a cell."""
    if found.empty:
        return tag("p", say("balance_no_projects"), css="cz-hint")
    projects = workspace.table("projects")
    rows = []
    for row, unmet, here in found.head(_MOST).itertuples(index=False):
        project = projects.iloc[int(row)]
        year = "—" if pd.isna(project["need_by"]) else str(int(project["need_by"]))
        cells = [year, square_metres(unmet), square_metres(here)]
        name = say.name(project["name"], project["name_en"])
        rows.append(Row(join([name, project_mark(project["basis"], say)]), cells))
    heads = [say("balance_projects"), say("need_by"), say("balance_unmet"), say("balance_here")]
    return join([table(heads, rows, css="cz-sheet cz-behind"), _others(len(found), say)])


def parcels_table(workspace: Workspace, found: pd.DataFrame, say: Text) -> Markup:
    """Parcels behind a cell."""
    if found.empty:
        return tag("p", say("balance_no_parcels"), css="cz-hint cz-short")
    parcels = workspace.table("parcels")
    rows = []
    for row, supply, taken in found.head(_MOST).itertuples(index=False):
        parcel = parcels.iloc[int(row)]
        cells = [say.name(parcel["land_use"]), square_metres(supply), square_metres(taken)]
        rows.append(Row(say.name(parcel["parcel_no"], parcel["parcel_id"]), cells))
    heads = [say("balance_parcels"), say("land_use"), say("balance_supply"), say("balance_taken")]
    total = tag("small", f"{shown(wan(float(found['supply_m2'].sum())))} {say('balance_unit')}")
    return join([table(heads, rows, css="cz-sheet cz-behind"), _others(len(found), say), total])


def _others(count: int, say: Text) -> Markup:
    more = count - _MOST
    return tag("p", say("balance_more", count=more), css="cz-hint") if more > 0 else Markup()
