"""What one viewer has before them: the language, the workspace at its present revision, and the last thing said."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from layers.commands import Command
from layers.errors import Stale
from layers.stores import geopackage
from layers.workspace import Workspace
from spatial.errors import ChengzaiError, tell
from views.markup import Markup, note
from views.settings import settings
from views.text import Text, texts

_LOG = logging.getLogger("chengzai")
_SAID_FOR = 8.0
"""Seconds for which «saved» stays on the page."""


def text() -> Text:
    """The texts in the language of this viewer."""
    return texts(str(st.session_state.get("language") or settings().language))


def switch_language() -> None:
    """Turn the page to the other language."""
    st.session_state["language"] = "en" if text().language == "zh-CN" else "zh-CN"
    st.query_params["language"] = st.session_state["language"]


def arrive() -> None:
    """Take the language of the address on the first run of a session."""
    wanted = st.query_params.get("language")
    if "language" not in st.session_state:
        st.session_state["language"] = wanted if wanted in ("zh-CN", "en") else settings().language


def present() -> Workspace:
    """The workspace at its present revision, whoever changed it last.

    Raises
    ------
    WorkspaceMissing, NotAWorkspace
    """
    path = settings().workspace
    return _at(str(path), geopackage.revision(path))


@st.cache_resource(max_entries=3, show_spinner=False)
def _at(path: str, revision: int) -> Workspace:
    del revision  # part of the key: every revision is read once and shared, frozen
    return geopackage.read(Path(path))


def workspace_key() -> str:
    """A short name of the workspace's place, safe in scripts and keys."""
    return hashlib.blake2b(str(settings().workspace).encode("utf-8"), digest_size=6).hexdigest()


@dataclass(frozen=True)
class Said:
    """The outcome of the last change: saved, or refused with reason and cure."""

    saved: bool
    at: float
    message: str = ""
    cure: str = ""


def commit(command: Command, workspace: Workspace) -> bool:
    """Apply a command to what the viewer saw and save it at once; the outcome is kept for the page to say.

    Returns
    -------
    bool
        Whether it was saved. A refusal writes nothing.
    """
    try:
        tables = command.apply(workspace)
        geopackage.save(settings().workspace, tables, workspace.revision)
    except ChengzaiError as error:
        told = tell(error, text().language)
        st.session_state["said"] = Said(False, time.monotonic(), told["message"], told["cure"])
        st.session_state["stale"] = isinstance(error, Stale)
        return False
    st.session_state["said"] = Said(True, time.monotonic(), text()("saved"))
    return True


def outcome() -> Markup | None:
    """The last outcome as the page says it; a saved mark goes after some seconds, a refusal with the next act."""
    said = st.session_state.get("said")
    if not isinstance(said, Said):
        return None
    if said.saved:
        fresh = time.monotonic() - said.at < _SAID_FOR
        return note("saved", said.message) if fresh else None
    return note("refused", said.message, said.cure)


def forget_outcome() -> None:
    """Take the last outcome off the page."""
    st.session_state.pop("said", None)


@contextlib.contextmanager
def kindly() -> Iterator[None]:
    """Whatever goes wrong inside is said in words; a page never shows a traceback.

    It stands inside fragments, because Streamlit shows what leaves a fragment in its own way.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 the last net: it is logged, and the page says so
        calmly(error)


def explain(error: ChengzaiError) -> None:
    """Say an error of ours on the page: what is wrong and what to do."""
    told = tell(error, text().language)
    st.html(note("refused", told["message"], told["cure"]))


def calmly(error: Exception) -> bool:
    """What the page shows when something fails that nobody thought of: no traceback, and where to look."""
    if isinstance(error, ChengzaiError):
        explain(error)
        return True
    _LOG.error("unexpected error on a page", exc_info=error)
    say = text()
    st.html(note("refused", say("unexpected"), say("unexpected_cure")))
    return True
