"""The supply plan by year: land from the reserve to its handing over, with the map and the next step of a parcel."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd
import streamlit as st

from layers.accounts import totals
from layers.commands import Supply
from layers.map.payload import labels
from layers.supply_plan import STEPS, lots, supply_plan
from layers.vocabulary import PARCEL_STATUS
from layers.workspace import Workspace
from spatial.area import round_half_up
from views.assigning import begun, safe
from views.doing import commit, outcome, turn
from views.exchange.handing_out import quick
from views.markup import Markup, Row, join, note, table, tag
from views.numbers import shown, wan
from views.parcel_map import choose, listen, parcel_map, selected
from views.picking import pick
from views.session import can
from views.text import Text
from views.zones_panel import zone_names

ALL, UNDATED = "all", "undated"
_HECTARE = 10_000.0
_FIRST, _LAST = datetime.date(1990, 1, 1), datetime.date(2100, 12, 31)


def view(workspace: Workspace, say: Text) -> None:
    """Plan and parcels at the left; the map and the chosen parcel at the right."""
    listen(workspace)
    found = lots(workspace)
    if found.empty:
        st.html(note("hint", say("supply_empty")))
        return
    left, right = st.columns([56, 44], gap="medium")
    with left, st.container(key="supply-left", border=False):
        year = _year(found, say)
        with st.container(key="supply-plan", border=False):
            st.html(plan_table(workspace, year, say))
            st.html(tag("p", say("supply_cell"), " ", checked(workspace, say), css="cz-hint"))
        _list(workspace, of_year(found, year), say)
    with right, st.container(key="supply-side", border=False):
        with st.container(key="map"):
            parcel_map(workspace, say, mode="status")
        row = selected(workspace)
        if row is None:
            st.html(tag("p", say("supply_pick"), css="cz-hint cz-note"))
        else:
            _parcel(workspace, row, say)
        quick(say, "supply", ("parcels",), ("xlsx", "shp", "gpkg", "csv"))


def _year(found: pd.DataFrame, say: Text) -> str:
    """The years of the plan as a switch."""
    years = [str(one) for one in sorted(found["year"].dropna().unique())]
    undated = [UNDATED] if found["year"].isna().any() else []
    chosen = st.segmented_control(
        say("supply_year"),
        [ALL, *years, *undated],
        format_func=lambda one: say(f"supply_{one}") if one in (ALL, UNDATED) else one,
        default=ALL,
        required=True,
        key="supply-year",
        label_visibility="collapsed",
    )
    return str(chosen)


def of_year(found: pd.DataFrame, year: str) -> pd.DataFrame:
    """The rows of one year of the plan, of none, or all of them."""
    if year == ALL:
        return found
    mine = found["year"].isna() if year == UNDATED else (found["year"] == int(year)).fillna(False)
    return found[mine.to_numpy(dtype=bool)].reset_index(drop=True)


def plan_table(workspace: Workspace, year: str, say: Text) -> Markup:
    """A row a sub-area, a column a state: parcels, available floor area, and site and permitted area below."""
    plan = supply_plan(workspace)
    mine = of_year(plan[plan["status"].isin(STEPS)].reset_index(drop=True), year)
    names = zone_names(workspace, say)
    rows = []
    order = {key: at for at, key in enumerate(workspace.table("zones")["zone_id"])}
    places = mine.groupby(["zone", "sub_area"], dropna=False, sort=False)
    for (zone, sub), here in sorted(places, key=lambda item: _rank(item[0], order)):
        here_is = next((str(key) for key in (sub, zone) if isinstance(key, str)), None)
        head = say("supply_nowhere") if here_is is None else names.get(here_is, here_is)
        rows.append(Row(head, [*(_cell(here, one, say) for one in STEPS), _sum(here, say)]))
    rows.append(Row(say("total"), [*(_cell(mine, one, say) for one in STEPS), _sum(mine, say)], "cz-sum"))
    heads = [say("place"), *(say.term(PARCEL_STATUS, one) for one in STEPS), say("total")]
    return table(heads, rows, css="cz-sheet cz-supply")


def _rank(key: tuple[Any, ...], order: dict[Any, int]) -> tuple[int, ...]:
    return tuple(order.get(one, len(order)) for one in key)


def _cell(here: pd.DataFrame, status: str, say: Text) -> Markup:
    return _sum(here[(here["status"] == status).to_numpy(dtype=bool)], say)


def _sum(rows: pd.DataFrame, say: Text) -> Markup:
    """Available floor area of some land, with its parcels, site area and permitted floor area."""
    if rows.empty:
        return tag("span", "–", css="cz-faint")
    sums = rows[["parcels", "site_area_m2", "permitted_m2", "available_m2"]].sum()
    site = round_half_up(float(sums["site_area_m2"]) / _HECTARE, 1)
    told = say("supply_counts", count=int(sums["parcels"]), site=site)
    may = say("supply_may", permitted=shown(wan(float(sums["permitted_m2"]))))
    below = [tag("small", line, css="cz-range") for line in (told, may)]
    return join([shown(wan(float(sums["available_m2"]))), *below])


def checked(workspace: Workspace, say: Text) -> str:
    """What of the ledger's available floor area is in the plan, and what stands beyond it."""
    plan = supply_plan(workspace)
    inside = float(plan.loc[plan["status"].isin(STEPS).to_numpy(dtype=bool), "available_m2"].sum())
    ledger = float(totals(workspace)["available_m2"])
    told = {"inside": inside, "beyond": ledger - inside, "ledger": ledger}
    return say("supply_checked", **{name: shown(wan(value)) for name, value in told.items()})


