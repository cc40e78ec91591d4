"""From step to step."""

from __future__ import annotations

import streamlit as st

from views.exchange.desk import draft, keep
from views.exchange.draft import STEPS, Step
from views.text import Text


def go(step: Step) -> None:
    """To another step."""
    keep(draft().at(step))


def moves(say: Text, *, ready: bool = True, why: str = "") -> None:
    """The way back and the way on, always at the same place.

    Parameters
    ----------
    ready
        Whether the next step can be taken; `why` says what is missing.
    """
    here = STEPS.index(draft().step)
    with st.container(key="exchange-moves", horizontal=True, horizontal_alignment="right", gap="small"):
        if here:
            st.button(say("step_back"), key="step-back", on_click=go, args=(STEPS[here - 1],))
        if here + 1 < len(STEPS):
            after = STEPS[here + 1]
            st.button(
                say("step_on", step=say(f"step_{after}")),
                key="step-on",
                on_click=go,
                args=(after,),
                type="primary",
                disabled=not ready,
                help=why or None,
            )
