"""Scenarios: what there is, how two of them differ, and merging one into another."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from layers import accounts, comparing, scenarios
from layers.changes import Asked, Outcome
from layers.comparing import compare
from layers.stores.contract import MAIN, Scenario
from layers.workspace import Workspace
from views.acts import branch_name
from views.differences import accounts_table, changes_table
from views.markup import Row, note, table, tag
from views.merging import merge_screen
from views.numbers import shown, wan
from views.session import asked, kindly, outcome, scenario, service, store, tell_of, text, work_on
from views.text import Text

TABS = ("list", "compare", "merge")
_FIGURES = ("available", "committed", "reserved", "over")


@st.fragment
def page() -> None:
    """Draw the page; everything that a click changes stands in this one fragment."""
    with kindly():
        board()


def board() -> None:
    """One of three views."""
    say = text()
    with store().reading() as tx:
        branches = tx.scenarios()
        states = {one.name: tx.workspace(one.name) for one in branches}
    tab = st.segmented_control(
        say("scenario"),
        TABS,
        format_func=lambda name: say(f"tab_{name}"),
        default="list",
        key="scenarios-tab",
        label_visibility="collapsed",
    )
    said = outcome()
    if said:
        st.html(said)
    if tab == "compare":
        _compare(branches, states, say)
    elif tab == "merge":
        merge_screen(branches, say)
    else:
        _list(branches, states, say)


def _list(branches: tuple[Scenario, ...], states: dict[str, Workspace], say: Text) -> None:
    left, right = st.columns([64, 36], gap="large")
    with left:
        st.html(tag("div", say("scenarios_heading"), " ", tag("small", say("unit")), css="cz-h"))
        st.html(_tree(branches, states, say))
    with right:
        names = [one.name for one in branches]
        chosen = st.selectbox(
            say("scenario"),
            names,
            index=names.index(scenario()) if scenario() in names else 0,
            format_func=lambda name: branch_name(branches[names.index(name)], say),
            key="scenario-chosen",
        )
        one = branches[names.index(chosen)]
        if chosen != scenario():
            st.button(say("work_here"), key="work-here", on_click=work_on, args=(chosen,), type="primary")
        _new(one, states[chosen], say)
        if chosen != MAIN or one.locked:
            _manage(one, states[chosen], say)


def _tree(branches: tuple[Scenario, ...], states: dict[str, Workspace], say: Text) -> str:
    """The branches in the order of their tree, each with its main figures."""
    rows = []
    for depth, one in _walk(branches, None, 0):
        figures = accounts.totals(states[one.name])
        marks = [tag("span", say("scenario_here"), css="cz-badge cz-binds")] if one.name == scenario() else []
        marks += [tag("span", say("scenario_locked"), css="cz-badge")] if one.locked else []
        name = say("main_scenario") if one.name == MAIN else one.name
        told = tag("small", one.note) if one.note else ""
        head = tag("span", tag("b", name), *marks, told, style=f"padding-left:{1.1 * depth:.1f}rem")
        cells = [shown(wan(figures[f"{key}_m2"])) for key in _FIGURES]
        rows.append(Row(head, [say("revision", number=one.head), *cells]))
    heads = [say("scenario"), say("scenario_head"), *(say(key) for key in _FIGURES)]
    return table(heads, rows, css="cz-sheet")


def _walk(branches: tuple[Scenario, ...], parent: str | None, depth: int) -> list[tuple[int, Scenario]]:
    found = []
    for one in branches:
        if one.parent == parent:
            found += [(depth, one), *_walk(branches, one.name, depth + 1)]
    return found


def _new(one: Scenario, seen: Workspace, say: Text) -> None:
    with st.form(f"new-scenario-{len(seen.table('parcels'))}", clear_on_submit=True):
        st.html(tag("div", say("new_scenario"), " ", tag("small", _of(one, say)), css="cz-h"))
        name = st.text_input(say("scenario_name"), max_chars=60)
        more = st.text_input(say("scenario_note"), max_chars=200)
        if st.form_submit_button(say("create"), type="primary") and name.strip():
            made = _did(lambda: scenarios.branch(service(), asked(seen, f"branch {name}"), name, more))
            if made:
                work_on(scenarios.name_of(name))
            st.rerun()


def _of(one: Scenario, say: Text) -> str:
    return say("new_scenario_of", name=say("main_scenario") if one.name == MAIN else one.name)


def _manage(one: Scenario, seen: Workspace, say: Text) -> None:
    st.html(tag("div", say("manage_scenario"), css="cz-h"))
    if one.name != MAIN:
        field, act = st.columns([3, 1], vertical_alignment="bottom")
        name = field.text_input(say("scenario_name"), value=one.name, max_chars=60, key=f"name-{one.name}")
        if act.button(say("rename"), key="rename", disabled=name.strip() in ("", one.name), width="stretch"):
            gesture = f"rename {one.name} {name}"
            if _did(lambda: scenarios.rename(service(), _asked(seen, gesture, one.name), name)):
                work_on(scenarios.name_of(name))
            st.rerun()
    word = "unlock" if one.locked else "lock"
    if st.button(say(word), key="lock"):
        gesture = f"{word} {one.name} {one.head}"
        _did(lambda: scenarios.lock(service(), _asked(seen, gesture, one.name), locked=not one.locked))
        st.rerun()


def _asked(seen: Workspace, gesture: str, name: str) -> Asked:
    return asked(seen.at(seen.revision, name), gesture)


def _did(act: Callable[[], object]) -> bool:
    """Do something that either works or says why not."""

    def run() -> Outcome:
        act()
        return Outcome("ok", 0)

    return tell_of(run)


def _compare(branches: tuple[Scenario, ...], states: dict[str, Workspace], say: Text) -> None:
    names = [one.name for one in branches]

    def named(name: str) -> str:
        return branch_name(branches[names.index(name)], say)

    left, right, _ = st.columns([1, 1, 2])
    one = left.selectbox(say("compare_a"), names, format_func=named, key="compare-a")
    other = right.selectbox(say("compare_b"), names, index=min(1, len(names) - 1), format_func=named, key="compare-b")
    changes = compare(states[one], states[other])
    if not changes:
        st.html(note("hint", say("compare_same")))
        return
    figures, rows = st.columns([36, 64], gap="large")
    with figures:
        pair = [(named(name), accounts.totals(states[name])) for name in (one, other)]
        st.html(accounts_table(pair, say))
    with rows:
        st.html(tag("div", say("compare_count", count=len(changes)), css="cz-h"))
        st.html(changes_table(comparing.told(changes, say.language), say))


if __name__ == "__main__":
    page()
