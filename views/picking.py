"""A table of which one row can be chosen."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd
import streamlit as st


def pick(
    frame: pd.DataFrame,
    key: str,
    columns: dict[str, Any] | None = None,
    height: int | Literal["content", "stretch"] = "stretch",
) -> int | None:
    """Draw a table; answers with the place of the row that is chosen, None for none.

    Parameters
    ----------
    key
        Of the table, with everything that its rows follow from: a browser keeps the place that was chosen, and in
        other rows that would be another one.
    columns
        How columns are shown, by their heads.
    """
    event = st.dataframe(
        frame,
        hide_index=True,
        height=height,
        column_config=columns,
        on_select="rerun",
        selection_mode="single-row",
        key=key,
    )
    picked = event.selection.rows if event else []
    return int(picked[0]) if picked and picked[0] < len(frame) else None
