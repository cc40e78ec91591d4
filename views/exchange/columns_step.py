"""The third step: what each column of ours is read from, and what becomes of the rest."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from layers.catalogue import LAYERS
from layers.contract import Column
from layers.readers import columns as columns_
from layers.readers.columns import Plan
from layers.readers.features import FoundColumn
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from views.exchange.combining import combine_form, quoted, unfix
from views.exchange.desk import draft, keep, pick, refused
from views.exchange.joining import join_form, joined_columns
from views.exchange.moving import moves
from views.exchange.reading import layer_of, looked
from views.exchange.units import unit_field
from views.markup import join, note, tag
from views.rows import column_name
from views.text import Text

NOT = ""
"""Stands for «not read» among what a column can be read from."""
_MOST_SAMPLES = 3


def columns_step(workspace: Workspace, say: Text, bar: DeltaGenerator) -> None:  # noqa: ARG001
    """A line for each column of ours, what is left over, another table, and several columns as one."""
    now = draft()
    if now.chosen is None or now.wish is None:
        keep(now.at("file"))
        st.rerun()
    found = looked(now.chosen, say, now.wish.encoding)
    if found is None:
        return
    layer = layer_of(found[1], now.wish)
    columns = {one.name: one for one in (layer.columns if layer else ())}
    columns |= joined_columns(say)
    ready = True
    left, right = st.columns([64, 36], gap="large")
    with left, st.container(key="exchange-columns"):
        try:
            how = columns_.plan(
                LAYERS[now.layer], list(columns), now.wish.maps, fixed=now.wish.constants, drop=now.wish.drop
            )
        except ChengzaiError as error:  # what somebody typed is no expression, or of a column that is gone
            refused(error, say)
            st.button(say("columns_reset"), key="columns-reset", on_click=lambda: keep(draft().saying(maps={})))
            how, ready = columns_.plan(LAYERS[now.layer], list(columns), {}), False
        _lines(how, columns, say)
    with right, st.container(key="side"):
        _left_over(how, columns, say)
        combine_form(columns, say)
        join_form([one.name for one in layer.columns] if layer else [], say)
    with bar:
        moves(say, ready=ready, why="" if ready else say("columns_first"))


def _lines(how: Plan, columns: Mapping[str, FoundColumn], say: Text) -> None:
    contract = LAYERS[how.layer.name].columns
    read = [column for column in contract if column.name in how.reads or column.name in how.fixed]
    rest = [column for column in contract if column not in read and column.kind != "list"]
    rest.sort(key=lambda column: column.name == how.layer.key)  # a key is given where the file has none
    extra = [name for name in how.reads if name not in how.layer.names and name not in columns]
    st.html(tag("div", say("columns_read"), " ", tag("small", say("columns_read_hint")), css="cz-h"))
    if not read:
        st.html(note("hint", say("columns_none")))
    for column in read:
        _line(column, how, columns, say)
    for name in extra:
        st.html(tag("div", tag("b", name), " ← ", how.reads[name].text, css="cz-given"))
    for name in (name for name in how.fixed if name not in how.layer.names):
        st.html(tag("div", tag("b", name), " = ", how.fixed[name], css="cz-given"))
    with st.expander(say("columns_rest", count=len(rest)), expanded=not read, key="columns-rest"):
        for column in rest:
            _line(column, how, columns, say)


def _line(column: Column, how: Plan, columns: Mapping[str, FoundColumn], say: Text) -> None:
    """One column of ours ← what it is read from, with values that stand there."""
    expression = how.reads.get(column.name)
    text = expression.text.strip() if expression else NOT
    ours, theirs, measure, values = st.columns([27, 34, 14, 25], gap="small", vertical_alignment="center")
    name = column_name(how.layer.name, column.name, say)
    unit = tag("span", column.unit, css="cz-unit") if column.unit else ""
    own_key = column.name == how.layer.key  # one is given where the file has none
    needed = tag("span", say("column_needed"), css="cz-badge") if column.required and not own_key else ""
    ours.html(tag("div", tag("b", name), unit, needed, title=column.meaning, css="cz-ours"))
    key = f"read-{column.name}"
    if column.name in how.fixed:
        theirs.html(tag("div", "= ", tag("b", how.fixed[column.name]), css="cz-given cz-clip"))
        measure.button(
            say("file_remove"), key=f"unfix-{column.name}", on_click=unfix, args=(column.name,), type="tertiary"
        )
        values.html(tag("div", tag("span", say("rule_fixed")), css="cz-samples"))
        return
    with theirs:
        pick(
            name,
            [NOT, *columns],
            text,
            key=key,
            format_func=lambda one: one or say("column_not"),
            accept_new_options=True,
            label_visibility="collapsed",
            on_change=_read,
            args=(column.name, key, text),
        )
    if expression is not None and expression.columns:
        with measure:
            unit_field(column.name, expression, say)
    values.html(_samples(expression.columns if expression else (), columns))


def _samples(names: tuple[str, ...], columns: Mapping[str, FoundColumn]) -> str:
    """Values of the columns that are read."""
    found = [value for name in names for value in (columns[name].samples if name in columns else ())]
    return tag("div", *(tag("span", value[:24]) for value in found[:_MOST_SAMPLES]), css="cz-samples")


def _read(target: str, key: str, before: str) -> None:
    """The user says what a column of ours is read from."""
    now, text = draft(), str(st.session_state[key] or NOT).strip()
    if text:
        keep(now.mapping(target, text))
        return
    now = now.mapping(target, None)
    if before and now.wish is not None and before not in now.wish.maps.values():
        # only its name made it ours: it stays under its own name
        name = before if before.casefold() not in LAYERS[now.layer].names else f"{before}_source"
        now = now.mapping(name, quoted(before))
    keep(now)


def _left_over(how: Plan, columns: Mapping[str, FoundColumn], say: Text) -> None:
    """Columns of the file that are nothing of ours: kept as they are, or left out."""
    now = draft()
    if now.wish is None:
        return
    used = {e.columns[0] for target, e in how.reads.items() if e.is_column and target in how.layer.names}
    free = [name for name in columns if name not in used and name not in how.left_out]
    st.html(tag("div", say("extra_heading"), " ", tag("small", say("extra_hint")), css="cz-h"))
    if not free:
        st.html(note("hint", say("extra_none")))
        return
    st.session_state["exchange-extra"] = [name for name in free if name not in now.wish.drop]
    st.multiselect(
        say("extra_heading"),
        free,
        key="exchange-extra",
        label_visibility="collapsed",
        placeholder=say("extra_none_kept"),
        on_change=lambda: keep(draft().saying(drop=frozenset(free) - set(st.session_state["exchange-extra"]))),
    )
    kept = [name for name in free if name not in now.wish.drop]
    all_or_none = st.container(horizontal=True, gap="small")
    all_or_none.button(
        say("extra_all"), key="extra-all", on_click=_drop, args=(frozenset(),), type="tertiary",
        disabled=len(kept) == len(free),
    )  # fmt: skip
    all_or_none.button(
        say("extra_no"), key="extra-no", on_click=_drop, args=(frozenset(free),), type="tertiary", disabled=not kept
    )
    lines = [
        tag(
            "div",
            tag("b", name),
            " ",
            *(tag("span", value[:24]) for value in columns[name].samples),
            css="cz-samples",
        )
        for name in kept[:12]
    ]
    st.html(join(lines) or tag("span"))


def _drop(names: frozenset[str]) -> None:
    keep(draft().saying(drop=names))
