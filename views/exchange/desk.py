"""What one viewer has on the desk: the files, the draft, and the work that is being done on them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from layers.exchange.inbox import Inbox
from layers.exchange.jobs import Job, Progress
from layers.exchange.routes import job_address
from layers.readers.watching import STAGES, Cancelled
from spatial.errors import ChengzaiError, tell
from views.components import component, nothing
from views.exchange.draft import Draft
from views.markup import note
from views.session import who, workspace_key
from views.text import LANGUAGES, Text

T = TypeVar("T")

_AT_ONCE = 1.2
"""Seconds for which a page waits before it shows how far a job is."""

_OPTION = re.compile(r"--([a-z][a-z-]*)")
_FIELDS = {
    "crs": "set_crs", "encoding": "set_encoding", "datum": "set_datum", "source-layer": "set_source_layer",
    "area-unit": "set_area_unit", "length-unit": "set_length_unit", "skip-bad": "skip_bad", "repair": "set_repair",
    "map": "step_columns", "join": "join_heading", "on": "join_on", "take": "join_take", "match": "match",
    "assigned": "match_assigned", "removed": "match_removed", "layer": "into_layer",
}  # fmt: skip
"""Options of the command line, in whose words the readers speak, and what this page calls them."""


def inbox() -> Inbox:
    """The files of this viewer; they go with the visit."""
    found = st.session_state.get("exchange-inbox")
    if not isinstance(found, Inbox):
        found = st.session_state["exchange-inbox"] = Inbox()
    return found


def draft() -> Draft:
    """The import that is being prepared."""
    found = st.session_state.get("exchange-draft")
    return found if isinstance(found, Draft) else Draft()


def keep(changed: Draft) -> None:
    """Put the draft back after a change."""
    st.session_state["exchange-draft"] = changed


def forget() -> None:
    """Begin anew: the files go too."""
    for name in [name for name in st.session_state if str(name).startswith("exchange-work-")]:
        stop_work(str(name).removeprefix("exchange-work-"))
    found = st.session_state.pop("exchange-inbox", None)
    if isinstance(found, Inbox):
        found.close()
    st.session_state.pop("exchange-draft", None)


def worked(kind: str, mark: object, act: Callable[[Progress], T], say: Text, *, shown: bool = True) -> T | None:
    """What comes of some work; None while it is being done, and the page shows how far it is.

    Parameters
    ----------
    kind
        What is done; one thing of a kind at a time, and another mark puts an end to the one before.
    mark
        What it depends on; the same is not done again.
    shown
        Whether the page shows how far it is; it shows one thing at a time.

    Raises
    ------
    Exception
        What the work raised.
    """
    name = f"exchange-work-{kind}"
    known = st.session_state.get(name)
    if known is None or known[0] != mark:
        stop_work(kind)
        known = st.session_state[name] = (mark, Job(act, kind).start())
    job: Job[T] = known[1]
    if job.done or job.wait(_AT_ONCE):
        return job.result()
    if not shown:
        return None
    words: dict[str, str] = {stage: pair[0 if say.language == "zh-CN" else 1] for stage, pair in STAGES.items()}
    words |= {word: say(f"job_{word}") for word in ("waiting", "write", "stop", "stopping")}
    words["seconds"] = say("job_seconds", seconds="{seconds}")
    data = {"address": job_address(job, workspace_key(), who().name), "token": job.token, "words": words}
    component("job")(key="job", data=data, on_over_change=nothing)
    return None


def stop_work(kind: str) -> None:
    """Put an end to some work, and forget what came of it."""
    known = st.session_state.pop(f"exchange-work-{kind}", None)
    if known is not None:
        known[1].stop()


def refused(error: ChengzaiError, say: Text) -> None:
    """Say why a file is not read, by the names that its user knows; a stopped job can be taken up again."""
    told = tell(error, say.language)
    if isinstance(error, Cancelled):
        st.html(note("hint", say("job_stopped"), say("job_stopped_more")))
        return
    st.html(note("refused", spoken(told["message"], say), spoken(told["cure"], say)))


def spoken(text: str, say: Text) -> str:
    """A message of the readers as this page says it: the file by its own name, fields of the page for options."""
    chosen = draft().chosen
    if chosen is not None:
        stem, dot, _ = chosen.name.rpartition(".")
        text = text.replace(chosen.path.name, chosen.name)
        text = re.sub(r"\bsource\.(?=[a-z]{2,4}\b)", lambda _: f"{stem}{dot}" if dot else chosen.name, text)
    return _OPTION.sub(lambda found: say("quoted", text=say(_FIELDS.get(found.group(1), "step_found"))), text)


def pick(label: str, options: list[Any], value: Any, *, key: str, **more: Any) -> Any:
    """A list with a value that the draft knows, whatever Streamlit remembers of it."""
    if value not in options:
        options = [*options, value]
    st.session_state[key] = value
    return st.selectbox(label, options, key=key, **more)


def worded(say: Text, kind: str, code: object) -> str:
    """The word for a code of the readers; the code itself where there is none yet."""
    if code is None:
        return "—"
    key = f"{kind}_{code}"
    return say(key) if key in LANGUAGES[say.language] else str(code)
