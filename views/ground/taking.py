"""What can be taken away of a rating: the ranking as a workbook, and the scores as a GeoTIFF with its style."""

from __future__ import annotations

import io
import tempfile
import zipfile
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st
import xlsxwriter

from layers.ratings import write_scores
from layers.spreadsheets import harmless
from layers.vocabulary import FUNCTIONS
from layers.workspace import Workspace
from views.ground.rating import Shown
from views.text import Text

_OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}  # fmt: skip


def take(workspace: Workspace, found: Shown, frame: pd.DataFrame, say: Text) -> None:
    """Two buttons; a file is made when its button is pressed."""
    name = f"{say('ground_suitability')}-{say.term(FUNCTIONS, found.function)}"
    with st.container(key="rate-taking", horizontal=True, gap="small"):
        st.download_button(
            say("rate_workbook"),
            data=partial(workbook, found, frame, say),
            file_name=f"{name}.xlsx",
            key="rate-workbook",
            on_click="ignore",
        )
        st.download_button(
            say("rate_raster"),
            data=partial(raster, workspace, found),
            file_name=f"{name}.zip",
            key="rate-raster",
            on_click="ignore",
        )


def workbook(found: Shown, frame: pd.DataFrame, say: Text) -> bytes:
    """The ranking, and what it is made of; text is text, whatever it looks like."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(say("rate_view_ranking")[:31])
        sheet.freeze_panes(1, 0)
        for column, head in enumerate(frame.columns):
            sheet.write_string(0, column, str(head), bold)
            for row, value in enumerate(frame[head].tolist(), 1):
                _cell(sheet, row, column, value)
        about = book.add_worksheet(say("rate_view_weights")[:31])
        about.write_string(0, 0, say("rate_basis"))
        heads = (say("rate_criterion"), say("rate_weight"), say("source"))
        for column, head in enumerate(heads):
            about.write_string(2, column, head, bold)
        if found.made is not None and found.rating is not None:
            for row, (one, weight) in enumerate(zip(found.made.weighed, found.rating.weights, strict=True), 3):
                about.write_string(row, 0, harmless(one.called(say.language)))
                about.write_number(row, 1, round(float(weight), 4))
                about.write_string(row, 2, harmless(one.source))
    return out.getvalue()


def _cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object) -> None:
    if value is None or value is pd.NA or value != value:
        return
    if isinstance(value, (int, float, np.number)):
        sheet.write_number(row, column, float(value))
    else:
        sheet.write_string(row, column, harmless(str(value)))


def raster(workspace: Workspace, found: Shown) -> bytes:
    """The GeoTIFF and its style in one archive; it was opened again and compared.

    Raises
    ------
    OutUnwritable, GridTooLarge, NothingToRate, NotTheSame
    """
    if found.made is None or found.rating is None:
        return b""
    with tempfile.TemporaryDirectory() as folder:
        written = write_scores(workspace, found.made, found.rating, found.model, Path(folder) / "suitability.tif")
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in (written.path, written.style):
                archive.write(path, path.name)
    return out.getvalue()
