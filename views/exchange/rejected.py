"""Rows that stay out, each with its reason: shown, skipped by choice, and taken away as a table."""

from __future__ import annotations

from functools import partial

import streamlit as st

from layers import scratch
from layers.exchange.previews import Preview
from layers.readers.bring_in import Arrival
from layers.readers.rejected import write_rejected
from layers.readers.row_names import spoken as called_row
from views.exchange.desk import draft, keep, spoken
from views.exchange.doubting import called
from views.markup import Row, note, table, tag
from views.text import Text

_MOST = 8


def rejected_rows(seen: Preview, say: Text) -> None:
    """The rows, whether to go on without them, and the table of all."""
    rejected, wish = seen.rejected, draft().wish
    if not rejected:
        return
    st.html(tag("div", say("rejected_heading"), " ", tag("small", say("rejected_count", count=f"{len(rejected):,}")),
                css="cz-h"))  # fmt: skip
    if seen.arrival.accepted:
        st.session_state["exchange-skip"] = wish is not None and wish.skip_bad
        st.toggle(
            say("skip_bad_rows", count=f"{len(rejected):,}"),
            key="exchange-skip",
            on_change=lambda: keep(draft().saying(skip_bad=bool(st.session_state["exchange-skip"]))),
            help=say("skip_bad_hint"),
        )
    else:
        st.html(note("refused", say("rejected_all"), say("rejected_all_cure")))
    names = seen.arrival.names
    rows = []
    for row, said in list(rejected.items())[:_MOST]:
        why = spoken(said[0].message(say.language), say)
        rows.append(Row(called_row(names.of(row), say.language), [called(seen.layer, said[0].column, say), why]))
    st.html(table([say("rejected_row"), say("rejected_column"), say("rejected_why")], rows, css="cz-rejected"))
    if len(rejected) > _MOST:
        st.html(tag("div", say("rejected_more", count=f"{len(rejected) - _MOST:,}"), css="cz-hint"))
    ways = st.container(horizontal=True, gap="small")
    for ending in ("xlsx", "csv"):
        ways.download_button(
            say(f"take_{ending}"),
            partial(_table, seen.arrival, ending, say.language),
            f"{say('rejected_file')}.{ending}",
            "application/octet-stream",
            key=f"rejected-{ending}",
            on_click="ignore",
        )


def _table(arrival: Arrival, ending: str, language: str) -> bytes:
    """Every row that stays out with every reason and all that the file has of it."""
    with scratch.folder("rows") as folder:
        path = folder / f"rows.{ending}"
        write_rejected(arrival, path, language)
        return path.read_bytes()
