"""Bringing files in, in four steps: file, what was found, columns, preview; then it is written as one act."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from layers.roles import import_into
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from views.exchange.columns_step import columns_step
from views.exchange.desk import draft, refused
from views.exchange.done_step import done_step
from views.exchange.draft import STEPS, Step
from views.exchange.entitled import notice
from views.exchange.file_step import file_step
from views.exchange.found_step import found_step
from views.exchange.preview_step import preview_step
from views.markup import Markup, join, note, tag
from views.session import as_of, may, present
from views.text import Text

_DRAWN: dict[Step, Callable[[Workspace, Text, DeltaGenerator], None]] = {
    "file": file_step,
    "found": found_step,
    "columns": columns_step,
    "preview": preview_step,
    "done": done_step,
}


def board(say: Text) -> None:
    """The step at which the viewer is."""
    if as_of() is not None:
        st.html(note("hint", say("import_past")))
        return
    workspace, step = present(), draft().step
    bar = st.container(key="exchange-bar", horizontal=True, vertical_alignment="center")
    if step != "done":
        bar.html(ladder(step, say))
    layer = draft().layer
    if not may(import_into(layer)):
        st.html(notice(layer, say))
    with st.container(key=f"exchange-step-{step}"):
        try:
            _DRAWN[step](workspace, say, bar)
        except ChengzaiError as error:
            refused(error, say)


def ladder(step: Step, say: Text) -> Markup:
    """The four steps, and where the viewer stands."""
    here = STEPS.index(step)
    steps = []
    for at, name in enumerate(STEPS):
        css = "cz-step-here" if at == here else "cz-step-past" if at < here else ""
        more = {"aria_current": "step"} if at == here else {}
        steps.append(tag("li", tag("b", str(at + 1)), say(f"step_{name}"), css=css, **more))
    return tag("ol", join(steps), css="cz-steps")
