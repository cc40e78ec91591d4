"""Long work of one viewer: begun once, waited for by every run of a page, shown how far it is, and stopped.

It is kept in the viewer's session under its kind, with a mark of what it depends on, and goes when the visit ends.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from layers.exchange.jobs import Job, Progress
from layers.exchange.routes import job_address
from layers.readers.watching import STAGES
from views.components import component, nothing
from views.session import who, workspace_key
from views.text import Text

T = TypeVar("T")

_AT_ONCE = 1.2
"""Seconds for which a page waits before it shows how far a job is."""

_WORDS = ("waiting", "compare", "collecting", "writing", "checking", "backup", "write", "commit", "stop", "stopping",
          "model", "goal_demand", "goal_fit", "goal_opened", "goal_changes", "draws", "points", "asking")  # fmt: skip
"""What a job says of itself besides the stages of the readers."""


def worked(kind: str, mark: object, act: Callable[[Progress], T], say: Text, *, shown: bool = True) -> T | None:
    """What comes of some work, which is begun where it was not; None while it is being done.

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
        What the work raised; `Cancelled` where the viewer stopped it.
    """
    if mark_of(kind) != mark:
        begin(kind, mark, act)
    found: T | None = waited(kind, say, shown=shown)
    return found


def begin(kind: str, mark: object, act: Callable[[Progress], Any], *, unheld: bool = False) -> None:
    """Begin some work; what is done of this kind is stopped.

    Parameters
    ----------
    unheld
        Whether it goes on when the viewer leaves.
    """
    stop_work(kind)
    st.session_state[f"work-{kind}"] = (mark, Job(act, kind, unheld=unheld).start())


def mark_of(kind: str) -> Any:
    """What the work of a kind depends on, be it over or not; None where none was begun."""
    known = st.session_state.get(f"work-{kind}")
    return None if known is None else known[0]


def is_over(kind: str) -> bool:
    """Whether the work of a kind that was begun has ended."""
    job: Job[Any] = st.session_state[f"work-{kind}"][1]
    return job.done


def waited(kind: str, say: Text, *, shown: bool = True) -> Any:
    """What comes of work that was begun; None while it is being done, and the page shows how far it is.

    Raises
    ------
    Exception
        What the work raised; `Cancelled` where the viewer stopped it.
    """
    job: Job[Any] = st.session_state[f"work-{kind}"][1]
    if job.done or job.wait(_AT_ONCE):
        return job.result()
    if not shown:
        return None
    words: dict[str, str] = {stage: pair[0 if say.language == "zh-CN" else 1] for stage, pair in STAGES.items()}
    words |= {word: say(f"job_{word}") for word in _WORDS}
    words["seconds"] = say("job_seconds", seconds="{seconds}")
    data = {"address": job_address(job, workspace_key(), who().name), "token": job.token, "words": words}
    component("job")(key=f"job-{kind}", data=data, on_over_change=nothing)
    return None


def stop_work(kind: str) -> None:
    """Put an end to some work, and forget what came of it."""
    known = st.session_state.pop(f"work-{kind}", None)
    if known is not None:
        known[1].stop()
