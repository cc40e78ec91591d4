"""Who goes where with what decided it and the next best, and who has no place, why, and what a place would cost."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from layers.allocating import left_out
from layers.allocating.proposing import CHANGES, Placing
from layers.allocating.telling import decided_by, decision_told, goals_told, place_told, scarce_told
from layers.allocating.words import Names, reason
from layers.exchange.jobs import Progress
from spatial.allocation import Decision, Stop
from views.allocation import working
from views.allocation.asking import blocked, cost
from views.allocation.working import Known, Shown
from views.markup import Markup, Row, join, note, table, tag
from views.picking import pick
from views.text import Text
from views.waiting import mark_of

_MOST = 300
_SECONDS = 60.0
"""For what all projects without a place would cost."""


def places(found: Shown, say: Text) -> None:
    """The table of placements, changed ones first, and above it what decided the one that is chosen."""
    rows = ordered(found)
    config: dict[str, Any] = {
        say("place_project"): st.column_config.TextColumn(width=140),
        say("place_parcels"): st.column_config.TextColumn(width=88),
        say("place_change"): st.column_config.TextColumn(width=66),
        say("place_decided"): st.column_config.TextColumn(width=220, help=say("place_decided_help")),
        say("place_area"): st.column_config.NumberColumn(format="localized", width=66),
        say("place_share"): st.column_config.ProgressColumn(
            format="percent", min_value=0.0, max_value=1.0, color="#348581", width=74
        ),
        say("place_fit"): st.column_config.NumberColumn(format="%.2f", width=54),
    }
    told = st.container(key="place-told", border=False)
    with st.container(key="place-table"):
        at = pick(places_table(found, say), f"places-{found.proposal.code}-{say.language}", config)
    with told:
        st.html(tag("p", say("place_pick"), css="cz-hint") if at is None else decided_view(found, rows[at], say))


def ordered(found: Shown) -> list[Placing]:
    """Placements in the order of the table."""
    order = list(CHANGES)
    return sorted(found.proposal.placings, key=lambda one: (one.kind == "kept", -order.index(one.kind), one.project))


def decided_view(found: Shown, one: Placing, say: Text) -> Markup:
    """What decided a place: the place, the next best with what it would change, and what is better but full."""
    made, names = found.proposal.made, Names(found.proposal.made)
    decision = next((each for each in found.decisions if each.project == one.project), None)
    parcels = say("list_sign").join(names.parcel(at) for at in one.parcels)
    area = f"{one.floor_area_m2:,.0f} m²"
    head = tag("div", names.project(one.project, say.language), css="cz-h")
    if decision is None:
        return join([head, tag("p", say("place_taken_back" if not one.after else "place_not_told"), css="cz-hint")])
    rows = [Row(say("place_plan_is"), [parcels, join([area, " · ", decided_by(made, decision, say.language)])])]
    if decision.next != -2:  # there is something next, if only no place at all
        next_ = place_told(made, [decision.next] if decision.next >= 0 else [], say.language)
        rows.append(Row(say("place_next_is"), [next_, goals_told(made, decision.changes, say.language)]))
    if decision.wanted >= 0:
        better = place_told(made, [decision.wanted], say.language)
        rows.append(Row(say("place_better_is"), [better, scarce_told(made, decision, say.language)]))
    heads = ["", say("place_parcels"), say("place_why_so")]
    return join([head, table(heads, rows, css="cz-facts cz-decided")])


def places_table(found: Shown, say: Text) -> pd.DataFrame:
    """Placements as they are shown."""
    made, names = found.proposal.made, Names(found.proposal.made)
    known = {one.project: one for one in found.decisions}
    rows, wanted = ordered(found), made.ground.wanted
    return pd.DataFrame(
        {
            say("place_project"): [names.project(one.project, say.language) for one in rows],
            say("place_parcels"): [" + ".join(names.parcel(at) for at in one.parcels) or "—" for one in rows],
            say("place_area"): [round(one.floor_area_m2) for one in rows],
            say("place_share"): [
                min(one.met / wanted[one.project], 1.0) if wanted[one.project] > 0 else 1.0 for one in rows
            ],
            say("place_change"): [say.term(CHANGES, one.kind) for one in rows],
            say("place_fit"): [_fit(found, one) for one in rows],
            say("place_decided"): [_decided(found, known.get(one.project), say) for one in rows],
        }
    )


def _decided(found: Shown, one: Decision | None, say: Text) -> str:
    return "—" if one is None else decision_told(found.proposal.made, one, say.language)


def _fit(found: Shown, one: Placing) -> float:
    if not one.after:
        return float("nan")
    area = np.array([piece.amount for piece in one.after])
    fit = found.proposal.made.fit[one.project, [piece.parcel for piece in one.after]]
    return float(area @ fit / max(area.sum(), 1e-9))


# -- projects without a place


def left_view(found: Shown, say: Text) -> None:
    """Who has no place and why; what a place would cost the others is solved beside the page and comes in."""
    proposal, mark = found.proposal, (found.proposal.code, say.language)
    could = np.isin(list(proposal.unplaced), proposal.made.options.project)
    known = None
    if could.any():
        if mark_of("place-left") != mark and working.known("place-left", mark) is None:
            working.ask("place-left", mark, functools.partial(_left_out, found, say.language))
        known = working.asked("place-left", mark, say)
    if known is not None and known.stopped:
        counts = say("place_left_stopped", count=len(known.found), all=int(could.sum()))
        st.html(note("hint", counts))
    st.html(left(found, say, known))


def _left_out(found: Shown, language: str, progress: Progress, so_far: list[Any]) -> None:
    progress.step("asking")

    def tell(row: dict[str, Any], count: int) -> None:
        so_far.append(row)
        progress.share = len(so_far) / max(count, 1)

    left_out(found.proposal, Stop(_SECONDS, lambda: progress.stopping), 0, language, tell)


def left(found: Shown, say: Text, known: Known | None = None) -> Markup:
    """Projects without a place, those that want most first: the rules to give up, or who would move and the cost."""
    made, names = found.proposal.made, Names(found.proposal.made)
    rows = sorted(found.proposal.unplaced, key=lambda at: -made.ground.wanted[at])
    if not rows:
        return note("hint", say("place_all_placed"))
    answers = {one["project"]: one for one in known.found} if known is not None else {}
    return tag("div", *(_left(found, at, answers.get(names.project_key(at)), say) for at in rows[:_MOST]),
               css="cz-left-out")  # fmt: skip


def _left(found: Shown, project: int, told: dict[str, Any] | None, say: Text) -> Markup:
    made, names = found.proposal.made, Names(found.proposal.made)
    wants = say("place_wants", area=f"{made.ground.wanted[project]:,.0f}")
    head = tag("div", names.project(project, say.language), " ", tag("small", wants), css="cz-h")
    parts = [head, tag("p", reason(found.proposal, project, say.language), css="cz-because")]
    if told is not None and told["possible"] is None:
        parts.append(tag("p", say("place_unclear"), css="cz-hint"))
    elif told is not None and told["possible"]:
        parts += [tag("p", tag("b", say("place_left_forced"))), cost(found.proposal, told, say)]
    elif told is not None:
        parts.append(blocked(told, say))
    return tag("div", *parts, css="cz-left-one")
