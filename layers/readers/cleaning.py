"""Text of a file as the user wants it read: spaces and control characters taken out, days in one way of writing."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from layers.contract import Complaint
from layers.readers.days import NULL_DAYS, read_days
from layers.readers.features import Features
from layers.readers.notes import note
from layers.readers.wish import Wish

UNTIDY = r"^\s+|\s+$|[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]"
"""What does not belong into a text: spaces at its ends, and signs that nobody sees."""


def clean(features: Features, wish: Wish) -> tuple[Features, list[Complaint]]:
    """The file with the text that the wish asks for, and what was changed; nothing where it asks for nothing."""
    if not (wish.tidy or wish.dates):
        return features, []
    table, notes = features.table, []
    out: dict[str, pd.Series] = {}
    for name in map(str, table.columns):
        values = table[name]
        if wish.tidy and pd.api.types.is_string_dtype(values):
            tidied = values.str.replace(UNTIDY, "", regex=True).str.strip()
            rows = int((tidied != values).sum())
            if rows:
                notes.append(note("text_tidied", name, severity="warning", value=rows))
            values = tidied
        if name in wish.dates:
            days = read_days(values, wish.dates[name])
            nothing = values.str.strip().str.slice(0, 10).isin(NULL_DAYS)
            new = days.where(days.notna() | nothing, values)
            rows = int(((new != values) & values.notna()).sum())
            notes.append(note("dates_changed", name, severity="warning", value=rows))
            values = new
        out[name] = values
    return replace(features, table=pd.DataFrame(out, index=table.index)), notes
