"""A file that somebody may bring, what has to come of it, and the blocks of land that most of them hold."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import pyogrio

from tests.world import box

Verdict = Literal["in", "told", "refused", "any"]
SIDE = 80.0
STEP = 100.0
RARE = ("丰台东区", "𠮷田", "䶮", "naïve", "a;b,c", "末 尾")


@dataclass(frozen=True)
class Case:
    """One file of the corpus.

    Parameters
    ----------
    name
        Unique, and the name of the test.
    make
        Writes the file into a folder and gives its path.
    verdict
        ``in``: every row is accepted. ``told``: read to the end, and `codes` are among what is reported.
        ``refused``: the file as a whole, with one of `codes`. ``any``: one of these, in words.
    rows
        Rows that the file holds, counted by whoever made it; None where nobody can say.
    codes
        What has to be said.
    area
        Square metres on the plane, where the rows come in; None where the file's CRS changes them.
    wish
        What a user would tell beside the file.
    """

    name: str
    make: Callable[[Path], Path]
    verdict: Verdict = "in"
    rows: int | None = None
    codes: frozenset[str] = frozenset()
    area: float | None = None
    wish: Mapping[str, Any] = field(default_factory=dict)


def blocks(count: int = 6, crs: str = "EPSG:4548", **columns: list[Any]) -> gpd.GeoDataFrame:
    """Squares of 80 m with streets of 20 m between them, numbered and named, in Fengtai."""
    shapes = [box(i * STEP, 0, i * STEP + SIDE, SIDE) for i in range(count)]
    table: dict[str, list[Any]] = {
        "地块编号": [f"FT-{i:04d}" for i in range(count)],
        "名称": [RARE[i % len(RARE)] for i in range(count)],
        "用地性质": ["M4" for _ in range(count)],
        "容积率上限": [2.0 for _ in range(count)],
    }
    return gpd.GeoDataFrame(table | columns, geometry=shapes, crs="EPSG:4548").to_crs(crs)


AREA = 6 * SIDE * SIDE


def short(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The same under the field names of a shapefile."""
    return frame.rename(columns={"地块编号": "DKBH", "名称": "DKMC", "用地性质": "YDXZDM", "容积率上限": "RJLSX"})


def written(frame: gpd.GeoDataFrame, path: Path, **options: Any) -> Path:
    """A file as other programs write it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # what a format cannot keep is what is tried here
        warnings.simplefilter("ignore", UserWarning)
        pyogrio.write_dataframe(frame, path, **options)
    return path
