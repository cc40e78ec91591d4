"""Several columns of a file as one of ours: the first filled one, least, most or sum; or one fixed value."""

from __future__ import annotations

import re
from collections.abc import Mapping

import streamlit as st

from layers.catalogue import LAYERS
from layers.readers.features import FoundColumn
from views.exchange.desk import draft, keep
from views.markup import tag
from views.rows import column_name
from views.text import Text

WAYS = ("first", "min", "max", "sum", "fixed")


def combine_form(columns: Mapping[str, FoundColumn], say: Text) -> None:
    """Choose a column of ours, a way, and what it is made of."""
    now = draft()
    contract = LAYERS[now.layer]
    with st.expander(say("combine_heading"), key="combine"):
        targets = [column.name for column in contract.columns if column.kind != "list"]
        target = st.selectbox(
            say("combine_target"), targets, key="combine-target", index=None, placeholder=say("combine_choose"),
            format_func=lambda name: column_name(now.layer, name, say),
        )  # fmt: skip
        way = st.selectbox(say("combine_way"), WAYS, key="combine-way", format_func=lambda one: say(f"rule_{one}"))
        if way == "fixed":
            made = st.text_input(say("combine_value"), max_chars=200, key="combine-value").strip()
        else:
            names = st.multiselect(
                say("combine_of"), list(columns), key="combine-of", placeholder=say("combine_choose")
            )
            made = expression(way, names) if names else ""
            st.html(tag("code", made or "—", css="cz-expression"))
        st.button(
            say("combine_do"), key="combine-do", disabled=not (made and target), on_click=_combined,
            args=(str(target), way, made),
        )  # fmt: skip


def _combined(target: str, way: str, made: str) -> None:
    now = draft()
    if now.wish is None:
        return
    constants = {name: text for name, text in now.wish.constants.items() if name != target}
    if way == "fixed":
        keep(now.mapping(target, None).saying(constants={**constants, target: made}))
    else:
        keep(now.mapping(target, made).saying(constants=constants))


def unfix(target: str) -> None:
    """No fixed value for a column any more."""
    now = draft()
    if now.wish is not None:
        keep(now.saying(constants={name: text for name, text in now.wish.constants.items() if name != target}))


def expression(way: str, names: list[str]) -> str:
    """A way of combining columns, as it is written.

    >>> expression("sum", ["a", "b c"])
    'sum(a, `b c`)'
    """
    return f"{way}({', '.join(quoted(name) for name in names)})"


def quoted(name: str) -> str:
    """A column of the file as an expression names it.

    >>> quoted("用地面积"), quoted("Shape Area")
    ('用地面积', '`Shape Area`')
    """
    if re.fullmatch(r"[^\W\d]\w*", name):
        return name
    return f"`{name}`" if "`" not in name else f'"{name}"'
