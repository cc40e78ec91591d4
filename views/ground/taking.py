"""What can be taken away of a rating: the ranking as a workbook, and the scores as a GeoTIFF with its style."""

from __future__ import annotations

import io
import tempfile
import zipfile
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from layers.ratings import write_scores
from layers.vocabulary import FUNCTIONS
from layers.workspace import Workspace
from views import shown_tables
from views.ground.rating import Shown
from views.text import Text


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
    made, rating = found.made, found.rating
    weighed = [] if made is None or rating is None else list(zip(made.weighed, rating.weights, strict=True))
    weights = pd.DataFrame(
        {
            say("rate_criterion"): [one.called(say.language) for one, _ in weighed],
            say("rate_weight"): [round(float(weight), 4) for _, weight in weighed],
            say("source"): [one.source for one, _ in weighed],
        }
    )
    return shown_tables.workbook(
        (say("rate_view_ranking"), "", frame), (say("rate_view_weights"), say("rate_basis"), weights)
    )


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
