"""Merging one scenario into another: what needs a decision, drawn and listed as each side has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
import streamlit as st

from layers import accounts, scenarios
from layers.changes import Key, Row
from layers.comparing import label
from layers.comparing import plain as value_of
from layers.merging import Conflict, MergePlan
from layers.stores.contract import MAIN, Scenario
from spatial.errors import tell
from views.differences import accounts_table, column_name
from views.markup import Markup, join, note, tag
from views.markup import Row as Line
from views.markup import table as listed
from views.numbers import plain, shown, wan
from views.session import asked, service, store, tell_of
from views.text import Text

_SIDES = ("mine", "theirs", "ancestor")
_WIDE, _HIGH, _EDGE = 300.0, 170.0, 10.0


def merge_screen(branches: Sequence[Scenario], say: Text) -> None:
    """Which scenario goes into which, what has to be decided, and the button that does it."""
    names = [one.name for one in branches]

    def named(name: str) -> str:
        return say("main_scenario") if name == MAIN else name

    left, right, _ = st.columns([1, 1, 2])
    source = left.selectbox(say("merge_from"), names, index=len(names) - 1, format_func=named, key="merge-from")
    target = right.selectbox(say("merge_into"), names, index=0, format_func=named, key="merge-into")
    if source == target:
        st.html(note("hint", say("merge_choose")))
        return
    found, seen, head = _plan(source, target)
    if not found.automatic and not found.conflicts:
        st.html(note("hint", say("merge_nothing")))
        return
    parts = [say("merge_automatic", count=len(found.automatic))] if found.automatic else []
    parts += [say("merge_conflicts", count=len(found.conflicts))] if found.conflicts else []
    st.html(tag("div", " · ".join(parts), css="cz-h"))
    choices = {}
    for place, conflict in enumerate(found.conflicts):
        chosen = _conflict(found, conflict, f"{source}-{target}-{seen}-{head}-{place}", say)
        if chosen:
            choices[conflict.id] = chosen
    still = len(found.conflicts) - len(choices)
    if not still:
        pair = [(say("now"), accounts.totals(found.target)), (say("all_together"), found.account(choices))]
        st.html(accounts_table(pair, say))
    st.button(
        say("merge_act", name=named(target)) if not still else say("merge_open", count=still),
        type="primary",
        key=f"merge-{source}-{target}-{seen}-{head}",
        disabled=bool(still),
        on_click=_merge,
        args=(found, source, choices, head),
    )


def _plan(source: str, target: str) -> tuple[MergePlan, int, int]:
    """The plan of a merge as both branches are now, worked out once."""
    with store().reading() as tx:
        seen, head = tx.scenario(target).head, tx.scenario(source).head
        key = (store().address, source, head, target, seen, tx.revision())
        kept = st.session_state.get("merge-plan")
        if kept is None or kept[0] != key:
            kept = st.session_state["merge-plan"] = (key, scenarios.preview(tx, source, target))
    return kept[1], seen, head


def _merge(found: MergePlan, source: str, choices: Mapping[str, str], head: int) -> None:
    ask = asked(found.target, f"merge {source} {head} {sorted(choices.items())}")
    tell_of(lambda: scenarios.merge(service(), ask, source, choices, head))


def _conflict(found: MergePlan, conflict: Conflict, key: str, say: Text) -> str | None:
    """One thing to decide; answers with the choice, which nobody makes in the user's place."""
    with st.container(border=True, key=f"conflict-{key.rsplit('-', 1)[-1]}"):
        st.html(tag("div", _title(conflict), " ", tag("small", _kind(conflict.kind, say)), css="cz-h"))
        maps = {side: _map(conflict, side) for side in _SIDES}
        if any(maps.values()):
            for column, side in zip(st.columns(3), _SIDES, strict=True):
                column.html(tag("div", say(side), css="cz-side"))
                column.image(maps[side] or _blank(), width="stretch")
        st.html(_rows(conflict, say))
        offered = [way for way in conflict.resolutions if way.refused is None]
        names = {way.choice: way.name(say.language) for way in offered}
        left, right = st.columns([30, 70], gap="medium")
        with left:
            chosen = st.radio(
                say("decide"), list(names), index=None, format_func=lambda way: names[way], key=f"decide-{key}"
            )
        with right:
            st.html(_accounts(found, conflict, say))
        for way in conflict.resolutions:
            if way.refused is not None:
                why = tell(way.refused, say.language)["message"]
                st.html(
                    tag(
                        "small",
                        way.name(say.language),
                        "：" if say.language == "zh-CN" else ": ",
                        say("cannot", why=why),
                    )
                )
    return chosen


def _title(conflict: Conflict) -> str:
    names = []
    for unit in (*conflict.mine, *conflict.theirs):
        names += [label(change.before, key) for key, change in unit.parcels.items() if change.before]
        names += [
            label(change.before or change.after or {}, at[1])
            for at, change in unit.changes.items()
            if at[0] == "projects"
        ]
        names += sorted(unit.used)
    return "、".join(dict.fromkeys(names)) or conflict.id