def lots_table(workspace: Workspace, found: pd.DataFrame, say: Text) -> pd.DataFrame:
    """Parcels of the plan as they are shown [m²]."""
    names, no = zone_names(workspace, say), labels(workspace)
    place = [
        " › ".join(names.get(str(key), str(key)) for key in pair if isinstance(key, str)) or say("supply_nowhere")
        for pair in zip(found["zone"], found["sub_area"], strict=True)
    ]
    return pd.DataFrame(
        {
            say("parcel_no"): [no[row] for row in found["row"]],
            say("status"): [say.term(PARCEL_STATUS, code) for code in found["status"]],
            say("supply_year"): found["year"],
            say("site_area"): found["site_area_m2"].round(),
            say("permitted"): found["permitted_m2"].round(),
            say("available"): found["available_m2"].round(),
            say("place"): place,
        }
    )


def _list(workspace: Workspace, found: pd.DataFrame, say: Text) -> None:
    """The parcels one by one; the one that is chosen here is chosen on the map."""
    found = _in_order(workspace, found)
    number = st.column_config.NumberColumn(format="localized", width=92)
    config: dict[str, Any] = {say(name): number for name in ("site_area", "permitted", "available")}
    config[say("supply_year")] = st.column_config.NumberColumn(format="%d", width=84)
    config[say("parcel_no")] = st.column_config.TextColumn(width=92)
    config[say("status")] = st.column_config.TextColumn(width=124)
    with st.container(key="supply-list"):
        key = f"lots-{say.language}-{st.session_state.get('supply-year')}"
        at = pick(lots_table(workspace, found, say), key, config)
    mark = (st.session_state.get("supply-year"), at)
    if st.session_state.get("supply-picked") == mark:
        return  # taken already: the map may have chosen another since
    st.session_state["supply-picked"] = mark
    if at is not None:
        choose(workspace, int(found["row"].iloc[at]), fly=True)


def _in_order(workspace: Workspace, found: pd.DataFrame) -> pd.DataFrame:
    """Rows in the order in which this viewer saw them first: a step must not move what is selected."""
    order: dict[str, int] = st.session_state.setdefault("supply-order", {})
    place = [order.setdefault(str(workspace.parcel_index[row]), len(order)) for row in found["row"]]
    return found.assign(_place=place).sort_values("_place", ignore_index=True).drop(columns="_place")


def _parcel(workspace: Workspace, row: int, say: Text) -> None:
    """The chosen parcel: where it stands, and its next step."""
    parcel = workspace.table("parcels").iloc[row]
    key = str(workspace.parcel_index[row])
    now = None if pd.isna(parcel["status"]) else str(parcel["status"])
    year = None if pd.isna(parcel["supply_year"]) else int(parcel["supply_year"])
    facts = [say.term(PARCEL_STATUS, now), *([say("supply_of_year", year=year)] if year else [])]
    st.html(tag("div", labels(workspace)[row], " ", tag("small", " · ".join(facts)), css="cz-h cz-assumed"))
    said = outcome()
    if said:
        st.html(said)
    if can("supply"):
        _step(workspace, key, (now, year), say)


def _step(workspace: Workspace, key: str, stands: tuple[str | None, int | None], say: Text) -> None:
    """A form for the next state: year of the plan, day, document and reason."""
    now, year = stands
    mark = f"{safe(key)}-{now}-{year}-{turn()}"
    every = [one for one in PARCEL_STATUS if one != now]
    after = list(PARCEL_STATUS)[list(PARCEL_STATUS).index(now) + 1 :] if now in PARCEL_STATUS else every
    with st.container(key="supply-step", border=False):
        first, second, third = st.columns([40, 26, 34], gap="small")
        to = first.selectbox(
            say("supply_to"),
            every,
            index=every.index(after[0]) if after else 0,
            format_func=lambda one: say.term(PARCEL_STATUS, one),
            key=f"supply-to-{mark}",
        )
        wanted = second.number_input(
            say("supply_year"), 1949, 2200, year, 1, format="%d", key=f"supply-plan-year-{mark}"
        )
        on = third.date_input(
            say("supply_on"), "today", min_value=_FIRST, max_value=_LAST, format="YYYY-MM-DD", key=f"supply-on-{mark}"
        )
        left, middle, right = st.columns([40, 40, 20], gap="small", vertical_alignment="bottom")
        document = left.text_input(say("supply_document"), key=f"supply-document-{mark}")
        reason = middle.text_input(say("supply_reason"), help=say("supply_reason_help"), key=f"supply-reason-{mark}")
        since = begun(f"supply-{key}", workspace, touched=bool(document or reason or wanted != year))
        right.button(
            say("supply_move"),
            type="primary",
            key="supply-move",
            disabled=on is None,
            on_click=commit,
            args=(
                Supply(
                    key,
                    str(to),
                    on.isoformat() if on else "",
                    int(wanted) if wanted is not None and int(wanted) != year else None,
                    document.strip(),
                    reason.strip(),
                ),
                workspace,
                (),
                since,
            ),
            width="stretch",
        )
