"""Writing an import as one act, beside the screens; until it is kept it can be stopped without a trace."""

from __future__ import annotations

import time
from dataclasses import replace

import streamlit as st

from layers import applying, keeping, services
from layers.changes import Outcome
from layers.errors import Denied
from layers.exchange.jobs import Progress
from layers.exchange.previews import Preview
from spatial.errors import ChengzaiError
from views.doing import Said, asked, tell_of
from views.exchange.desk import draft, keep
from views.exchange.entitled import writers
from views.session import as_of, place, service
from views.settings import settings
from views.text import Text
from views.waiting import begin, mark_of, stop_work, waited


def write(seen: Preview) -> None:
    """Begin to write what a preview shows. Who may is looked at by the service, which remembers who was refused."""
    now = draft()
    if as_of() is not None or now.chosen is None or mark_of("write") is not None:
        return
    ask = asked(seen.seen, f"import {now.chosen.sha256} {now.wish!r}")
    command = services.bringing(seen.arrival, seen.layer, now.chosen.name)
    store, path, backups = service(), place(), settings().backups

    def act(progress: Progress) -> Outcome:
        progress.step("backup")
        keeping.before(path, backups)
        return applying.apply(store, ask, command, listener=progress)

    begin("write", seen, act, unheld=True)


def writing(say: Text) -> bool:
    """Whether something is being written; what came of it is told once it is over."""
    seen: Preview | None = mark_of("write")
    if seen is None:
        return False
    found: list[Outcome] = []
    error: ChengzaiError | None = None
    try:
        outcome = waited("write", say)
        if outcome is None:
            return True
        found.append(outcome)
    except ChengzaiError as raised:
        error = raised
    stop_work("write")

    def told() -> Outcome:
        if error is not None:
            raise error
        return found[0]

    if tell_of(told):
        _done(seen)
        st.rerun()
    if any(isinstance(one.error, Denied) for one in found):
        words = say("import_denied"), f"{writers(seen.layer, say)}{say('sentence_sign')}{say('import_kept')}"
        st.session_state["said"] = Said(False, time.monotonic(), *words)
    if st.session_state.pop("conflict", None) is not None:  # the preview is made anew, and tells what differs now
        words = say("import_changed"), say("import_changed_cure")
        st.session_state["said"] = Said(False, time.monotonic(), *words)
    return False


def _done(seen: Preview) -> None:
    now = draft()
    facts = {"counts": seen.counts, "layer": seen.layer, "file": now.chosen.name if now.chosen else "",
             "rejected": seen.arrival.read - seen.arrival.accepted}  # fmt: skip
    stop_work("check")
    st.session_state.pop("exchange-board", None)
    keep(replace(now, step="done", done=facts))
