"""What is asked of a plan: goals in their order, weights of the fit, time, changes, and what is locked."""

from __future__ import annotations

import streamlit as st

from layers.allocating import GOALS, Fit, Wish
from layers.workspace import Workspace
from views.allocation import working
from views.text import Text

_PARTS = ("function", "suitability", "station", "partners")


def line(workspace: Workspace, say: Text, *, again: bool) -> None:
    """The controls in one line, and the button; `again` where there is a plan already."""
    with st.popover(say("place_wishes")):
        order = st.multiselect(
            say("place_order"),
            list(GOALS),
            default=list(GOALS),
            format_func=lambda name: say.term(GOALS, name),
            key=f"place-order-{say.language}",
            help=say("place_order_help"),
        )
        st.caption(say("place_fit_heading"))
        weights = {
            part: st.slider(say(f"place_fit_{part}"), 0.0, 3.0, 1.0, 0.5, key=f"place-fit-{part}") for part in _PARTS
        }
    seconds = st.number_input(say("place_seconds"), 1, 3_600, 60, 10, key="place-seconds", width=130)
    most = st.number_input(
        say("place_most"),
        0,
        100_000,
        None,
        1,
        key="place-most",
        placeholder=say("place_most_hint"),
        width=130,
        help=say("place_most_help"),
    )
    unlock = st.toggle(say("place_unlock"), key="place-unlock", help=say("place_unlock_help"))
    st.button(
        say("place_again" if again else "place_make"),
        key="place-make",
        type="secondary" if again else "primary",
        disabled=not order or working.working(),
        on_click=_begin,
        args=(workspace, tuple(order), weights, float(seconds), None if most is None else int(most), unlock),
    )


def _begin(
    workspace: Workspace,
    order: tuple[str, ...],
    weights: dict[str, float],
    seconds: float,
    most: int | None,
    unlock: bool,
) -> None:
    working.plan(workspace, Wish(order, most, unlock, Fit(**weights)), seconds)
