"""What was written is opened again by another process and compared; what differs, or cannot be read, stays here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from pyproj import CRS

from layers.readers import children, parquet
from layers.workspace import Workspace
from layers.writers import arrow, reopening, verify
from layers.writers.draft import About, Draft
from layers.writers.errors import NotOpened, NotTheSame
from layers.writers.hand_out import Order, hand_out
from layers.writers.reopening import opened
from layers.writers.sheets import sheet
from spatial.errors import tell

MISBEHAVING = Path(__file__).parents[1] / "readers" / "misbehaving.py"


def test_a_file_that_differs_is_not_handed_out(
    world: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = arrow.write

    def lose_a_row(path: Path, rows: pa.Table, shapes: np.ndarray, crs: CRS, **options: Any) -> None:
        write(path, rows.slice(0, rows.num_rows - 1), shapes[:-1], crs, **options)

    monkeypatch.setattr(arrow, "write", lose_a_row)
    with pytest.raises(NotTheSame):
        hand_out(world, Order(str(tmp_path / "p.shp"), "parcels"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["shp", "gpkg", "gdb", "geojson", "fgb", "parquet"])
def test_a_reader_that_crashes_on_our_file_ends_the_export_and_no_server(
    world: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    pool = children.Pool(MISBEHAVING)

    class Crashing:
        def ask(self, driver: str, request: dict[str, Any], *rest: Any) -> dict[str, Any]:
            return pool.ask(driver, request | {"do": "crash"}, *rest)

    monkeypatch.setattr(parquet if kind == "parquet" else reopening, "POOL", Crashing())
    with pytest.raises(NotOpened, match="SIGSEGV") as caught:
        hand_out(world, Order(str(tmp_path / f"p.{kind}"), "parcels"))
    pool.close()
    assert all(tell(caught.value, language)["cure"] for language in ("zh-CN", "en"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", ["text", "number", "geometry", "crs"])
def test_verification_sees_every_kind_of_difference(world: Workspace, tmp_path: Path, what: str) -> None:
    made = sheet(world, "parcels")
    path = tmp_path / "p.gpkg"
    shapes = made.shapes
    assert shapes is not None
    names = {column.name: column.name for column in made.columns}
    written = arrow.as_table(made.frame, made.columns, names)
    crs = CRS("EPSG:4547" if what == "crs" else "EPSG:4548")
    arrow.write(path, written, shapes, crs, driver="GPKG", layer="parcels", geometry_type="Polygon")
    frame, moved = made.frame.copy(), shapes.copy()
    if what == "text":
        frame.loc[1, "parcel_no"] = "B "
    elif what == "number":
        frame.loc[1, "far_max"] = 1.000001
    elif what == "geometry":
        moved[1] = shapely.transform(moved[1], lambda xy: xy + 0.001)
    expected = arrow.as_table(frame, made.columns, names)
    draft = Draft(path, made, shapes, crs, "utf-8", About("w", "main", 0, "", "2026-11-22", "EPSG:4548"))
    with pytest.raises(NotTheSame):
        verify.same(path.name, opened(draft, "GPKG"), expected, shapes=moved, crs=CRS("EPSG:4548"))
