"""Merging one scenario into another: what needs a decision, drawn and listed as each side has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from layers import accounts, scenarios
from layers.changes import Key, Outcome, Row
from layers.merging import Conflict, MergePlan
from layers.stores.contract import MAIN, Scenario
from spatial.errors import ChengzaiError, tell
from views.differences import accounts_table, changes_drawing, changes_table
from views.doing import asked, tell_of, turn
from views.drawings import Shape, drawing
from views.markup import Markup, join, note, table, tag
from views.markup import Row as Line
from views.numbers import shown, wan
from views.rows import column_name, known, parcel_row, row_label, telling, value_text, worth_showing
from views.session import as_of, scenario, service, store, work_on
from views.telling import called
from views.text import Text

SIDES = ("ancestor", "mine", "theirs")
_MOST = 30
_ACCOUNTS = ("available", "reserved", "committed", "over")


@dataclass(frozen=True)
class Merged:
    """A merge that this viewer made."""

    source: str
    target: str
    revision: int
    rows: int


def merge_screen(branches: Sequence[Scenario], say: Text) -> None:
    """Which scenario goes into which, what has to be decided, and the button that does it."""
    names = [one.name for one in branches]
    parents = {one.name: one.parent for one in branches}
    first = scenario() if parents.get(scenario()) else names[-1]
    left, right, _ = st.columns([1, 1, 2])
    source = left.selectbox(
        say("merge_from"),
        names,
        index=names.index(first),
        format_func=lambda name: called(name, say),
        key="merge-from",
    )
    target = right.selectbox(
        say("merge_into"),
        names,
        index=names.index(parents.get(source) or MAIN),
        format_func=lambda name: called(name, say),
        key=f"merge-into-{names.index(source)}",
    )
    _merged(say)
    if source == target:
        st.html(note("hint", say("merge_choose")))
        return
    found, seen, head = _plan(source, target)
    if not found.automatic and not found.conflicts:
        st.html(note("hint", say("merge_nothing", source=called(source, say), target=called(target, say))))
        return
    choices = _decisions(found, f"{names.index(source)}-{names.index(target)}-{seen}-{head}", say)
    _sum(found, choices, say)
    still = len(found.conflicts) - len(choices)
    st.button(
        say("merge_open", count=still) if still else say("merge_act", name=called(target, say)),
        type="primary",
        key="merge-now",
        disabled=bool(still) or as_of() is not None,
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
    target = found.target.scenario
    ask = asked(
        found.target.at(found.target.revision, target), f"merge {turn()} {source} {head} {sorted(choices.items())}"
    )
    made: list[Outcome] = []

    def act() -> Outcome:
        made.append(scenarios.merge(service(), ask, source, choices, head))
        return made[0]

    if tell_of(act):
        st.session_state["merged"] = Merged(source, target, made[0].revision, len(made[0].changes))


def _merged(say: Text) -> None:
    """What the last merge came to and where to look; it stays until another is begun."""
    done = st.session_state.get("merged")
    if not isinstance(done, Merged):
        return
    names = {"source": called(done.source, say), "target": called(done.target, say)}
    said = say("merged_well", **names, rows=done.rows, number=done.revision)
    with st.container(key="merged", horizontal=True, vertical_alignment="center"):
        st.html(note("done", said, say("merged_where")))
        if scenario() != done.target:
            st.button(
                say("work_on_name", name=names["target"]), key="to-target", on_click=work_on, args=(done.target,)
            )
        st.button(
            say("close"), key="merged-close", type="tertiary", on_click=st.session_state.pop, args=("merged", None)
        )


# -- what has to be decided


def _decisions(found: MergePlan, key: str, say: Text) -> dict[str, str]:
    """The choices made so far: nobody makes one in the user's place."""
    if found.conflicts:
        st.html(tag("div", say("merge_conflicts", count=len(found.conflicts)), css="cz-h"))
    choices = {}
    for place, conflict in enumerate(found.conflicts):
        with st.container(border=True, key=f"conflict-{place}"):
            chosen = _conflict(found, conflict, f"{key}-{place}", say)
        if chosen:
            choices[conflict.id] = chosen
    return choices


