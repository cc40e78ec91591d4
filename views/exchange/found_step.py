"""The second step: what the file holds and on what evidence, what is doubtful, and what the user knows better."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from layers.exchange.previews import Preview
from layers.readers.features import FoundLayer
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from views.exchange.desk import draft, keep, pick, refused, worded
from views.exchange.doubting import doubts, stopped
from views.exchange.moving import moves
from views.exchange.reading import checked, layer_of, looked
from views.exchange.settings_form import crs_name, settings_form
from views.markup import Markup, Row, join, table, tag
from views.numbers import square_metres
from views.text import Text
from views.waiting import stop_work

_MOST_COLUMNS = 40


def found_step(workspace: Workspace, say: Text, bar: DeltaGenerator) -> None:
    """What was found on the left, what to do about it on the right."""
    now = draft()
    if now.chosen is None or now.wish is None:
        keep(now.at("file"))
        st.rerun()
    left, right = st.columns([50, 50], gap="large")
    found = trouble = seen = None
    with left:
        try:
            found = looked(now.chosen, say, now.wish.encoding)
        except ChengzaiError as error:
            trouble = error
        layer = _layer(found[1], say) if found is not None else None
    with right, st.container(key="side"):
        if layer is not None and trouble is None:  # what is found stands where it is while it is checked
            try:
                seen = checked(workspace, say)
            except ChengzaiError as error:
                trouble = error
        if trouble is not None:
            refused(trouble, say)
            st.button(say("try_again"), key="try-again", on_click=_again, type="tertiary")
        if seen is not None:
            doubts(seen, say)
        st.html(tag("div", say("set_heading"), " ", tag("small", say("set_hint")), css="cz-h"))
        settings_form(say, spatial=layer is None or layer.geometry is not None)
    if found is not None and layer is not None:
        with left:
            st.html(_facts(found[0], layer, seen, say))
            st.html(_columns(layer, say))
    ready = seen is not None and not stopped(seen)
    with bar:
        moves(say, ready=ready, why="" if ready else say("found_first"))


def _again() -> None:
    stop_work("look")
    stop_work("check")


def _layer(layers: tuple[FoundLayer, ...], say: Text) -> FoundLayer | None:
    """The layer of the file that comes in; the user chooses where there are several."""
    now = draft()
    if now.wish is None:
        return None
    layer = layer_of(layers, now.wish)
    if len(layers) > 1 and layer is not None:
        if now.wish.source_layer != layer.name:
            keep(now.saying(source_layer=layer.name))
        rows = {one.name: f"{one.name} · {'—' if one.rows is None else f'{one.rows:,}'}" for one in layers}
        pick(
            say("set_source_layer"),
            list(rows),
            layer.name,
            key="exchange-source-layer",
            format_func=lambda name: rows.get(name, name),
            on_change=lambda: keep(
                draft().saying(source_layer=str(st.session_state["exchange-source-layer"]), maps={}, drop=frozenset())
            ),
        )
    return layer


def _columns(layer: FoundLayer, say: Text) -> Markup:
    """Columns of the file with values as they were read: garbled text is seen here."""
    rows = [
        Row(one.name, [worded(say, "holds", one.kind), tag("div", *(tag("span", v[:24]) for v in one.samples),
                                                          css="cz-samples")])
        for one in layer.columns[:_MOST_COLUMNS]
    ]  # fmt: skip
    more = len(layer.columns) - _MOST_COLUMNS
    last = tag("div", say("columns_more", count=more), css="cz-hint") if more > 0 else ""
    return join([table([say("fact_columns_head"), say("fact_type"), say("fact_values")], rows), last])


def _facts(kind: str, layer: FoundLayer, seen: Preview | None, say: Text) -> Markup:
    """What the file holds, each with the evidence for it."""
    now = draft()
    facts = seen.arrival.report(say.language) if seen is not None else {}
    crs, encoding = facts.get("crs"), facts.get("encoding") or layer.encoding
    rows = [
        Row(say("fact_file"), [now.chosen.name if now.chosen else "", ""]),
        Row(say("fact_kind"), [worded(say, "kind", kind), say("basis_bytes")]),
        Row(say("fact_rows"), [f"{facts.get('read', layer.rows or 0):,}", ""]),
        Row(say("fact_columns"), [f"{len(layer.columns):,}", ""]),
        Row(say("fact_geometry"), [worded(say, "shape", str(layer.geometry)), ""]),
    ]
    if layer.geometry is not None:
        basis = worded(say, "basis_crs", facts.get("crs_basis")) if crs else ""
        rows.append(Row(say("set_crs"), [crs_name(str(crs)) if crs else "—", basis]))
        if facts.get("place"):
            rows.append(Row(say("fact_place"), [str(facts["place"]), say("fact_place_basis")]))
    rows.append(
        Row(
            say("set_encoding"),
            [str(encoding or "—"), worded(say, "basis_text", facts.get("encoding_basis") or layer.encoding_basis)],
        )
    )
    if facts.get("planar_area_m2") is not None:
        rows.append(Row(say("fact_area"), [f"{square_metres(facts['planar_area_m2'])} m²", say("fact_area_planar")]))
        west, south, east, north = facts["bounds"]
        spans = (f"{say('east')} {west:,.0f} – {east:,.0f}", f"{say('north')} {south:,.0f} – {north:,.0f}")
        rows.append(Row(say("fact_bounds"), [join([tag("div", one) for one in spans]), say("fact_bounds_working")]))
    heads = [say("found_heading"), say("found_value"), say("found_basis")]
    return table(heads, rows, css="cz-evidence")
