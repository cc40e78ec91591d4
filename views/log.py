"""History: everything that was done, by whom, what it changed, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from layers import accounts
from layers.history import STILL, kind, latest
from layers.people import role_of
from layers.roles import may
from layers.stores.contract import Event, Reading
from layers.workspace import Workspace
from views import acts
from views.differences import accounts_table, changes_drawing, changes_table
from views.doing import outcome, take_back
from views.markup import note, tag
from views.moments import moment
from views.picking import pick
from views.session import can, present, store, text, who, work_on
from views.telling import called, details
from views.text import Text

_MOST = 400
_READ = 4_000
"""Events that are looked through for a filter."""
_MOST_ROWS = 200


@dataclass(frozen=True)
class Wish:
    """Which acts are wanted; None is any."""

    scenario: str | None = None
    person: str | None = None
    kind: str | None = None
    parcel: str | None = None


def page() -> None:
    """Draw the page."""
    acts.page(board)


def board() -> None:
    """The list, and one act of it."""
    say, seen = text(), present()
    left, right = st.columns([60, 40], gap="medium")
    with left, st.container(key="log-list"):
        with store().reading() as tx:
            admin = may(role_of(tx, who()) or "", "revert")
            events = acts_wanted(tx, _wish(tx, seen, say, admin=admin), admin=admin)
        chosen = _list(events, say)
    with right, st.container(key="side"):
        said = outcome()
        if said:
            st.html(said)
        if chosen is None:
            st.html(note("hint", say("history_hint")))
        else:
            _one(chosen, seen, say, admin=admin)


def _wish(tx: Reading, seen: Workspace, say: Text, *, admin: bool) -> Wish:
    """The filters above the list."""
    recent = [one for one in tx.events(newest_first=True, limit=_READ, rows=False) if shown_to(one, admin=admin)]
    columns = st.columns([1, 1, 1, 1.2])
    names = [one.name for one in tx.scenarios()]
    people = sorted({one.actor for one in recent if one.actor})
    kinds = list(dict.fromkeys(one.kind for one in recent))
    parcels = seen.table("parcels")
    numbers = {str(key): str(no) if isinstance(no, str) and no else str(key)
               for key, no in zip(parcels["parcel_id"], parcels["parcel_no"], strict=True)}  # fmt: skip
    branch = columns[0].selectbox(
        say("scenario"), ["", *names], key="log-scenario", label_visibility="collapsed",
        format_func=lambda name: say("history_all") if not name else called(name, say),
    )  # fmt: skip
    person = columns[1].selectbox(
        say("who"), ["", *people], key="log-person", label_visibility="collapsed",
        format_func=lambda name: name or say("anybody"),
    )  # fmt: skip
    what = columns[2].selectbox(
        say("what"), ["", *kinds], key="log-kind", label_visibility="collapsed",
        format_func=lambda code: say("anything") if not code else kind(code, say.language),
    )  # fmt: skip
    parcel = columns[3].selectbox(
        say("parcel"), list(numbers), index=None, key="log-parcel", label_visibility="collapsed",
        placeholder=say("any_parcel"), format_func=lambda key: numbers.get(key, key),
    )  # fmt: skip
    return Wish(branch or None, person or None, what or None, parcel)


def acts_wanted(tx: Reading, wish: Wish, *, admin: bool) -> list[Event]:
    """The acts that pass the filters, newest first; one gesture once, whatever number of events it took."""
    if wish.parcel is not None:
        found = _at_parcel(
            tx, wish.parcel, [wish.scenario] if wish.scenario else [one.name for one in tx.scenarios()]
        )
    else:
        kinds = (wish.kind,) if wish.kind else ()
        found = list(
            tx.events(
                scenario=wish.scenario, actor=wish.person, kinds=kinds, newest_first=True, limit=_READ, rows=False
            )
        )
    wanted: dict[str, Event] = {}
    for one in found:
        passes = wish.person in (None, one.actor) and wish.kind in (None, one.kind)
        if passes and shown_to(one, admin=admin):
            wanted.setdefault(one.gesture, one)
    return list(wanted.values())[:_MOST]


_GIVING = ("assign", "reassign", "unassign", "allocate", "attach", "detach", "undo", "redo", "merge")
"""Kinds of acts that change what stands on a parcel and not the parcel."""


def _at_parcel(tx: Reading, parcel: str, branches: list[str]) -> list[Event]:
    """What changed a parcel, or what stands on it."""
    found: dict[int, Event] = {}
    for branch in branches:
        found |= {one.seq: one for one in tx.events_at(branch, ("parcels", parcel))}
        for one in tx.events(scenario=branch, kinds=_GIVING, newest_first=True, limit=_READ):
            if any(_on(row, parcel) for change in one.changes for row in (change.before, change.after)):
                found[one.seq] = one
    return [found[seq] for seq in sorted(found, reverse=True)]


def _on(row: object, parcel: str) -> bool:
    return isinstance(row, dict) and parcel in (row.get("parcel_id"), row.get("row_key"))


def shown_to(event: Event, *, admin: bool) -> bool:
    """Whether somebody may see an act: refused tries and signing in are for administrators."""
    return admin or event.kind not in ("refused", "sign_in", "sign_out", "people")


def _list(events: list[Event], say: Text) -> Event | None:
    """The acts as a table; gives the one that is selected."""
    frame = pd.DataFrame(
        {
            say("scenario_head"): [one.seq for one in events],
            say("when"): [moment(one.at, say) for one in events],
            say("who"): [one.actor or say("single_person") for one in events],
            say("scenario"): [called(one.scenario, say) for one in events],
            say("what"): [kind(one.kind, say.language) for one in events],
            say("details"): [details(one, say) for one in events],
        }
    )
    config = {
        say("scenario_head"): st.column_config.NumberColumn(format="%d", width=60),
        say("when"): st.column_config.TextColumn(width=125),
        say("who"): st.column_config.TextColumn(width=90),
        say("scenario"): st.column_config.TextColumn(width=100),
        say("what"): st.column_config.TextColumn(width=100),
        say("details"): st.column_config.TextColumn(width="large"),
    }
    at = pick(frame, f"log-{say.language}", config)
    if at is not None:
        return _kept_choice(events, at)
    st.session_state.pop("log-choice", None)
    return None


def _kept_choice(events: list[Event], at: int) -> Event:
    """The act that was chosen: the table gives a place only, and a new act at its top moves every place."""
    place, seq = st.session_state.get("log-choice", (None, None))
    if place == at:
        found = next((one for one in events if one.seq == seq), None)
        if found is not None:
            return found
    st.session_state["log-choice"] = (at, events[at].seq)
    return events[at]


def _one(chosen: Event, seen: Workspace, say: Text, *, admin: bool) -> None:
    """One act: its rows, the accounts before and after it, and taking it back."""
    with store().reading() as tx:
        event = next(iter(tx.events(after=chosen.seq - 1, until=chosen.seq)))
        last = latest(tx, event.gesture)
        still = event.kind in STILL or (last != event.gesture and tx.events_of(last)[0].kind == "undo")
        after = tx.workspace(event.scenario, event.seq)
        before = tx.workspace(event.scenario, event.seq - 1) if event.changes and event.seq > 1 else after
    by = event.actor or say("single_person")
    facts = " · ".join([say("revision", number=event.seq), moment(event.at, say), by, called(event.scenario, say)])
    what = tag("div", kind(event.kind, say.language), css="cz-number")
    st.html(tag("div", what, tag("div", details(event, say)), tag("small", facts), css="cz-act"))
    with st.container(key="log-acts", horizontal=True):
        if event.kind not in ("refused", "sign_in", "sign_out", "people"):
            st.button(
                say("open_revision", number=event.seq), key="open-revision", on_click=work_on,
                args=(event.scenario, event.seq),
            )  # fmt: skip
        mine = event.actor == who().name
        if not still and event.scenario == seen.scenario and can("undo") and (mine or admin):
            word = "take_this_back" if mine else "take_back_of"
            st.button(say(word, by=by), key=f"back-{event.seq}", on_click=take_back, args=(seen, event.gesture))
    if still and event.kind not in STILL:
        st.html(note("hint", say("taken_back_already")))
    elif event.scenario != seen.scenario and not still:
        st.html(note("hint", say("other_scenario", name=called(event.scenario, say))))
    if not event.changes or event.kind == "create":
        return
    st.html(changes_table(event.changes[:_MOST_ROWS], after, say))
    if before is not after:
        pair = [(say("before"), accounts.totals(before)), (say("after"), accounts.totals(after))]
        st.html(accounts_table(pair, say))
        st.html(changes_drawing(event.changes, before, after, say) or tag("span"))


if __name__ == "__main__":
    page()
