"""Rasters: what is known of each, a statistic of every parcel with its grades, and the figures of the chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
import streamlit as st

from layers.exchange.jobs import Progress
from layers.ground.grading import Grades, graded
from layers.ground.rasters import path_of
from layers.ground.zonal import statistics
from layers.map.payload import labels
from layers.map.styles import RASTER_COLOURS
from layers.vocabulary import GEOMETRY_BASIS, RASTER_KINDS
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from spatial.zonal import Rule
from views.documents import size
from views.exchange.desk import refused
from views.ground.raster_desk import bring_in
from views.markup import Markup, Row, join, note, table, tag
from views.parcel_map import Shade, selected
from views.session import can
from views.text import Text
from views.waiting import worked

_SCALED = ("mean", "min", "max", "median", "stdev", "sum", "count")
_CODED = ("majority", "variety", "count")
_ROUND = ("min", "max")
_SHARES = ("share_above", "share_below")
_MOST = 12


def panel(workspace: Workspace, say: Text) -> None:
    """Draw the panel."""
    rasters = workspace.table("rasters")
    st.html(tag("div", say("raster_heading"), css="cz-h"))
    if len(rasters):
        _chosen(workspace, say)
    else:
        st.html(note("hint", say("raster_none")))
    if can("import"):
        bring_in(workspace, say)


def _chosen(workspace: Workspace, say: Text) -> None:
    """One raster, a figure of it, and what it is for every parcel."""
    choices = _choices(workspace, say)
    name = st.selectbox(
        say("raster_which"),
        list(choices),
        format_func=choices.__getitem__,
        key="ground-raster",
        label_visibility="collapsed",
    )
    derived, _, raster_id = name.rpartition(":")
    rasters = workspace.table("rasters")
    row = rasters[rasters["raster_id"] == raster_id].iloc[0]
    st.html(_facts(row, say))
    try:
        path_of(workspace, row)
        stat, rule = _asked(row, derived, say)
        found = _worked(workspace, name, stat, rule, say)
    except ChengzaiError as error:
        refused(error, say)
        return
    if found is None:
        return
    unit = _unit(row, derived, stat, say)
    _one(workspace, found, unit, say)
    grades = graded(found["figure"].to_numpy(dtype=float))
    st.html(_legend(grades, unit, say))
    _on_map(workspace, (name, stat, rule), grades, f"{choices[name]} · {_stat_name(stat, say)}", unit)
    with st.expander(say("raster_parcels", count=f"{int(found['figure'].notna().sum()):,}")):
        st.html(_extremes(workspace, found, unit, say))


def _choices(workspace: Workspace, say: Text) -> dict[str, str]:
    """Rasters, and slope and aspect of those that are heights."""
    out = {}
    for row in workspace.table("rasters").to_dict("records"):
        key = str(row["raster_id"])
        out[key] = str(row["name"]) if pd.notna(row["name"]) else key
        if row["kind"] == "dem":
            for derived in ("slope", "aspect"):
                out[f"{derived}:{key}"] = say("raster_from", what=say.term(RASTER_KINDS, derived), name=out[key])
    return out


def _facts(row: pd.Series, say: Text) -> Markup:
    """What is known of a raster; that it is made up stands first."""
    schematic = row["data_basis"] == "schematic"
    basis = tag("span", say.term(GEOMETRY_BASIS, row["data_basis"]), css="cz-badge") if schematic else ""
    known: list[tuple[str, str | Markup | None]] = [
        ("raster_kind", join([say.term(RASTER_KINDS, row["kind"]), " ", basis])),
        ("raster_cells", f"{int(row['width']):,} × {int(row['height']):,} · {row['cell_m']:g} m"),
        ("raster_crs", str(row["raster_crs"])),
        ("raster_values", _stored(row, say)),
        ("raster_source", row["source"] if pd.notna(row["source"]) else None),
        ("raster_file", f"{row['file_name']} · {size(int(row['size_bytes']))}"),
    ]
    lines = [Row(say(name), [say("source_missing") if value is None else value]) for name, value in known]
    return table(["", ""], lines, css="cz-headless")


def _stored(row: pd.Series, say: Text) -> str:
    parts = [say("raster_unit", unit=row["unit"]) if pd.notna(row["unit"]) else say("raster_no_unit")]
    if pd.notna(row["scale"]) or pd.notna(row["offset"]):
        scale = 1.0 if pd.isna(row["scale"]) else row["scale"]
        offset = 0.0 if pd.isna(row["offset"]) else row["offset"]
        parts.append(say("raster_scaled", scale=f"{scale:g}", offset=f"{offset:g}"))
    if pd.notna(row["nodata"]):
        parts.append(say("raster_nodata", value=f"{row['nodata']:g}"))
    return say("list_sign").join(parts)


def _asked(row: pd.Series, derived: str, say: Text) -> tuple[str, Rule]:
    """The figure and the rule that a viewer wants."""
    category = row["values"] == "category" and not derived
    plain = _CODED if category else _ROUND if derived == "aspect" else _SCALED
    names = [*plain, *(("share_of",) if category else _SHARES)]
    left, middle, right = st.columns([42, 24, 34], gap="small")
    stat = left.selectbox(
        say("raster_stat"), names, format_func=lambda name: say(f"stat_{name}"), key=f"ground-stat-{names[0]}"
    )
    if stat.startswith("share_"):
        value = middle.number_input(say("raster_threshold"), value=0.0, key=f"ground-threshold-{row['raster_id']}")
        stat = f"{stat}={value:g}"
    by_centre = right.toggle(say("raster_by_centre"), key="ground-rule", help=say("raster_rule_hint"))
    return stat, "centre" if by_centre else "fraction"


def _worked(workspace: Workspace, name: str, stat: str, rule: Rule, say: Text) -> pd.DataFrame | None:
    """The figure of every parcel, its extremes and how much of it is covered; None while it is worked out."""
    asked = {"figure": stat, "low": "min", "high": "max", "covered": "covered_share"}
    each = list(dict.fromkeys(asked.values()))  # the figure may be one of the extremes

    def act(progress: Progress) -> pd.DataFrame:
        found = statistics(workspace, name, each, rule, watch=progress)
        return pd.DataFrame({called: found.iloc[:, each.index(one)] for called, one in asked.items()})

    parcels = workspace.table("parcels")["geometry"]
    mark = (name, stat, rule, workspace.scenario, workspace.revision, len(parcels), workspace.files)
    return worked("zonal", mark, act, say)


def _unit(row: pd.Series, derived: str, stat: str, say: Text) -> str:
    if stat.startswith("share_"):
        return "%"
    if stat in ("count", "variety"):
        return say(f"unit_{stat}")
    return "°" if derived else str(row["unit"]) if pd.notna(row["unit"]) else ""


def _one(workspace: Workspace, found: pd.DataFrame, unit: str, say: Text) -> None:
    """The figures of the parcel that is chosen."""
    at = selected(workspace)
    if at is None or at >= len(found):
        st.html(note("hint", say("raster_click")))
        return
    one = found.iloc[at]
    st.html(tag("div", tag("b", labels(workspace)[at], css="cz-number"), css="cz-title"))
    if pd.isna(one["figure"]):
        st.html(note("hint", say("raster_no_data")))
        return
    lines = [
        Row(say("raster_figure"), [_number(one["figure"], unit)]),
        Row(say("raster_range"), [f"{one['low']:,.4g} – {one['high']:,.4g}"]),
        Row(say("raster_covered"), [f"{one['covered']:.1%}"]),
    ]
    st.html(table(["", ""], lines, css="cz-headless cz-facts"))


def _number(value: float, unit: str) -> str:
    return f"{value:.1%}" if unit == "%" else f"{value:,.4g} {unit}".strip()


def _legend(grades: Grades, unit: str, say: Text) -> Markup:
    """Grades with their ends, unit and number of parcels."""
    rows = []
    for place, ends in enumerate(_ends(grades, unit) if len(grades.steps) > 2 else ()):
        swatch = tag("i", css="cz-key", style=f"background:{RASTER_COLOURS[place]}")
        rows.append(Row(join([swatch, ends]), [f"{grades.counts[place]:,}"]))
    if grades.counts[-1]:
        swatch = tag("i", css="cz-key cz-key-hatch", style="background-color:#e3e6e8")
        rows.append(Row(join([swatch, say("raster_without")]), [f"{grades.counts[-1]:,}"]))
    return join(
        [
            tag("div", say("raster_grades"), css="cz-h"),
            table([say("raster_grade"), say("raster_count")], rows, css="cz-facts"),
            note("hint", say("raster_on_map")),
        ]
    )


def shade(workspace: Workspace) -> Shade | None:
    """What the map shows of the raster that is looked at, once that is known."""
    held = st.session_state.get("raster-shade")
    return held if isinstance(held, Shade) and len(held.of) == len(workspace.table("parcels")) else None


def _on_map(workspace: Workspace, asked: tuple[str, ...], grades: Grades, called: str, unit: str) -> None:
    """Have the map show these grades; it stands before the panel, so that a change of them draws the page again."""
    if len(grades.steps) == 2:
        st.session_state.pop("raster-shade", None)
        return
    mark = (asked, workspace.scenario, workspace.revision, called)
    known = shade(workspace)
    if known is None or known.mark != mark:
        st.session_state["raster-shade"] = Shade(mark, grades.of, tuple(_ends(grades, unit)), called)
        st.rerun()


def _ends(grades: Grades, unit: str) -> list[str]:
    """The ends of each grade with their unit."""
    pairs = pairwise(grades.steps)
    return [
        f"{low:.0%} – {high:.0%}" if unit == "%" else f"{low:,g} – {high:,g} {unit}".strip() for low, high in pairs
    ]


def _stat_name(stat: str, say: Text) -> str:
    name, sign, value = stat.partition("=")
    return say(f"stat_{name}") + (f" {value}" if sign else "")


def _extremes(workspace: Workspace, found: pd.DataFrame, unit: str, say: Text) -> Markup:
    """The parcels with the highest and the lowest figures."""
    names: Sequence[str] = labels(workspace)
    figures = found["figure"].to_numpy(dtype=float)
    known = np.flatnonzero(np.isfinite(figures))
    order = known[np.argsort(-figures[known], kind="stable")]
    some = order if len(order) <= 2 * _MOST else np.concatenate([order[:_MOST], order[-_MOST:]])
    rows = [Row(names[at], [_number(figures[at], unit), f"{found['covered'].iloc[at]:.0%}"]) for at in some.tolist()]
    return table([say("raster_parcel"), say("raster_figure"), say("raster_covered")], rows, css="cz-facts")