def _kind(kind: str, say: Text) -> str:
    if kind == "cap":
        return say("conflict_cap")
    sides = ["、".join(say(f"act_{one}") for one in side.split("+")) for side in kind.split("/")]
    return say("conflict_kind", mine=sides[0], theirs=sides[1])


def _accounts(found: MergePlan, conflict: Conflict, say: Text) -> Markup:
    """What each way out comes to, side by side."""
    ways = [way for way in conflict.resolutions if way.refused is None]
    heads = [say("decide"), *(say(name) for name in ("available", "committed", "reserved", "over"))]
    rows = []
    for way in ways:
        kept = st.session_state.setdefault("merge-accounts", {})
        key = (st.session_state["merge-plan"][0], conflict.id, way.choice)
        if key not in kept:
            if len(kept) > 200:
                kept.clear()
            kept[key] = found.preview(conflict, way.choice)["totals"]
        names = ("available_m2", "committed_m2", "reserved_m2", "over_m2")
        rows.append(Line(way.name(say.language), [shown(wan(kept[key][name])) for name in names]))
    return join([tag("small", say("unit")), listed(heads, rows, css="cz-sheet")])


def _rows(conflict: Conflict, say: Text) -> Markup:
    """The rows of a conflict as each side has them, only the columns that differ."""
    sides = {side: conflict.rows(side) for side in _SIDES}
    lines = []
    for at in conflict.keys:
        forms = [sides[side].get(at) for side in _SIDES]
        names = _columns(forms)
        present = next((form for form in forms if form), {})
        name = label(present, at[1])
        for column in names or [""]:
            cells = [_cell(form, column, say) for form in forms]
            lines.append(Line(join([tag("b", name), " ", tag("small", column_name(at[0], column, say))]), cells))
    heads = [say("item"), *(say(side) for side in _SIDES)]
    return listed(heads, lines[:40], css="cz-changes")


def _columns(forms: Sequence[Row | None]) -> list[str]:
    """Columns in which the forms of a row differ; a few that say what it is where it is not everywhere."""
    there = [form for form in forms if form is not None]
    if len(there) < len(forms):
        telling = ("far_max", "floor_area_m2", "stage", "official_area_m2", "geometry")
        return [name for name in telling if any(name in form for form in there)][:3]
    names = dict.fromkeys(name for form in there for name in form)
    values = {name: [value_of(form, name) for form in forms] for name in names}
    return [name for name, found in values.items() if any(one != found[0] for one in found[1:])]


def _cell(form: Row | None, column: str, say: Text) -> str:
    if form is None:
        return say("nothing_there")
    value = value_of(form, column)
    if value is None:
        return say("nothing_there")
    return plain(value) if isinstance(value, float) else str(value)[:60]


def _map(conflict: Conflict, side: str) -> str:
    """The parcels of a conflict as one side has them, as a small drawing; empty where it has no outline."""
    every = {at: row for name in _SIDES for at, row in _outlines(conflict.rows(name)).items()}
    if not every:
        return ""
    shapes = np.array([row["geometry"] for row in every.values()] + [None], dtype=object)[:-1]
    west, south, east, north = shapely.total_bounds(shapes)
    scale = min((_WIDE - 2 * _EDGE) / max(east - west, 1.0), (_HIGH - 2 * _EDGE) / max(north - south, 1.0))

    def path(row: Row) -> str:
        found = []
        for part in shapely.get_parts(row["geometry"]):
            for ring in (part.exterior, *part.interiors):
                points = [
                    f"{_EDGE + (x - west) * scale:.1f} {_HIGH - _EDGE - (y - south) * scale:.1f}"
                    for x, y in ring.coords
                ]
                found.append(f"M{' L'.join(points)}Z")
        return "".join(found)

    drawn = []
    for at, row in _outlines(conflict.rows(side)).items():
        centre = row["geometry"].representative_point()
        x, y = _EDGE + (centre.x - west) * scale, _HIGH - _EDGE - (centre.y - south) * scale
        drawn.append(
            tag("path", d=path(row), fill="#dcebea", stroke="#0f5260", stroke_width="1.4", fill_rule="evenodd")
        )
        drawn.append(
            tag(
                "text",
                label(row, at[1])[:16],
                x=f"{x:.1f}",
                y=f"{y:.1f}",
                font_size="11",
                text_anchor="middle",
                fill="#1e2a32",
            )
        )
    return _drawing(drawn)


def _outlines(rows: Mapping[Key, Row | None]) -> dict[Key, Row]:
    return {
        at: row
        for at, row in rows.items()
        if at[0] == "parcels" and row is not None and shapely.area(row.get("geometry")) > 0
    }


def _blank() -> str:
    return _drawing([])


def _drawing(parts: Sequence[Markup]) -> str:
    return tag(
        "svg", *parts, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {_WIDE:.0f} {_HIGH:.0f}",
        width=f"{_WIDE:.0f}", height=f"{_HIGH:.0f}",
    )  # fmt: skip
