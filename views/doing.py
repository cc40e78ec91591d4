"""What one viewer does: commands, undo and redo, and the outcome that the page says afterwards."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

import streamlit as st

from layers import applying, history
from layers.changes import Asked, Clash, Command, Outcome
from layers.errors import ChangedSince
from layers.versions import written
from layers.workspace import Workspace
from spatial.errors import ChengzaiError, tell
from views.markup import Markup, note
from views.session import as_of, scenario, service, text, who

_SAID_FOR = 8.0
"""Seconds for which «saved» stays on the page."""


@dataclass(frozen=True)
class Said:
    """The outcome of the last change: saved, or refused with reason and cure."""

    saved: bool
    at: float
    message: str = ""
    cure: str = ""


def asked(seen: Workspace, gesture: str) -> Asked:
    """What a viewer asks for, on what they have before them.

    Parameters
    ----------
    gesture
        Says what is asked for; the same asked twice of the same revision is one gesture, and is done once.
    """
    viewer = st.session_state.setdefault("viewer", uuid4().hex)
    text_ = f"{viewer}|{seen.scenario}|{seen.revision}|{gesture}"
    op_id = hashlib.blake2b(text_.encode("utf-8"), digest_size=16).hexdigest()
    return Asked(who(), op_id, seen.revision, seen.scenario)


@dataclass(frozen=True)
class Conflict:
    """What a viewer wanted and somebody was faster with; it waits for the viewer's choice.

    Parameters
    ----------
    command, documents
        What they wanted; None where an undo or redo was in the way.
    wanted
        The same in words.
    """

    clashes: tuple[Clash, ...]
    command: Command | None
    documents: tuple[bytes, ...]
    wanted: str
    scenario: str


def commit(command: Command, seen: Workspace, documents: Sequence[bytes] = (), since: int | None = None) -> None:
    """Do what a command says on what the viewer saw; the outcome is kept for the page to say.

    Parameters
    ----------
    since
        Revision that the viewer had before them when they began to fill in a form; that of `seen` where None.
    """
    if as_of() is not None:
        return
    asks = asked(seen, f"{turn()} {command!r}")
    ask = replace(asks, seen=since) if since is not None else asks
    tell_of(lambda: applying.apply(service(), ask, command, documents))
    waiting = st.session_state.get("conflict")
    if isinstance(waiting, Conflict):
        told = (
            f"{history.kind(command.kind, text().language)} · {history.line(_facts(command, seen), text().language)}"
        )
        st.session_state["conflict"] = replace(waiting, command=command, documents=tuple(documents), wanted=told)


def turn() -> int:
    """Counts the acts of this viewer that were saved: a form begins anew with each."""
    return int(st.session_state.get("turn", 0))


def _facts(command: Command, seen: Workspace) -> Mapping[str, object]:
    try:
        return command.facts(seen)
    except ChengzaiError:  # a row that it speaks of is gone
        return {}


def take_back(seen: Workspace, gesture: str | None = None) -> None:
    """Undo the viewer's last act, or another one."""
    tell_of(lambda: applying.undo(service(), asked(seen, f"undo {gesture or ''}"), gesture))


def do_again(seen: Workspace) -> None:
    """Redo what the viewer undid last."""
    tell_of(lambda: applying.redo(service(), asked(seen, "redo")))


def tell_of(act: Callable[[], Outcome]) -> bool:
    """Do something and keep its outcome for the page to say; answers with whether it was saved."""
    held = st.session_state
    held.pop("conflict", None)
    held.pop("said", None)
    try:
        found = written(act())
    except ChangedSince as error:
        clashes = error.facts["clashes"]
        held["conflict"] = Conflict(clashes if isinstance(clashes, tuple) else (), None, (), "", scenario())
        return False
    except ChengzaiError as error:
        told = tell(error, text().language)
        held["said"] = Said(False, time.monotonic(), told["message"], told["cure"])
        return False
    held["turn"] = turn() + 1
    held.pop("forms", None)
    word = "saved_already" if found.status == "duplicate" else "saved"
    held["said"] = Said(True, time.monotonic(), text()(word))
    return True


def saved() -> Markup | None:
    """The mark that the last act is on file; it goes after some seconds."""
    said = st.session_state.get("said")
    fresh = isinstance(said, Said) and said.saved and time.monotonic() - said.at < _SAID_FOR
    return note("saved", said.message) if isinstance(said, Said) and fresh else None


def outcome() -> Markup | None:
    """Why the last act was refused; it goes with the next one."""
    said = st.session_state.get("said")
    return note("refused", said.message, said.cure) if isinstance(said, Said) and not said.saved else None


def forget_outcome() -> None:
    """Take the last outcome off the page."""
    st.session_state.pop("said", None)
