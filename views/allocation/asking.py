"""Why not here? A project and a parcel, what blocks them, or who would move and what it costs."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from layers.allocating import GOALS, Proposal, plan
from layers.allocating.answering import barred, forced
from layers.allocating.telling import goal_told
from layers.allocating.wishes import LARGER, USUAL
from layers.allocating.words import Names
from layers.exchange.jobs import Progress
from layers.vocabulary import SOURCES
from layers.workspace import Workspace
from spatial.allocation import Stop
from views.allocation import working
from views.allocation.working import Shown
from views.markup import Markup, Row, join, note, table, tag
from views.parcel_map import selected
from views.session import kindly, present, scenario, text, workspace_key
from views.text import Text
from views.waiting import mark_of

_SECONDS = 30.0


def why_not(workspace: Workspace, found: Shown, say: Text) -> None:
    """Ask about a project and the parcel that is chosen."""
    made, names = found.proposal.made, Names(found.proposal.made)
    rows = np.flatnonzero(made.ground.wanted > 0).tolist()
    if not rows:
        st.html(note("hint", say("place_all_placed")))
        return
    project = st.selectbox(
        say("place_ask_project"),
        rows,
        format_func=lambda at: names.project(at, say.language),
        key="place-ask-project",
    )
    here = selected(workspace)
    key = None if here is None else str(workspace.parcel_index[here])
    at = int(made.ground.today.parcel_index.get_indexer(pd.Index([key]))[0]) if key is not None else -1
    if at < 0 or project is None:
        st.html(note("hint", say("place_ask_parcel")))
        return
    _asked(found.proposal, int(project), at, say)


def _asked(found: Proposal, project: int, at: int, say: Text) -> None:
    """The answer, at once where a rule is in the way; else everything is solved again beside the page."""
    made, parcel = found.made, Names(found.made).parcel(at)
    if any(at in one.parcels for one in found.placings if one.project == project):
        st.html(note("hint", say("place_here_already")))
        return
    told = barred(made, project, at, say.language)
    if told is None:
        mark = (found.code, project, at, say.language)
        if mark_of("place-why") != mark and working.known("place-why", mark) is None:
            working.ask("place-why", mark, functools.partial(_ask, found, project, at, say.language))
        known = working.asked("place-why", mark, say)
        if known is None:
            return
        told = known.found[0] if known.found else None
    st.html(note("hint", say("place_stopped_nothing")) if told is None else answer(found, told, parcel, say))


def _ask(found: Proposal, project: int, parcel: int, language: str, progress: Progress, so_far: list[Any]) -> None:
    progress.step("asking")
    stop = Stop(_SECONDS, lambda: progress.stopping)
    so_far.append(forced(found, project, parcel, stop, 0, language))


# -- from a map that shows no plan


def open_why(parcel: str) -> None:
    """Ask about a parcel in a window over the page, from wherever it was chosen."""
    st.dialog(text()("place_why_here"), width="large")(lambda: _window(parcel))()


def _window(parcel: str) -> None:
    with kindly():
        say, workspace = text(), present()
        table_ = workspace.table("projects")
        rows = range(len(table_))
        called = {at: say.name(table_["name"].iloc[at], table_["name_en"].iloc[at]) for at in rows}
        at = int(workspace.parcel_index.get_indexer(pd.Index([parcel]))[0])
        project = st.selectbox(
            say("place_ask_project"), list(rows), index=None, format_func=called.__getitem__,
            placeholder=say("place_why_choose"), key="why-project",
        )  # fmt: skip
        found = _plan(workspace, say) if project is not None and at >= 0 else None
        if found is not None and project is not None:
            st.html(tag("p", say("place_why_against", code=found.code), css="cz-hint"))
            _asked(found, int(project), at, say)


def _plan(workspace: Workspace, say: Text) -> Proposal | None:
    """The plan to compare with: that of the allocation page where it is of now, else one of the usual goals."""
    here = (workspace_key(), scenario())
    shown: Any = st.session_state.get("place-shown")
    ours = isinstance(shown, Shown) and shown.at == here and shown.proposal.verified
    if ours and shown.proposal.made.ground.today.revision == workspace.revision:
        return shown.proposal
    mark = (*here, workspace.revision)
    if mark_of("why-plan") != mark and working.known("why-plan", mark) is None:
        working.ask("why-plan", mark, functools.partial(_made, workspace))
    known = working.asked("why-plan", mark, say)
    if known is not None and not known.found:
        st.html(note("hint", say("place_stopped_nothing")))
    return known.found[0] if known is not None and known.found else None


def _made(workspace: Workspace, progress: Progress, so_far: list[Any]) -> None:
    progress.step("model")
    so_far.append(plan(workspace, USUAL, Stop(_SECONDS, lambda: progress.stopping)))


# -- an answer as it is shown


def answer(found: Proposal, told: dict[str, Any], parcel: str, say: Text) -> Markup:
    """What is in the way of a parcel, or who would move and what it costs."""
    if told["possible"] is None:
        return note("hint", say("place_unclear"))
    if not told["possible"]:
        return join([note("refused", say("place_impossible", parcel=parcel)), blocked(told, say)])
    part = float(told.get("part", 1.0))
    some = [] if part >= 1 - 1e-6 else [tag("p", say("place_in_part", share=f"{part:.0%}"), css="cz-because")]
    return join([note("hint", say("place_possible", parcel=parcel)), *some, cost(found, told, say)])


def blocked(told: dict[str, Any], say: Text) -> Markup:
    """The rules in the way, and how few they are."""
    rules = tag("ul", *(tag("li", one["text"]) for one in told["blocked_by"]), css="cz-rules")
    smallest = told.get("proof") in (None, "smallest")
    few = say("place_blocked_smallest" if smallest else "place_blocked_some", count=len(told["blocked_by"]))
    return join([_head(say("place_blocked")), rules, tag("p", few, css="cz-hint")])


def cost(found: Proposal, told: dict[str, Any], say: Text) -> Markup:
    """Who would move, from where to where, and by how much each goal changes."""
    moves = [Row(one["name"], [_pieces(one["before"], say), _pieces(one["after"], say)]) for one in told["moves"]]
    heads = [say("place_project"), say("place_before"), say("place_after")]
    costs = [
        Row(say.term(GOALS, name), ["—" if by is None else _change(found, name, by, say)])
        for name, by in told["cost"].items()
    ]
    proved = "place_cost_proved" if told.get("proved") else "place_cost_found"
    return join(
        [
            _head(say("place_moves")),
            table(heads, moves, css="cz-moves"),
            _head(say("place_costs")),
            table(["", ""], costs, css="cz-headless cz-costs"),
            tag("p", say(proved), css="cz-hint"),
        ]
    )


def _head(words: str) -> Markup:
    return tag("div", words, css="cz-h")


def _change(found: Proposal, name: str, by: float, say: Text) -> Markup:
    worse = by < 0 if name in LARGER else by > 0
    words = say("place_no_change") if abs(by) < 0.5 else goal_told(found.made, name, by, say.language)
    return tag("span", words, css="cz-short" if worse else "")


def _pieces(pieces: list[dict[str, Any]], say: Text) -> Markup:
    told = [
        tag("div", f"{one['parcel']} · {say.term(SOURCES, one['source'])} · {one['floor_area_m2']:,.0f} m²")
        for one in pieces
    ]
    return join(told) if told else tag("span", say("place_nowhere"), css="cz-faint")
