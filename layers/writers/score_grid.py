"""Scores of suitability as a GeoTIFF with a style for QGIS beside it, opened again and compared before it is there.

Every cell whose centre lies on a parcel has the score of the parcel; cells elsewhere, and on parcels whose score is
unknown, have no data. Parcels that a mask rules out have 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import numpy as np
import rasterio
import rasterio.errors
import shapely
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.features import rasterize
from rasterio.transform import Affine, from_origin

from layers.map.styles import GRADE_COLOURS
from layers.workspace import Workspace
from layers.writers.errors import GridTooLarge, NothingToRate, NotTheSame, OutExists, OutUnwritable

NODATA = -9999.0
MOST_CELLS = 100_000_000
_USUAL_CELLS = 4_000_000
_STEPS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
_ACROSS = 10
"""Cells that the middle one of the parcels is wide, where nobody says how large cells are."""


@dataclass(frozen=True)
class Written:
    """What was written, after it was opened again."""

    path: Path
    style: Path
    width: int
    height: int
    cell_m: float
    cells: int


def write(
    workspace: Workspace, total: np.ndarray, out: Path, tags: Mapping[str, str], cell_m: float | None = None,
    *, overwrite: bool = False,
) -> Written:  # fmt: skip
    """Write scores of the parcels.

    Parameters
    ----------
    total
        Score of each parcel, NaN where unknown, shape (n,).
    tags
        What the file says of itself.
    cell_m
        Side of a cell [m]; chosen by the size of the parcels where None.

    Raises
    ------
    OutExists, OutUnwritable, GridTooLarge, NothingToRate, NotTheSame
    """
    style = out.with_suffix(".qml")
    if not overwrite and (out.exists() or style.exists()):
        raise OutExists(where=str(out), path=out.name)
    shapes = workspace.shapes("parcels")
    drawn = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    if not len(drawn):
        raise NothingToRate(where=str(out))
    where, width, height = _grid(shapes[drawn], cell_m)
    number = rasterize(
        zip(shapes[drawn], (drawn + 1).tolist(), strict=True), (height, width), fill=0, transform=where, dtype="int32"
    )
    scores = np.concatenate([[NODATA], np.where(np.isnan(total), NODATA, total)]).astype(np.float32)
    cells: NDArray[np.float32] = scores[number]
    draft, draft_style = (out.with_name(f".{one.stem}.draft{one.suffix}") for one in (out, style))
    crs = CRS.from_wkt(workspace.pyproj_crs.to_wkt())
    try:
        _put(draft, cells, where, crs, tags)
        _same(draft, cells, where, crs)
        draft_style.write_text(_qml(), encoding="utf-8")
        draft.replace(out)
        draft_style.replace(style)
    except (OSError, rasterio.errors.RasterioError) as error:
        raise OutUnwritable(where=str(out), path=out.name, reason=str(error)[:120]) from error
    finally:
        draft.unlink(missing_ok=True)
        draft_style.unlink(missing_ok=True)
    return Written(out, style, width, height, where.a, int((cells != NODATA).sum()))


def _grid(shapes: np.ndarray, cell_m: float | None) -> tuple[Affine, int, int]:
    """A grid over the parcels whose lines lie on whole multiples of a cell: grids of one cell size fit together."""
    west, south, east, north = shapely.total_bounds(shapes)
    cell = _usual_cell(shapes, (east - west) * (north - south)) if cell_m is None else cell_m
    if not 0 < cell < np.inf:
        raise GridTooLarge(where="--cell", cell=f"{cell:g}", cells="–", most=f"{MOST_CELLS:,}", least="1")
    left, top = np.floor(west / cell) * cell, np.ceil(north / cell) * cell
    width, height = (max(1, int(np.ceil(length / cell))) for length in (east - left, top - south))
    if width * height > MOST_CELLS:
        least = float(np.sqrt((east - west) * (north - south) / MOST_CELLS))
        facts = {"cell": f"{cell:g}", "cells": f"{width * height:,}", "most": f"{MOST_CELLS:,}"}
        raise GridTooLarge(where="--cell", least=f"{np.ceil(least * 10) / 10:g}", **facts)
    return from_origin(left, top, cell, cell), width, height


def _usual_cell(shapes: np.ndarray, extent: float) -> float:
    """A round size at which the middle parcel is ten cells wide and the file stays small."""
    wanted = max(float(np.sqrt(np.median(shapely.area(shapes)))) / _ACROSS, float(np.sqrt(extent / _USUAL_CELLS)))
    return next((step for step in _STEPS if step >= wanted), wanted)


def _put(path: Path, cells: NDArray[np.float32], where: Affine, crs: CRS, tags: Mapping[str, str]) -> None:
    profile = {
        "driver": "GTiff", "dtype": "float32", "count": 1, "height": cells.shape[0], "width": cells.shape[1],
        "crs": crs, "transform": where, "nodata": NODATA, "compress": "deflate", "predictor": 3, "tiled": True,
        "blockxsize": 256, "blockysize": 256,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        file.write(cells, 1)
        file.set_band_description(1, "选址适宜性得分 0–100 / suitability score")
        file.update_tags(**tags)
        file.update_tags(1, units="0-100")


def _same(path: Path, cells: NDArray[np.float32], where: Affine, crs: CRS) -> None:
    """Open it again and compare every cell, the place and the CRS.

    Raises
    ------
    NotTheSame
    """
    with rasterio.open(path) as file:
        found = {
            "cells": np.array_equal(file.read(1), cells),
            "transform": file.transform == where,
            "nodata": file.nodata == NODATA,
            "crs": file.crs == crs,
        }
    wrong = [name for name, same in found.items() if not same]
    if wrong:
        raise NotTheSame(where=path.name, path=path.name, what=", ".join(wrong))


def _qml() -> str:
    """The colours of our own map, as QGIS keeps them for a raster of the same name."""
    root = Element("qgis", version="3.34.0", styleCategories="Symbology")
    renderer = SubElement(
        SubElement(root, "pipe"),
        "rasterrenderer",
        type="singlebandpseudocolor",
        band="1",
        opacity="0.8",
        alphaBand="-1",
        classificationMin="0",
        classificationMax="100",
    )
    shader = SubElement(
        SubElement(renderer, "rastershader"),
        "colorrampshader",
        colorRampType="DISCRETE",
        classificationMode="1",
        clip="0",
    )
    step = 100 // len(GRADE_COLOURS)
    for at, colour in enumerate(GRADE_COLOURS):
        last = at == len(GRADE_COLOURS) - 1
        # a discrete step of QGIS holds up to and with its value; ours begin with theirs
        value = "inf" if last else f"{(at + 1) * step - 1e-4:.4f}"
        label = f"{at * step}–{(at + 1) * step}"
        SubElement(shader, "item", value=value, label=label, color=colour, alpha="255")
    indent(root)
    return f"<!DOCTYPE qgis>\n{tostring(root, encoding='unicode')}\n"
