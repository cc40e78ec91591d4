"""What is special about the file: a valid GeoPackage that others open, and a database that refuses nonsense."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from layers import stores
from layers.catalogue import LAYERS
from layers.changes import RowChange
from layers.commands import Edit
from layers.commands.editing import frozen
from layers.errors import NotAWorkspace, WorkspaceExists, WorkspaceMissing
from layers.rows import row
from layers.stores import disk, geopackage
from layers.stores.contract import Event
from layers.stores.errors import ValueRefused
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from tests.lived import did, lived_in
from tests.world import box, table


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "世界.gpkg"


def kept(path: Path, workspace: Workspace) -> Workspace:
    """A workspace as it comes back from a file."""
    geopackage.create(path, workspace)
    geopackage.close(path)
    return stores.read(path)


def test_what_is_read_is_what_was_written(world: Workspace, path: Path) -> None:
    found = kept(path, world)
    assert (found.name, found.crs, found.as_of, found.revision) == ("三地块", "EPSG:4548", "2026-11-22", 1)
    for name in LAYERS:
        left, right = pd.DataFrame(found.table(name)), pd.DataFrame(world.table(name))
        assert_frame_equal(left, right, check_dtype=True, obj=name)


def test_geometry_comes_back_to_the_last_bit(world: Workspace, path: Path) -> None:
    hole = shapely.Polygon(
        [(438000.123456789, 4410000.1), (438100.3, 4410000), (438050, 4410090.7)],
        [[(438040, 4410010), (438050, 4410010), (438045, 4410020)]],
    )
    many = shapely.MultiPolygon([box(0, 0, 1, 1), box(5, 5, 6, 6)])
    parcels = table("parcels", [{"parcel_id": "h", "geometry": hole}, {"parcel_id": "m", "geometry": many}])
    found = kept(path, world.with_tables(parcels=parcels, buildings=table("buildings", []))).shapes("parcels")
    assert shapely.equals_identical(found, np.array([hole, many], dtype=object)).all()


@pytest.mark.parametrize("text", ["𠮷䶮", "{{7*7}}", "'; DROP TABLE parcels; --", "a\nb", "=1+1", "\u202e右"])
def test_any_text_and_any_column_name_survive(world: Workspace, path: Path, text: str) -> None:
    parcels = world.table("parcels").assign(**{"name": text, f'列 "{text}': text})
    found = kept(path, world.with_tables(parcels=parcels)).table("parcels")
    assert found["name"].tolist() == [text] * 3
    assert found[f'列 "{text}'].tolist() == [text] * 3


def test_an_existing_file_is_never_replaced(world: Workspace, path: Path) -> None:
    path.write_text("somebody's")
    with pytest.raises(WorkspaceExists):
        geopackage.create(path, world)
    assert path.read_text() == "somebody's"
    assert [item.name for item in path.parent.iterdir()] == [path.name], "no draft is left behind"


def test_what_is_no_workspace_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceMissing):
        stores.read(tmp_path / "none.gpkg")
    (tmp_path / "text.gpkg").write_text("not a database, but long enough to be read as one" * 30)
    with pytest.raises(NotAWorkspace):
        stores.read(tmp_path / "text.gpkg")
    with closing(sqlite3.connect(tmp_path / "other.gpkg")) as other:
        other.execute("CREATE TABLE t (x)")
    with pytest.raises(NotAWorkspace):
        stores.read(tmp_path / "other.gpkg")


# -- a GeoPackage by the standard


def test_gdal_opens_it_in_another_process_while_we_have_it_open(path: Path) -> None:
    store = lived_in(path)
    code = (
        "import pyogrio, sys; p = sys.argv[1];"
        "print(sorted(name for name, _ in pyogrio.list_layers(p)));"
        "f = pyogrio.read_dataframe(p, layer='parcels'); print(f.crs.to_epsg(), len(f), f.area.sum())"
    )
    for _ in range(2):
        words = [sys.executable, "-W", "error", "-c", code, str(path)]
        out = subprocess.run(words, capture_output=True, text=True, check=True)
        layers, facts = out.stdout.splitlines()
        ours = {name for name in layers.strip("[]").replace("'", "").split(", ")}
        assert set(LAYERS) <= ours
        assert facts == "4548 3 20000.0"
        did(store, Edit("parcels", "A", frozen({"note": "after the other program"})))
    assert store.faults() == []
    geopackage.close(path)
    assert stores.open_store(path).faults() == []


def test_the_file_is_what_the_standard_asks_for(path: Path) -> None:
    lived_in(path)
    geopackage.close(path)
    head = path.read_bytes()[:100]
    assert (head[:16], head[68:72]) == (b"SQLite format 3\x00", b"GPKG")
    assert int.from_bytes(head[60:64], "big") == 10_300
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        known = {srs for (srs,) in file.execute("SELECT srs_id FROM gpkg_spatial_ref_sys")}
        assert {-1, 0, 4326, 4548} == known
        contents = file.execute("SELECT * FROM gpkg_contents").fetchall()
        assert {line[0] for line in contents} == set(LAYERS)
        for name, kind, identifier, _, changed, *bounds, srs in contents:
            assert identifier == LAYERS[name].zh
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", changed)
            columns = {line[1]: line for line in file.execute(f'PRAGMA table_info("{name}")')}
            assert columns["fid"][2:] == ("INTEGER", 1, None, 1), "an integer key"
            if kind != "features":
                assert (kind, srs) == ("attributes", None)
                continue
            _, column, shape, own, z, m = file.execute(
                "SELECT * FROM gpkg_geometry_columns WHERE table_name = ?", (name,)
            ).fetchone()
            assert (own, z, m, columns[column][2]) == (srs, 0, 0, shape)
            _blobs(file, name, shape, bounds)


def _blobs(file: sqlite3.Connection, name: str, shape: str, bounds: list[float | None]) -> None:
    """Every geometry as the standard has it: header, number of the CRS, box, then plain WKB of the declared type."""
    for (blob,) in file.execute(f'SELECT geom FROM "{name}" WHERE geom IS NOT NULL'):
        assert blob[:4] == b"GP\x00\x03"
        assert int.from_bytes(blob[4:8], "little", signed=True) == 4548
        west, east, south, north = np.frombuffer(blob[8:40], "<f8")
        found = shapely.from_wkb(blob[40:])
        assert found.bounds == (west, south, east, north)
        assert shape in ("GEOMETRY", found.geom_type.upper())
        low_x, low_y, high_x, high_y = bounds
        assert None not in bounds
        assert low_x <= west
        assert low_y <= south
        assert high_x >= east
        assert high_y >= north


def test_a_file_that_breaks_the_standard_is_found(path: Path) -> None:
    store = lived_in(path)
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE gpkg_contents SET srs_id = 4326 WHERE table_name = 'parcels'")
        file.commit()
    assert ("file_damaged", {"value": "gpkg_geometry_columns parcels"}) in store.faults()


# -- a database that keeps what it was told


def test_every_connection_waits_for_the_disk(world: Workspace, path: Path) -> None:
    geopackage.create(path, world)
    with stores.open_store(path).reading() as tx:
        pragmas = {
            name: tx._connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "busy_timeout": 10_000,
    }


def test_a_journal_that_another_program_changed_is_ours_again(world: Workspace, path: Path) -> None:
    geopackage.create(path, world)
    geopackage.close(path)
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    did_ = Edit("parcels", "A", frozen({"note": "x"}))
    did(stores.open_store(path), did_)
    assert path.with_name(path.name + "-wal").exists()


def test_tables_of_ours_are_strict_and_the_log_only_grows(path: Path) -> None:
    lived_in(path)
    with closing(sqlite3.connect(path)) as file:
        strict = {name for _, name, _, _, _, strict in file.execute("PRAGMA table_list") if strict}
        assert strict == {
            "app_meta", "scenario", "scenario_row", "event", "event_row", "joined", "person", "blob",
        }  # fmt: skip
        triggers = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
        assert triggers == {
            f"{table}_no_{act}" for table in ("event", "event_row", "joined", "blob") for act in ("update", "delete")
        }


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("far_max", "'2'"), ("far_max", "'zwei'"), ("far_max", "-1"), ("far_max", "9e999"), ("far_max", "x'00'"),
        ("name", "7"), ("name", "x'00'"), ("parcel_id", "NULL"), ("parcel_id", "7"), ("parcel_id", "'B'"),
        ("rev", "NULL"), ("term_years", "-1"), ("coverage_max_pct", "101"), ("storey_height_m", "'3'"),
    ],
)  # fmt: skip
def test_the_database_itself_refuses_what_is_no_value(world: Workspace, path: Path, column: str, value: str) -> None:
    geopackage.create(path, world)
    with closing(sqlite3.connect(path)) as file:
        before = file.execute("SELECT * FROM parcels").fetchall()
        words = f"UPDATE parcels SET {column} = {value} WHERE parcel_id = 'A'"
        if value in ("'2'", "'3'"):  # a column of numbers makes a number of it before it is asked
            file.execute(words)
            assert file.execute(f"SELECT typeof({column}) FROM parcels WHERE parcel_id = 'A'").fetchone() == ("real",)
        elif (column, value) in (("name", "7"), ("parcel_id", "7")):
            file.execute(words)
            assert file.execute(f"SELECT typeof({column}) FROM parcels").fetchone() == ("text",)
        else:
            with pytest.raises(sqlite3.IntegrityError):
                file.execute(words)
            assert file.execute("SELECT * FROM parcels").fetchall() == before


@pytest.mark.parametrize("value", [float("inf"), -float("inf"), -1.0, "zwei"])
def test_a_value_that_slipped_past_every_rule_is_refused_and_nothing_is_written(
    world: Workspace, path: Path, value: object
) -> None:
    store = geopackage.create(path, world)
    with pytest.raises(ValueRefused), store.writing() as tx:
        before = row(tx.workspace(), "parcels", "A")
        change = RowChange("parcels", "A", before, {**before, "far_max": value})
        tx.append(Event(0, "op", "", "t", "admin", "main", "edit", {}, (change,)))
    assert stores.revision(path) == 1
    assert store.faults() == []


def test_no_number_is_no_value(world: Workspace, path: Path) -> None:
    parcels = world.table("parcels").assign(far_max=[float("nan"), 1.0, float("nan")])
    found = kept(path, world.with_tables(parcels=parcels))
    assert found.table("parcels")["far_max"].isna().tolist() == [True, False, True]
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT typeof(far_max) FROM parcels ORDER BY fid").fetchall() == [
            ("null",), ("real",), ("null",),
        ]  # fmt: skip


@pytest.mark.parametrize(("number", "code"), [(28, "disk_full"), (122, "disk_full"), (5, "disk_failed")])
def test_what_the_disk_says_is_told_in_words(
    world: Workspace, path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def fail(_: Path) -> None:
        raise OSError(number, "what the system says")

    monkeypatch.setattr(disk, "flush", fail)
    with pytest.raises(ChengzaiError) as told:
        geopackage.create(path, world)
    assert told.value.code == code
    assert list(path.parent.iterdir()) == []
