"""The Fengtai demo as a workspace: the open files of `data/demo`, one a layer."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from layers.catalogue import LAYERS
from layers.contract import Layer
from layers.errors import TableRefused
from layers.readers.columns import Units, fill, plan
from layers.readers.registry import read_source
from layers.workspace import Workspace
from spatial import crs as crs_

FOLDER = Path(__file__).parent.parent / "data" / "demo"
_LONLAT = "EPSG:4326"
"""RFC 7946 says so; the coordinates are CGCS2000, from which PROJ does not tell WGS 84 apart."""


def demo(folder: Path = FOLDER) -> Workspace:
    """The demo workspace, read from open files and checked against the contracts; a layer without a file is empty.

    Raises
    ------
    TableRefused
        When a file breaks its contract.
    """
    told = json.loads((folder / "workspace.json").read_text(encoding="utf-8"))
    notes = told.get("notes", {})
    tables = {name: _table(folder, layer, told["crs"]) for name, layer in LAYERS.items()}
    return Workspace(
        name=told["name"],
        name_en=told.get("name_en", ""),
        crs=told["crs"],
        as_of=told.get("as_of", ""),
        note=notes.get("zh-CN", told.get("note", "")),
        note_en=notes.get("en", told.get("note_en", "")),
        tables=tables,
        files=str(folder),
    )


def usual_assumptions() -> pd.DataFrame:
    """The assumptions that a new workspace starts with: those of the demo, each with its range, basis and source."""
    return _table(FOLDER, LAYERS["assumptions"], crs_.DEFAULT_CRS)


def usual_criteria() -> pd.DataFrame:
    """The illustrative model of suitability of the demo, to begin a model of one's own with."""
    return _table(FOLDER, LAYERS["criteria"], crs_.DEFAULT_CRS)


def _table(folder: Path, layer: Layer, crs: str) -> pd.DataFrame:
    ending = "geojson" if layer.geometry else "csv"
    if not (folder / f"{layer.name}.{ending}").exists():
        return layer.empty(crs)
    features = read_source(str(folder / f"{layer.name}.{ending}"), encoding="utf-8")[1]
    rows, _ = fill(plan(layer, list(features.table.columns), {}), features.table, Units())
    if layer.geometry:
        shapes = features.shapes if features.shapes is not None else np.full(len(rows), None, dtype=object)
        moved = crs_.transform(shapes, crs_.parse(_LONLAT), crs_.parse(crs))
        rows = gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(moved, index=rows.index), crs=crs)
    table = layer.conform(rows, crs)
    wrong = [said for said in layer.check(table) if said.severity == "error"]
    if wrong:
        first = wrong[0]
        raise TableRefused(
            where=f"{layer.name}.{ending}",
            layer=layer.name,
            count=len(wrong),
            row=first.row,
            column=first.column,
            first=first.message("zh-CN"),
        )
    return table
