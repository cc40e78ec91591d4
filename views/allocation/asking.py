"""Why not here? A project and a parcel, what blocks them, or who would move and what it costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from layers.allocating import GOALS
from layers.allocating.answering import barred, forced
from layers.allocating.wishes import LARGER
from layers.allocating.words import Names
from layers.exchange.jobs import Progress
from layers.vocabulary import SOURCES
from layers.workspace import Workspace
from spatial.allocation import Stop
from views.allocation.working import Shown, beside
from views.markup import Markup, Row, join, note, table, tag
from views.parcel_map import selected
from views.text import Text
from views.waiting import begin, mark_of

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
    parcel = names.parcel(at)
    if any(at in one.parcels for one in found.proposal.placings if one.project == project):
        st.html(note("hint", say("place_here_already")))
        return
    told = barred(made, project, at, say.language)
    mark = (found.proposal.code, project, at, say.language)
    if told is None and mark_of("place-why") != mark:
        begin("place-why", mark, lambda progress: _ask(found, project, at, say, progress))
    if told is None:
        told = beside("place-why", say)
    if told is not None:
        st.html(answer(told, parcel, say))


def _ask(found: Shown, project: int, parcel: int, say: Text, progress: Progress) -> dict[str, Any]:
    progress.step("asking")
    stop = Stop(_SECONDS, lambda: progress.stopping)
    return forced(found.proposal, project, parcel, stop, 0, say.language)


def answer(told: dict[str, Any], parcel: str, say: Text) -> Markup:
    """An answer as it is shown."""
    if told["possible"] is None:
        return note("hint", say("place_unclear"))
    if not told["possible"]:
        rules = tag("ul", *(tag("li", one["text"]) for one in told["blocked_by"]), css="cz-rules")
        return join([note("refused", say("place_impossible", parcel=parcel)), _head("place_blocked", say), rules])
    moves = [Row(one["name"], [_pieces(one["before"], say), _pieces(one["after"], say)]) for one in told["moves"]]
    heads = [say("place_project"), say("place_before"), say("place_after")]
    costs = [
        Row(say.term(GOALS, name), ["—" if by is None else _cost(name, by)]) for name, by in told["cost"].items()
    ]
    proved = "place_cost_proved" if told.get("proved") else "place_cost_found"
    return join(
        [
            note("hint", say("place_possible", parcel=parcel)),
            _head("place_moves", say),
            table(heads, moves),
            _head("place_costs", say),
            table(["", ""], costs, css="cz-headless cz-costs"),
            tag("p", say(proved), css="cz-hint"),
        ]
    )


def _head(name: str, say: Text) -> Markup:
    return tag("div", say(name), css="cz-h")


def _cost(name: str, by: float) -> Markup:
    worse = by < 0 if name in LARGER else by > 0
    return tag("span", f"{by:+,.0f}" if by else "0", css="cz-short" if worse else "")


def _pieces(pieces: list[dict[str, Any]], say: Text) -> Markup:
    told = [
        tag("div", f"{one['parcel']} · {say.term(SOURCES, one['source'])} · {one['floor_area_m2']:,.0f} m²")
        for one in pieces
    ]
    return join(told) if told else Markup("—")
