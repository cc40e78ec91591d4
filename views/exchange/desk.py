"""What one viewer has on the desk: the files and the draft, and how things are said and chosen there."""

from __future__ import annotations

import re
from typing import Any

import streamlit as st

from layers.exchange.inbox import Inbox
from layers.readers.watching import Cancelled
from spatial.errors import ChengzaiError, tell
from views.exchange.draft import Draft
from views.markup import note
from views.text import LANGUAGES, Text
from views.waiting import stop_work

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
    for kind in ("look", "look-join", "check"):
        stop_work(kind)
    found = st.session_state.pop("exchange-inbox", None)
    if isinstance(found, Inbox):
        found.close()
    st.session_state.pop("exchange-draft", None)


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
