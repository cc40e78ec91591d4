"""What stands on every page: the scenario in use, undo and redo, and what others did meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from layers.stores.contract import Reading, Scenario
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from views.clashing import ask_conflict
from views.components import component, nothing
from views.doing import do_again, saved, take_back
from views.markup import tag
from views.session import as_of, kindly, may, news_address, present, scenario, store, text, who, work_on
from views.telling import branch_name, tops
from views.text import Text


def page(board: Callable[[], None], *, alone: bool = False) -> None:
    """Draw a page: everything that a click changes stands in this one fragment.

    Parameters
    ----------
    alone
        Whether the page hears of others' writes, undoes and redoes by itself, as the editor does on its map.
    """

    @st.fragment
    def whole() -> None:
        with kindly():
            if not alone:
                watch()
            acts(text(), undoes=not alone)
        with kindly():
            ask_conflict(text())
            board()

    whole()


def watch() -> None:
    """Hear whether somebody wrote: the page is then drawn anew, and what is half filled in stays as it is."""
    try:
        address, revision = news_address()
    except ChengzaiError:
        return  # the page itself says what is wrong
    data = {"address": address, "revision": revision}
    heard = component("watch")(key="watch", data=data, on_news_change=nothing).get("news")
    if heard and heard.get("out"):
        st.rerun()  # who may see what has changed: the list of pages too


def acts(say: Text, *, undoes: bool = True) -> None:
    """The scenario in use, undo and redo; nothing where there is no workspace, which the page itself says."""
    try:
        seen = present()
        with store().reading() as tx:
            branches = tx.scenarios()
            last = _tops(tx, seen, say)
    except ChengzaiError:
        return
    with st.container(key="acts", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(saved() or tag("span"))
        _branches(branches, say)
        if as_of() is not None:
            st.html(tag("span", say("read_only", number=seen.revision), css="cz-past", title=say("read_only_hint")))
            st.button(say("to_present"), key="to-present", on_click=work_on, args=(scenario(),), type="tertiary")
            return
        if not undoes or not may("undo"):
            return
        for word, act, keys, nothing in (
            ("undo", take_back, "Ctrl+Z", "undo_nothing"),
            ("redo", do_again, "Ctrl+Shift+Z", "redo_nothing"),
        ):
            told = last[word]
            st.button(
                say(word),
                key=word,
                help=say("act_hint", act=say(word), what=told, keys=keys) if told else say(nothing),
                on_click=act,
                args=(seen,),
                disabled=not told,
                type="tertiary",
                shortcut=keys,
            )


def _branches(branches: tuple[Scenario, ...], say: Text) -> None:
    """The switch; with one branch there is nothing to choose."""
    if len(branches) < 2:
        return
    st.session_state["branch"] = scenario()  # said in every run: a list on another page knows nothing of this one
    by_name = {one.name: one for one in branches}
    st.selectbox(
        say("scenario"),
        list(by_name),
        key="branch",
        format_func=lambda name: branch_name(by_name[name], say),
        on_change=lambda: work_on(str(st.session_state["branch"])),
        label_visibility="collapsed",
        width=150,
    )


def _tops(tx: Reading, seen: Workspace, say: Text) -> dict[str, str]:
    """What undo and redo would take, in words; empty for nothing."""
    mark = (store().address, seen.scenario, tx.scenario(seen.scenario).head, who().name, say.language)
    known = st.session_state.get("tops")
    if known is None or known[0] != mark:
        known = st.session_state["tops"] = (mark, tops(tx, who().name, seen.scenario, say))
    words: dict[str, str] = known[1]
    return words
