"""What lies beside an export: metadata after ISO 19115, an archive with names of ASCII; and the CRS that it is in."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree.ElementTree import fromstring

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from layers import stores
from layers.workspace import Workspace
from layers.writers import systems
from layers.writers.errors import CrsNotFlat, CrsReadsFiles, OutOfReach
from layers.writers.hand_out import Order, hand_out
from layers.writers.packing import ascii_name
from spatial.errors import UnknownCrs, UnsuitableCrs
from tests.files import call
from tests.world import box

LOCAL = "+proj=tmerc +lat_0=0 +lon_0=116.35 +k=1 +x_0=500000 +y_0=300000 +ellps=GRS80 +units=m +no_defs"


# --- metadata --------------------------------------------------------------------------------------------------


def test_metadata_say_what_a_bureau_asks_for(world: Workspace, tmp_path: Path) -> None:
    hand_out(world, Order(str(tmp_path / "p.shp"), "parcels", crs="EPSG:4527"))
    text = (tmp_path / "p.shp.xml").read_text(encoding="utf-8")
    root = fromstring(text.split("\n", 1)[1])
    said = {one.text for one in root.iter() if one.text and one.text.strip()}
    assert root.tag.endswith("MD_Metadata")
    assert "GB/T 19710.1-2023（ISO 19115-1:2014，子集）" in said
    assert {"4527", "EPSG", "2026-11-22", "Shapefile"} <= said
    assert any(one == "三地块 地块（main 第 0 版）" for one in said)
    lineage = next(one for one in said if one.startswith("由承载"))
    assert "EPSG:4548" in lineage and "EPSG:4527" in lineage
    fields = next(one for one in said if "字段说明" in one)
    assert "YDMJ = 用地面积 [m²] (official_area_m2)" in fields
    assert "null_may_read_0" not in fields and "部分软件会显示为 0" in fields
    west = next(one for one in root.iter() if one.tag.endswith("westBoundLongitude"))
    assert 116.2 < float(west[0].text or 0) < 116.4


# --- the archive -----------------------------------------------------------------------------------------------


def test_one_archive_with_names_of_ascii(world: Workspace, tmp_path: Path) -> None:
    found = hand_out(world, Order(str(tmp_path / "方案 甲.zip"), "parcels", format="shp"))
    assert [Path(path).name for path in found.files] == ["方案 甲.zip"]
    with zipfile.ZipFile(found.files[0]) as whole:
        names = whole.namelist()
        whole.extractall(tmp_path / "in")
    assert all(name.isascii() for name in names)
    assert {"export.shp", "export.dbf", "export.cpg", "export_fields.csv", "export.shp.xml"} <= set(names)
    assert len(gpd.read_file(tmp_path / "in" / "export.shp")) == 3


def test_a_geodatabase_in_an_archive(world: Workspace, tmp_path: Path) -> None:
    found = hand_out(world, Order(str(tmp_path / "p.zip"), "parcels", format="gdb"))
    with zipfile.ZipFile(found.files[0]) as whole:
        whole.extractall(tmp_path / "in")
    assert len(gpd.read_file(tmp_path / "in" / "p.gdb", layer="parcels")) == 3
    aliases = pyogrio.raw.read_arrow(tmp_path / "in" / "p.gdb", layer="parcels")[1].schema
    assert aliases.field("official_area_m2").metadata[b"GDAL:OGR:alternative_name"].decode() == "用地面积"


@given(st.text(max_size=300) | st.sampled_from(["../x", "/etc/passwd", "CON", "nul", "a\x00b", "‮gpj", "..", "COM1"]))
def test_no_name_leads_out_of_its_folder(text: str) -> None:
    name = ascii_name(text)
    assert name.isascii() and 0 < len(name) <= 61
    assert not set(name) & set('/\\:*?"<>|. \x00')
    assert name.upper() not in ("CON", "NUL", "AUX", "PRN", "COM1")


# --- the CRS ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["shp", "gpkg", "fgb", "parquet", "gdb"])
@pytest.mark.parametrize("crs", ["4527", "EPSG:4490", "EPSG:4326", LOCAL, CRS(LOCAL).to_wkt(pretty=True)])
def test_a_chosen_crs_comes_back(world: Workspace, tmp_path: Path, kind: str, crs: str) -> None:
    found = hand_out(world, Order(str(tmp_path / f"p.{kind}"), "parcels", crs=crs))
    frame = gpd.read_parquet(found.files[0]) if kind == "parquet" else gpd.read_file(found.files[0])
    back = frame.to_crs("EPSG:4548").geometry.values
    assert sorted(np.round(shapely.area(back), 1)) == pytest.approx([10_000.0] * 3, abs=0.3)
    wanted = systems.chosen(crs, "")
    assert frame.crs.to_epsg() == wanted.to_epsg()
    if crs.startswith("+") or "PROJCRS" in crs:
        east = frame.total_bounds[0]
        assert 490_000 < east < 500_000  # west of the meridian of the city


def test_a_datum_shift_is_told(world: Workspace, tmp_path: Path) -> None:
    crs = "+proj=tmerc +lon_0=117 +k=1 +x_0=500000 +ellps=krass +towgs84=10,20,30 +units=m"
    found = hand_out(world, Order(str(tmp_path / "p.shp"), "parcels", crs=crs))
    assert "datum_shift_left_out" in {loss.code for loss in found.losses}
    assert "TOWGS84" not in (tmp_path / "p.prj").read_text()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("EPSG:0", UnknownCrs),
        ("<html>", UnknownCrs),
        ("EPSG:5737", CrsNotFlat),
        ("EPSG:4978", CrsNotFlat),
        ('LOCAL_CS["grid"]', CrsNotFlat),
        ("+proj=longlat +nadgrids=@/etc/passwd", CrsReadsFiles),
        ("+init=epsg:4548", CrsReadsFiles),
        ("http://localhost/crs", CrsReadsFiles),
        ("x" * 30_000, CrsReadsFiles),
    ],
)
def test_a_definition_that_cannot_be_used_is_refused(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        systems.chosen(text, "EPSG:4548")


def test_a_crs_in_which_areas_are_false_or_that_does_not_reach() -> None:
    shapes = np.array([box(0, 0, 100, 100), None], dtype=object)
    source = CRS("EPSG:4548")
    with pytest.raises(UnsuitableCrs):
        systems.moved(shapes, source, CRS("EPSG:3857"))
    with pytest.raises(OutOfReach):
        systems.moved(shapes, source, CRS("+proj=gnom +lat_0=-40 +lon_0=-63 +ellps=GRS80"))
    kept = systems.moved(shapes, source, source)
    assert kept is not None and kept[0].equals(shapes[0]) and kept[1] is None


# --- a state of the past ---------------------------------------------------------------------------------------


def test_a_past_revision_goes_out(world: Workspace, tmp_path: Path) -> None:
    from layers import applying
    from layers.changes import Actor, Asked
    from layers.commands import Assign

    path = tmp_path / "w.gpkg"
    first = stores.create(str(path), world).revision
    store = stores.open_store(str(path))
    applying.apply(store, Asked(Actor("me", "operator"), "op-1", first, "main"), Assign("A", "p1", 3000.0))
    now = call("export", path, tmp_path / "now.csv", "--layer", "assignments")[1]
    then = call("export", path, tmp_path / "then.csv", "--layer", "assignments", "--revision", str(first))[1]
    assert (now["written"], then["written"]) == (1, 0)
    assert (then["revision"], then["verified"]) == (first, True)
    assert call("export", path, tmp_path / "x.csv", "--layer", "zones", "--revision", "999")[0] == 1
