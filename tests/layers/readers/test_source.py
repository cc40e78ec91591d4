"""What a file is, by its bytes; what is refused; and in which encoding its text is."""

from __future__ import annotations

import json
import shutil
import sqlite3
import struct
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.readers.dbf import decode, text_of
from layers.readers.errors import FileRefused
from layers.readers.features import FoundColumn
from layers.readers.kinds import of_text
from layers.readers.registry import look, read_source
from layers.readers.watching import Cancelled
from spatial.errors import tell
from tests.files import geojson, parcels, shapefile

NAMES = ["地块一", "甲", "丙丁"]


def refused(path: object, **options: Any) -> str:
    """The code of the refusal, which has words in both languages."""
    with pytest.raises(FileRefused) as caught:
        read_source(str(path), **options)
    zh, en = (tell(caught.value, language) for language in ("zh-CN", "en"))
    assert zh["message"] != en["message"]
    assert zh["cure"]
    assert en["cure"]
    return zh["code"]


# --- formats ---------------------------------------------------------------------------------------------------


def test_the_bytes_decide_and_not_the_name(tmp_path: Path) -> None:
    frame = parcels(2, DKBH=["1", "2"])
    pyogrio.write_dataframe(frame, tmp_path / "a.gpkg", layer="p")
    (tmp_path / "a.gpkg").rename(tmp_path / "a.geojson")
    geojson(tmp_path / "b.shp", frame)
    assert read_source(str(tmp_path / "a.geojson"))[0].kind == "gpkg"
    assert read_source(str(tmp_path / "b.shp"))[0].kind == "geojson"


def test_a_shapefile_comes_as_file_folder_and_zip(tmp_path: Path) -> None:
    folder = tmp_path / "地块"
    folder.mkdir()
    source = shapefile(folder / "数据.shp", parcels(2, DKBH=["1", "2"]))
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for path in folder.iterdir():
            made.write(path, f"内/{path.name}")
        made.writestr("__MACOSX/._x.shp", b"")
    for path in (source, source.with_suffix(".dbf"), folder, archive):
        assert read_source(str(path))[1].table["DKBH"].tolist() == ["1", "2"]


def test_upper_case_endings_are_read(tmp_path: Path) -> None:
    shapefile(tmp_path / "a.shp", parcels(1, DKBH=["1"]))
    for path in list(tmp_path.iterdir()):
        path.rename(path.with_name(f"B{path.suffix.upper()}"))
    assert len(read_source(str(tmp_path / "B.SHP"))[1].table) == 1


def test_topojson_is_read(tmp_path: Path) -> None:
    arcs = [[[116.28, 39.83], [116.29, 39.83], [116.29, 39.84], [116.28, 39.83]]]
    shape = {"type": "Polygon", "arcs": [[0]], "properties": {"地块编号": "甲"}}
    objects = {"p": {"type": "GeometryCollection", "geometries": [shape]}}
    path = tmp_path / "t.json"
    path.write_text(json.dumps({"type": "Topology", "objects": objects, "arcs": arcs}))
    source, found = read_source(str(path))
    assert (source.kind, found.crs) == ("topojson", None)
    assert found.table["地块编号"].tolist() == ["甲"]


