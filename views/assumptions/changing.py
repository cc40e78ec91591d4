"""One assumption: a form for its value, range and source, what that moves before it is saved, and its history."""

from __future__ import annotations

from typing import Any

import streamlit as st

from layers import balancing, consequences
from layers.commands import Assume
from layers.rows import row
from layers.vocabulary import AREA_BASIS, CONFIDENCE, UNITS
from layers.workspace import Workspace
from spatial.errors import ChengzaiError, tell
from views.assigning import begun, safe
from views.assumptions.effects import effects
from views.assumptions.naming import called_by_key
from views.assumptions.past import past
from views.doing import commit, outcome, turn
from views.markup import note, tag
from views.session import can
from views.text import Text

_NUMBERS = ("value", "low", "high")
_TEXTS = ("source", "confidence", "note")


def changing(workspace: Workspace, key: str, say: Text) -> None:
    """Draw the chosen assumption."""
    held = row(workspace, "assumptions", key)
    facts = [say.term(UNITS, held.get("unit")), say.term(AREA_BASIS, held.get("basis"))]
    told = tag("small", say("list_sign").join(one for one in facts if one != "—"))
    st.html(tag("div", called_by_key(workspace, key, say), " ", told, css="cz-h cz-assumed"))
    if held.get("meaning"):
        st.html(tag("p", held["meaning"], css="cz-hint"))
    said = outcome()
    if said:
        st.html(said)
    if can("assumptions"):
        _form(workspace, key, held, say)
    else:
        st.html(note("hint", say("assume_read_only")))
    st.html(past(workspace, key, say))


def _form(workspace: Workspace, key: str, held: Any, say: Text) -> None:
    """Fields that begin with what is stored; a row that somebody else changes begins anew."""
    stored = {name: held.get(name) for name in (*_NUMBERS, *_TEXTS)}
    mark = f"{safe(key)}-{safe(repr(stored))}-{turn()}"
    wanted: dict[str, Any] = {}
    with st.container(key="assume-form", border=False):
        for name, column in zip(_NUMBERS, st.columns(3, gap="small"), strict=True):
            wanted[name] = column.number_input(
                say(f"assume_{name}"),
                value=stored[name],
                min_value=0.0,
                step=None,
                format="%g",
                key=f"assume-{name}-{mark}",
            )
        first, second = st.columns([62, 38], gap="small")
        wanted["source"] = first.text_input(say("source"), stored["source"] or "", key=f"assume-source-{mark}")
        grades = [None, *CONFIDENCE]
        wanted["confidence"] = second.selectbox(
            say("confidence"),
            grades,
            index=grades.index(stored["confidence"]) if stored["confidence"] in grades else 0,
            format_func=lambda one: say.term(CONFIDENCE, one),
            key=f"assume-confidence-{mark}",
        )
        wanted["note"] = st.text_input(say("note"), stored["note"] or "", key=f"assume-note-{mark}")
    changed = {name: value or None if name in _TEXTS else value for name, value in wanted.items()}
    changed = {name: value for name, value in changed.items() if value != stored[name]}
    since = begun(f"assume-{key}", workspace, touched=bool(changed))
    after, error = _with(workspace, key, changed)
    with st.container(horizontal=True, gap="small", key="assume-acts"):
        st.button(
            say("assume_save"),
            key="assume-save",
            type="primary",
            disabled=not changed or error is not None,
            on_click=commit,
            args=(Assume.of(key, **changed), workspace, (), since),
        )
        st.button(say("assume_drop"), key="assume-drop", disabled=not changed, on_click=_begin_anew)
    if error is not None:
        told = tell(error, say.language)
        st.html(note("refused", told["message"], told["cure"]))
    elif not changed:
        consequences.figures(workspace, _year_now(workspace))  # so that the first change is shown the sooner
        st.html(tag("p", say("assume_try"), css="cz-hint"))
    elif not any(name in _NUMBERS for name in changed):
        st.html(tag("p", say("assume_words_only"), css="cz-hint"))
    else:
        year = _year(workspace, say)
        st.html(effects(workspace, consequences.moved(workspace, after, year), year, say))


def _begin_anew() -> None:
    """Forget what was filled in."""
    st.session_state["turn"] = turn() + 1
    st.session_state.pop("forms", None)


def _with(workspace: Workspace, key: str, changed: dict[str, Any]) -> tuple[Workspace, ChengzaiError | None]:
    """The workspace as it would be, or why it cannot be so."""
    try:
        return consequences.with_assumption(workspace, key, changed) if changed else workspace, None
    except ChengzaiError as error:
        return workspace, error


def _year_now(workspace: Workspace) -> int:
    """The year of the balance that is looked at: as chosen before, else the last."""
    every, held = balancing.market(workspace).years, st.session_state
    kept = held.get("assume-year", held.get("assume-year-kept"))
    return int(kept) if kept in every else every[-1]


def _year(workspace: Workspace, say: Text) -> int:
    every, now = list(balancing.market(workspace).years), _year_now(workspace)
    if len(every) == 1:
        return now
    st.session_state["assume-year"] = now
    chosen = st.select_slider(say("balance_year"), every, key="assume-year", width=260)
    st.session_state["assume-year-kept"] = chosen  # Streamlit forgets a widget's value while it is not drawn
    return int(chosen)
