"""The switch between the views of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

import streamlit as st


def view_now(key: str, views: Iterable[str]) -> str:
    """The view of a switch in this run, also for what is drawn before the switch."""
    every, held = list(views), st.session_state
    if held.get(key) not in every:
        held[key] = held.get(f"{key}-kept", every[0])
    return str(held[key])


def switch(
    key: str,
    views: Iterable[str],
    word: Callable[[str], str],
    label: str,
    width: Literal["content", "stretch"] = "content",
) -> str:
    """Draw the switch; answers with the view that is chosen, which is still chosen when the viewer comes back.

    Parameters
    ----------
    word
        What a view is called.
    label
        What the switch is for, to be read aloud.
    """
    every = list(views)
    view_now(key, every)
    chosen = st.segmented_control(
        label, every, format_func=word, key=key, label_visibility="collapsed", required=True, width=width
    )
    st.session_state[f"{key}-kept"] = chosen  # Streamlit forgets a widget's value while another page is shown
    return str(chosen)
