"""Makers of small base maps: a picture of one colour a tile, a raster of squares, a vector file by GDAL."""

from __future__ import annotations

import io
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import rasterio
from PIL import Image
from rasterio.transform import from_bounds

from spatial import tiles

LON, LAT = 116.28, 39.83
"""A place in Fengtai."""
WEST, SOUTH, EAST, NORTH = 437_000.0, 4_409_000.0, 441_096.0, 4_413_096.0
"""A square of 4,096 m in EPSG:4548 around it."""

Place = tuple[int, int, int]


def at(z: int, lon: float = LON, lat: float = LAT, grid: tiles.Grid = "mercator") -> Place:
    """The tile at a place."""
    x, y = tiles.position(z, np.array([lon]), np.array([lat]), grid)
    return z, int(x[0]), int(y[0])


def painted(colour: tuple[int, int, int], kind: str = "PNG", side: int = 256) -> bytes:
    """A tile of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(out, kind)
    return out.getvalue()


def colours(data: bytes) -> np.ndarray:
    """Pixels of a tile, shape (rows, columns, 4)."""
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA")).astype(int)


def mbtiles(path: Path, held: Mapping[Place, bytes], *more: str, shared: bool = False, **about: str) -> Path:
    """An MBTiles file with these tiles, y from the north; `more` is SQL that runs at the end."""
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE metadata (name text, value text)")
        db.executemany("INSERT INTO metadata VALUES (?, ?)", list(about.items()))
        rows = [(z, x, 2**z - 1 - y, data) for (z, x, y), data in held.items()]
        if shared:
            db.execute("CREATE TABLE map (zoom_level int, tile_column int, tile_row int, tile_id text)")
            db.execute("CREATE TABLE images (tile_data blob, tile_id text)")
            db.executemany("INSERT INTO map VALUES (?, ?, ?, ?)", [(*row[:3], str(i)) for i, row in enumerate(rows)])
            db.executemany("INSERT INTO images VALUES (?, ?)", [(row[3], str(i)) for i, row in enumerate(rows)])
            db.execute("CREATE VIEW tiles AS SELECT * FROM map JOIN images USING (tile_id)")
        else:
            db.execute("CREATE TABLE tiles (zoom_level int, tile_column int, tile_row int, tile_data blob)")
            db.execute("CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row)")
            db.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
        for statement in more:
            db.execute(statement)
    db.close()
    return path


def geotiff(path: Path, bands: np.ndarray, crs: str | None = "EPSG:4548", **profile: object) -> Path:
    """A raster over the square, north up; bands of shape (count, rows, columns)."""
    count, rows, columns = bands.shape
    overviews = profile.pop("overviews", ())
    where = from_bounds(WEST, SOUTH, EAST, NORTH, columns, rows) if crs else rasterio.Affine.identity()
    shape = {"count": count, "height": rows, "width": columns, "dtype": bands.dtype}
    options = {"driver": "GTiff", "crs": crs, "transform": where, **shape, **profile}
    with rasterio.open(path, "w", **options) as out:
        out.write(bands)
    if overviews:
        with rasterio.open(path, "r+") as out:
            out.build_overviews(list(overviews))
    return path


_WRITE = """
import sys, geopandas as gpd, pyogrio, shapely
box = shapely.box(116.20, 39.78, 116.36, 39.88)
water = gpd.GeoDataFrame({"name": ["永定河"]}, geometry=[box], crs=4326)
pyogrio.write_dataframe(water, sys.argv[1], driver="PMTiles", layer="water", MINZOOM=10, MAXZOOM=13)
"""


def pmtiles(path: Path) -> Path:
    """A vector file as GDAL writes it: a sheet of water over Fengtai, zooms 10 to 13."""
    # in a process of its own: this one may have switched the driver off
    # Whoever read a file in this process has left most drivers out for good.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GDAL_")}
    subprocess.run([sys.executable, "-c", _WRITE, str(path)], check=True, timeout=120, capture_output=True, env=plain)
    return path
