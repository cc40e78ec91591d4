"""The next moves of a project as buttons with a small form each, the moves of its terms, and what it lets."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from layers.changes import Command
from layers.commands import Advance, Convert, Let, Renew
from layers.commands.projecting import PROJECT_LADDER, STAGE_OF
from layers.vocabulary import PROJECT_STATES
from layers.workspace import Workspace
from views.assigning import begun, candidates, offered, safe
from views.card import parcel_at
from views.doing import commit, outcome, turn
from views.markup import Markup, join, tag
from views.numbers import square_metres
from views.projects.card import Enterprise, given_rows
from views.projects.table import parcel_names
from views.session import can
from views.text import Text

_ASKED = "move-asked"
_LEAST = 0.01
"""Floor area [m²] that can be entered: figures are entered to 0.01 m²."""
_FIRST, _LAST = datetime.date(1949, 10, 1), datetime.date(2200, 12, 31)


def moves_row(one: Enterprise, say: Text) -> None:
    """The states that come next, any other one with a reason, the way out, and the terms."""
    if not any(can(kind) for kind in ("advance", "convert", "renew", "let")):
        return
    st.html(tag("div", say("move_heading"), css="cz-h"))
    with st.container(key="projects-moves", horizontal=True, gap="small"):
        if can("advance"):
            _advances(one, say)
        terms = _open_terms(one) if can("convert") or can("renew") else []
        if terms:
            with _popover(say("move_terms"), "terms", one):
                _terms_form(one, terms, say)
        held = _held(one) if can("let") else []
        if held:
            with _popover(say("move_let"), "let", one):
                _let_form(one, held, say)


def refused_here() -> bool:
    """Whether the form of a move says itself why its act was refused."""
    return outcome() is not None and bool(st.session_state.get(_ASKED))


def _advances(one: Enterprise, say: Text) -> None:
    state = one.line["state"] if isinstance(one.line["state"], str) else None
    plain = [to for to in PROJECT_STATES if PROJECT_LADDER.plain(state, to)]
    others = [to for to in PROJECT_STATES if PROJECT_LADDER.possible(state, to) and to not in (*plain, "exited")]
    for to in plain:
        with _popover(say.term(PROJECT_STATES, to), to, one):
            _advance_form(one, to, say)
    if others:
        with _popover(say("move_other"), "other", one):
            wanted = st.selectbox(
                say("move_to"),
                others,
                index=None,
                format_func=lambda to: say.term(PROJECT_STATES, to),
                key=_key("other-to", one),
            )
            if wanted is not None:
                st.html(tag("p", say("move_reason_needed"), css="cz-hint"))
                _advance_form(one, str(wanted), say)
    if PROJECT_LADDER.possible(state, "exited"):
        with _popover(say("move_exit"), "exited", one):
            st.html(freed(one, say))
            _advance_form(one, "exited", say)


def _advance_form(one: Enterprise, to: str, say: Text) -> None:
    """Day, document, reason and, where none is known, the number of the supervision agreement."""
    on, document = _day_and_document(one, to, say)
    reason = st.text_input(say("move_reason"), key=_key(f"reason-{to}", one), max_chars=500).strip()
    agreement = ""
    known = one.line["supervision_agreement"]
    if to in STAGE_OF and (pd.isna(known) or not known):
        agreement = st.text_input(say("agreement"), key=_key(f"agreement-{to}", one), max_chars=200).strip()
    since = begun(_key(f"move-{to}", one), one.workspace, touched=bool(document or reason or agreement))
    command = Advance(one.key, to, on, reason, document, agreement)
    label = say("move_exit_do") if to == "exited" else say("move_do", state=say.term(PROJECT_STATES, to))
    _do(label, f"move-{to}", command, one, since)


def freed(one: Enterprise, say: Text) -> Markup:
    """What an exit frees: space in use becomes vacant, what is not in use yet goes back to its parcel."""
    given, lines = one.workspace.table("assignments"), []
    rows = given_rows(one)
    names = parcel_names(one.workspace, given["parcel_id"].iloc[rows])
    for row in rows:
        line = given.iloc[row]
        if line["stage"] == "vacated":
            continue
        key = "freed_vacant" if line["stage"] == "completed" else "freed_back"
        number = names.get(line["parcel_id"], str(line["parcel_id"]))
        lines.append(tag("li", say(key, parcel=number, area=square_metres(line["floor_area_m2"]))))
    if not lines:
        return tag("p", say("freed_nothing"), css="cz-hint")
    return join([tag("p", say("freed_heading"), css="cz-hint"), tag("ul", *lines, css="cz-freed")])


def _open_terms(one: Enterprise) -> list[int]:
    """Rows of the assignments whose term runs: a lease that may become a transfer, a term that may be renewed."""
    given = one.workspace.table("assignments")
    return [
        row
        for row in given_rows(one)
        if given["stage"].iloc[row] not in ("intent", "vacated") and pd.notna(given["valid_from"].iloc[row])
    ]


def _terms_form(one: Enterprise, rows: Sequence[int], say: Text) -> None:
    """Which of its assignments, renewed or made a transfer, from when and for how long."""
    workspace, given = one.workspace, one.workspace.table("assignments")
    names = parcel_names(workspace, given["parcel_id"].iloc[list(rows)])
    called = {row: _called(given.iloc[row], names) for row in rows}
    row = st.selectbox(say("assignments"), list(called), format_func=called.__getitem__, key=_key("term-of", one))
    line = given.iloc[int(row)]
    acts = ["renew"] if can("renew") else []
    acts += ["convert"] if can("convert") and line["supply_mode"] == "lease_then_transfer" else []
    if not acts:
        return
    act = st.segmented_control(
        say("move_terms"),
        acts,
        format_func=lambda name: say(f"term_{name}"),
        default=acts[0],
        required=True,
        key=_key(f"term-act-{len(acts)}", one),
        label_visibility="collapsed",
    )
    on, document = _day_and_document(one, f"term-{act}", say)
    key = str(line["assignment_id"])
    command: Command
    if act == "convert":
        years = st.number_input(
            say("term_years"), min_value=0.0, max_value=70.0, value=20.0, step=1.0, key=_key("term-years", one)
        )
        command = Convert(key, on, document, float(years))
    else:
        until = st.date_input(
            say("valid_to"),
            value=None,
            min_value=_FIRST,
            max_value=_LAST,
            format="YYYY-MM-DD",
            key=_key("term-until", one),
        )
        command = Renew(key, until.isoformat() if until else "", on, document)
    since = begun(_key("term", one), workspace, touched=bool(document))
    _do(say(f"term_{act}"), f"term-{act}", command, one, since)


def _held(one: Enterprise) -> list[int]:
    """Rows of the assignments that it holds itself and of which something is left to let."""
    given = one.workspace.table("assignments")
    return [
        row
        for row in given_rows(one)
        if given["supply_mode"].iloc[row] == "self_held"
        and given["stage"].iloc[row] != "vacated"
        and given["floor_area_m2"].iloc[row] >= _LEAST
        and given["parcel_id"].iloc[row] in one.workspace.parcel_index
    ]


def _let_form(one: Enterprise, rows: Sequence[int], say: Text) -> None:
    """What a platform holds, the project that is to use a part of it, how much, and by which document."""
    workspace, given = one.workspace, one.workspace.table("assignments")
    names = parcel_names(workspace, given["parcel_id"].iloc[list(rows)])
    called = {row: _called(given.iloc[row], names) for row in rows}
    row = rows[0]
    if len(rows) > 1:
        row = st.selectbox(say("let_of"), list(called), format_func=called.__getitem__, key=_key("let-of", one))
    else:  # a list of one would push the button off a low screen
        st.html(tag("p", f"{say('let_of')} · {called[row]}", css="cz-hint"))
    line = given.iloc[int(row)]
    parcel = parcel_at(workspace, int(workspace.parcel_index.get_indexer(pd.Index([line["parcel_id"]]))[0]))
    users = {user.project_id: user for user in candidates(parcel, say) if user.project_id != one.key}
    user = st.selectbox(
        say("let_to"),
        list(users),
        index=None,
        format_func=lambda key: offered(users[key], say),
        placeholder=say("project_hint"),
        key=_key("let-to", one),
    )
    since = begun(_key("let", one), workspace, touched=user is not None)
    if user is None:
        return
    key, left = str(line["assignment_id"]), float(line["floor_area_m2"])
    most, wanted = round(left, 2), round(users[user].unmet, 2)
    first, second = st.columns([60, 40], gap="small")
    area = first.number_input(
        say("let_area", left=square_metres(left)),
        min_value=0.0,
        max_value=most,
        value=min(wanted, most) if wanted > 0 else most,
        step=100.0,
        format="%.2f",
        key=_key(f"let-area-{safe(key)}-{safe(user)}", one),
    )
    years = second.number_input(
        say("term_years"), min_value=0.0, max_value=70.0, value=None, step=1.0, key=_key("let-years", one)
    )
    on, document = _day_and_document(one, "let", say)
    _do(say("let_do"), "move-let", Let(key, user, float(area), years, on=on, document=document), one, since)


def _called(line: pd.Series, names: dict[str, str]) -> str:
    number = names.get(line["parcel_id"], str(line["parcel_id"]))
    until = f" · {line['valid_to']}" if isinstance(line["valid_to"], str) else ""
    return f"{number} · {square_metres(line['floor_area_m2'])} m²{until}"


def _day_and_document(one: Enterprise, what: str, say: Text) -> tuple[str, str]:
    left, right = st.columns([45, 55], gap="small")
    with left:
        on = st.date_input(
            say("move_on"),
            value="today",
            min_value=_FIRST,
            max_value=_LAST,
            format="YYYY-MM-DD",
            key=_key(f"on-{what}", one),
        )
    with right:
        document = st.text_input(say("move_document"), key=_key(f"document-{what}", one), max_chars=200).strip()
    return on.isoformat() if on else "", document


def _popover(label: str, what: str, one: Enterprise) -> st.delta_generator.DeltaGenerator:
    shut = "-shut" if "conflict" in st.session_state else ""
    return st.popover(label, key=f"{_key(f'go-{what}', one)}{shut}")


def _do(label: str, what: str, command: Command, one: Enterprise, since: int) -> None:
    """The button, and under it why the act was refused the last time."""
    key = _key(what, one)
    st.button(label, type="primary", key=key, on_click=_done, args=(key, command, one.workspace, since))
    said = outcome()
    if said and st.session_state.get(_ASKED) == key:
        st.html(said)


def _done(key: str, command: Command, workspace: Workspace, since: int) -> None:
    commit(command, workspace, (), since)
    st.session_state[_ASKED] = key


def _key(what: str, one: Enterprise) -> str:
    return f"{what}-{safe(one.key)}-{turn()}"
