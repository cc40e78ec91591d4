"""Who goes where with what decided it, and who has no place and why."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from layers.allocating.proposing import CHANGES, Placing
from layers.allocating.telling import decision_told
from layers.allocating.words import Names, reason
from views.allocation.working import Shown
from views.markup import Markup, Row, note, table, tag
from views.text import Text

_MOST = 300


def places(found: Shown, say: Text) -> None:
    """The table of placements, changed ones first."""
    frame = places_table(found, say)
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
    told = st.container(key="place-told")
    with st.container(key="place-table"):
        event = st.dataframe(
            frame,
            hide_index=True,
            height="stretch",
            column_config=config,
            on_select="rerun",
            selection_mode="single-row",
            key=f"places-{found.proposal.code}-{say.language}",
        )
    picked = event.selection.rows if event else []
    with told:
        st.html(_picked(frame, picked[0], say) if picked and picked[0] < len(frame) else _hint(say))


def _picked(frame: pd.DataFrame, row: int, say: Text) -> Markup:
    """What decided a place, in full."""
    one = frame.iloc[row]
    return tag("p", tag("b", one[say("place_project")]), " · ", one[say("place_decided")], css="cz-because")


def _hint(say: Text) -> Markup:
    return tag("p", say("place_pick"), css="cz-hint")


def places_table(found: Shown, say: Text) -> pd.DataFrame:
    """Placements as they are shown."""
    made, names = found.proposal.made, Names(found.proposal.made)
    known = {one.project: one for one in found.decisions}
    order = list(CHANGES)
    rows = sorted(found.proposal.placings, key=lambda one: (one.kind == "kept", -order.index(one.kind), one.project))
    wanted = made.ground.wanted
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
            say("place_decided"): [
                decision_told(made, known[one.project], say.language) if one.project in known else "—" for one in rows
            ],
        }
    )


def _fit(found: Shown, one: Placing) -> float:
    if not one.after:
        return float("nan")
    area = np.array([piece.amount for piece in one.after])
    fit = found.proposal.made.fit[one.project, [piece.parcel for piece in one.after]]
    return float(area @ fit / max(area.sum(), 1e-9))


def left(found: Shown, say: Text) -> Markup:
    """Projects without a place, those that want most first, each with why."""
    made, names = found.proposal.made, Names(found.proposal.made)
    rows = sorted(found.proposal.unplaced, key=lambda at: -made.ground.wanted[at])
    if not rows:
        return note("hint", say("place_all_placed"))
    lines = [
        Row(
            names.project(at, say.language),
            [f"{made.ground.wanted[at]:,.0f}", tag("span", reason(found.proposal, at, say.language))],
        )
        for at in rows[:_MOST]
    ]
    return table([say("place_project"), say("place_area"), say("place_reason")], lines, css="cz-left-out")
