"""What stands on every page: the scenario in use, undo and redo."""

from __future__ import annotations

import streamlit as st

from layers import history
from layers.stores.contract import MAIN, Scenario
from spatial.errors import ChengzaiError
from views.session import do_again, present, scenario, store, take_back, who, work_on
from views.text import Text


def acts(say: Text) -> None:
    """The scenario in use, undo and redo; nothing where there is no workspace, which the page itself says."""
    try:
        seen = present()
        with store().reading() as tx:
            branches, stacks = tx.scenarios(), history.stacks(tx, who().name, seen.scenario)
    except ChengzaiError:
        return
    with st.container(key="acts", horizontal=True, vertical_alignment="center"):
        if len(branches) > 1:
            names = [one.name for one in branches]
            if st.session_state.get("branch") != scenario():
                st.session_state["branch"] = scenario()
            st.selectbox(
                say("scenario"),
                names,
                key="branch",
                format_func=lambda name: branch_name(next(one for one in branches if one.name == name), say),
                on_change=lambda: work_on(str(st.session_state["branch"])),
                label_visibility="collapsed",
                width=150,
            )
        for word, act, stack in (("undo", take_back, stacks.undo), ("redo", do_again, stacks.redo)):
            st.button(
                say(word),
                key=f"{word}-{seen.scenario}-{seen.revision}",
                help=say(f"{word}_hint"),
                on_click=act,
                args=(seen,),
                disabled=not stack,
                type="tertiary",
            )


def branch_name(branch: Scenario, say: Text) -> str:
    """A branch as people call it, with a word where it is locked."""
    name = say("main_scenario") if branch.name == MAIN else branch.name
    return f"{name} · {say('scenario_locked')}" if branch.locked else name
