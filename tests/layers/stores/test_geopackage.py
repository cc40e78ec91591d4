"""The workspace file: a valid GeoPackage, written whole or not at all, by one library only."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from layers.catalogue import LAYERS
from layers.errors import NotAWorkspace, Stale, WorkspaceExists, WorkspaceMissing
from layers.stores import geopackage
from layers.workspace import Workspace
from tests.world import box, table


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "世界.gpkg"


def test_what_is_read_is_what_was_written(world: Workspace, path: Path) -> None:
    found = geopackage.create(path, world)
    assert (found.name, found.crs, found.as_of, found.revision) == ("三地块", "EPSG:4548", "2026-11-22", 1)
    for name in LAYERS:
        assert_frame_equal(
            pd.DataFrame(found.table(name)), pd.DataFrame(world.table(name)), check_dtype=True, obj=name
        )


def test_geometry_comes_back_to_the_last_bit(world: Workspace, path: Path) -> None:
    hole = shapely.Polygon(
        [(438000.123456789, 4410000.1), (438100.3, 4410000), (438050, 4410090.7)],
        [[(438040, 4410010), (438050, 4410010), (438045, 4410020)]],
    )
    many = shapely.MultiPolygon([box(0, 0, 1, 1), box(5, 5, 6, 6)])
    parcels = table("parcels", [{"parcel_id": "h", "geometry": hole}, {"parcel_id": "m", "geometry": many}])
    found = geopackage.create(path, world.with_tables(parcels=parcels)).shapes("parcels")
    assert shapely.equals_identical(found, np.array([hole, many], dtype=object)).all()


@pytest.mark.parametrize("text", ["𠮷䶮", "{{7*7}}", "'; DROP TABLE parcels; --", "a\nb", "=1+1", "\u202e右"])
def test_any_text_and_any_column_name_survive(world: Workspace, path: Path, text: str) -> None:
    parcels = world.table("parcels").assign(**{"name": text, f'列 "{text}': text})
    found = geopackage.create(path, world.with_tables(parcels=parcels)).table("parcels")
    assert found["name"].tolist() == [text] * 3
    assert found[f'列 "{text}'].tolist() == [text] * 3


def test_a_change_is_one_revision(world: Workspace, path: Path) -> None:
    geopackage.create(path, world)
    assert geopackage.save(path, {"parcels": world.table("parcels").iloc[:1]}, expected=1) == 2
    assert geopackage.revision(path) == 2
    assert len(geopackage.read(path).table("parcels")) == 1


def test_who_is_slower_is_told_and_nothing_is_overwritten(world: Workspace, path: Path) -> None:
    geopackage.create(path, world)
    geopackage.save(path, {"parcels": world.table("parcels").iloc[:2]}, expected=1)
    with pytest.raises(Stale):
        geopackage.save(path, {"parcels": world.table("parcels").iloc[:1]}, expected=1)
    assert len(geopackage.read(path).table("parcels")) == 2


def test_a_write_that_fails_leaves_the_old_state(world: Workspace, path: Path) -> None:
    geopackage.create(path, world)
    broken = world.table("parcels").assign(far_max=[object(), object(), object()])
    with pytest.raises((sqlite3.Error, TypeError)):
        geopackage.save(path, {"zones": world.table("zones").iloc[:1], "parcels": broken}, expected=1)
    found = geopackage.read(path)
    assert (found.revision, len(found.table("zones")), len(found.table("parcels"))) == (1, 2, 3)


def test_an_existing_file_is_never_replaced(world: Workspace, path: Path) -> None:
    path.write_text("somebody's")
    with pytest.raises(WorkspaceExists):
        geopackage.create(path, world)
    assert path.read_text() == "somebody's"
    assert [item.name for item in path.parent.iterdir()] == [path.name], "no draft is left behind"


def test_what_is_no_workspace_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceMissing):
        geopackage.read(tmp_path / "none.gpkg")
    (tmp_path / "text.gpkg").write_text("not a database, but long enough to be read as one" * 30)
    with pytest.raises(NotAWorkspace):
        geopackage.read(tmp_path / "text.gpkg")
    with sqlite3.connect(tmp_path / "other.gpkg") as other:
        other.execute("CREATE TABLE t (x)")
    other.close()
    with pytest.raises(NotAWorkspace):
        geopackage.read(tmp_path / "other.gpkg")


def test_gdal_opens_it_in_another_process(world: Workspace, path: Path) -> None:
    geopackage.create(path, world)
    code = (
        "import pyogrio, sys; p = sys.argv[1];"
        "print(sorted(name for name, _ in pyogrio.list_layers(p)));"
        "f = pyogrio.read_dataframe(p, layer='parcels'); print(f.crs.to_epsg(), len(f), f.area.sum())"
    )
    out = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    layers, facts = out.stdout.splitlines()
    assert layers == str(sorted(LAYERS))
    assert facts == "4548 3 30000.0"


def test_the_file_is_a_geopackage(world: Workspace, path: Path) -> None:
    geopackage.create(path, world)
    head = path.read_bytes()[:100]
    assert head[:16] == b"SQLite format 3\x00"
    assert head[68:72] == b"GPKG"
    with sqlite3.connect(path) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        rows = file.execute(
            "SELECT table_name, min_x, srs_id FROM gpkg_contents WHERE table_name = 'parcels'"
        ).fetchall()
        assert rows == [("parcels", 438000.0, 4548)]
    file.close()