def _conflict(found: MergePlan, conflict: Conflict, key: str, say: Text) -> str | None:
    title = title_of(conflict, found, say)
    st.html(tag("div", tag("b", title), tag("small", _kind(conflict.kind, say)), css="cz-conflict"))
    left, right = st.columns([54, 46], gap="medium")
    with left:
        st.html(_maps(conflict, found, say))
        st.html(_rows(conflict, found, say))
    with right:
        names = {way.choice: way.name(say.language) for way in conflict.resolutions if way.refused is None}
        st.html(_ways(found, conflict, say))
        chosen = st.radio(
            say("decide"), list(names), index=None, format_func=lambda way: names[way], key=f"decide-{key}"
        )
        refused = [way for way in conflict.resolutions if way.refused is not None]
        lines = [
            tag("div", tag("s", way.name(say.language)), " ", _why(way.refused, say))
            for way in refused
            if way.refused
        ]
        st.html(tag("div", *lines, css="cz-hint"))
    return str(chosen) if chosen else None


def _why(error: ChengzaiError, say: Text) -> str:
    return say("cannot", why=tell(error, say.language)["message"])


def title_of(conflict: Conflict, found: MergePlan, say: Text) -> str:
    """What a conflict is about: the parcels, or else the projects, as people call them."""
    before = conflict.rows("ancestor")
    parcels, others = [], []
    for unit in (*conflict.mine, *conflict.theirs):
        touched = {key for key in unit.used | unit.shaped if ("parcels", key) not in before or before["parcels", key]}
        parcels += [row_label("parcels", key, _row_of(conflict, found, key), found.target) for key in sorted(touched)]
    for at in conflict.keys:
        row = before.get(at) or conflict.rows("mine").get(at) or conflict.rows("theirs").get(at) or {}
        others.append(row_label(at[0], at[1], row, found.target))
    return say("list_sign").join(list(dict.fromkeys(parcels or others))[:4])


def _row_of(conflict: Conflict, found: MergePlan, key: str) -> Row:
    for side in SIDES:
        row = conflict.rows(side).get(("parcels", key))
        if row is not None:
            return row
    at = parcel_row(found.target, key)
    return {} if at is None else known(found.target.table("parcels").iloc[at])


def _kind(kind: str, say: Text) -> str:
    if kind in ("cap", "together"):
        return say("conflict_cap" if kind == "cap" else "conflict_together")
    sides = [say("list_sign").join(say(f"act_{one}") for one in side.split("+")) for side in kind.split("/")]
    return say("conflict_kind", mine=sides[0], theirs=sides[1])


def _ways(found: MergePlan, conflict: Conflict, say: Text) -> Markup:
    """What each way out comes to, side by side, before anything is written."""
    ways = [way for way in conflict.resolutions if way.refused is None]
    before = accounts.totals(found.target)
    rows = [Line(say("now"), [shown(wan(before[f"{name}_m2"])) for name in _ACCOUNTS], "cz-faint")]
    kept = st.session_state.setdefault("merge-accounts", {})
    for way in ways:
        key = (st.session_state["merge-plan"][0], conflict.id, way.choice)
        if key not in kept:
            if len(kept) > 200:
                kept.clear()
            kept[key] = found.preview(conflict, way.choice)["totals"]
        cells = []
        for name in _ACCOUNTS:
            value = wan(kept[key][f"{name}_m2"])
            moved = value - wan(before[f"{name}_m2"])
            more = tag("small", shown(moved, signed=True)) if moved else ""
            cells.append(join([shown(value), more]))
        rows.append(Line(way.name(say.language), cells))
    heads = [
        join([say("way_out"), " ", tag("span", say("unit"), css="cz-faint")]),
        *(say(name) for name in _ACCOUNTS),
    ]
    return table(heads, rows, css="cz-sheet cz-ways")


def _maps(conflict: Conflict, found: MergePlan, say: Text) -> Markup:
    """The parcels of a conflict as the ancestor and each side have them."""
    before = conflict.rows("ancestor")
    cells = []
    for side in SIDES:
        shapes = _shapes(conflict, found, before, side)
        picture = drawing(shapes, None, wide=250, high=170, note=say(side))
        cells.append(
            tag("div", tag("div", say(side), css="cz-side"), picture or tag("i", css="cz-blank"), css="cz-map")
        )
    return tag("div", *cells, css="cz-maps")


