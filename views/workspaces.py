"""The start page: workspaces of this installation, a new one, a copy, and backups."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from layers import keeping, people, services, stores
from layers.people import role_of
from layers.roles import may
from layers.stores.contract import Event
from spatial.crs import DEFAULT_CRS
from spatial.errors import ChengzaiError
from views import acts, identity, shelf
from views.documents import size
from views.doing import outcome
from views.markup import note, tag
from views.moments import moment, of_file
from views.scenarios import did
from views.session import explain, open_place, place, service, text, who
from views.telling import act_name
from views.text import Text

_MOST = 40
_TOLD_FOR = 30.0
"""Seconds for which the page says what was made."""
CRS = (DEFAULT_CRS, "EPSG:4547", "EPSG:4549", "EPSG:4546", "EPSG:4526", "EPSG:4527", "EPSG:4528", "EPSG:32650")
"""Working CRS that are offered; any other can be typed."""


@dataclass(frozen=True)
class Known:
    """What the list says of a workspace.

    Parameters
    ----------
    role
        What this viewer may do there, None for nothing.
    """

    path: Path
    name: str
    revision: int
    role: str | None
    last: Event | None


def page() -> None:
    """Draw the page."""
    acts.page(board)


def board() -> None:
    """The list, and what can be made."""
    say = text()
    left, right = st.columns([66, 34], gap="large")
    with left:
        _list(say)
    with right, st.container(key="side"):
        said = outcome()
        if said:
            st.html(said)
        told, at = st.session_state.get("told", ("", 0.0))
        if time.monotonic() - at < _TOLD_FOR:
            st.html(note("done", told))
        if _may_make():
            _making(say)
        else:
            st.html(note("hint", say("only_admin")))


def _tell(words: str) -> None:
    """Say something on this page for a while."""
    st.session_state["told"] = (words, time.monotonic())


def _list(say: Text) -> None:
    st.html(tag("div", say("workspaces_heading"), css="cz-h"))
    files = shelf.files()
    if not files:
        st.html(note("hint", say("no_workspaces")))
    for path in files[:_MOST]:
        with st.container(key=f"workspace-{shelf.key_of(path)}"):
            _line(path, say)


def _line(path: Path, say: Text) -> None:
    words, figures, act = st.columns([5, 3, 1.2], vertical_alignment="center")
    try:
        known = look(path)
    except ChengzaiError as error:
        words.html(tag("div", tag("b", path.name), css="cz-given"))
        with figures:
            explain(error)
        return
    here = path == place()
    marks = [tag("span", say("opened"), css="cz-badge cz-binds")] if here else []
    last = known.last
    told = ""
    if last is not None:
        told = f"{last.actor or say('single_person')} · {act_name(last, say)}"
    words.html(
        tag("div", tag("b", known.name), *marks, tag("small", path.name), tag("small", told), css="cz-given cz-clip")
    )
    at = moment(last.at, say) if last is not None else of_file(shelf.changed(path), say)
    facts = [say("revision", number=known.revision), size(path.stat().st_size)]
    figures.html(tag("div", at, tag("small", " · ".join(facts)), css="cz-given"))
    if known.role is None:
        act.html(tag("span", say("no_role_there"), css="cz-hint"))
    elif here:
        act.page_link("overview.py", label=say("look_at_it"))
    elif act.button(say("open"), key=f"open-{shelf.key_of(path)}", width="stretch"):
        open_place(path)
        _tell(say("opened_now", name=known.name))
        st.rerun()


def look(path: Path) -> Known:
    """What the list says of a workspace, without reading its tables.

    Raises
    ------
    NotAWorkspace, NewerWorkspace
    """
    with stores.open_store(path).reading() as tx:
        role, facts = role_of(tx, identity.who(path)), tx.facts()
        name = (facts.name_en if text().language == "en" else "") or facts.name or path.stem
        last = next(iter(tx.events(newest_first=True, limit=1, rows=False)), None)
        return Known(path, name, tx.revision(), role, last if role is not None else None)


def _may_make() -> bool:
    """Whether this viewer runs the house: who may restore here may also make, copy and keep."""
    try:
        return may(look(place()).role or "", "restore")
    except ChengzaiError:
        return True  # nothing is open: the first workspace has to be made by somebody


def _making(say: Text) -> None:
    ways = ("new", "copy", "backup", "restore")
    way = st.segmented_control(
        say("make"), ways, format_func=lambda one: say(f"way_{one}"), default="new", key="make-way",
        label_visibility="collapsed", required=True, width="stretch",
    )  # fmt: skip
    {"new": _new, "copy": _copy, "backup": _back_up, "restore": _restore}[str(way)](say)


def _new(say: Text) -> None:
    with st.form("new-workspace"):
        name = st.text_input(say("workspace_name"), max_chars=60, key="new-workspace-name")
        crs = st.selectbox(
            say("working_crs"), CRS, key="new-workspace-crs", accept_new_options=True,
            format_func=lambda code: f"{code} · {say('crs_beijing')}" if code == DEFAULT_CRS else code,
        )  # fmt: skip
        st.html(tag("div", say("crs_hint"), css="cz-hint"))
        if st.form_submit_button(say("create"), type="primary") and name.strip():
            path = shelf.new_file(name)
            if did(lambda: _make(path, str(crs), name.strip())):
                open_place(path)
                _tell(say("opened_now", name=name.strip()))
            st.rerun()


def _make(path: Path, crs: str, name: str) -> None:
    services.make_new(str(path), crs, name)
    if place().is_file():
        people.carry(service(), who(), stores.open_store(path))


def _copy(say: Text) -> None:
    if not place().is_file():
        st.html(note("hint", say("nothing_open")))
        return
    with st.form("copy-workspace"):
        st.html(tag("div", say("copy_of", name=look(place()).name), css="cz-hint"))
        name = st.text_input(say("copy_name"), max_chars=60, key="copy-name")
        if st.form_submit_button(say("copy"), type="primary") and name.strip():
            path = shelf.new_file(name)
            if did(lambda: keeping.move(place(), path)):
                _tell(say("copied", name=path.name))
            st.rerun()


def _back_up(say: Text) -> None:
    st.html(tag("div", say("backup_hint"), css="cz-hint"))
    if place().is_file() and st.button(say("back_up_now"), key="back-up", type="primary"):
        made: list[Path] = []

        def act() -> None:
            made.append(Path(str(keeping.back_up(place(), f"{shelf.backups(place())}/")["file"])))

        if did(act):
            _tell(say("backed_up", name=shelf.stem(made[0])))
        st.rerun()
    lines = [
        tag(
            "div",
            tag("b", path.name),
            tag("small", f"{of_file(shelf.changed(path), say)} · {size(path.stat().st_size)}"),
        )
        for path in shelf.kept()[:8]
    ]
    st.html(tag("div", *lines, css="cz-given cz-clip") if lines else note("hint", say("no_backup")))


def _restore(say: Text) -> None:
    found = {shelf.key_of(path): path for path in shelf.kept()}
    if not found:
        st.html(note("hint", say("no_backup")))
        return
    with st.form("restore-workspace"):
        st.html(tag("div", say("restore_hint"), css="cz-hint"))
        chosen = st.selectbox(
            say("backup"), list(found), key="restore-from",
            format_func=lambda key: f"{shelf.stem(found[key])} · {of_file(shelf.changed(found[key]), say)}",
        )  # fmt: skip
        name = st.text_input(say("restore_name"), max_chars=60, key="restore-name")
        if st.form_submit_button(say("restore"), type="primary") and name.strip():
            path = shelf.new_file(name)
            if did(lambda: keeping.restore(found[chosen], path, who())):
                _tell(say("restored", name=path.name))
            st.rerun()


if __name__ == "__main__":
    page()
