"""How two states differ, as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from layers.catalogue import LAYERS
from views.markup import Markup, Row, join, table, tag
from views.numbers import plain, shown, wan
from views.text import Text

_MOST = 150
"""Rows that a table lists; the command line has them all."""
FIGURES = (
    "permitted", "built", "built_vacant", "under_construction", "committed", "reserved", "held_by_cap", "available",
    "over",
)  # fmt: skip


def accounts_table(states: Sequence[tuple[str, Mapping[str, Any]]], say: Text) -> Markup:
    """Accounts of states side by side; of two, also how they differ."""
    heads = [say("account"), *(name for name, _ in states), *([say("difference")] if len(states) == 2 else [])]
    rows = []
    for key in FIGURES:
        values = [float(totals[f"{key}_m2"]) for _, totals in states]
        cells = [shown(wan(value)) for value in values]
        if len(values) == 2:
            cells.append(shown(wan(values[1] - values[0]), signed=True))
        rows.append(Row(say(key), cells, "cz-main" if key == "available" else ""))
    return join([tag("small", say("unit")), table(heads, rows, css="cz-sheet")])


def changes_table(changes: Sequence[Mapping[str, Any]], say: Text) -> Markup:
    """Rows that differ, column by column."""
    rows = []
    for one in changes[:_MOST]:
        fields = one["fields"] if one["what"] == "changed" else []
        told = [
            tag(
                "div",
                column_name(one["layer"], field["name"], say),
                " ",
                _value(field["before"], say),
                " → ",
                _value(field["after"], say),
            )
            for field in fields
        ]
        what = say(f"what_{one['what']}")
        head = join(
            [
                tag("b", one["label"]),
                tag("small", LAYERS[one["layer"]].zh if say.language == "zh-CN" else one["layer"]),
            ]
        )
        rows.append(Row(head, [what, join(told)]))
    more = tag("small", say("compare_first", shown=_MOST)) if len(changes) > _MOST else ""
    return join([more, table([say("item"), say("change"), say("column")], rows, css="cz-changes")])


def column_name(layer: str, name: str, say: Text) -> str:
    """A column as people call it."""
    known = {column.name: column.zh for column in LAYERS[layer].columns} | {"geometry": say("drawn_area")}
    return known.get(name, name) if say.language == "zh-CN" or name == "geometry" else name


def _value(value: Any, say: Text) -> str:
    if value is None:
        return say("nothing_there")
    if isinstance(value, float):
        return plain(value)
    return str(value)[:80]