def test_whole_numbers_stay_whole_beside_missing_ones(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", parcels(1))
    document = json.loads(path.read_text())
    shape = document["features"][0]["geometry"]
    rows = [{"n": 2**53 + 1, "day": "2026-11-22", "list": ["a", 1]}, {"n": None, "day": None, "list": None}]
    features = [{"type": "Feature", "properties": row, "geometry": shape} for row in rows]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    table = read_source(str(path))[1].table
    assert table["n"].tolist() == [2**53 + 1, pd.NA]
    assert table["day"].iloc[0] == "2026-11-22"


HOSTILE = {
    "vrt.shp": b"<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>",
    "gdalg.json": b'{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read /etc/passwd"}',
    "kml.geojson": b"<?xml version='1.0'?><kml/>",
    "array.json": b"[1, 2]",
    "plain.txt.gpkg": b"hello",
    "esri.json": b'{"rings": [[[0,0],[1,0],[1,1],[0,0]]]}',
    "seq.geojson": b'{"type":"Feature","properties":{},"geometry":null}\n' * 2,
    "empty.geojson": b"",
    "half.geojson": b'{"type": "FeatureCollection", "features": [',
    "deep.geojson": b'{"type": "FeatureCollection", "features": ' + b"[" * 100_000,
    "pdf.csv": b"%PDF-1.7",
    "nul.csv": b"a,b\n1,\x00\n",
    "link.geojson": b'{"type":"Topology","objects":{},"arcs":[],"crs":{"type":"link","properties":{"href":"x"}}}',
    "url.geojson": b'{"type":"FeatureCollection","crs":"http://127.0.0.1:9/x","features":[]}',
    "twice.geojson": b'{"type":"Feature","crs":{"type":"link"},"crs":{"type":"name","properties":{}}}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_and_foreign_files_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(HOSTILE[name])
    assert refused(path) in {"format_refused", "file_broken", "crs_link_refused"}


@pytest.mark.parametrize(
    "path",
    ["/vsizip//tmp/a.zip", "/vsicurl/http://x/a.shp", "http://x/a.geojson", "GPKG:/tmp/a.gpkg", "<OGRVRTDataSource>",
     '{"type":"Point"}', "ESRI Shapefile:/tmp/a.shp", "file:///etc/passwd", "PG:dbname=x"],
)  # fmt: skip
def test_paths_that_gdal_would_follow_are_refused(path: str) -> None:
    assert refused(path) == "path_refused"


def test_a_file_that_is_not_there() -> None:
    assert refused("/nowhere/a.shp") == "file_missing"


@pytest.mark.parametrize("part", [".shx", ".dbf"])
def test_a_shapefile_without_a_part_is_refused_by_name(tmp_path: Path, part: str) -> None:
    path = shapefile(tmp_path / "a.shp", parcels(1))
    path.with_suffix(part).unlink()
    assert refused(path) == "shapefile_incomplete"


def test_a_shapefile_whose_parts_disagree_is_refused(tmp_path: Path) -> None:
    one, two = shapefile(tmp_path / "a.shp", parcels(2)), shapefile(tmp_path / "b.shp", parcels(3))
    shutil.copyfile(two.with_suffix(".dbf"), one.with_suffix(".dbf"))
    assert refused(one) == "file_broken"
    one.with_suffix(".dbf").write_bytes(b"\x03")
    assert refused(one) == "file_broken"


def test_a_geopackage_with_a_view_or_foreign_module_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(parcels(1), path, layer="p")
    with sqlite3.connect(path) as made:
        made.execute("CREATE VIEW v AS SELECT 1")
    assert refused(path) == "view_refused"


def test_sqlite_that_is_no_geopackage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE t (x)")
    assert refused(path) == "format_refused"


def test_a_file_with_two_layers_asks_which(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    for name in ("p", "q"):
        pyogrio.write_dataframe(parcels(1, n=[name]), path, layer=name, append=path.exists())
    assert refused(path) == "source_layer_unclear"
    assert read_source(str(path), layer="q")[1].table["n"].tolist() == ["q"]


# --- archives --------------------------------------------------------------------------------------------------


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return path


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"a.doc": b"x"},
        {"a.gpkg": b"x", "b.gpkg": b"x"},
        {"a.shp": b"x", "A.SHP": b"x"},
        {"a.zip": b"x"},
        {"../a.shp": b"x"},
        {"/a.shp": b"x"},
        {"a\\..\\..\\b.shp": b"x"},
        {"C:/a.shp": b"x"},
        {"a.shp": b"\x00" * 30_000_000},
        {f"{i}.txt": b"x" for i in range(70)} | {"a.shp": b"x"},
    ],
)
def test_odd_archives_are_refused(tmp_path: Path, members: dict[str, bytes]) -> None:
    code = refused(archive(tmp_path / "a.zip", members) if members else archive(tmp_path / "a.zip", {"b": b""}))
    assert code == "archive_refused"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip"]


