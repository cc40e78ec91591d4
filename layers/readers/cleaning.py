"""Text of a file as the user wants it read: spaces and control characters taken out, days in one way of writing."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from layers.contract import Complaint
from layers.readers.days import NULL_DAYS, read_days
from layers.readers.features import Features, distinct
from layers.readers.mojibake import recoded
from layers.readers.notes import note
from layers.readers.open_rings import closed
from layers.readers.wish import Wish

UNTIDY = r"^\s+|\s+$|[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]"
"""What does not belong into a text: spaces at its ends, and signs that nobody sees."""


def clean(features: Features, wish: Wish) -> tuple[Features, list[Complaint]]:
    """The file with the text that the wish asks for, and what was changed; nothing where it asks for nothing."""
    features = closed(features) if wish.close_rings else features
    features, notes = _turned_back(features, wish.recode)
    if not (wish.tidy or wish.dates):
        return features, notes
    table = features.table
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


def _turned_back(features: Features, way: tuple[str, str] | None) -> tuple[Features, list[Complaint]]:
    """Text and names of columns that somebody read in a wrong encoding before the file was saved."""
    if way is None:
        return features, []
    written, true = way
    out: dict[str, pd.Series] = {}
    rows = pd.Series(False, index=features.table.index)
    names = distinct([recoded(name, written, true) or name for name in map(str, features.table.columns)])
    for name, (_, values) in zip(names, features.table.items(), strict=True):
        new = values
        if pd.api.types.is_string_dtype(values):
            kinds = {text: recoded(text, written, true) or text for text in values.dropna().unique()}
            new = values.map(kinds).astype("str")
            rows |= (new != values) & values.notna()
        out[name] = new
    told = note("text_recoded", "", severity="warning", value=int(rows.sum()), limit=f"{written} → {true}")
    return replace(features, table=pd.DataFrame(out, index=features.table.index)), [told]
