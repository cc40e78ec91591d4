"""Obligations: lights by zone, then what is due, overdue, idle or ending; one of them at the right."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import streamlit as st

from layers import obliging
from layers.vocabulary import MILESTONE_KINDS
from layers.workspace import Workspace
from views import acts
from views.doing import outcome, turn
from views.markup import Markup, join, note, tag
from views.numbers import plain
from views.obligations import forms, tables
from views.obligations.standing import Standing, standing
from views.parcel_map import choose
from views.picking import pick
from views.rows import parcel_row
from views.session import can, present, text
from views.shown_tables import comma_separated, workbook
from views.text import Text

_VIEWS = ("due", "overdue", "idle", "renewals", "every", "progress")
_WIDTHS = {"due_day": 90, "days_left": 72, "light": 132, "what_promised": 112, "parcel": 90, "basis": 72,
           "promised_achieved": 140, "idle_state": 90, "idle_since": 100, "idle_rule": 165}  # fmt: skip
_FEW = 10
"""Rows up to which a list is as high as they are."""


def page() -> None:
    """Draw the page."""
    acts.page(board)


def board() -> None:
    """Controls above, lights and the list at the left, what is chosen at the right."""
    say, workspace = text(), present()
    found = standing(workspace, say)
    left, right = st.columns([70, 30], gap="medium")
    with left, st.container(key="obligations-left", gap="small"):
        st.html(tables.overview(workspace, found, say))
        view = _view(found, say)
        rows = _rows(view, found)
        chosen = _list(view, rows, workspace, found, say)
    with right, st.container(key="side"):
        said = outcome()
        if said:
            st.html(said)
        _side(view, rows, chosen, workspace, found, say)
        parcel = _parcel(view, rows, chosen, found)
        if parcel is not None:
            _to_map(parcel, workspace, say)


def _view(found: Standing, say: Text) -> str:
    """The switch between the lists, each with how much is in it."""
    counts = {
        "due": len(found.due),
        "overdue": len(found.overdue),
        "idle": len(found.alerts),
        "renewals": len(found.endings),
        "every": len(found.table),
        "progress": 0,
    }
    view = st.segmented_control(
        say("obligations_view"), _VIEWS, default="due", required=True, key="obligations-view",
        format_func=lambda name: say(f"view_{name}", count=counts[name], days=found.within),
        label_visibility="collapsed",
    )  # fmt: skip
    return str(view or "due")


def _rows(view: str, found: Standing) -> pd.DataFrame:
    """The obligations that a view lists; those of no list where it lists something else."""
    rows = {"due": found.due, "overdue": found.overdue, "every": found.table}.get(view, found.table.iloc[:0])
    return rows.reset_index(drop=True)


def _list(view: str, rows: pd.DataFrame, workspace: Workspace, found: Standing, say: Text) -> int | None:
    """The list of a view; gives the place of what is selected."""
    frame = _table(view, rows, workspace, found, say)
    if frame.empty:
        st.html(note("hint", _nothing(view, workspace, found, say)))
        return None
    config: dict[str, Any] = {say(name): st.column_config.Column(width=width) for name, width in _WIDTHS.items()}
    for name in ("progress_floor_due", "progress_floor_done"):
        config[say(name)] = st.column_config.NumberColumn(format="localized")
    config[say("progress_year")] = st.column_config.NumberColumn(format="%d")
    height: Literal["content", "stretch"] = "content" if len(frame) <= _FEW else "stretch"
    with st.container(key=f"obligations-list-{height}", border=False):
        if view == "progress":
            st.dataframe(frame, hide_index=True, height=height, column_config=config)
            return None
        return pick(frame, f"obligations-{view}-{say.language}-{turn()}-{len(frame)}", config, height)


def _table(view: str, rows: pd.DataFrame, workspace: Workspace, found: Standing, say: Text) -> pd.DataFrame:
    """The list of a view as it is shown."""
    if view == "idle":
        return tables.idle_table(found, say)
    if view == "renewals":
        return tables.renewals_table(found, say)
    if view == "progress":
        return tables.progress_table(workspace, found, say)
    return tables.obligations_table(rows, workspace, say)


def _take(view: str, frame: pd.DataFrame, found: Standing, say: Text) -> None:
    """The list before one's eyes as a file, on the day that it is of; the stored rows are taken elsewhere."""
    if frame.empty:
        return
    st.html(tag("div", say("downloads"), css="cz-h"))
    title = f"{say('page_obligations')} {found.on.isoformat()}"
    with st.container(key="obligations-take", horizontal=True, gap="small"):
        for form, write in (
            ("xlsx", partial(workbook, (say("page_obligations"), title, frame))),
            ("csv", partial(comma_separated, frame)),
        ):
            st.download_button(
                say(f"format_{form}"), write, f"obligations-{view}-{found.on.isoformat()}.{form}",
                key=f"obligations-{form}", on_click="ignore", width="stretch",
            )  # fmt: skip
    st.session_state.setdefault("exchange-way", "export")
    st.page_link(str(Path(__file__).parent.parent / "exchange" / "page.py"), label=say("more_formats"))


