"""What else a plan is asked: after an exit, exchanges, what to hold, demand against changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from layers.allocating import GOALS, Compromise, Proposal, compromises, exits, regrets, swaps
from layers.allocating.explaining import DRAWS
from layers.allocating.words import Names
from layers.exchange.jobs import Progress
from spatial.allocation import Point, Regret, Stop
from views.allocation import working
from views.allocation.working import Shown, beside, keep
from views.markup import Markup, Row, join, note, table, tag
from views.text import Text
from views.waiting import begin, mark_of

_SHOWN = 12
_EACH_S = 5.0
"""Seconds for one draw of demand, and for one point, at most."""

Uses = dict[str, list[dict[str, Any]]]


def more(found: Shown, say: Text) -> None:
    """The switch, and one of the four."""
    chosen = st.segmented_control(
        say("place_view_more"),
        list(_VIEWS),
        format_func=lambda name: say(f"place_more_{name}"),
        default="exit",
        required=True,
        key="place-more",
        label_visibility="collapsed",
    )
    _VIEWS[str(chosen)](found, say)


def _exit(found: Shown, say: Text) -> None:
    names = Names(found.proposal.made)
    rows = [one.project for one in found.proposal.placings if one.after]
    if not rows:
        return
    project = st.selectbox(
        say("place_exit_project"), rows, format_func=lambda at: names.project(at, say.language), key="place-exit"
    )
    st.html(uses(exits(found.proposal, int(project), say.language), "place_exit_none", say))


def _swap(found: Shown, say: Text) -> None:
    st.html(uses(swaps(found.proposal, say.language), "place_swap_none", say))


def uses(every: Uses, none: str, say: Text) -> Markup:
    """The best ways by goal, in words."""
    parts, known = [], set[str]()
    for goal, few in every.items():
        texts = [one["text"] for one in few if one["text"] not in known]
        known.update(texts)
        if texts:
            parts.append(tag("div", say.term(GOALS, goal), css="cz-h"))
            parts.append(tag("ol", *(tag("li", text) for text in texts), css="cz-goals"))
    return join(parts) if parts else note("hint", say(none))


def regret_of(found: Shown) -> Regret | None:
    """What is known of the plan under other demand."""
    mark, kept = st.session_state.get("place-regret", (None, None))
    return kept if mark == found.proposal.code else None


def _regret(found: Shown, say: Text) -> None:
    st.html(tag("p", say("place_regret_hint"), css="cz-hint"))
    code = found.proposal.code
    if regret_of(found) is None:
        if mark_of("place-draws") != code:
            st.button(
                say("place_regret_run", count=DRAWS), key="place-draws", on_click=begin,
                args=("place-draws", code, lambda progress: _drawn(found, progress)),
            )  # fmt: skip
            return
        done = beside("place-draws", say)
        if done is None:
            return
        st.session_state["place-regret"] = (code, done)
    known = regret_of(found)
    if known is not None:
        st.html(
            join(
                [tag("p", say("place_regret_done", count=known.draws, proved=known.proved)), _free(found, known, say)]
            )
        )


def _drawn(found: Shown, progress: Progress) -> Regret:
    def tell(done: int, total: int) -> None:
        progress.stage, progress.share = "draws", done / max(total, 1)

    return regrets(found.proposal, Stop(_EACH_S, lambda: progress.stopping), tell=tell)


def _free(found: Shown, known: Regret, say: Text) -> Markup:
    """Parcels with room that stay free most often."""
    names, room = Names(found.proposal.made), gives(found.proposal)
    rows = sorted(np.flatnonzero(room > 0).tolist(), key=lambda at: (-known.free[at], -room[at]))[:_SHOWN]
    lines = [Row(names.parcel(at), [f"{room[at]:,.0f}", f"{known.free[at]:.0%}"]) for at in rows]
    return table([say("place_parcels"), say("place_area"), say("place_regret_free")], lines)


def gives(found: Proposal) -> np.ndarray:
    """What each parcel has to give, new and vacant [m²]; 0 where no project may go at all."""
    ground = found.made.ground
    room = ground.new + (ground.vacant[-1][1] if ground.vacant else 0.0)
    return np.where(np.isin(np.arange(len(room)), found.made.options.parcel), room, 0.0)


def _pareto(found: Shown, say: Text) -> None:
    st.html(tag("p", say("place_pareto_hint"), css="cz-hint"))
    code = found.proposal.code
    mark, points = st.session_state.get("place-points", (None, ()))
    if mark != code:
        if mark_of("place-front") != code:
            st.button(
                say("place_pareto_run"), key="place-front", on_click=begin,
                args=("place-front", code, lambda progress: _points(found, progress)),
            )  # fmt: skip
            return
        done = beside("place-front", say)
        if done is None:
            return
        points = done
        st.session_state["place-points"] = (code, points)
    table_ = pd.DataFrame(
        {
            say("place_pareto_changes"): [one.changes for one in points],
            say("place_pareto_value"): [round(one.value) for one in points],
            say("place_proved"): [one.proved for one in points],
        }
    )
    number = st.column_config.NumberColumn(format="localized")
    event = st.dataframe(
        table_,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=f"points-{say.language}",
        height=300,
        column_config={say("place_pareto_value"): number},
    )
    picked = event.selection.rows if event else []
    if picked and picked[0] < len(points):
        st.button(say("place_pareto_load"), key="place-load", on_click=_load, args=(points[picked[0]],))


def _points(found: Shown, progress: Progress) -> list[Compromise]:
    progress.step("points")
    most = max(1, sum(one.kind != "kept" for one in found.proposal.placings))

    def tell(point: Point) -> None:
        progress.share = min(max(1 - point.changes / most, 0.0), 1.0)

    return compromises(found.proposal.made, Stop(_EACH_S, lambda: progress.stopping), tell=tell)


def _load(point: Compromise) -> None:
    keep(working.shown(point.proposal))


_VIEWS: dict[str, Callable[[Shown, Text], None]] = {
    "exit": _exit, "swap": _swap, "regret": _regret, "pareto": _pareto,
}  # fmt: skip
