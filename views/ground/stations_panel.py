"""Stations and services: catchments and the floor area in them, who is served, and what a chosen parcel is near."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from layers.commands import Bring
from layers.ground import catchments, reaching, serving
from layers.ground.reach_report import network
from layers.ground.suggested import with_values
from layers.map.under import KINDS, catchment_key
from layers.map.under import offered as layers_offered
from layers.matching import top_zones
from layers.vocabulary import CONFIDENCE, FACILITY_KINDS, STATION_KINDS
from layers.workspace import Workspace
from views.doing import commit, turn
from views.ground.near import near_parcel
from views.ground.station_city import station_city
from views.markup import Markup, Row, join, table, tag, unmarked
from views.numbers import plain, shown, wan
from views.parcel_map import selected
from views.session import can
from views.text import Text
from views.zones_panel import zone_names

_ROWS = 14
"""Stations that are listed one by one; the others hold less."""


def wanted(workspace: Workspace) -> tuple[str, ...]:
    """Layers under the parcels that the map shows beside this panel."""
    kind, how = _kind(), _how(workspace)
    chosen = st.session_state.get("reach-shown")
    names = ("near", "far", "facilities") if chosen is None else tuple(chosen)
    kinds = KINDS if kind is None else (kind,)
    keys = [catchment_key(how, ring, one) for one in kinds for ring in catchments.RINGS if ring in names]
    keys += [name for name in ("ways", "facilities") if name in names]
    return tuple(key for key in keys if key in layers_offered(workspace))


def panel(workspace: Workspace, say: Text) -> None:
    """Draw the panel."""
    row = selected(workspace)
    if row is not None:
        st.html(near_parcel(workspace, row, say))
    _controls(workspace, say)
    _radii(workspace, say)
    walk, kind = _how(workspace) == "walk", _kind()
    parts = [_within(workspace, walk, kind, say), *([_network(workspace, say)] if walk else [])]
    parts += [station_city(workspace, say), _services(workspace, walk, say), _support(workspace, say)]
    st.html(join(parts))


def _kind() -> str | None:
    chosen = str(st.session_state.get("reach-kind", "metro"))
    return None if chosen == "all" else chosen


def _how(workspace: Workspace) -> str:
    """How distances are measured here: as chosen, without ways in a straight line."""
    there = len(workspace.table("ways")) > 0
    return str(st.session_state.get("reach-how", "walk")) if there else "straight"


def _controls(workspace: Workspace, say: Text) -> None:
    names = {"metro": say.term(STATION_KINDS, "metro"), "rail": say.term(STATION_KINDS, "rail")}
    st.html(tag("div", say("reach_heading"), " ", tag("small", say(f"reach_{_how(workspace)}")), css="cz-h"))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.session_state.setdefault("reach-kind", "metro")
        st.segmented_control(
            say("reach_kind"),
            [*names, "all"],
            format_func=lambda one: names.get(one, say("reach_all")),
            key="reach-kind",
            label_visibility="collapsed",
            required=True,
        )
        there = len(workspace.table("ways")) > 0
        if there:
            st.session_state.setdefault("reach-how", "walk")
            st.segmented_control(
                say("reach_how"),
                ["straight", "walk"],
                format_func=lambda one: say(f"reach_{one}_short"),
                key="reach-how",
                label_visibility="collapsed",
                required=True,
            )
        layers = ["near", "far"] + [one for one in ("ways", "facilities") if len(workspace.table(one))]
        st.session_state.setdefault("reach-shown", [one for one in layers if one != "ways"])
        st.session_state["reach-shown"] = [one for one in st.session_state["reach-shown"] if one in layers]
        st.pills(
            say("reach_shown"),
            layers,
            selection_mode="multi",
            format_func=lambda one: say(f"reach_layer_{one}"),
            key="reach-shown",
            label_visibility="collapsed",
        )


def _radii(workspace: Workspace, say: Text) -> None:
    """The two radii, each with its range, source and confidence; a new value is one act that can be undone."""
    assumptions = workspace.table("assumptions")
    may = can("assumptions")
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        for ring in catchments.RINGS:
            value = catchments.radius(workspace, ring)
            mine = assumptions[assumptions["name"] == f"catchment_{ring}"]
            st.number_input(
                say(f"reach_radius_{ring}"),
                min_value=1.0,
                max_value=20_000.0,
                value=None if np.isnan(value) else float(value),
                step=50.0,
                format="%g",
                key=f"radius-{ring}-{turn()}-{workspace.revision}",
                help=_origin(mine, say),
                disabled=not may,
                on_change=_set_radius,
                args=(workspace, ring, f"radius-{ring}-{turn()}-{workspace.revision}"),
            )
    near, far = (catchments.radius(workspace, ring) for ring in catchments.RINGS)
    if np.isnan(near) or np.isnan(far):
        st.html(tag("div", say("reach_no_radius"), css="cz-hint"))
    elif near > far:
        st.html(tag("div", say("reach_radii_crossed"), css="cz-hint cz-warn"))
    else:
        st.html(tag("div", say("reach_assumed"), css="cz-hint"))


def _origin(mine: pd.DataFrame, say: Text) -> str:
    if not len(mine):
        return say("reach_no_radius")
    one = mine.iloc[0]
    facts = {name: "—" if pd.isna(one[name]) else plain(one[name]) for name in ("low", "high")}
    source = "—" if pd.isna(one["source"]) else unmarked(str(one["source"]))
    return say("reach_origin", source=source, confidence=say.term(CONFIDENCE, one["confidence"]), **facts)


def _set_radius(workspace: Workspace, ring: str, key: str) -> None:
    value = st.session_state.get(key)
    if value is None or value == catchments.radius(workspace, ring):
        return
    commit(
        Bring("assumptions", with_values(workspace, {f"catchment_{ring}": float(value)}), "assumptions"), workspace
    )


def _within(workspace: Workspace, walk: bool, kind: str | None, say: Text) -> Markup:
    """Floor area within the rings of each station, those that hold most first [万 m²]."""
    found = catchments.floor_area(workspace, walk=walk, kind=kind)
    if len(found) <= len(catchments.RINGS):
        return tag("div", say("reach_no_stations"), css="cz-hint")
    names = workspace.table("stations")["name"].tolist()
    by = {(str(one["ring"]), int(one["station"])): one for one in found.to_dict("records")}
    stations = sorted(
        (place for ring, place in by if ring == "far" and place != catchments.ALL),
        key=lambda place: -float(by["far", place]["permitted_m2"]),
    )
    held = [place for place in stations if by["far", place]["parcels"]]
    rows = [_station(say.name(names[place]), by, place, "cz-part") for place in held[:_ROWS]]
    rows.append(_station(say("reach_union"), by, catchments.ALL, "cz-sum"))
    heads = [say("unit")] + [
        join([tag("small", _within_of(catchments.radius(workspace, ring))), " ", say(name)])
        for ring in catchments.RINGS
        for name in ("reach_parcels", "support_permitted", "available", "vacant")
    ]
    notes = [say("reach_rule_walk" if walk else "reach_rule_straight")]
    if len(stations) > len(held[:_ROWS]):
        notes.append(say("reach_others", count=len(stations) - len(held[:_ROWS])))
    unknown = by["far", catchments.ALL]["unknown_parcels"]
    if unknown:
        notes.append(say("reach_unknown", count=unknown))
    return join([table(heads, rows, css="cz-sheet cz-reach"), tag("div", " ".join(notes), css="cz-hint")])


def _within_of(radius: float) -> str:
    return "—" if np.isnan(radius) else f"≤ {radius:g} m"


def _station(name: str, by: dict[tuple[str, int], Any], station: int, css: str) -> Row:
    cells: list[str] = []
    for ring in catchments.RINGS:
        one = by[ring, station]
        cells.append(f"{one['parcels']:,}")
        cells += [shown(wan(float(one[figure]))) for figure in ("permitted_m2", "available_m2", "vacant_m2")]
    return Row(name, cells, css)


def _network(workspace: Workspace, say: Text) -> Markup:
    facts = network(workspace)
    share = facts["length_in_largest_m"] / facts["length_m"] if facts["length_m"] else 0.0
    return tag("div", say("reach_network", share=f"{share:.1%}", **facts), css="cz-hint")


def _services(workspace: Workspace, walk: bool, say: Text) -> Markup:
    """Share of floor area out of reach, and places that lack, by zone and kind; kinds without data stand apart."""
    covers, names = serving.coverage(workspace, walk=walk), zone_names(workspace, say)
    there = reaching.kinds_of_facilities(workspace)
    out = [tag("div", say("services_heading"), " ", tag("small", say("services_unit")), css="cz-h")]
    if covers:
        zones = [names.get(key, str(key)) for key in top_zones(workspace)]
        rows = []
        for cover in covers:
            cells = [_cell(area, lack, say) for area, lack in zip(cover.floor_area, cover.lacking, strict=True)]
            count = say("services_count", count=cover.facilities)
            if cover.without_capacity:
                count += say("services_no_capacity", count=cover.without_capacity)
            if cover.planned:
                count += say("services_planned", count=cover.planned)
            rows.append(Row(join([say.term(FACILITY_KINDS, cover.kind), " ", tag("small", count)]), cells, "cz-part"))
        out.append(table([say("services_kind"), *zones, say("total")], rows, css="cz-sheet"))
    lacking = [say.term(FACILITY_KINDS, kind) for kind in FACILITY_KINDS if kind not in there]
    if lacking:
        said = say("services_none") if not there else say("services_lacking", kinds=say("list_sign").join(lacking))
        out.append(tag("div", said, css="cz-hint"))
    return join(out)


def _cell(area: float, lack: float, say: Text) -> Markup:
    share = "—" if np.isnan(area) else f"{area:.0%}"
    css = "cz-short" if area > 0.5 else ""
    parts: list[Markup] = [tag("span", share, css=css)]
    if not np.isnan(lack):
        parts.append(tag("small", say("services_places", count=f"{round(lack):,}"), css="cz-range"))
    return join(parts)


def _support(workspace: Workspace, say: Text) -> Markup:
    """Supporting floor area of zones and parks against what is allowed [万 m²]."""
    zones = zone_names(workspace, say)
    parks = workspace.table("parks").set_index("park_id")
    rows = []
    for one in serving.support(workspace):
        if one["layer"] == "zones":
            name = zones.get(one["key"], one["key"])
        else:
            park = parks.loc[one["key"]]
            name = say.name(park["name"], park["name_en"])
        figures = ("permitted_m2", "allowed_m2", "facilities_m2", "assigned_m2", "left_m2")
        cells = [
            tag("span", say("no_data") if one[key] is None else shown(wan(one[key])), css=_short(one[key]))
            for key in figures
        ]
        rows.append(Row(name, cells, "cz-part"))
    if not rows:
        return Markup()
    share = next(iter(serving.support(workspace)))["share"]
    limit = "—" if share is None else plain(share * 100)
    heads = [say("unit")] + [
        say(f"support_{name}") for name in ("permitted", "allowed", "stands", "assigned", "left")
    ]
    title = tag("div", say("support_heading"), " ", tag("small", say("support_limit", share=limit)), css="cz-h")
    return join([title, table(heads, rows, css="cz-sheet"), tag("div", say("support_note"), css="cz-hint")])


def _short(value: float | None) -> str:
    return "cz-short" if value is not None and value < 0 else ""
