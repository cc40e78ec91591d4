"""Writing an import as one act, beside the screens; it is carried through once it has begun."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace

import streamlit as st

from layers import applying, keeping, services
from layers.changes import Outcome
from layers.exchange.jobs import Job, Progress
from layers.exchange.previews import Preview
from spatial.errors import ChengzaiError
from views.doing import Said, asked, tell_of
from views.exchange.desk import draft, keep, stop_work, worked
from views.session import as_of, place, service
from views.settings import settings
from views.text import Text

_WORK = "exchange-work-write"


def write(seen: Preview) -> None:
    """Begin to write what a preview shows. Who may is looked at by the service, which remembers who was refused."""
    now = draft()
    if as_of() is not None or now.chosen is None or _WORK in st.session_state:
        return
    ask = asked(seen.seen, f"import {now.chosen.sha256} {now.wish!r}")
    command = services.bringing(seen.arrival, seen.layer, now.chosen.name)
    store, path, backups = service(), place(), settings().backups

    def act(progress: Progress) -> Outcome:
        progress.carry_through("write")
        keeping.before(path, backups)
        return applying.apply(store, ask, command)

    st.session_state["exchange-writing"] = seen
    st.session_state[_WORK] = (seen, Job(act, "write").start())


def writing(say: Text) -> bool:
    """Whether something is being written; what came of it is told once it is over."""
    seen, work = st.session_state.get("exchange-writing"), st.session_state.get(_WORK)
    if seen is None or work is None:
        return False
    job: Job[Outcome] = work[1]
    with contextlib.suppress(ChengzaiError):
        if worked("write", seen, lambda _: job.result(), say) is None:
            return True
    st.session_state.pop("exchange-writing")
    stop_work("write")
    if tell_of(job.result):
        _done(seen)
        st.rerun()
    if st.session_state.pop("conflict", None) is not None:  # the preview is made anew, and tells what differs now
        told = say("import_changed"), say("import_changed_cure")
        st.session_state["said"] = Said(False, time.monotonic(), *told)
    return False


def _done(seen: Preview) -> None:
    now = draft()
    facts = {"counts": seen.counts, "layer": seen.layer, "file": now.chosen.name if now.chosen else "",
             "rejected": seen.arrival.read - seen.arrival.accepted}  # fmt: skip
    stop_work("check")
    st.session_state.pop("exchange-board", None)
    keep(replace(now, step="done", done=facts))
