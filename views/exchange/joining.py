"""Another table that is joined to the file on a key, and by which rule many of its rows become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from layers.exchange.inbox import Upload
from layers.readers import join as join_
from layers.readers.features import FoundColumn
from spatial.errors import ChengzaiError
from views.exchange.desk import draft, keep, pick, refused
from views.exchange.reading import looked
from views.markup import note, tag
from views.text import Text


def joined_columns(say: Text) -> dict[str, FoundColumn]:
    """The columns taken from the other table, as they are called beside those of the file."""
    wish, upload = draft().wish, _table()
    if wish is None or upload is None:
        return {}
    try:
        found = looked(upload, say, kind="look-join", shown=False)
    except ChengzaiError:  # the form says why
        return {}
    columns = {one.name: one for layer in (found[1] if found else ()) for one in layer.columns}
    return {name: replace(columns[name]) for name in wish.take if name in columns}


def _table() -> Upload | None:
    now = draft()
    path = now.wish.join_file if now.wish else None
    return next((one for one in now.others if str(one.path) == path), None)


def join_form(own: Sequence[str], say: Text) -> None:
    """Choose the table, the keys, and a rule for each column that is taken."""
    now = draft()
    wish = now.wish
    if wish is None:
        return
    with st.expander(say("join_heading"), key="join", expanded=wish.join_file is not None):
        if not now.others:
            st.html(note("hint", say("join_no_table")))
            return
        names = {"": say("join_none")} | {str(one.path): one.name for one in now.others}
        pick(
            say("join_table"), list(names), wish.join_file or "", key="join-table",
            format_func=lambda path: names.get(path, ""), on_change=_joined,
        )  # fmt: skip
        upload = _table()
        if upload is None:
            return
        try:
            found = looked(upload, say, kind="look-join")
        except ChengzaiError as error:
            refused(error, say)
            return
        theirs = [one.name for layer in (found[1][:1] if found else ()) for one in layer.columns]
        left, _, right = (wish.join_on or "").partition("=")
        one, two = st.columns(2, gap="small")
        with one:
            pick(say("join_left"), list(own), left, key="join-left", on_change=_keyed)
        with two:
            pick(say("join_right"), theirs, right or left, key="join-right", on_change=_keyed)
        _taking([name for name in theirs if name != (right or left)], wish.take, say)


def _taking(theirs: list[str], take: Mapping[str, str], say: Text) -> None:
    st.session_state["join-take"] = [name for name in theirs if name in take]
    st.multiselect(say("join_take"), theirs, key="join-take", placeholder=say("combine_choose"), on_change=_taken)
    for number, (name, rule) in enumerate(take.items()):
        label, rules = st.columns([1, 1], vertical_alignment="center", gap="small")
        label.html(tag("div", name, css="cz-given cz-clip"))
        with rules:
            pick(
                name, list(join_.RULES), rule, key=f"join-rule-{number}", format_func=lambda one: say(f"rule_{one}"),
                label_visibility="collapsed", on_change=_ruled, args=(name, f"join-rule-{number}"),
            )  # fmt: skip
    st.html(tag("div", say("join_hint"), css="cz-hint"))


def _joined() -> None:
    path = str(st.session_state["join-table"]) or None
    now = draft()
    if path is None:
        keep(now.saying(join_file=None, join_on=None, take={}))
    else:
        keep(now.saying(join_file=path, join_on=None, take={}))


def _keyed() -> None:
    left, right = str(st.session_state["join-left"]), str(st.session_state["join-right"])
    keep(draft().saying(join_on=f"{left}={right}"))


def _taken() -> None:
    now = draft()
    if now.wish is not None:
        wanted = st.session_state["join-take"]
        keep(now.saying(take={name: now.wish.take.get(name, "first") for name in wanted}))


def _ruled(name: str, key: str) -> None:
    now = draft()
    if now.wish is not None:
        keep(now.saying(take={**now.wish.take, name: str(st.session_state[key])}))
