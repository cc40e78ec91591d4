"""How rows of a file are matched with those of the layer, and what becomes of rows that the file does not have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from layers.exchange.previews import Preview
from layers.readers.updates import MATCHES, Changed, Come, Gone
from views.exchange.desk import draft, keep, pick
from views.markup import Markup, Row, join, table, tag
from views.numbers import square_metres
from views.rows import column_name
from views.session import may
from views.text import Text

_MOST = 40
_MOST_FIELDS = 4
_ASK = "ask"


def match_form(seen: Preview, say: Text) -> None:
    """The rule; an empty layer has nothing to match."""
    wish = draft().wish
    if wish is None or not seen.before.rows:
        return
    rule = wish.rule
    pick(
        say("match"), list(MATCHES), rule.match, key="match", format_func=lambda one: say(f"match_{one}"),
        on_change=lambda: _ruled(match=st.session_state["match"]), help=say("match_hint"),
    )  # fmt: skip
    if rule.match == "append":
        return
    one, two = st.columns(2, gap="small")
    with one:
        pick(
            say("match_removed"), ["keep", "delete"], rule.removed, key="match-removed",
            format_func=lambda word: say(f"removed_{word}"),
            on_change=lambda: _ruled(removed=st.session_state["match-removed"]),
        )  # fmt: skip
    if rule.removed != "delete":
        return
    words = [_ASK, "keep", *(["release"] if may("import_release") else [])]
    with two:
        pick(
            say("match_assigned"), words, rule.assigned or _ASK, key="match-assigned",
            format_func=lambda word: say(f"assigned_{word}"),
            on_change=lambda: _ruled(assigned=_said(st.session_state["match-assigned"])),
        )  # fmt: skip


def _said(word: str) -> str | None:
    return None if word == _ASK else word


def _ruled(**changes: Any) -> None:
    now = draft()
    if now.wish is not None:
        keep(now.saying(rule=replace(now.wish.rule, **changes)))


def changes_list(seen: Preview, say: Text) -> None:
    """The rows that change, what goes first; nothing where nothing was matched."""
    update = seen.arrival.update
    if update is None:
        return
    lines: list[Gone | Changed | Come] = [*update.going, *update.changed, *update.added]
    if not lines:
        return
    with st.expander(say("changes_heading"), key="changes"):
        rows = [_line(one, seen.layer, say) for one in lines[:_MOST]]
        st.html(table([say("item"), say("change"), ""], rows, css="cz-changes"))
        if len(lines) > _MOST:
            st.html(tag("div", say("changes_first", shown=_MOST), css="cz-hint"))


def _line(one: Gone | Changed | Come, layer: str, say: Text) -> Row:
    kind = "removed" if isinstance(one, Gone) else "changed" if isinstance(one, Changed) else "added"
    mark = tag("span", say(f"what_{kind}"), css=f"cz-what cz-what-{kind}")
    told: list[Markup] = []
    if isinstance(one, Changed):
        for field in one.fields[:_MOST_FIELDS]:
            name = tag("span", column_name(layer, field.column, say), " ", css="cz-faint")
            told.append(tag("div", name, f"{_shown(field.old)} → {_shown(field.new)}"))
        if one.moved_m2 is not None:
            words = say("moved", area=square_metres(one.moved_m2))
            told.append(tag("div", tag("span", say("change_shape"), " ", css="cz-faint"), words))
    elif one.area_m2 is not None:
        told.append(tag("div", f"{square_metres(one.area_m2)} m²"))
    if not isinstance(one, Come) and one.standing.assigned_m2:
        told.append(tag("div", say("stands_on", area=square_metres(one.standing.assigned_m2))))
    return Row(tag("b", one.number or one.key), [mark, join(told)])


def _shown(value: object) -> str:
    return "—" if value is None else f"{value:g}" if isinstance(value, float) else str(value)[:40]
