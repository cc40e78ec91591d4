"""Above the table: the states of the library as a row that counts and filters, and the other filters in a line."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from layers.matching import top_zones
from layers.vocabulary import CHAIN_SEGMENTS, FIGURE_BASIS, FUNCTIONS, PROJECT_STATES, Terms
from layers.workspace import Workspace
from views.numbers import shown, wan
from views.projects.sifting import FREE, NO_STATE, Sift, found
from views.projects.sums import Rung, library
from views.text import Text
from views.zones_panel import zone_names

_HELD = "projects-sift"


def sift() -> Sift:
    """What this viewer asks for; on the first run of a visit what the address says."""
    held = st.session_state.get(_HELD)
    if not isinstance(held, Sift):
        held = st.session_state[_HELD] = Sift.of_query({name: st.query_params[name] for name in st.query_params})
    return held


def ask_for(wanted: Sift) -> None:
    """Ask for something else."""
    st.session_state[_HELD] = wanted


def keep_address() -> None:
    """Have the address say what is asked for: a link leads others to the same rows."""
    for name, value in sift().to_query().items():
        if value is None:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != value:
            st.query_params[name] = value


def states_row(workspace: Workspace, say: Text) -> None:
    """The states in their order, each with its projects, their floor area and the day of the last move."""
    rungs = library(workspace, found(workspace, sift(), any_state=True))
    labels = {rung.state: _rung(rung, say) for rung in rungs}
    st.session_state["sift-states"] = [state for state in sift().states if state in labels]
    with st.container(key="library"):
        st.segmented_control(
            say("library"),
            list(labels),
            selection_mode="multi",
            format_func=labels.__getitem__,
            key="sift-states",
            on_change=lambda: ask_for(sift().but(states=tuple(st.session_state["sift-states"] or ()))),
            label_visibility="collapsed",
            width="stretch",
        )


def _rung(rung: Rung, say: Text) -> str:
    """The label of a state: words of ours and figures alone, never anything of a user's."""
    name = say("no_state") if rung.state == NO_STATE else say.term(PROJECT_STATES, rung.state)
    facts = [shown(wan(rung.asked))] if rung.asked else []
    facts += [rung.last[2:].replace("-", "/")] if rung.last else []
    return f"{name} **{rung.count}** :small[{' · '.join(facts) or '–'}]"


def filters(workspace: Workspace, say: Text) -> None:
    """Every other filter; what is set stands in the address."""
    now, names = sift(), zone_names(workspace, say)
    zones = {key: names[key] for key in top_zones(workspace)} | {FREE: say("sift_free")}
    years = sorted({int(year) for year in workspace.table("projects")["need_by"].dropna()})
    with st.container(key="sift", horizontal=True, vertical_alignment="center", gap="small"):
        st.session_state["sift-text"] = now.text
        st.text_input(
            say("sift_text"),
            key="sift-text",
            placeholder=say("sift_text"),
            label_visibility="collapsed",
            max_chars=80,
            width=170,
            on_change=lambda: ask_for(sift().but(text=str(st.session_state["sift-text"] or "").strip())),
        )
        _list("zone", zones, say, 110)
        _list("function", _words(FUNCTIONS, say), say, 120)
        _list("segment", _words(CHAIN_SEGMENTS, say), say, 130)
        _list("year", {year: say("sift_until", year=year) for year in years}, say, 125)
        _list("basis", _words(FIGURE_BASIS, say), say, 115)
        for name in ("unmet", "unsigned"):
            _switch(name, say)
        if now:
            st.button(say("sift_clear"), key="sift-clear", on_click=ask_for, args=(Sift(),), type="tertiary")


def _words(terms: Terms, say: Text) -> dict[str, str]:
    return {code: say.term(terms, code) for code in terms}


def _list(name: str, options: dict[Any, str], say: Text, wide: int) -> None:
    """One filter among several values; nothing chosen asks nothing."""
    key, value = f"sift-{name}", getattr(sift(), name)
    known = options if not value or value in options else {**options, value: str(value)}
    st.session_state[key] = value or None
    offered: list[Any] = list(known)
    st.selectbox(
        say(f"sift_{name}"),
        offered,
        index=None,
        format_func=lambda one: known.get(one, str(one)),
        placeholder=say(f"sift_{name}"),
        key=key,
        label_visibility="collapsed",
        width=wide,
        on_change=lambda: ask_for(sift().but(**{name: st.session_state[key] or _nothing(name)})),
    )


def _nothing(name: str) -> str | None:
    return None if name == "year" else ""


def _switch(name: str, say: Text) -> None:
    key = f"sift-{name}"
    st.session_state[key] = getattr(sift(), name)
    st.toggle(
        say(f"sift_{name}"),
        key=key,
        on_change=lambda: ask_for(sift().but(**{name: bool(st.session_state[key])})),
        width="content",
    )


def kept(workspace: Workspace) -> np.ndarray:
    """Whether each project answers to what is asked, shape (projects,)."""
    return found(workspace, sift())
