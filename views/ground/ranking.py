"""The ranking of parcels, how far it rests on the weights, and what can be taken away of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from layers.map.payload import labels
from layers.workspace import Workspace
from spatial.robustness import Robustness, Swing, robustness, swings
from spatial.suitability import ranks
from views.ground.rating import Shown
from views.ground.taking import take
from views.markup import Markup, Segment, bar, join, tag
from views.text import Text

DRAWS = 10_000
_TOTALS = 20_000_000
"""Totals worked out while a page waits: with many parcels there are fewer draws, and the page says how many."""
SPREAD = 0.2
_SHOWN = 500
_KEPT = 12


def ranking(workspace: Workspace, found: Shown, say: Text) -> None:
    """Draw the table and the chart."""
    if found.made is None or found.rating is None:
        return
    known = int((~np.isnan(found.rating.total)).sum())
    top = st.number_input(
        say("rate_top"), 1, max(1, known), min(10, max(1, known)), 1, key=f"rate-top-{found.function}", width=150
    )
    with st.spinner(say("rate_drawing")):
        moved, one_by_one = _worked_out(found, int(top))
    frame = ranked(workspace, found, moved, say)
    hint = say("rate_ranking_hint", draws=f"{moved.draws:,}", spread=f"{SPREAD:.0%}", top=moved.top)
    st.html(tag("p", hint, css="cz-hint"))
    config = {
        say("rate_score"): st.column_config.NumberColumn(format="%.1f"),
        say("rate_stays"): st.column_config.ProgressColumn(
            format="percent", min_value=0.0, max_value=1.0, color="#348581"
        ),
    }
    st.dataframe(frame.head(_SHOWN), hide_index=True, column_config=config, height=300, key=f"ranking-{say.language}")
    take(workspace, found, frame, say)
    st.html(_chart(found, one_by_one, moved, say))


def _worked_out(found: Shown, top: int) -> tuple[Robustness, tuple[Swing, ...]]:
    """Draws are worked out once for the same weights."""
    if found.made is None:
        raise ValueError("nothing is rated")
    kept: dict[object, tuple[object, tuple[Robustness, tuple[Swing, ...]]]] = st.session_state.setdefault(
        "rate-draws", {}
    )
    mark = (found.model, found.function, found.weights.tobytes(), top)
    scores = found.made.scores
    known = kept.get(mark)
    if known is None or known[0] is not scores:
        draws = min(DRAWS, max(200, _TOTALS // max(1, scores.parcels)))
        made = robustness(scores, found.weights, top, draws, SPREAD), swings(scores, found.weights, top, SPREAD)
        while len(kept) >= _KEPT:
            kept.pop(next(iter(kept)))
        known = kept[mark] = scores, made
    return known[1]


def ranked(workspace: Workspace, found: Shown, moved: Robustness, say: Text) -> pd.DataFrame:
    """The parcels as the table shows them, the best first; those without a total come last."""
    if found.rating is None:
        return pd.DataFrame()
    place = ranks(found.rating.total)
    span = [
        "—" if not best else str(best) if best == worst else f"{best}–{worst}"
        for best, worst in zip(moved.best.tolist(), moved.worst.tolist(), strict=True)
    ]
    ruled = found.rating.scores.ruled_out
    why = [
        say("rate_ruled_short") if ruled[at] >= 0 else say("score_unknown") if not place[at] else ""
        for at in range(len(place))
    ]
    frame = pd.DataFrame(
        {
            say("rate_rank"): pd.Series(place, dtype="Int64").where(place > 0),
            say("parcel_no"): labels(workspace),
            say("rate_score"): np.round(found.rating.total, 1),
            say("rate_stays"): moved.stays,
            say("rate_span"): span,
            say("note"): why,
        }
    )
    order = np.lexsort((np.arange(len(place)), np.where(place > 0, place, len(place) + 1)))
    return frame.iloc[order]


def _chart(found: Shown, moves: tuple[Swing, ...], moved: Robustness, say: Text) -> Markup:
    """How far places move when one weight alone moves."""
    if found.made is None:
        return Markup()
    most = max([*(one.moved for one in moves), 1e-9])
    order = sorted(range(len(moves)), key=lambda at: -moves[at].moved)
    rows = [
        tag(
            "div",
            tag("span", found.made.weighed[at].called(say.language), css="cz-head"),
            bar([Segment(moves[at].moved / most, "cz-a-committed", f"{moves[at].moved:.2f}")]),
            tag("span", say("rate_swing", moved=f"{moves[at].moved:.1f}", leaves=moves[at].leaves), css="cz-values"),
            css="cz-line cz-swing-line",
        )
        for at in order
    ]
    head = tag("div", say("rate_swings", spread=f"{SPREAD:.0%}", top=moved.top), css="cz-h")
    return join([head, tag("div", *rows, css="cz-bars")])
