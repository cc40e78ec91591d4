"""What one viewer has before them: the language, the workspace at its present revision, and the last thing said."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import streamlit as st
from starlette.requests import HTTPConnection

from layers import applying, roles, stores
from layers.changes import Actor, Asked, Command, Outcome
from layers.errors import WorkspaceMissing
from layers.stores.contract import MAIN, Role, Store
from layers.stores.errors import ScenarioUnknown
from layers.versions import written
from layers.workspace import Workspace
from spatial.errors import ChengzaiError, tell
from views import identity
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


def place() -> Path:
    """The file that this viewer works on."""
    chosen = st.session_state.get("workspace")
    return chosen if isinstance(chosen, Path) else settings().workspace


def scenario() -> str:
    """The branch that this viewer works on."""
    return str(st.session_state.get("scenario") or st.query_params.get("scenario") or MAIN)


def work_on(name: str) -> None:
    """Turn the pages of this viewer to another branch."""
    st.session_state["scenario"] = name
    if name == MAIN:
        st.query_params.pop("scenario", None)
    else:
        st.query_params["scenario"] = name
    for key in ("row", "find", "said"):
        st.session_state.pop(key, None)


def who() -> Actor:
    """Who is before the screen; nobody is an actor without a name and without a role."""
    return identity.who(place())


def role() -> Role:
    """What this viewer may do now.

    Raises
    ------
    SignInNeeded, NoRole, WorkspaceMissing
    """
    return identity.standing(place())[1]


def may(kind: str) -> bool:
    """Whether a button of some kind is for this viewer. Only the service decides; this is what the page shows."""
    return roles.may(role(), kind)


def store() -> Store:
    """The store of this viewer's workspace, for reading: whoever has no role there sees nothing of it.

    It is asked for in every run of a page and of a fragment, so a role that was taken away is gone at once.

    Raises
    ------
    SignInNeeded, NoRole, WorkspaceMissing, NotAWorkspace, NewerWorkspace
    """
    role()
    return service()


def service() -> Store:
    """The same for the service, which looks at the role itself and remembers who was refused."""
    return stores.open_store(place())


def present() -> Workspace:
    """The branch that this viewer works on as it is now, whoever changed it last.

    Raises
    ------
    WorkspaceMissing, NotAWorkspace, NewerWorkspace
    """
    with store().reading() as tx:
        try:
            return tx.workspace(scenario())
        except ScenarioUnknown:  # it was renamed, or the address names one of another workspace
            work_on(MAIN)
            return tx.workspace(MAIN)


_SERVED: dict[str, Path] = {}


def served(name: str, branch: str) -> Workspace:
    """The present state of a branch of a workspace that a viewer has before them, for the routes of the map.

    Raises
    ------
    WorkspaceMissing, ScenarioUnknown
    """
    return stores.read(known_place(name), branch)


def holder(connection: HTTPConnection, name: str) -> str:
    """Name of whoever asks for an address of a workspace's map, where they have a role in it.

    Raises
    ------
    WorkspaceMissing, SignInNeeded, NoRole
    """
    return identity.standing_of(identity.identity(), identity.visit_of(connection), known_place(name))[0].name


def known_place(name: str) -> Path:
    """The file behind a short name that a screen has used; that of the server for no name.

    Raises
    ------
    WorkspaceMissing
    """
    if not name:
        return settings().workspace
    if name not in _SERVED:
        raise WorkspaceMissing(where=name[:20], path=name[:20])
    return _SERVED[name]


def workspace_key() -> str:
    """A short name of the workspace's place, safe in scripts and keys."""
    key = hashlib.blake2b(str(place()).encode("utf-8"), digest_size=6).hexdigest()
    _SERVED[key] = place()
    return key


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


def commit(command: Command, seen: Workspace, documents: Sequence[bytes] = ()) -> bool:
    """Do what a command says on what the viewer saw; the outcome is kept for the page to say.

    Returns
    -------
    bool
        Whether it was saved. A refusal writes nothing.
    """
    return tell_of(lambda: applying.apply(service(), asked(seen, repr(command)), command, documents))


def take_back(seen: Workspace) -> bool:
    """Undo the viewer's last act."""
    return tell_of(lambda: applying.undo(service(), asked(seen, "undo")))


def do_again(seen: Workspace) -> bool:
    """Redo what the viewer undid last."""
    return tell_of(lambda: applying.redo(service(), asked(seen, "redo")))


def tell_of(act: Callable[[], Outcome]) -> bool:
    """Do something and keep its outcome for the page to say."""
    try:
        found = written(act())
    except ChengzaiError as error:
        told = tell(error, text().language)
        st.session_state["said"] = Said(False, time.monotonic(), told["message"], told["cure"])
        st.session_state["clashes"] = error.facts.get("clashes")
        return False
    st.session_state.pop("clashes", None)
    word = "saved_already" if found.status == "duplicate" else "saved"
    st.session_state["said"] = Said(True, time.monotonic(), text()(word))
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


def warning() -> Markup | None:
    """Why nothing can be saved in this workspace, for every page to say; None where it can."""
    try:
        closed = store().closed_because()
    except ChengzaiError:  # the page itself says that it cannot be opened
        return None
    if closed is None:
        return None
    told = tell(closed, text().language)
    return note("refused", told["message"], told["cure"])


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