def _nothing(view: str, workspace: Workspace, found: Standing, say: Text) -> str:
    if view == "idle" and obliging.idle_rule(workspace, found.on.isoformat()) is None:
        return say("idle_no_rule")
    return say("obligations_none") if len(found.whole) else say("obligations_empty")


def _side(
    view: str, rows: pd.DataFrame, chosen: int | None, workspace: Workspace, found: Standing, say: Text
) -> None:  # fmt: skip
    if chosen is None:
        st.html(note("hint", say("obligations_hint")))
        forms.agree_form(workspace, say)
        _take(view, _table(view, rows, workspace, found, say), found, say)
    elif view == "idle":
        alert = found.alerts[chosen]
        st.html(_of_alert(alert, say))
        forms.land_form(alert, workspace, say)
    elif view == "renewals":
        ending = found.endings[chosen]
        names = (ending.party.project, ending.party.project_en)
        days = _days(ending.days, say)
        st.html(_card(say(f"renewal_{ending.what}"), say.name(*names), ending.party.parcel_no,
                      [f"{ending.day.isoformat()} · {days}", say(f"renewal_{ending.basis}")]))  # fmt: skip
        forms.ending_form(ending, workspace, say)
    else:
        one = rows.iloc[chosen]
        st.html(_of_obligation(one, say))
        if can("fulfil"):
            forms.kept_form(one, workspace, found.on, say)
            with st.container(key="obligation-more", horizontal=True, gap="small"):
                forms.postpone_form(one, workspace, say)
                forms.drop_form(one, workspace, say)


def _parcel(view: str, rows: pd.DataFrame, chosen: int | None, found: Standing) -> str | None:
    """The parcel of what is selected."""
    if chosen is None or view == "progress":
        return None
    if view == "idle":
        return found.alerts[chosen].parcel_id
    if view == "renewals":
        return str(found.endings[chosen].party.assignment["parcel_id"])
    return str(rows["parcel_id"].iloc[chosen])


def _to_map(parcel: str, workspace: Workspace, say: Text) -> None:
    """A way to the map, with the parcel chosen there: once, when it comes to be the one that is meant."""
    row = parcel_row(workspace, parcel)
    if row is None:
        return
    if st.session_state.get("obligations-parcel") != parcel:
        st.session_state["obligations-parcel"] = parcel
        choose(workspace, row, fly=True)
    st.page_link(str(Path(__file__).parent.parent / "overview.py"), label=say("obligations_on_map"))


def _of_obligation(one: pd.Series, say: Text) -> Markup:
    days = None if pd.isna(one["days"]) else int(one["days"])
    due = [say.name(one["due"])]
    if isinstance(one["first_due"], str):
        due.append(say("first_due", day=one["first_due"]))
    if days is not None and one["colour"] in ("red", "amber"):
        due.append(_days(days, say))
    reason = say(f"reason_{one['reason']}")
    lines = [" · ".join(due), f"{tables.SIGNS[str(one['colour'])]} {reason}"]
    if not pd.isna(one["promised"]):
        kind, told = str(one["kind"]), tables.both(one["kind"], one["promised"], one["achieved"], one["unit"], say)
        much = f"{say('promised_achieved')} {told}"
        if not pd.isna(one["promised_total"]):
            much += f" · {say('in_all')} {tables.total(kind, one['promised_total'], one['total_unit'], say)}"
        lines.append(much)
    lines += [str(one[name]) for name in ("document", "note") if isinstance(one[name], str)]
    if isinstance(one["source"], str):
        lines.append(say("source_told", source=one["source"]))
    return _card(
        say.term(MILESTONE_KINDS, one["kind"]), say.name(one["project"], one["project_en"]), one["parcel_no"], lines
    )


def _of_alert(one: obliging.Alert, say: Text) -> Markup:
    idle, site = one.idle, one.site
    lines = [
        f"{say(f'idle_{idle.state}')} · {say('idle_since')} {idle.since.isoformat()}",
        tables.rules_told(idle.rules, say),
        tables.next_step(idle.state, idle.since.isoformat(), say),
    ]
    if idle.fee is not None:
        lines.append(say("idle_fee", share=_share(idle.fee)))
    if idle.withdrawal_from is not None and idle.state != "approaching":
        lines.append(say("idle_withdrawal", day=idle.withdrawal_from.isoformat()))
    if site.started:
        lines.append(say("idle_shares", land=_share(site.land_share), invested=_share(site.invested_share)))
    lines.append(say("idle_pack", pack=one.pack))
    names = say("list_sign").join(tables.of(one.projects, one.projects_en, say))
    return _card(say("idle_state"), names, one.parcel_no, lines)


def _card(what: str, project: str, parcel: object, lines: list[str]) -> Markup:
    head = tag("div", what, " ", tag("small", f"{parcel} · {project}"), css="cz-h")
    return join([head, *(tag("div", line, css="cz-hint") for line in lines)])


def _days(days: int, say: Text) -> str:
    return say("days_over", days=-days) if days < 0 else say("days_to_go", days=days)


def _share(value: float | None) -> str:
    return "—" if value is None else f"{plain(value * 100)}%"


if __name__ == "__main__":
    page()