def test_links_and_broken_archives_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.shp")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as made:
        made.writestr(link, "/etc/passwd")
    assert refused(tmp_path / "link.zip") == "archive_refused"
    (tmp_path / "half.zip").write_bytes(b"PK\x03\x04" + b"\x00" * 50)
    assert refused(tmp_path / "half.zip") == "archive_refused"


# --- encodings -------------------------------------------------------------------------------------------------


def written(path: Path, encoding: str, *, cpg: str | None = None, ldid: int | None = None) -> Path:
    """A shapefile in an encoding that says what we want it to say."""
    frame = parcels(3, 名=NAMES)
    shapefile(path, frame, encoding)
    path.with_suffix(".cpg").unlink()
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    if ldid is not None:
        data = bytearray(path.with_suffix(".dbf").read_bytes())
        data[29] = ldid
        path.with_suffix(".dbf").write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("encoding", "cpg", "ldid", "given", "name", "basis"),
    [
        ("UTF-8", "UTF-8", 0, None, "UTF-8", "cpg"),
        ("UTF-8", "65001", 0, None, "UTF-8", "cpg"),
        ("UTF-8", None, 0, None, "UTF-8", "detected"),
        ("GBK", "GBK", 0, None, "GBK", "cpg"),
        ("GBK", "936", 0, None, "GBK", "cpg"),
        ("GBK", None, 0x4D, None, "GBK", "ldid"),
        ("GBK", None, 0, None, "GB18030", "detected"),
        ("GBK", None, 0x57, None, "GB18030", "detected"),
        ("GBK", None, 0, "gbk", "GBK", "given"),
        ("GBK", "nonsense", 0, None, "GB18030", "detected"),
    ],
)
def test_encodings(
    tmp_path: Path, encoding: str, cpg: str | None, ldid: int, given: str | None, name: str, basis: str
) -> None:
    found = read_source(str(written(tmp_path / "a.shp", encoding, cpg=cpg, ldid=ldid)), encoding=given)[1]
    assert list(found.table.columns) == ["名"]
    assert found.table["名"].tolist() == NAMES
    assert (found.encoding, found.encoding_basis) == (name, basis)


def test_a_cpg_that_lies_is_not_believed(tmp_path: Path) -> None:
    found = read_source(str(written(tmp_path / "a.shp", "GBK", cpg="UTF-8")))[1]
    assert found.table["名"].tolist() == NAMES
    assert (found.encoding, found.encoding_basis, found.contradicted) == ("GB18030", "detected", "UTF-8")


def test_a_prj_in_gbk_is_read(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "a.shp", parcels(1))
    prj = path.with_suffix(".prj")
    prj.write_bytes(prj.read_text().replace('PROJCS["', 'PROJCS["北京地方_', 1).encode("gbk"))
    assert "北京地方_CGCS2000" in str(read_source(str(path))[1].crs)


def test_an_encoding_that_cannot_be_is_refused_with_a_sample(tmp_path: Path) -> None:
    path = written(tmp_path / "a.shp", "GBK")
    assert refused(path, encoding="utf-8") == "encoding_refused"
    assert refused(path, encoding="klingon") == "encoding_refused"


def test_text_cut_inside_a_character_loses_half_a_character_only(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "a.shp", parcels(1, note=["x" * 80]))
    dbf = path.with_suffix(".dbf")
    data = dbf.read_bytes().replace(b"x" * 80, ("字" * 27).encode()[:80])
    dbf.write_bytes(data)
    found = read_source(str(path))[1]
    assert found.table["note"].tolist() == ["字" * 26]
    assert found.cut == ((0, "note", "字" * 26),)


@given(st.text(max_size=60), st.sampled_from(["utf-8", "gb18030"]), st.integers(1, 40))
def test_decode_gives_a_beginning_of_the_text_or_nothing(text: str, codec: str, width: int) -> None:
    data = text.encode(codec, "ignore")[:width]
    found = decode(data, width, codec)
    assert found is not None
    assert text.encode(codec, "ignore").decode(codec).startswith(found)


