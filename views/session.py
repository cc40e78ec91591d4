"""What one viewer has before them: the language, the workspace, a branch of it, now or at a revision."""

from __future__ import annotations

import contextlib
import functools
import logging
from collections.abc import Iterator
from pathlib import Path

import streamlit as st
from starlette.requests import HTTPConnection

from layers import roles, stores
from layers.changes import Actor
from layers.errors import WorkspaceMissing
from layers.live.routes import head_address
from layers.map.arriving import workspace_at
from layers.stores.contract import MAIN, Role, Store
from layers.stores.errors import RevisionUnknown, ScenarioUnknown
from layers.workspace import Workspace
from spatial.errors import ChengzaiError, tell
from views import identity, shelf
from views.markup import Markup, note
from views.settings import settings
from views.text import Text, texts

_LOG = logging.getLogger("chengzai")


def text() -> Text:
    """The texts in the language of this viewer."""
    return texts(str(st.session_state.get("language") or settings().language))


def switch_language() -> None:
    """Turn the page to the other language."""
    held = st.session_state
    held["language"] = "en" if text().language == "zh-CN" else "zh-CN"
    # A browser keeps the word that it chose from a list, until it is told what is chosen: then in the new words.
    # What may be chosen from lists is told again; presses, tables and files are neither texts nor numbers.
    for key, value in list(held.items()):
        if chosen(value):
            held[key] = value


def chosen(value: object) -> bool:
    """Whether a value may be what is chosen from a list.

    >>> chosen("shp"), chosen(3), chosen(["demand", "fit"]), chosen(True), chosen({"rows": [1]}), chosen([])
    (True, True, True, False, False, False)
    """
    if isinstance(value, list):
        return bool(value) and all(chosen(one) for one in value)
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def arrive() -> None:
    """Take language, workspace, branch and revision from the address on the first run of a session; keep them there.

    Going to another page empties the address, and a reload has nothing else to go by.
    """
    held, address = st.session_state, st.query_params
    if "language" not in held:
        wanted = address.get("language")
        held["language"] = wanted if wanted in ("zh-CN", "en") else settings().language
        held["workspace"] = shelf.at(address.get("workspace", "")) or settings().workspace
        held["scenario"] = str(address.get("scenario") or MAIN)[:80]
        past = str(address.get("revision", ""))
        held["as_of"] = int(past) if past.isdecimal() and len(past) < 10 else None
    _keep_address()


def _keep_address() -> None:
    """What a reload needs, without what goes without saying."""
    held, past = st.session_state, as_of()
    wanted = {
        "language": held["language"] if held["language"] != settings().language else None,
        "workspace": shelf.key_of(place()) if place() != settings().workspace else None,
        "scenario": scenario() if scenario() != MAIN else None,
        "revision": str(past) if past else None,
    }
    for name, value in wanted.items():
        if value is None:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != value:
            st.query_params[name] = value


def place() -> Path:
    """The file that this viewer works on."""
    chosen = st.session_state.get("workspace")
    return chosen if isinstance(chosen, Path) else settings().workspace


def open_place(path: Path) -> None:
    """Turn the pages of this viewer to another workspace of the shelf."""
    st.session_state["workspace"] = path
    work_on(MAIN)


def scenario() -> str:
    """The branch that this viewer works on."""
    return str(st.session_state.get("scenario") or MAIN)


def work_on(name: str, revision: int | None = None) -> None:
    """Turn the pages of this viewer to another branch, or to what a branch was at a revision."""
    st.session_state["scenario"] = name
    st.session_state["as_of"] = revision
    for key in ("parcel", "find", "said", "conflict", "forms", "project-order"):
        st.session_state.pop(key, None)
    _keep_address()


def as_of() -> int | None:
    """The past revision that this viewer looks at; None for the present, which alone can be changed."""
    past = st.session_state.get("as_of")
    return past if isinstance(past, int) else None


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


def can(kind: str) -> bool:
    """The same for what is before them: the past is only looked at."""
    return as_of() is None and may(kind)


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
    """The branch that this viewer looks at, as it is now, whoever changed it last, or as it was.

    Raises
    ------
    WorkspaceMissing, NotAWorkspace, NewerWorkspace
    """
    with store().reading() as tx:
        past = as_of()
        try:
            return tx.workspace(scenario()) if past is None else _then(place(), scenario(), past, tx.revision())
        except (ScenarioUnknown, RevisionUnknown):  # it was renamed, or the address names one of another workspace
            work_on(MAIN)
            return tx.workspace(MAIN)


@functools.lru_cache(maxsize=8)
def _then(path: Path, branch: str, revision: int, last: int) -> Workspace:
    """A branch as it was; `last` is the last event of the store, after which the name may mean another branch."""
    del last
    with stores.open_store(path).reading() as tx:
        return tx.workspace(branch, revision)


def news_address() -> tuple[str, int]:
    """Where a page asks whether anybody wrote, and the last revision of the store when it was drawn.

    Raises
    ------
    SignInNeeded, NoRole, WorkspaceMissing
    """
    with store().reading() as tx:
        return head_address(served_key(), who().name), tx.revision()


_SERVED: dict[str, Path] = {}


def served(name: str, branch: str) -> Workspace:
    """The state of a branch of a workspace that a viewer has before them, for the routes of the map.

    Parameters
    ----------
    name
        The key of the workspace; with ``-12`` after it, as it was at revision 12; with the token of a preview, as
        that shows it.

    Raises
    ------
    WorkspaceMissing, ScenarioUnknown, RevisionUnknown
    """
    path, past = known_place(name), name.partition("-")[2]
    if not past:
        return stores.read(path, branch)
    if not past.isdecimal():
        return workspace_at(name)
    with stores.open_store(path).reading() as tx:
        return _then(path, branch, int(past), tx.revision())


def holder(connection: HTTPConnection, name: str) -> str:
    """Name of whoever asks for an address of a workspace's map, where they have a role in it.

    Raises
    ------
    WorkspaceMissing, SignInNeeded, NoRole
    """
    return asker(connection, name).name


def asker(connection: HTTPConnection, name: str) -> Actor:
    """Whoever asks for an address of a workspace's map, where they have a role in it.

    Raises
    ------
    WorkspaceMissing, SignInNeeded, NoRole
    """
    return identity.standing_of(identity.identity(), identity.visit_of(connection), known_place(name))[0]


def store_of(name: str) -> Store:
    """The store behind a short name that a screen has used, for the routes of the map.

    Raises
    ------
    WorkspaceMissing, NotAWorkspace, NewerWorkspace
    """
    return stores.open_store(known_place(name))


def known_place(name: str) -> Path:
    """The file behind a short name that a screen has used; that of the server for no name.

    Raises
    ------
    WorkspaceMissing
    """
    key = name.partition("-")[0]
    if not name:
        return settings().workspace
    if key not in _SERVED:
        raise WorkspaceMissing(where=name[:20], path=name[:20])
    return _SERVED[key]


def workspace_key() -> str:
    """A short name of the workspace's place, safe in scripts and keys."""
    return known_as(place())


def known_as(path: Path) -> str:
    """A short name of a workspace, under which the routes of the map find it from now on."""
    key = shelf.key_of(path)
    _SERVED[key] = path
    return key


def served_key() -> str:
    """The name under which `served` knows what this viewer looks at."""
    past = as_of()
    return workspace_key() if past is None else f"{workspace_key()}-{past}"


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
