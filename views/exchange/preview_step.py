"""The fourth step: what would change, on the map and in figures; then it is written."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from layers.exchange.previews import KINDS, Extent, Preview
from layers.map.arriving import LOOKS
from layers.readers.errors import RowsRefused
from layers.roles import import_into
from layers.workspace import Workspace
from spatial.area import round_half_up
from spatial.errors import ChengzaiError
from views.doing import outcome
from views.exchange.desk import draft, keep, refused
from views.exchange.doubting import on_held, still_asked
from views.exchange.entitled import writers
from views.exchange.matching import changes_list, match_form
from views.exchange.moving import go
from views.exchange.preview_map import preview_map
from views.exchange.reading import checked
from views.exchange.rejected import rejected_rows
from views.exchange.writing import write, writing
from views.markup import Markup, Row, join, table, tag
from views.numbers import shown
from views.rows import layer_name
from views.session import may
from views.text import Text
from views.waiting import stop_work


def preview_step(workspace: Workspace, say: Text, bar: DeltaGenerator) -> None:
    """Map and figures, and the button that says what it will do."""
    now = draft()
    if now.chosen is None or now.wish is None:
        keep(now.at("file"))
        st.rerun()
    if writing(say):
        return
    seen = trouble = None
    try:
        seen = checked(workspace, say)
    except ChengzaiError as error:
        trouble = error
    with bar:
        _moves(seen, say)
    if trouble is not None:
        refused(trouble, say)
        st.button(say("try_again"), key="try-again", on_click=stop_work, args=("check",), type="tertiary")
    if seen is None:
        return
    left, right = st.columns([60, 40], gap="large")
    with right, st.container(key="side"):
        said = outcome()
        if said:
            st.html(said)
        match_form(seen, say)
        refusal = seen.arrival.refusal
        if refusal is not None and not isinstance(refusal, RowsRefused):
            refused(refusal, say)
        on_held(seen, say)
        st.html(counts_table(seen, say))
        rejected_rows(seen, say)
        still_asked(seen, say)
        st.html(extents_table(seen, say))
        changes_list(seen, say)
    with left:
        preview_map(seen, say)


def _moves(seen: Preview | None, say: Text) -> None:
    """Back, and the one button that writes, which says what it will do."""
    with st.container(key="exchange-moves", horizontal=True, horizontal_alignment="right", gap="small"):
        st.button(say("step_back"), key="step-back", on_click=go, args=("columns",))
        stopped, mine = seen is not None and seen.arrival.refusal is not None, may(import_into(draft().layer))
        st.button(
            promise(seen, say) if seen is not None else say("commit_wait"),
            key="commit",
            on_click=write,
            args=(seen,),
            type="primary",
            disabled=seen is None or stopped or not seen.changes or not mine,
            help=writers(draft().layer, say) if not mine else say("commit_stopped") if stopped else None,
        )


def promise(seen: Preview, say: Text) -> str:
    """What the button will do, in words and figures."""
    counts = seen.counts
    if seen.arrival.refusal is not None:
        if not isinstance(seen.arrival.refusal, RowsRefused):
            return say("commit_wait")
        return say("commit_refused", count=f"{seen.arrival.read - seen.arrival.accepted:,}")
    if not seen.changes:
        return say("commit_nothing")
    layer = layer_name(seen.layer, say)
    what = layer if say.language == "zh-CN" else layer.lower()
    parts = [
        say(f"commit_{kind}", count=f"{counts[kind]:,}", layer=what)
        for kind in ("added", "changed", "removed")
        if counts[kind]
    ]
    words = say("comma_sign").join(parts)
    return words[:1].upper() + words[1:]


def counts_table(seen: Preview, say: Text) -> Markup:
    """Rows of the file and what becomes of the layer, in columns that line up."""
    arrival, counts = seen.arrival, seen.counts
    looks = {name: (colour, hatch) for name, colour, hatch in LOOKS}
    rows = [
        Row(say("count_read"), [f"{arrival.read:,}"], "cz-sum"),
        Row(say("count_accepted"), [f"{arrival.accepted:,}"], "cz-part"),
        Row(say("count_rejected"), [f"{arrival.read - arrival.accepted:,}"], "cz-part"),
    ]
    for kind in ("added", "changed", "removed", "unchanged"):
        colour, hatch = looks[kind]
        css = "cz-key cz-key-hatch" if hatch else "cz-key"
        mark = tag("i", css=css, style=f"background-color:{colour}")
        rows.append(
            Row(join([mark, say(f"kind_{kind}")]), [f"{counts[kind]:,}"], "cz-next" if kind == KINDS[1] else "")
        )
    return table([say("count_heading"), say("count_rows_head")], rows, css="cz-sheet cz-counts")


def extents_table(seen: Preview, say: Text) -> Markup:
    """The layer before and after, and how they differ."""
    before, after = seen.before, seen.after
    rows = [Row(say("count_rows_head"), _three(before.rows, after.rows, 0))]
    if before.bounds or after.bounds:
        rows.append(Row(say("area_sum"), _three(before.area_m2, after.area_m2, 0)))
        for at, side in enumerate(("west", "south", "east", "north")):
            rows.append(Row(say(f"bound_{side}"), _bound(before, after, at), "cz-next" if not at else ""))
    heads = [say("extent_heading"), say("extent_before"), say("extent_after"), say("difference")]
    return table(heads, rows, css="cz-sheet")


def _three(before: float, after: float, decimals: int) -> list[str | Markup]:
    one, two = (round_half_up(value, decimals) for value in (before, after))
    return [shown(one), shown(two), shown(two - one, signed=True) if two != one else "–"]


def _bound(before: Extent, after: Extent, at: int) -> list[str | Markup]:
    if before.bounds is None or after.bounds is None:
        return [f"{one.bounds[at]:,.0f}" if one.bounds else "—" for one in (before, after)] + ["–"]
    return _three(before.bounds[at], after.bounds[at], 0)
