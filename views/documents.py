"""Documents (PDF, scans) of a parcel, a project or an assignment: what there is, taking it, adding and removing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import streamlit as st

from layers.catalogue import LAYERS
from layers.commands import Detach, attach
from layers.commands.attaching import ENDINGS, LIMIT_MB
from layers.errors import NothingSuch
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from views.doing import commit, turn
from views.markup import tag, unmarked
from views.session import can, explain, store
from views.text import Text

_MOST = 30
_HARMLESS = "application/octet-stream"
"""What a document is handed out as: a browser keeps it as a file and never opens it as a page of ours."""


def documents_of(workspace: Workspace, layer: str, key: str) -> list[Any]:
    """The documents of a row, in the order in which they came."""
    every = workspace.table("attachments")
    mine = every[((every["layer"] == layer) & (every["row_key"] == key)).to_numpy(dtype=bool, na_value=False)]
    return list(mine.itertuples())


def documents(workspace: Workspace, layer: str, key: str, say: Text) -> None:
    """The documents of a row, each to take or to remove, and a place to add one."""
    found = documents_of(workspace, layer, key)
    if not found and not can("attach"):
        return
    place = hashlib.blake2b(f"{layer} {key}".encode(), digest_size=6).hexdigest()
    with st.container(key=f"documents-{say.language}-{place}", gap=None):
        hint = tag("small", say("attach_hint", limit=LIMIT_MB)) if can("attach") else ""
        st.html(tag("div", say("attachments"), " ", hint, css="cz-h"))
        for one in found[:_MOST]:
            _document(one, workspace, say)
        if can("attach"):
            _adding(workspace, layer, key, place, say)


def _document(one: Any, workspace: Workspace, say: Text) -> None:
    name, away = st.columns([4, 1], vertical_alignment="center")
    mark = f"{hashlib.blake2b(str(one.attachment_id).encode(), digest_size=6).hexdigest()}-{turn()}"
    name.download_button(
        unmarked(f"{one.name} · {size(int(one.size_bytes))}"),
        _content(str(one.sha256)),
        str(one.name),
        _HARMLESS,
        key=f"take-document-{mark}",
        type="tertiary",
        on_click="ignore",
        width="stretch",
    )
    if can("detach"):
        away.button(
            say("detach"),
            key=f"detach-{mark}",
            help=say("detach_hint"),
            on_click=commit,
            args=(Detach(str(one.attachment_id)), workspace),
            type="tertiary",
        )


def _content(sha256: str) -> Callable[[], bytes]:
    """Reads a document when it is asked for, and not before."""
    kept = store()

    def content() -> bytes:
        with kept.reading() as tx:
            found = tx.blob(sha256)
        if found is None:
            raise NothingSuch(where=sha256[:12], key=sha256[:12], what=LAYERS["attachments"].zh)
        return found

    return content


def _adding(workspace: Workspace, layer: str, key: str, place: str, say: Text) -> None:
    """One file at a time; it is on file as soon as it has arrived."""
    field = f"new-document-{place}-{turn()}"
    given = st.file_uploader(
        say("attachments"),
        type=[ending.removeprefix(".") for ending in ENDINGS],
        max_upload_size=LIMIT_MB,
        key=field,
        label_visibility="collapsed",
    )
    if given is None:
        return
    try:
        content = given.getvalue()
        command = attach(layer, key, given.name, content)
    except ChengzaiError as error:
        explain(error)
        return
    if st.session_state.get("attached") == field:
        return  # it was refused; the page says why, and another file may be chosen
    st.session_state["attached"] = field
    commit(command, workspace, (content,))
    st.rerun()


def size(count: int) -> str:
    """A size as people read it.

    >>> size(900), size(2_300_000)
    ('1 KB', '2.3 MB')
    """
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))} KB"