def _shapes(conflict: Conflict, found: MergePlan, before: Mapping[Key, Row | None], side: str) -> list[Shape]:
    """The parcels that a side has, with what it changed marked; those on which it gave floor area as well."""
    rows = conflict.rows(side)
    shapes: dict[str, Shape] = {}
    given = {
        str(form["parcel_id"])
        for at, row in rows.items()
        if at[0] == "assignments" and row != before.get(at)
        for form in (row, before.get(at))
        if form
    }
    for at, row in rows.items():
        if at[0] == "parcels" and row is not None:
            kind = "same" if side == "ancestor" or row is before.get(at) else "changed" if before.get(at) else "added"
            shapes[at[1]] = Shape(row.get("geometry"), kind, str(row.get("parcel_no") or at[1]))
    touched = {key for unit in (*conflict.mine, *conflict.theirs) for key in unit.used}
    for key in touched - {at[1] for at in conflict.keys if at[0] == "parcels"}:
        place = parcel_row(found.target, key)
        if place is not None:
            line = found.target.table("parcels").iloc[place]
            shapes[key] = Shape(line["geometry"], "same", row_label("parcels", key, known(line), found.target))
    return [
        Shape(one.geometry, "changed" if key in given and one.kind == "same" else one.kind, one.label)
        for key, one in shapes.items()
    ]


def _rows(conflict: Conflict, found: MergePlan, say: Text) -> Markup:
    """The rows of a conflict as each side has them, only the columns that differ."""
    sides = [conflict.rows(side) for side in SIDES]
    lines = []
    for at in conflict.keys:
        forms = [side.get(at) for side in sides]
        present = next((form for form in (forms[0], *forms[1:]) if form), {})
        head = tag("b", row_label(at[0], at[1], present, found.target))
        for column in _columns(at[0], forms):
            cells = [_cell(at[0], form, column, found, say, forms[0]) for form in forms]
            lines.append(Line(join([head, tag("small", column_name(at[0], column, say))]), cells))
    return table([say("item"), *(say(side) for side in SIDES)], lines[:_MOST], css="cz-changes cz-three")


def _columns(layer: str, forms: Sequence[Row | None]) -> list[str]:
    """Columns in which the forms of a row differ; a few that say what it is where it is not everywhere."""
    there = [form for form in forms if form is not None]
    if len(there) < len(forms):
        return telling(layer, there[0])[:3] if there else []
    names = dict.fromkeys(name for form in there for name in form)
    differ = [name for name in names if any(form.get(name) != there[0].get(name) for form in there[1:])]
    return worth_showing(differ)


def _cell(layer: str, form: Row | None, column: str, found: MergePlan, say: Text, before: Row | None) -> Markup:
    if form is None:
        return tag("span", say("not_there"), css="cz-faint")
    written = value_text(layer, column, form.get(column), found.target, say)
    moved = form is not before and (before is None or form.get(column) != before.get(column))
    return tag("b" if moved else "span", written)


# -- what it comes to


def _sum(found: MergePlan, choices: Mapping[str, str], say: Text) -> None:
    """Everything that the merge does, once nothing is left to decide: its accounts, its rows and where."""
    automatic = say("merge_automatic", count=len(found.automatic)) if found.automatic else ""
    if len(choices) < len(found.conflicts):
        if automatic:
            st.html(tag("div", automatic, css="cz-hint"))
        return
    try:
        after, changes = found.after(choices), found.resolve(choices)
    except ChengzaiError as error:  # each choice alone would do, both together do not
        told = tell(error, say.language)
        st.html(note("refused", told["message"], told["cure"]))
        return
    left, right = st.columns([42, 58], gap="large")
    with left:
        pair = [(say("now"), accounts.totals(found.target)), (say("after_merge"), accounts.totals(after))]
        st.html(accounts_table(pair, say))
        st.html(changes_drawing(changes, found.target, after, say) or tag("span"))
    with right:
        st.html(tag("div", say("merge_rows", count=len(changes)), " ", tag("small", automatic), css="cz-h"))
        st.html(changes_table(changes, after, say))
