"""Scenarios: the tree of them with what each carries, how two differ, and merging one into another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from layers import accounts, scenarios
from layers.changes import Asked, Outcome
from layers.comparing import compare
from layers.stores.contract import MAIN, Reading, Scenario
from layers.workspace import Workspace
from views import acts
from views.differences import accounts_table, changes_drawing, changes_table
from views.doing import asked, outcome, tell_of
from views.markup import Markup, Row, join, note, table, tag
from views.merging import merge_screen
from views.moments import moment
from views.numbers import shown, wan
from views.session import as_of, may, scenario, service, store, text, work_on
from views.telling import branch_name, called
from views.text import Text

TABS = ("list", "compare", "merge")
_FIGURES = ("permitted", "committed", "reserved", "available", "over")
_NOW = 0
"""Stands for the present among revisions to compare."""


def page() -> None:
    """Draw the page."""
    acts.page(board)


def board() -> None:
    """One of three views."""
    say = text()
    with store().reading() as tx:
        branches = tx.scenarios()
    if st.session_state.get("scenarios-tab") not in TABS:
        st.session_state["scenarios-tab"] = "list"
    tab = st.segmented_control(
        say("scenario"),
        TABS if len(branches) > 1 and may("merge") else TABS[:2],
        format_func=lambda name: say(f"tab_{name}"),
        key="scenarios-tab",
        label_visibility="collapsed",
        required=True,
    )
    said = outcome()
    if said:
        st.html(said)
    if tab == "compare":
        _compare(branches, say)
    elif tab == "merge":
        merge_screen(branches, say)
    else:
        _list(branches, say)


# -- the tree


@dataclass(frozen=True)
class Twig:
    """A branch in the tree: how deep, whether it is the last of its parent, and which lines run past it."""

    one: Scenario
    lines: tuple[bool, ...]
    last: bool


def twigs(branches: Sequence[Scenario], parent: str | None = None, lines: tuple[bool, ...] = ()) -> Iterator[Twig]:
    """The branches in the order of their tree."""
    mine = [one for one in branches if one.parent == parent]
    for at, one in enumerate(mine):
        last = at == len(mine) - 1
        yield Twig(one, lines, last)
        yield from twigs(branches, one.name, (*lines, not last))


def _list(branches: tuple[Scenario, ...], say: Text) -> None:
    with store().reading() as tx:
        states = {one.name: tx.workspace(one.name) for one in branches}
    left, right = st.columns([68, 32], gap="large")
    with left:
        st.html(tree(branches, states, say))
    with right, st.container(key="side"):
        names = [one.name for one in branches]
        chosen = st.selectbox(
            say("scenario"),
            names,
            index=names.index(scenario()) if scenario() in names else 0,
            format_func=lambda name: branch_name(branches[names.index(name)], say),
            key=f"scenario-chosen-{scenario()}",
        )
        one = branches[names.index(chosen)]
        if chosen != scenario() or as_of() is not None:
            st.button(say("work_here"), key="work-here", on_click=work_on, args=(chosen,), type="primary")
        if may("branch"):
            _new(one, states[chosen], say)
        if may("lock") or may("rename"):
            _manage(one, states[chosen], say)


def tree(branches: Sequence[Scenario], states: dict[str, Workspace], say: Text) -> Markup:
    """The branches as a tree, each with its main figures, and how much it has left beside the one it came from."""
    rows = []
    for twig in twigs(branches):
        one, figures = twig.one, accounts.totals(states[twig.one.name])
        marks = [tag("span", say("scenario_here"), css="cz-badge cz-binds")] if one.name == scenario() else []
        marks += [tag("span", say("scenario_locked"), css="cz-badge")] if one.locked else []
        facts = [say("revision", number=one.head)]
        if one.parent is not None:
            facts.append(say("forked", name=called(one.parent, say), number=one.forked_at))
            facts += [one.made_by or say("single_person"), moment(one.made_at, say)]
        told = [tag("small", " · ".join(facts))] + ([tag("small", one.note, css="cz-why")] if one.note else [])
        name = tag("div", tag("b", called(one.name, say)), *marks, *told, css="cz-branch-name")
        head = tag("div", _rails(twig), name, css="cz-branch")
        cells = [shown(wan(figures[f"{key}_m2"])) for key in _FIGURES]
        rows.append(Row(head, cells, "cz-here" if one.name == scenario() else ""))
    heads = [join([say("scenario"), " ", tag("span", say("unit"), css="cz-faint")]), *(say(key) for key in _FIGURES)]
    return table(heads, rows, css="cz-sheet cz-tree")


def _rails(twig: Twig) -> Markup:
    """The lines of the tree before a name."""
    if twig.one.parent is None:
        return Markup()
    past = [tag("i", css="cz-rail" + (" cz-rail-on" if on else "")) for on in twig.lines[1:]]
    return join([*past, tag("i", css="cz-rail cz-rail-end" if twig.last else "cz-rail cz-rail-tee")])


def _new(one: Scenario, seen: Workspace, say: Text) -> None:
    with st.form("new-scenario", clear_on_submit=False):
        st.html(tag("div", say("new_scenario"), css="cz-h"))
        st.html(tag("div", say("new_scenario_of", name=called(one.name, say)), css="cz-hint"))
        turn = int(st.session_state.get("scenario-turn", 0))
        name = st.text_input(say("scenario_name"), max_chars=scenarios.LONGEST, key=f"new-name-{turn}")
        more = st.text_input(say("scenario_note"), max_chars=200, key=f"new-note-{turn}")
        if st.form_submit_button(say("create"), type="primary") and name.strip():
            if did(lambda: scenarios.branch(service(), asked(seen, f"branch {name} {more}"), name, more)):
                work_on(scenarios.name_of(name))
                st.session_state["scenario-turn"] = turn + 1
            st.rerun()


def _manage(one: Scenario, seen: Workspace, say: Text) -> None:
    st.html(tag("div", say("manage_scenario"), css="cz-h"))
    if one.name != MAIN and may("rename"):
        field, act = st.columns([3, 1], vertical_alignment="bottom")
        name = field.text_input(say("scenario_name"), value=one.name, max_chars=scenarios.LONGEST, key="rename-to")
        if act.button(say("rename"), key="rename", disabled=name.strip() in ("", one.name), width="stretch"):
            gesture = f"rename {one.name} {name} {one.head}"
            if did(lambda: scenarios.rename(service(), _asked(seen, gesture, one.name), name)):
                work_on(scenarios.name_of(name))
            st.rerun()
    word, hint = ("unlock", "unlock_hint") if one.locked else ("lock", "lock_hint")
    if may("lock") and st.button(say(word), key="lock", help=say(hint)):
        with store().reading() as tx:
            gesture = f"{word} {one.name} {tx.revision()}"
        did(lambda: scenarios.lock(service(), _asked(seen, gesture, one.name), locked=not one.locked))
        st.rerun()


def _asked(seen: Workspace, gesture: str, name: str) -> Asked:
    return asked(seen.at(seen.revision, name), gesture)


def did(act: Callable[[], object]) -> bool:
    """Do something that either works or says why not."""

    def run() -> Outcome:
        act()
        return Outcome("ok", 0)

    return tell_of(run)


# -- two states beside each other


def _compare(branches: tuple[Scenario, ...], say: Text) -> None:
    names = [one.name for one in branches]
    here = names.index(scenario()) if scenario() in names else 0
    columns = st.columns([3, 2, 3, 2, 4], vertical_alignment="bottom")
    with store().reading() as tx:
        other = next((one.parent for one in branches if one.name == names[here] and one.parent), names[0])
        one = _side(tx, columns[:2], names, names.index(other), "a", say)
        two = _side(tx, columns[2:4], names, here, "b", say)
    changes = compare(one[1], two[1])
    if not changes:
        st.html(note("hint", say("compare_same")))
        return
    figures, rows = st.columns([42, 58], gap="large")
    with figures:
        st.html(accounts_table([(label, accounts.totals(state)) for label, state in (one, two)], say))
        st.html(changes_drawing(changes, one[1], two[1], say) or tag("span"))
    with rows, st.container(key="compare-rows"):
        st.html(tag("div", say("compare_count", count=len(changes)), css="cz-h"))
        st.html(changes_table(changes, two[1], say))


def _side(
    tx: Reading, columns: Sequence[DeltaGenerator], names: list[str], at: int, key: str, say: Text
) -> tuple[str, Workspace]:
    """One side of a comparison: a branch, now or at one of its revisions."""
    name = columns[0].selectbox(
        say(f"compare_{key}"), names, index=at, format_func=lambda one: called(one, say), key=f"compare-{key}"
    )
    past = [event.seq for event in tx.events(scenario=name, newest_first=True, limit=200, rows=False)][1:]
    revision = columns[1].selectbox(
        say("at_revision"),
        [_NOW, *past],
        format_func=lambda number: say("now") if number == _NOW else say("revision", number=number),
        key=f"compare-{key}-at",
    )
    if revision == _NOW:
        return called(name, say), tx.workspace(name)
    return f"{called(name, say)} · {say('revision', number=revision)}", tx.workspace(name, revision)


if __name__ == "__main__":
    page()
