"""How two states differ: accounts side by side, rows, and a drawing of the parcels concerned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from layers.changes import RowChange
from layers.workspace import Workspace
from views.drawings import Shape, drawing, keys
from views.markup import Markup, Row, join, table, tag
from views.numbers import shown, wan
from views.rows import column_name, known, layer_name, parcel_row, row_label, telling, value_text, worth_showing
from views.text import Text

_MOST = 120
"""Rows that a table lists; the command line has them all."""
_MOST_FIELDS = 8
FIGURES = (
    "permitted", "built", "built_vacant", "under_construction", "committed", "reserved", "held_by_cap", "available",
    "over",
)  # fmt: skip
_WEIGHT = {"parcels": 0, "projects": 1, "assignments": 2, "zones": 3}


def accounts_table(states: Sequence[tuple[str, Mapping[str, Any]]], say: Text) -> Markup:
    """Accounts of states side by side; of two, also how they differ."""
    two = len(states) == 2
    heads = [say("unit"), *(name for name, _ in states), *([say("difference")] if two else [])]
    rows = []
    for key in FIGURES:
        values = [float(totals[f"{key}_m2"]) for _, totals in states]
        if not any(values):
            continue
        written = [wan(value) for value in values]
        cells: list[str | Markup] = [shown(value) for value in written]
        if two:
            moved = written[1] - written[0]
            cells.append(shown(moved, signed=True) if moved else tag("span", "–", css="cz-faint"))
        rows.append(Row(say(key), cells, "cz-main" if key == "available" else ""))
    return table(heads, rows, css="cz-sheet")


def changes_table(changes: Sequence[RowChange], workspace: Workspace, say: Text) -> Markup:
    """Rows that differ, column by column; what people look for first at the top."""
    order = sorted(changes, key=lambda change: _WEIGHT.get(change.layer, 9))
    rows = [_line(change, workspace, say) for change in order[:_MOST]]
    more = tag("p", say("compare_first", shown=_MOST), css="cz-hint") if len(changes) > _MOST else ""
    heads = [say("item"), say("change"), say("before"), say("after")]
    return join([table(heads, rows, css="cz-changes"), more])


def _line(change: RowChange, workspace: Workspace, say: Text) -> Row:
    row = change.after or change.before or {}
    label = row_label(change.layer, change.key, row, workspace)
    head = join([tag("b", label), tag("small", layer_name(change.layer, say))])
    if change.before is not None and change.after is not None:
        names = worth_showing(sorted(change.fields))[:_MOST_FIELDS]
        what = "changed"
    else:
        names, what = telling(change.layer, row)[:_MOST_FIELDS], "added" if change.before is None else "removed"
    mark = tag("span", say(f"what_{what}"), css=f"cz-what cz-what-{what}")
    return Row(
        head, [mark, *(_form(change.layer, form, names, workspace, say) for form in (change.before, change.after))]
    )


def _form(
    layer: str, form: Mapping[str, Any] | None, names: Sequence[str], workspace: Workspace, say: Text
) -> Markup:
    if form is None:
        return tag("span", say("nothing_there"), css="cz-faint")
    lines = [
        tag(
            "div",
            tag("span", column_name(layer, name, say), " ", css="cz-faint"),
            value_text(layer, name, form.get(name), workspace, say),
        )
        for name in names
    ]
    return join(lines)


def changes_drawing(changes: Sequence[RowChange], before: Workspace, after: Workspace, say: Text) -> Markup:
    """The parcels that differ, or on which something differs, on the ground around them."""
    shapes: dict[str, Shape] = {}
    for change in changes:
        if change.layer == "parcels":
            row = change.after or change.before or {}
            kind = "removed" if change.after is None else "added" if change.before is None else "changed"
            shapes[change.key] = Shape(row.get("geometry"), kind, str(row.get("parcel_no") or change.key))
    for change in changes:
        if change.layer in ("assignments", "buildings"):
            for key in {str(row["parcel_id"]) for row in (change.before, change.after) if row and "parcel_id" in row}:
                found = _parcel(after, key) or _parcel(before, key)
                if key not in shapes and found is not None:
                    shapes[key] = found
    order = {"removed": 0, "changed": 1, "added": 2}
    drawn = drawing(
        sorted(shapes.values(), key=lambda shape: order[shape.kind]),
        after,
        note=say("drawing_note", count=len(shapes)),
    )
    if not drawn:
        return Markup()
    used = {shape.kind for shape in shapes.values()}
    return join(
        [drawn, keys({kind: say(f"what_{kind}") for kind in ("added", "removed", "changed") if kind in used})]
    )


def _parcel(workspace: Workspace, key: str) -> Shape | None:
    at = parcel_row(workspace, key)
    if at is None:
        return None
    row = workspace.table("parcels").iloc[at]
    return Shape(row["geometry"], "changed", row_label("parcels", key, known(row), workspace))
