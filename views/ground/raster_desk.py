"""Bringing a raster in from the page: handed over, looked at and copied beside the screens, then one act."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import streamlit as st

from layers.changes import Command
from layers.commands import Bring
from layers.exchange.inbox import LIMIT_MB, Inbox
from layers.exchange.jobs import Progress
from layers.ground.bringing_rasters import Brought, Order, bringing, message
from layers.vocabulary import RASTER_KINDS
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from views.doing import commit, turn
from views.exchange.desk import refused
from views.markup import note, tag
from views.session import as_of
from views.text import Text
from views.waiting import begin, mark_of, stop_work, waited

_KIND = "raster"
_GUESS = ""


def bring_in(workspace: Workspace, say: Text) -> None:
    """A place for a GeoTIFF, and what is asked of it."""
    if as_of() is not None or not workspace.files:
        return
    with st.expander(say("raster_bring"), expanded=not len(workspace.table("rasters")) or mark_of(_KIND) is not None):
        for told in st.session_state.get("raster-notes", ()):
            st.html(note("hint", told))
        given = st.file_uploader(
            say("raster_bring"),
            max_upload_size=LIMIT_MB,
            key=f"raster-file-{turn()}",
            label_visibility="collapsed",
        )
        st.html(tag("div", say("raster_bring_hint", limit=LIMIT_MB), css="cz-hint"))
        if given is None:
            stop_work(_KIND)
            return
        band, crs, kind = _wishes(say)
        order = Order(str(_kept(given)), given.name, band or None, crs or None, kind or None)
        if st.button(say("raster_do"), type="primary", key="raster-do"):
            begin(_KIND, order, lambda progress: _done(workspace, order, progress))
        if mark_of(_KIND) == order:
            _finish(workspace, say)


def _wishes(say: Text) -> tuple[int, str, str]:
    left, middle, right = st.columns(3, gap="small")
    kinds = [_GUESS, *RASTER_KINDS]
    kind = left.selectbox(
        say("raster_kind"),
        kinds,
        format_func=lambda code: say.term(RASTER_KINDS, code) if code else say("raster_by_name"),
        key="raster-kind",
    )
    band = middle.number_input(say("raster_band"), 0, 999, 0, key="raster-band", help=say("raster_band_hint"))
    crs = right.text_input(
        say("raster_crs"), key="raster-crs", max_chars=60, placeholder="EPSG:4490", help=say("raster_crs_hint")
    )
    return int(band), crs.strip(), str(kind)


def _kept(given: Any) -> Path:
    """The file under a name of ours, in a folder that goes with the visit."""
    held = st.session_state
    mark = (given.name, given.size, hashlib.blake2b(given.getbuffer()[: 1 << 20], digest_size=8).hexdigest())
    if held.get("raster-held") is None or held["raster-held"][0] != mark:
        box = Inbox()
        (upload,) = box.take([(given.name, given.getbuffer())])
        held["raster-held"] = (mark, box, upload.path)
    path: Path = held["raster-held"][2]
    return path


def _done(workspace: Workspace, order: Order, progress: Progress) -> tuple[Brought, Command]:
    """Look, copy and settle; the row is written by the page, as one act."""
    with bringing(workspace, order, Path(workspace.files), progress) as found:
        progress.carry_through("write")
        found.settle()
        return found, Bring("rasters", found.table(workspace), file=found.row["file_name"])


def _finish(workspace: Workspace, say: Text) -> None:
    try:
        done = waited(_KIND, say)
    except ChengzaiError as error:
        refused(error, say)
        return
    if done is None:
        return
    found, command = done
    stop_work(_KIND)
    notes = [say("raster_brought", name=found.row["name"])]
    notes += [message(code, facts, say.language) for code, facts in found.notes]
    st.session_state["raster-notes"] = notes
    st.session_state.pop("raster-held", None)
    if not found.mends:
        commit(command, workspace)
    st.rerun()
