"""What the user knows better than the file: CRS, encoding, datum, units."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

import streamlit as st
from pyproj import CRS

from spatial.datum import NAMES
from views.exchange.desk import draft, keep, pick
from views.text import Text

CRS_OFFERED = (
    "EPSG:4490", "EPSG:4326", "EPSG:4548", "EPSG:4547", "EPSG:4549", "EPSG:4527", "EPSG:4526", "EPSG:4528",
    "EPSG:4508", "EPSG:2436", "EPSG:2363", "EPSG:32650",
)  # fmt: skip
"""CRS that Chinese survey files come in; any other code or WKT can be typed."""
ENCODINGS = ("UTF-8", "GB18030", "GBK", "Big5", "UTF-16")
WIDEST_M = 5_000.0
"""Widest strip that a line may become [m]."""
AREA_UNITS = ("m2", "mu", "ha", "ft2")
LENGTH_UNITS = ("m", "ft")


def settings_form(say: Text, *, spatial: bool = True) -> None:
    """Fields that win over the file; empty lets the file speak."""
    wish = draft().wish
    if wish is None:
        return
    one, two = st.columns(2, gap="small")
    with one:
        if spatial:
            _field("crs", list(CRS_OFFERED), wish.crs, say, typed=True, name=crs_name)
        _field("encoding", list(ENCODINGS), wish.encoding, say, typed=True)
        _unit("area", AREA_UNITS, wish.units.area, say)
    with two:
        if spatial:
            pick(
                say("set_datum"),
                list(NAMES),
                wish.datum,
                key="exchange-datum",
                format_func=lambda code: NAMES[code],
                on_change=lambda: _say(datum=st.session_state["exchange-datum"]),
                help=say("set_datum_hint"),
            )
            st.session_state["exchange-repair"] = wish.repair
            st.toggle(
                say("set_repair"),
                key="exchange-repair",
                on_change=lambda: _say(repair=bool(st.session_state["exchange-repair"])),
                help=say("set_repair_hint"),
            )
        _unit("length", LENGTH_UNITS, wish.units.length, say)
    if spatial and wish.layer == "constraints":
        _width(wish.buffer_m, say)


def _say(**changes: Any) -> None:
    keep(draft().saying(**changes))


def _field(
    what: str, options: list[str], value: str | None, say: Text, *, typed: bool = False, name: Any = str
) -> None:
    key = f"exchange-{what}"
    pick(
        say(f"set_{what}"),
        ["", *options],
        value or "",
        key=key,
        format_func=lambda code: name(code) if code else say("set_by_file"),
        accept_new_options=typed,
        on_change=lambda: _say(**{what: str(st.session_state[key] or "").strip() or None}),
        help=say(f"set_{what}_hint"),
    )


def _width(metres: float | None, say: Text) -> None:
    """How far lines reach on either side: no width is taken for granted."""
    key = "exchange-buffer"
    st.session_state[key] = metres
    st.number_input(
        say("set_buffer"),
        min_value=0.01,
        max_value=WIDEST_M,
        step=1.0,
        format="%g",
        placeholder=say("set_buffer_none"),
        key=key,
        on_change=lambda: _say(buffer_m=st.session_state[key]),
        help=say("set_buffer_hint"),
    )


def _unit(what: str, options: tuple[str, ...], value: str | None, say: Text) -> None:
    key = f"exchange-{what}-unit"

    def changed() -> None:
        now = draft()
        if now.wish is not None:
            given, units = str(st.session_state[key] or "") or None, now.wish.units
            keep(now.saying(units=replace(units, area=given) if what == "area" else replace(units, length=given)))

    pick(
        say(f"set_{what}_unit"),
        ["", *options],
        value or "",
        key=key,
        format_func=lambda code: say(f"unit_{code}") if code else say("set_by_name"),
        on_change=changed,
    )


@functools.lru_cache(maxsize=64)
def crs_name(code: str) -> str:
    """A CRS by its code and name.

    >>> crs_name("EPSG:4490")
    'EPSG:4490 · China Geodetic Coordinate System 2000'
    """
    try:
        return f"{code} · {CRS.from_user_input(code).name}" if code.upper().startswith("EPSG:") else code[:60]
    except RuntimeError:
        return code[:60]
