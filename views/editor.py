"""The planner's page: the map in the whole width, with the tools of whoever is before it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from layers.roles import RIGHTS
from layers.vocabulary import STAGES
from views import acts
from views.allocation.asking import open_why
from views.exchange.handing_out import selection
from views.map_component import shown_map
from views.session import as_of, can, kindly, present, text

_STAGE = "intent"
_MOST = 1_000_000
"""Parcels that can be taken away at once."""


def page() -> None:
    """Draw the page."""
    acts.page(board, alone=True)


def board() -> None:
    """The map; the past is only looked at."""
    with st.container(key="editor-map"):
        said = shown_map(present(), editor=None if as_of() is not None else _tools())
    wanted, asked = named(said, "take"), named(said, "why")
    if wanted:
        st.dialog(text()("take_heading"), width="medium")(lambda: _take(wanted))()
    elif len(asked) == 1:
        open_why(asked[0])


def named(said: Any, kind: str) -> tuple[str, ...]:
    """Keys of the parcels that the map says something of; the value comes from a browser and may be anything.

    Parameters
    ----------
    kind
        ``take``: they are to be taken away as a file; ``why``: why a project is not there.

    >>> named({"kind": "take", "keys": ["p1", "p2"]}, "take"), named({"kind": "why", "keys": [1]}, "why")
    (('p1', 'p2'), ())
    >>> named({"kind": "take", "keys": ["p1"]}, "why"), named("<b>", "why")
    ((), ())
    """
    wanted = said.get("keys") if isinstance(said, dict) and said.get("kind") == kind else None
    if not isinstance(wanted, list) or len(wanted) > _MOST or not all(isinstance(key, str) for key in wanted):
        return ()
    return tuple(wanted)


def _take(wanted: tuple[str, ...]) -> None:
    with kindly():
        selection(text(), wanted)


def _tools() -> dict[str, Any]:
    """What this viewer may do, and what their brush gives to a project."""
    kinds = frozenset().union(*RIGHTS.values())
    look = {"assignment": list(STAGES).index(_STAGE)}
    return {"may": sorted(filter(can, kinds)), "brush": {"values": {"stage": _STAGE}, "look": look}}


if __name__ == "__main__":
    page()
