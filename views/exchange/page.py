"""Data exchange: files come in, layers go out."""

from __future__ import annotations

import streamlit as st

from views import acts
from views.exchange import bringing_in, handing_out
from views.exchange.desk import draft, keep
from views.exchange.file_step import INTO
from views.session import text

TABS = ("import", "export")


def page() -> None:
    """Draw the page."""
    acts.page(board)


def board() -> None:
    """One of the two ways."""
    say = text()
    _asked()
    if st.session_state.get("exchange-tab") not in TABS:
        st.session_state["exchange-tab"] = st.session_state.get("exchange-way", TABS[0])
    tab = st.segmented_control(
        say("page_exchange"),
        TABS,
        format_func=lambda name: say(f"tab_{name}"),
        key="exchange-tab",
        label_visibility="collapsed",
        required=True,
    )
    st.session_state["exchange-way"] = tab  # Streamlit forgets a widget's value while another page is shown
    if tab == "export":
        handing_out.board(say)
    else:
        bringing_in.board(say)


def _asked() -> None:
    """A link may name the layer that files are to come into; it is heeded once, and files that wait stay."""
    layer = st.query_params.pop("into", None)
    if layer in INTO:
        keep(draft().into(layer).at("file"))
        st.session_state["exchange-tab"] = TABS[0]


if __name__ == "__main__":
    page()
