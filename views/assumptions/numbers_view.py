"""The assumptions as a table by subject, and beside it the one that is chosen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from layers.vocabulary import AREA_BASIS, FUNCTIONS, RANGES, UNITS
from layers.workspace import Workspace
from views.assumptions.changing import changing
from views.assumptions.naming import OTHERS, SUBJECTS, called, subject
from views.assumptions.spread import tornado
from views.markup import note, tag
from views.picking import pick
from views.text import Text


def view(workspace: Workspace, say: Text) -> None:
    """Table at the left; form, effects, history and spread at the right."""
    if not len(workspace.table("assumptions")):
        st.html(note("hint", say("assume_empty")))
        return
    left, right = st.columns([56, 44], gap="medium")
    with left:
        key = _table(workspace, say)
    with right, st.container(key="assume-side", border=False):
        if key is None:
            st.html(tag("p", say("assume_pick"), css="cz-hint cz-note"))
        else:
            changing(workspace, key, say)
        st.html(tornado(workspace, say))


def numbers_table(rows: pd.DataFrame, say: Text) -> pd.DataFrame:
    """Assumptions as they are shown."""

    def numbers(name: str) -> np.ndarray:
        return np.asarray(rows[name].to_numpy(dtype=float, na_value=np.nan))

    return pd.DataFrame(
        {
            say("assume_subject"): [say(f"assume_of_{subject(str(name))}") for name in rows["name"]],
            say("assume_name"): [
                called(name, meaning, say) for name, meaning in zip(rows["name"], rows["meaning"], strict=True)
            ],
            say("assume_for"): [
                say("assume_for_all") if pd.isna(one) else say.term(FUNCTIONS, one) for one in rows["function"]
            ],
            say("assume_value"): numbers("value"),
            say("assume_low"): numbers("low"),
            say("assume_high"): numbers("high"),
            say("assume_unit"): [say.term(UNITS, unit) for unit in rows["unit"]],
            say("confidence"): ["—" if pd.isna(one) else str(one) for one in rows["confidence"]],
            say("source"): [say.name(one) for one in rows["source"]],
            say("assume_basis"): [say.term(AREA_BASIS, basis) for basis in rows["basis"]],
            say("assume_range"): [say.term(RANGES, "p10_p90" if pd.isna(r) else r) for r in rows["range_is"]],
            say("note"): ["" if pd.isna(one) else str(one) for one in rows["note"]],
        }
    )


def ordered(workspace: Workspace, only: str = "") -> pd.DataFrame:
    """Assumptions by subject, in the order of their table; those of one subject where one is named."""
    table = workspace.table("assumptions")
    order = [*SUBJECTS, OTHERS]
    rank = table["name"].map(lambda name: order.index(subject(str(name))))
    rows = table.assign(_rank=rank).sort_values("_rank", kind="stable", ignore_index=True)
    return rows[rows["_rank"] == order.index(only)].reset_index(drop=True) if only else rows


def _table(workspace: Workspace, say: Text) -> str | None:
    """The table; gives the key of the row that is selected."""
    every = ordered(workspace)
    there = list(dict.fromkeys(subject(str(name)) for name in every["name"]))
    only = st.segmented_control(
        say("assume_subject"),
        ["", *there],
        format_func=lambda one: say(f"assume_of_{one}") if one else say("assume_of_all", count=len(every)),
        default="",
        required=True,
        key="assume-subject",
        label_visibility="collapsed",
    )
    rows = ordered(workspace, str(only or ""))
    number = st.column_config.NumberColumn(format="%g", width=58)
    config: dict[str, Any] = {say(f"assume_{name}"): number for name in ("value", "low", "high")}
    widths = {"assume_subject": 112, "assume_name": 158, "assume_for": 84, "assume_unit": 72, "confidence": 58}
    widths |= {"source": 320, "assume_basis": 90, "assume_range": 140, "note": 160}
    config |= {say(name): st.column_config.TextColumn(width=width) for name, width in widths.items()}
    with st.container(key="assume-table"):
        at = pick(numbers_table(rows, say), f"assumptions-{only}-{say.language}", config)
    return None if at is None else str(rows["assumption_id"].iloc[at])
