"""Constraints: every kind with what the workspace holds of it, the chosen parcel by cause, and changes to an area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from layers.commands import Delete, Edit
from layers.ground import overlaid
from layers.map.payload import labels
from layers.vocabulary import CONSTRAINT_KINDS, EFFECTS, SIDES
from layers.workspace import Workspace
from views.doing import commit, turn
from views.ground.lying import key, kind_name, limits_view
from views.markup import Row, join, note, table, tag, unmarked
from views.numbers import plain, square_metres
from views.parcel_map import selected
from views.session import can
from views.text import Text

_HEADS = ("limits_kind", "limits_areas", "limits_hectares", "limits_parcels", "limits_under", "limits_lost")


def panel(workspace: Workspace, say: Text) -> None:
    """Draw the panel."""
    row = selected(workspace)
    if row is not None:
        st.html(tag("div", tag("b", labels(workspace)[row], css="cz-number"), css="cz-title"))
        st.html(limits_view(workspace, row, say) or note("hint", say("limits_none_here")))
    found = overlaid.slots(workspace)
    st.html(tag("div", say("limits_heading"), css="cz-h"))
    st.html(_held(found, say))
    empty = [slot for slot in found if not slot.areas and slot.kind != "other"]
    if empty:
        st.html(tag("div", say("limits_empty", count=len(empty)), css="cz-h"))
        st.html(_empty(empty, say))
        st.html(note("hint", say("limits_empty_hint")))
        st.page_link("exchange/page.py", label=say("limits_bring_in"))
    if can("edit") and len(workspace.table("constraints")):
        _edit(workspace, say)


def _held(found: list[overlaid.Slot], say: Text) -> str:
    """Kinds that the workspace holds; what it loses to each counts land under several once."""
    held = [slot for slot in found if slot.areas]
    if not held:
        return note("hint", say("limits_none"))
    rows = [
        Row(
            join([key(slot.kind), kind_name(slot.kind, say), tag("small", " ", _does(slot, say), css="cz-does")]),
            [
                str(slot.areas),
                f"{slot.area_m2 / 10_000:,.2f}",
                f"{slot.parcels:,}",
                square_metres(slot.under_m2),
                square_metres(slot.lost_m2),
            ],
        )
        for slot in held
    ]
    rows.append(Row(say("total"), ["", "", "", "", square_metres(sum(slot.lost_m2 for slot in held))], "cz-sum"))
    held_by = table([say(name) for name in _HEADS], rows, css="cz-facts cz-slots")
    return join([held_by, note("hint", say("limits_lost_hint"))])


def _does(slot: overlaid.Slot, say: Text) -> str:
    """Effects, side and sources in a line."""
    sides = [say.term(SIDES, side) for side in slot.sides if side == "outside"]
    does = say("list_sign").join([*(say.term(EFFECTS, effect) for effect in slot.effects), *sides])
    sources = say("list_sign").join(slot.sources) or say("source_missing")
    return f"{does} · {say('source')} {sources}"


def _empty(empty: list[overlaid.Slot], say: Text) -> str:
    marks = [
        tag("span", key(slot.kind), kind_name(slot.kind, say), " ", tag("small", say("limits_empty_slot")))
        for slot in empty
    ]
    return tag("div", *marks, css="cz-keys cz-empty")


def _edit(workspace: Workspace, say: Text) -> None:
    """One area: what it is and what it does; each change is a command that can be undone."""
    areas = workspace.table("constraints")
    names = {str(one["constraint_id"]): _called(one, say) for one in areas.to_dict("records")}
    with st.expander(say("limits_edit")):
        chosen = st.selectbox(
            say("limits_area"),
            list(names),
            index=None,
            format_func=lambda code: unmarked(names[code]),
            placeholder=say("limits_area_hint"),
            key=f"limit-{turn()}",
        )
        if chosen is None:
            return
        held = areas[areas["constraint_id"] == chosen].iloc[0]
        where = f"{chosen}-{turn()}"
        with st.form(f"limit-form-{chosen}-{turn()}", border=False):
            asked = _fields(held, where, say)
            save, remove = st.columns(2)
            saved = save.form_submit_button(say("save"), type="primary", width="stretch")
            gone = remove.form_submit_button(say("limits_delete"), width="stretch")
        if saved or gone:
            commit(Delete("constraints", chosen) if gone else Edit("constraints", chosen, asked), workspace)
            st.rerun()


def _fields(held: pd.Series, where: str, say: Text) -> tuple[tuple[str, Any], ...]:
    """The fields of an area, and the values that they hold now."""
    kinds = list(dict.fromkeys([*CONSTRAINT_KINDS, *([_text(held["kind"])] if _text(held["kind"]) else [])]))
    name = st.text_input(say("limits_name"), _text(held["name"]), key=f"limit-name-{where}", max_chars=120)
    one, two = st.columns(2)
    kind = one.selectbox(
        say("limits_kind"),
        kinds,
        index=kinds.index(_text(held["kind"])) if _text(held["kind"]) else None,
        format_func=lambda code: unmarked(kind_name(code, say)),
        key=f"limit-kind-{where}",
    )
    effect = two.selectbox(
        say("limits_effect"),
        list(EFFECTS),
        index=list(EFFECTS).index(str(held["effect"])),
        format_func=lambda code: say.term(EFFECTS, code),
        key=f"limit-effect-{where}",
        help=say("limits_effect_hint"),
    )
    side = one.selectbox(
        say("limits_side"),
        list(SIDES),
        index=list(SIDES).index(_text(held["side"]) or "inside"),
        format_func=lambda code: say.term(SIDES, code),
        key=f"limit-side-{where}",
        help=say("limits_side_hint"),
    )
    factor = two.number_input(
        say("limits_factor"),
        min_value=0.0,
        max_value=100.0,
        value=None if pd.isna(held["factor"]) else float(held["factor"]),
        key=f"limit-factor-{where}",
        help=say("limits_factor_hint"),
    )
    source = st.text_input(say("source"), _text(held["source"]), key=f"limit-source-{where}", max_chars=300)
    values = {"name": name, "kind": kind, "effect": effect, "side": side, "factor": factor, "source": source}
    return tuple((column, value if value != "" else None) for column, value in values.items())


def _called(area: Mapping[Any, Any], say: Text) -> str:
    kind = kind_name(_text(area["kind"]) or "other", say)
    factor = "" if pd.isna(area["factor"]) else f" {plain(area['factor'])}"
    return f"{_text(area['name']) or area['constraint_id']} · {kind} · {say.term(EFFECTS, area['effect'])}{factor}"


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)