@given(st.binary(max_size=40))
def test_any_bytes_become_text_or_are_refused(data: bytes) -> None:
    try:
        text, name, basis = text_of(data, "x", None)
    except FileRefused:
        return
    assert (name, basis) != ("", "")
    assert isinstance(text, str)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), part=st.sampled_from(["shp", "shx", "dbf", "prj", "cpg"]))
def test_mutated_shapefiles_never_end_in_anything_but_a_refusal(tmp_path: Path, seed: int, part: str) -> None:
    path = tmp_path / "m.shp"
    shapefile(path, parcels(3, 名=NAMES, n=[1, 2, 3]))
    target = path.with_suffix(f".{part}")
    data = bytearray(target.read_bytes())
    for turn in range(3):
        data[(seed * (turn + 7)) % len(data)] = struct.pack("<Q", seed * 2_654_435_761 + turn)[turn]
    target.write_bytes(bytes(data))
    try:
        found = read_source(str(path))[1]
    except FileRefused:
        return
    assert len(found.table) <= 3


# --- what there is to choose from ------------------------------------------------------------------------------


def test_shapefiles_of_a_folder_or_a_zip_are_its_layers(tmp_path: Path) -> None:
    folder = tmp_path / "数据"
    folder.mkdir()
    for name, count in (("地块", 2), ("道路", 3)):
        shapefile(folder / f"{name}.shp", parcels(count, DKBH=[f"{name}{i}" for i in range(count)]))
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as made:
        for path in folder.iterdir():
            made.write(path, path.name)
    for path in (folder, packed):
        assert refused(path) == "source_layer_unclear"
        assert read_source(str(path), layer="道路")[1].table["DKBH"].tolist() == ["道路0", "道路1", "道路2"]
        found = look(str(path))[1]
        assert [(layer.name, layer.rows, layer.geometry) for layer in found] == [
            ("地块", 2, "Polygon"),
            ("道路", 3, "Polygon"),
        ]
        assert found[0].columns == (FoundColumn("DKBH", "text", ("地块0", "地块1")),)
        assert (found[0].encoding, found[0].encoding_basis) == ("UTF-8", "cpg")


def test_names_in_gbk_inside_a_zip_are_read(tmp_path: Path) -> None:
    shapefile(tmp_path / "WXYZ.shp", parcels(1, DKBH=["1"]))
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as made:
        for path in sorted(tmp_path.glob("WXYZ.*")):
            made.write(path, path.name)
    packed.write_bytes(packed.read_bytes().replace(b"WXYZ.", "地块.".encode("gbk")))
    assert [layer.name for layer in look(str(packed))[1]] == ["地块"]


def test_a_watch_stops_a_reading(tmp_path: Path) -> None:
    class Impatient:
        def step(self, stage: str, done: int = 0, total: int = 0) -> None:
            if stage == "read":
                raise Cancelled

    path = geojson(tmp_path / "a.geojson", parcels(1))
    with pytest.raises(Cancelled):
        read_source(str(path), watch=Impatient())


# --- kinds -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("\ufeff[项目信息]\n格式版本号=1\n[地块坐标]\n", "boundary"),
        ("【地块坐标】\n", "boundary"),
        ("4,0.9,甲,甲,面,,,,@\nJ1,1,4411001.0,39438363.0\n", "boundary"),
        ("J1,,39438363.0,4411001.0,0\nJ2,K,39438363.0,4411001.0,0.5\n", "cass"),
        ("2\n1,,500000.000,4300000.000,\n", None),
        ("2\n1,,500000.000,4300000.000,0\n", "cass"),
        ("编号,名称,x,y,z\nJ1,,39438363.0,4411001.0,0\n", None),
        ("  0\r\nSECTION\r\n  2\r\nHEADER\r\n", "dxf"),
        ("999\nmade by hand\n0\nSECTION\n", "dxf"),
        ("<?xml version='1.0'?><kml xmlns='x'>", "kml"),
        ("<OGRVRTDataSource>", None),
        ("a,b\n1,2\n", None),
    ],
)
def test_text_is_told_by_how_its_lines_are_built(text: str, kind: str | None) -> None:
    assert of_text(text) == kind
