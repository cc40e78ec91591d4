"""People: who may use the workspace, with which role, and the code with which each comes in first."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from layers import people
from layers.roles import NAMES, RIGHTS, may
from layers.stores.contract import ROLES, Person
from spatial.errors import ChengzaiError, tell
from views import acts
from views.account import one_time_code
from views.markup import Row, note, table, tag
from views.session import role, service, store, text, who
from views.text import Text

_RIGHTS = {
    "right_shapes": "edit",
    "right_plans": "assign",
    "right_projects": "import_projects",
    "right_import": "import",
    "right_house": "people",
}


def page() -> None:
    """Draw the page."""
    acts.page(board)


def board() -> None:
    """The list on the left, what can be done with it on the right."""
    say, known = text(), people.listed(store())
    mine = may(role(), "people")
    left, right = st.columns([62, 38], gap="large")
    with left:
        st.html(tag("div", say("people_heading"), css="cz-h"))
        st.html(_list(known, say) if known else note("hint", say("people_none")))
        st.html(tag("div", say("rights_heading"), css="cz-h"))
        st.html(_rights(say))
    with right:
        _said(say)
        if not mine:
            st.html(note("hint", say("people_read")))
        _add(known, say, disabled=not mine)
        if known:
            _change(known, say, disabled=not mine)


def _list(known: tuple[Person, ...], say: Text) -> str:
    heads = [say("person"), say("person_shown"), say("role"), say("person_state"), say("since")]
    rows = [
        Row(
            one.name,
            [one.display or "—", say.term(NAMES, one.role), say(_state(one)), one.made_at[:10]],
            "cz-off" if one.disabled else "",
        )
        for one in known
    ]
    return table(heads, rows, css="cz-people")


def _state(one: Person) -> str:
    if one.disabled:
        return "state_disabled"
    return "state_active" if one.secret else "state_no_password"


def _rights(say: Text) -> str:
    rows = [Row(say("right_read"), [say("yes")] * len(ROLES))]
    for word, kind in _RIGHTS.items():
        rows.append(Row(say(word), [say("yes" if kind in RIGHTS[role] else "no") for role in ROLES]))
    return table(["", *(say.term(NAMES, role) for role in ROLES)], rows, css="cz-people cz-rights")


def _add(known: tuple[Person, ...], say: Text, *, disabled: bool) -> None:
    with st.form("add-person", clear_on_submit=True, border=True):
        st.html(tag("div", say("add_person" if known else "add_person_first"), css="cz-h"))
        name, shown = st.columns(2)
        name.text_input(say("person"), key="new-name", max_chars=64, disabled=disabled)
        shown.text_input(
            say("person_shown"), key="new-shown", max_chars=64, placeholder=say("shown_hint"), disabled=disabled
        )
        roles = list(ROLES) if known else ["admin"]
        st.selectbox(
            say("role"), roles, key="new-role", format_func=lambda code: say.term(NAMES, code), disabled=disabled
        )
        st.form_submit_button(say("add"), on_click=_added, type="primary", disabled=disabled)


def _added() -> None:
    held = st.session_state
    name = str(held["new-name"])
    _did(lambda: people.add(service(), who(), name, str(held["new-role"]), str(held["new-shown"])), name)


def _change(known: tuple[Person, ...], say: Text, *, disabled: bool) -> None:
    with st.container(border=True, key="change-person"):
        st.html(tag("div", say("change_person"), css="cz-h"))
        names = [one.name for one in known]
        if st.session_state.get("chosen-person") not in names:
            st.session_state["chosen-person"] = names[0]
        name = st.selectbox(say("choose_person"), names, key="chosen-person", label_visibility="collapsed")
        chosen = next(one for one in known if one.name == name)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            wanted = st.selectbox(
                say("role"),
                list(ROLES),
                index=ROLES.index(chosen.role),
                key=f"role-{name}-{chosen.role}",
                format_func=lambda code: say.term(NAMES, code),
                disabled=disabled,
            )
            idle = disabled or wanted == chosen.role
            _act(say("save_role"), "role", lambda: people.set_role(service(), who(), name, wanted), disabled=idle)
        with st.container(horizontal=True):
            word = "enable" if chosen.disabled else "disable"
            _act(
                say(word),
                word,
                lambda: people.disable(service(), who(), name, disabled=not chosen.disabled),
                disabled=disabled,
            )
            _act(
                say("new_code"), "code", lambda: people.new_code(service(), who(), name), disabled=disabled, name=name
            )
            with st.popover(say("remove_person"), disabled=disabled):
                st.html(tag("div", say("remove_ask", name=name), css="cz-given"))
                _act(
                    say("remove_confirm"), "remove", lambda: people.remove(service(), who(), name), disabled=disabled
                )


def _act(label: str, key: str, act: Callable[[], str | None], *, disabled: bool, name: str = "") -> None:
    st.button(label, key=f"person-{key}", on_click=_did, args=(act, name), disabled=disabled)


def _did(act: Callable[[], str | None], name: str = "") -> None:
    """Do something; a code that it gives, or why it was refused, is kept for the page to say."""
    st.session_state.pop("people-code", None)
    st.session_state.pop("people-refusal", None)
    try:
        code = act()
    except ChengzaiError as error:
        st.session_state["people-refusal"] = tell(error, text().language)
        return
    if code is not None:
        st.session_state["people-code"] = (name, code)


def _said(say: Text) -> None:
    told = st.session_state.get("people-refusal")
    if told:
        st.html(note("refused", told["message"], told["cure"]))
    one_time_code(say)


if __name__ == "__main__":
    page()
