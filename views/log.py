"""History: everything that was done, by whom, and taking one's own acts back."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from layers import accounts, applying, comparing
from layers.history import STILL, kind
from layers.people import role_of
from layers.roles import may
from layers.stores.contract import MAIN, Event
from layers.workspace import Workspace
from views.differences import accounts_table, changes_table
from views.markup import Row, note, table, tag
from views.numbers import square_metres
from views.session import asked, kindly, outcome, present, service, store, tell_of, text, who
from views.text import Text

_MOST = 100


@st.fragment
def page() -> None:
    """Draw the page; everything that a click changes stands in this one fragment."""
    with kindly():
        board()


def board() -> None:
    """The list, and one act of it."""
    say, seen = text(), present()
    with store().reading() as tx:
        names = [one.name for one in tx.scenarios()]
    left, right = st.columns([62, 38], gap="large")
    with left:
        chosen = st.selectbox(
            say("scenario"),
            [None, *names],
            format_func=lambda name: say("history_all") if name is None else _scenario(name, say),
            key="history-scenario",
            label_visibility="collapsed",
        )
        with store().reading() as tx:
            events = list(tx.events(scenario=chosen, newest_first=True, limit=_MOST + 1, rows=False))
        st.html(tag("div", say("history_heading"), css="cz-h"))
        st.html(_list(events[:_MOST], say))
        if len(events) > _MOST:
            st.html(note("hint", say("earlier", count=events[-1].seq)))
    with right:
        said = outcome()
        if said:
            st.html(said)
        if events:
            _one([event.seq for event in events[:_MOST]], seen, say)


def _scenario(name: str, say: Text) -> str:
    return say("main_scenario") if name == MAIN else name


def _list(events: list[Event], say: Text) -> str:
    rows = [
        Row(
            str(event.seq),
            [
                event.at[:16].replace("T", " "),
                event.actor or say("single_person"),
                _scenario(event.scenario, say),
                kind(event.kind, say.language),
                facts(event.facts, say),
            ],
            "cz-warn" if event.kind == "refused" else "",
        )
        for event in events
    ]
    heads = [say("scenario_head"), say("when"), say("who"), say("scenario"), say("what"), say("details")]
    return table(heads, rows, css="cz-log")


def facts(told: Mapping[str, object], say: Text) -> str:
    """What an event says of itself, in one line."""
    parts = []
    for name, value in told.items():
        if value is None or name in ("revision", "at", "seq"):
            continue
        if name.endswith("_m2") and isinstance(value, (int, float)):
            parts.append(f"{square_metres(value, 2 if value % 1 else 0)} m²")
        elif name in ("of", "tried"):
            parts.append(kind(str(value), say.language))
        else:
            parts.append(str(value)[:60])
    return " · ".join(parts[:6])


def _one(numbers: list[int], seen: Workspace, say: Text) -> None:
    """One act: its rows, the accounts before it was done, and taking it back."""
    number = st.selectbox(say("show_event"), numbers, key="history-event")
    with store().reading() as tx:
        event = next(iter(tx.events(after=number - 1, until=number)))
        role = role_of(tx, who())
        then = tx.workspace(event.scenario, number)
    st.html(tag("div", kind(event.kind, say.language), " ", tag("small", facts(event.facts, say)), css="cz-h"))
    mine = event.actor == who().name
    if event.kind not in STILL and event.scenario == seen.scenario and (mine or may(role or "", "revert")):
        st.button(
            say("take_this_back"),
            key=f"back-{number}-{seen.revision}",
            on_click=_take_back,
            args=(seen, event.gesture),
        )
    if event.changes and event.kind != "create":
        st.html(changes_table(comparing.told(event.changes[:200], say.language), say))
    else:
        st.html(note("hint", say("event_rows", count=len(event.changes))))
    pair = [(say("as_of_revision", number=number), accounts.totals(then)), (say("now"), accounts.totals(seen))]
    st.html(accounts_table(pair, say))


def _take_back(seen: Workspace, gesture: str) -> None:
    tell_of(lambda: applying.undo(service(), asked(seen, f"undo {gesture}"), gesture))


if __name__ == "__main__":
    page()
