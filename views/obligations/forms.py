"""Small forms of the obligations page: kept, postponed, dropped, agreed anew, and the figures of idle land."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd
import streamlit as st

from layers.commands import Agree, Drop, Edit, Fulfil, Postpone
from layers.commands.editing import frozen
from layers.milestones import QUANTITIES
from layers.obliging import Alert, Day, Ending, day_of
from layers.vocabulary import DELAY_CAUSES, MILESTONE_KINDS
from layers.workspace import Workspace
from views.assigning import begun, safe
from views.doing import commit, turn
from views.markup import tag
from views.session import can
from views.text import Text

_EARLIEST, _LATEST = datetime.date(1990, 1, 1), datetime.date(2150, 12, 31)
_ISO = "YYYY-MM-DD"


def kept_form(one: pd.Series, workspace: Workspace, on: Day, say: Text) -> None:
    """That a milestone was kept, or what was found."""
    key, kind = str(one["milestone_id"]), str(one["kind"])
    name = f"kept-{safe(key)}-{turn()}"
    st.html(tag("div", say("fulfil_heading"), css="cz-h"))
    first, second = st.columns(2)
    was = day_of(one["done_on"]) or on
    day = first.date_input(say("fulfil_on"), value=was, key=f"{name}-on", format=_ISO, min_value=_EARLIEST,
                           max_value=_LATEST)  # fmt: skip
    achieved = None
    if kind in QUANTITIES:
        achieved = second.number_input(
            say("fulfil_achieved", unit=say(f"unit_{kind}")), min_value=0.0, key=f"{name}-much",
            value=_number(one["achieved"]),
        )  # fmt: skip
    document = st.text_input(say("document"), key=f"{name}-document", max_chars=200)
    ready = isinstance(day, datetime.date) and (kind not in QUANTITIES or achieved is not None)
    since = begun(name, workspace, touched=bool(document) or day != was or achieved != _number(one["achieved"]))
    command = Fulfil(key, day.isoformat() if isinstance(day, datetime.date) else "", achieved, document)
    st.button(say("fulfil_save"), key=f"{name}-save", type="primary", disabled=not ready, on_click=commit,
              args=(command, workspace, (), since))  # fmt: skip


def postpone_form(one: pd.Series, workspace: Workspace, say: Text) -> None:
    """A later day, and why."""
    key, due = str(one["milestone_id"]), day_of(one["due"])
    name = f"later-{safe(key)}-{turn()}"
    if due is None:
        return
    with st.popover(say("postpone_heading"), key=f"{name}-open"):
        to = st.date_input(say("postpone_to"), value=None, key=f"{name}-to", format=_ISO,
                           min_value=due + datetime.timedelta(days=1), max_value=_LATEST)  # fmt: skip
        reason = st.text_input(say("postpone_reason"), key=f"{name}-why", max_chars=500)
        document = st.text_input(say("document"), key=f"{name}-document", max_chars=200)
        since = begun(name, workspace, touched=to is not None or bool(reason))
        command = Postpone(key, to.isoformat() if isinstance(to, datetime.date) else "", reason, document)
        st.button(say("postpone_save"), key=f"{name}-save", type="primary", on_click=commit,
                  disabled=to is None or not reason.strip(), args=(command, workspace, (), since))  # fmt: skip


def drop_form(one: pd.Series, workspace: Workspace, say: Text) -> None:
    """A milestone that holds no longer."""
    key = str(one["milestone_id"])
    name = f"drop-{safe(key)}-{turn()}"
    with st.popover(say("drop_heading"), key=f"{name}-open"):
        reason = st.text_input(say("drop_reason"), key=f"{name}-why", max_chars=500)
        since = begun(name, workspace, touched=bool(reason))
        st.button(say("drop_save"), key=f"{name}-save", on_click=commit, disabled=not reason.strip(),
                  args=(Drop(key, reason), workspace, (), since))  # fmt: skip


def agree_form(workspace: Workspace, say: Text) -> None:
    """A new obligation of an assignment."""
    given = workspace.table("assignments")
    going = given[(given["stage"] != "vacated").to_numpy(dtype=bool, na_value=True)]
    if going.empty or not can("agree"):
        return
    parcels = workspace.table("parcels").set_index("parcel_id")["parcel_no"].to_dict()
    projects = workspace.table("projects").set_index("project_id")[["name", "name_en"]].T.to_dict("list")
    names = {
        str(key): f"{say.name(parcels.get(parcel), parcel)} · {say.name(*projects.get(project, (project, None)))}"
        for key, parcel, project in zip(going["assignment_id"], going["parcel_id"], going["project_id"], strict=True)
    }
    name = f"agree-{turn()}"
    with st.popover(say("agree_heading"), key=f"{name}-open", width="stretch"):
        key = st.selectbox(say("agree_assignment"), list(names), format_func=lambda one: names.get(one, one),
                           index=None, key=f"{name}-for", placeholder="")  # fmt: skip
        kind = st.selectbox(say("agree_kind"), list(MILESTONE_KINDS), key=f"{name}-kind",
                            format_func=lambda code: say.term(MILESTONE_KINDS, code))  # fmt: skip
        due = st.date_input(say("agree_due"), value=None, key=f"{name}-due", format=_ISO, min_value=_EARLIEST,
                            max_value=_LATEST)  # fmt: skip
        promised = None
        if kind in QUANTITIES:
            promised = st.number_input(say("agree_promised", unit=say(f"unit_{kind}")), min_value=0.0, value=None,
                                       key=f"{name}-much-{kind}")  # fmt: skip
        document = st.text_input(say("document"), key=f"{name}-document", max_chars=200)
        since = begun(name, workspace, touched=key is not None)
        day = due.isoformat() if isinstance(due, datetime.date) else None
        st.button(say("agree_save"), key=f"{name}-save", type="primary", on_click=commit,
                  disabled=key is None or (day is None and promised is None),
                  args=(Agree(str(key), str(kind), day, promised, document), workspace, (), since))  # fmt: skip


def ending_form(one: Ending, workspace: Workspace, say: Text) -> None:
    """Make what ends an obligation, so that it can be kept or postponed."""
    table = workspace.table("milestones")
    there = (table["assignment_id"] == one.assignment_id) & (table["kind"] == one.what)
    if there.any() or not can("agree"):
        return
    st.button(say("renewal_listed"), key=f"ending-{safe(one.assignment_id)}-{one.what}-{turn()}", on_click=commit,
              args=(Agree(one.assignment_id, one.what, one.day.isoformat()), workspace))  # fmt: skip


def land_form(one: Alert, workspace: Workspace, say: Text) -> None:
    """What is known of land that may lie idle: begun, invested, stopped, and why."""
    if not can("edit"):
        return
    parcels = workspace.table("parcels")
    row = parcels.iloc[int(workspace.parcel_index.get_indexer(pd.Index([one.parcel_id]))[0])]
    name = f"land-{safe(one.parcel_id)}-{turn()}"
    st.html(tag("div", say("idle_figures"), css="cz-h"))
    causes = ["", *DELAY_CAUSES]
    now = str(row["delay_cause"]) if row["delay_cause"] in DELAY_CAUSES else ""
    first, second = st.columns(2)
    values: dict[str, Any] = {
        "started_land_m2": first.number_input(
            say("started_land"), min_value=0.0, value=_number(row["started_land_m2"]), key=f"{name}-begun"
        ),
        "investment_made_wan": second.number_input(
            say("invested"), min_value=0.0, value=_number(row["investment_made_wan"]), key=f"{name}-made"
        ),
    }
    stopped = first.date_input(say("stopped_since"), value=day_of(row["stopped_since"]), key=f"{name}-stopped",
                               format=_ISO, min_value=_EARLIEST, max_value=_LATEST)  # fmt: skip
    values["investment_total_wan"] = second.number_input(
        say("investment_total"), min_value=0.0, value=_number(row["investment_total_wan"]), key=f"{name}-total"
    )
    values["stopped_since"] = stopped.isoformat() if isinstance(stopped, datetime.date) else None
    values["delay_cause"] = (
        st.selectbox(
            say("delay_cause"), causes, index=causes.index(now), key=f"{name}-cause",
            format_func=lambda code: say.term(DELAY_CAUSES, code) if code else say("no_cause"),
        )
        or None
    )  # fmt: skip
    changed = {column: value for column, value in values.items() if value != _known(row[column])}
    since = begun(name, workspace, touched=bool(changed))
    st.button(say("fulfil_save"), key=f"{name}-save", type="primary", disabled=not changed, on_click=commit,
              args=(Edit("parcels", one.parcel_id, frozen(changed)), workspace, (), since))  # fmt: skip


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and value == value else None


def _known(value: Any) -> Any:
    return None if value is None or value is pd.NA or value != value else value
