"""The unit in which a column of the file is, where ours has one."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from layers.readers.columns import AREAS, unit_of
from layers.readers.expressions import Expression
from spatial.area import METRES
from views.exchange.desk import draft, keep, pick
from views.text import Text


def choices(target: str) -> tuple[str, ...]:
    """Units that a column of ours can be read from; none for what has no unit.

    >>> choices("height_max_m"), choices("note")
    (('m', 'ft'), ())
    """
    if target.endswith("_m2"):
        return tuple(AREAS)
    return tuple(METRES) if target.endswith("_m") else ("%", "share") if target.endswith("_pct") else ()


def unit_field(target: str, expression: Expression, say: Text) -> None:
    """The unit that is taken, to choose another."""
    wish, units = draft().wish, choices(target)
    if wish is None or not units:
        return
    key = f"unit-{target}"
    pick(
        say("unit"), list(units), unit_of(target, expression, wish.units)[0] or units[0], key=key,
        format_func=lambda code: say("unit_pct" if code == "%" else f"unit_{code}"), label_visibility="collapsed",
        on_change=_said, args=(target, key),
    )  # fmt: skip


def _said(target: str, key: str) -> None:
    now = draft()
    if now.wish is not None:
        units = now.wish.units
        keep(now.saying(units=replace(units, columns={**units.columns, target: str(st.session_state[key])})))
