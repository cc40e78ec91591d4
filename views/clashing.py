"""Somebody was faster: what they made of it, what was there before, what this viewer wanted, and the choice."""

from __future__ import annotations

import streamlit as st

from layers import accounts
from layers.changes import Clash, Row, differing
from layers.workspace import Workspace
from views.doing import Conflict, commit
from views.drawings import Shape, drawing
from views.markup import Markup, join, note, table, tag
from views.markup import Row as Line
from views.moments import moment
from views.numbers import shown, wan
from views.rows import column_name, known, layer_name, parcel_row, row_label, telling, value_text, worth_showing
from views.session import present, scenario, text
from views.text import Text

_MOST = 12


def ask_conflict(say: Text) -> None:
    """Where a conflict waits, ask what is to become of it; nothing happens until the viewer has chosen."""
    waiting = st.session_state.get("conflict")
    if not isinstance(waiting, Conflict) or waiting.scenario != scenario():
        return

    @st.dialog(say("conflict_title"), width="large", dismissible=False)
    def asked() -> None:
        _asked(waiting, text())

    asked()


def _asked(waiting: Conflict, say: Text) -> None:
    workspace = present()
    first = waiting.clashes[0]
    by = first.by or say("single_person")
    st.html(tag("p", say("conflict_said", by=by, at=moment(first.at, say)), css="cz-lead"))
    if waiting.wanted:
        st.html(tag("div", tag("small", say("mine_wanted")), " ", tag("b", waiting.wanted), css="cz-wanted"))
    st.html(clash_table(waiting, workspace, say))
    st.html(_where(waiting, workspace, say) or tag("span"))
    command = waiting.command
    again = command is not None and all(clash.theirs is not None for clash in waiting.clashes)
    if not again:
        st.html(note("hint", say("conflict_gone" if command is not None else "conflict_undo")))
    with st.container(key="conflict-choice", horizontal=True):
        if st.button(say("keep_theirs"), key="keep-theirs"):
            st.session_state.pop("conflict", None)
            st.session_state.pop("forms", None)
            st.rerun()
        if again and command is not None and st.button(say("apply_mine"), key="apply-mine"):
            commit(command, workspace, waiting.documents)
            st.rerun()


def clash_table(waiting: Conflict, workspace: Workspace, say: Text) -> Markup:
    """The three forms of each row, the columns that differ."""
    lines = []
    for clash in waiting.clashes[:_MOST]:
        head = _head(clash, workspace, say)
        for column in _columns(clash):
            cells = [
                _cell(clash, form, column, workspace, say) for form in (clash.mine, clash.theirs, clash.ancestor)
            ]
            told = join([tag("b", head), tag("small", column_name(clash.layer, column, say))])
            lines.append(Line(told, cells))
    first = waiting.clashes[0]
    heads = [
        say("item"),
        say("mine_wanted"),
        join([first.by or say("single_person"), tag("small", moment(first.at, say))]),
        say("before_both"),
    ]
    return join([table(heads, lines, css="cz-changes cz-three"), _sums(workspace, say)])


def _where(waiting: Conflict, workspace: Workspace, say: Text) -> Markup:
    """The parcels concerned: as each side has them where an outline differs, else only where they lie."""
    parcels = [clash for clash in waiting.clashes if clash.layer == "parcels"]
    if any(_reshaped(clash) for clash in parcels):
        cells = []
        for name, side in (("mine_wanted", "mine"), ("theirs_made", "theirs"), ("before_both", "ancestor")):
            forms = [getattr(clash, side) for clash in parcels]
            shapes = [Shape(form.get("geometry"), "same", str(form.get("parcel_no", ""))) for form in forms if form]
            picture = drawing(shapes, wide=250, high=150, note=say(name)) or tag("i", css="cz-blank")
            cells.append(tag("div", tag("div", say(name), css="cz-side"), picture, css="cz-map"))
        return tag("div", *cells, css="cz-maps")
    forms = [clash.theirs or clash.ancestor or {} for clash in waiting.clashes]
    rows = {parcel_row(workspace, form.get("parcel_id")) for form in forms if form.get("parcel_id")}
    table_ = workspace.table("parcels")
    shapes = [
        Shape(table_["geometry"].iloc[row], "changed", row_label("parcels", "", known(table_.iloc[row]), workspace))
        for row in sorted(row for row in rows if row is not None)
    ]
    return tag("div", drawing(shapes, workspace, wide=700, high=180, note=say("drawing_note", count=len(shapes))))


def _reshaped(clash: Clash) -> bool:
    forms = [clash.mine, clash.theirs, clash.ancestor]
    return any(
        "geometry"
        in differing({"geometry": (one or {}).get("geometry")}, {"geometry": (forms[-1] or {}).get("geometry")})
        for one in forms
    )


def _sums(workspace: Workspace, say: Text) -> Markup:
    """Where the accounts stand now, with theirs."""
    totals = accounts.totals(workspace)
    names = ("available", "reserved", "committed")
    words = [tag("span", say(name), " ", tag("b", shown(wan(totals[f"{name}_m2"])))) for name in names]
    return tag(
        "div", tag("small", say("now_with_theirs")), *words, tag("small", say("unit")), css="cz-keys cz-values"
    )


def _head(clash: Clash, workspace: Workspace, say: Text) -> Markup:
    row = clash.theirs or clash.ancestor or clash.mine or {}
    label = row_label(clash.layer, clash.key, row, workspace)
    return join([label, " ", tag("span", layer_name(clash.layer, say), css="cz-faint")])


def _columns(clash: Clash) -> list[str]:
    """Columns in which any two forms differ; those that tell what it is, where one of them is not there."""
    forms = [form for form in (clash.mine, clash.theirs, clash.ancestor) if form is not None]
    if clash.theirs is None or len(forms) < 2:
        return telling(clash.layer, forms[0] if forms else {})[:4]
    names: dict[str, None] = {}
    for one, other in ((clash.mine, clash.theirs), (clash.theirs, clash.ancestor), (clash.mine, clash.ancestor)):
        if one is not None and other is not None:
            names |= dict.fromkeys(sorted(differing(one, other)))
    return worth_showing(list(names))[:_MOST] or telling(clash.layer, forms[0])[:3]


def _cell(clash: Clash, form: Row | None, column: str, workspace: Workspace, say: Text) -> Markup:
    if form is None:
        return tag("span", say("not_there"), css="cz-faint")
    written = value_text(clash.layer, column, form.get(column), workspace, say)
    before = clash.ancestor.get(column) if clash.ancestor is not None else None
    moved = form is not clash.ancestor and bool(differing({"v": form.get(column)}, {"v": before}))
    return tag("b" if moved else "span", written)
