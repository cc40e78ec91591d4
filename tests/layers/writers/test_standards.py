"""What other programs want to the letter: names in a .prj, sizes of shapefiles, styles where QGIS looks, metadata."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
import shapely

from layers.workspace import Workspace
from layers.writers import shapefile
from layers.writers.errors import TooLarge, TooManyColumns
from layers.writers.hand_out import Order, hand_out
from tests.layers.writers.making import everything, parcels
from tests.world import table

CHINA = (
    'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
    'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
GRID = (
    'PROJCS["{name}",{base},PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{east}],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",117.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


@pytest.mark.parametrize(
    ("crs", "text"),
    [
        ("EPSG:4548", GRID.format(name="CGCS2000_3_Degree_GK_CM_117E", base=CHINA, east="500000.0")),
        ("EPSG:4527", GRID.format(name="CGCS2000_3_Degree_GK_Zone_39", base=CHINA, east="39500000.0")),
        ("EPSG:4490", CHINA),
    ],
)
def test_the_prj_is_what_arcgis_writes(tmp_path: Path, crs: str, text: str) -> None:
    hand_out(parcels(1), Order(str(tmp_path / "p.shp"), "parcels", crs=crs))
    assert (tmp_path / "p.prj").read_text(encoding="ascii") == text


# --- sizes of a shapefile --------------------------------------------------------------------------------------


def test_the_size_of_a_shapefile_is_known_before_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = everything()
    hand_out(world, Order(str(tmp_path / "p.shp"), "parcels"))
    data = (tmp_path / "p.dbf").read_bytes()
    head, record = (int.from_bytes(data[at : at + 2], "little") for at in (8, 10))
    assert len(data) - head - 1 == 3 * record
    before = sorted(tmp_path.iterdir())
    for most, fits in ((3 * record, True), (3 * record - 1, False)):
        monkeypatch.setattr(shapefile, "MOST_BYTES", most)
        order = Order(str(tmp_path / f"{most}.shp"), "parcels")
        if fits:
            hand_out(world, order)
            continue
        with pytest.raises(TooLarge):
            hand_out(world, order)
    assert sorted(path for path in tmp_path.iterdir() if not path.name.startswith(f"{3 * record}")) == before


def test_outlines_count_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = parcels(1)
    frame = world.table("parcels").copy()
    frame["geometry"] = [shapely.Point(438_000, 4_410_000).buffer(50, quad_segs=4000)]
    monkeypatch.setattr(shapefile, "MOST_BYTES", 100_000)
    with pytest.raises(TooLarge):
        hand_out(world.with_tables(parcels=frame), Order(str(tmp_path / "p.shp"), "parcels"))
    assert list(tmp_path.iterdir()) == []


def test_a_shapefile_has_255_fields_at_most(tmp_path: Path) -> None:
    world = parcels(1)
    more = pd.DataFrame({f"c{number}": ["x"] for number in range(250)}, dtype="str")
    wide = world.with_tables(parcels=pd.concat([world.table("parcels"), more], axis="columns"))
    with pytest.raises(TooManyColumns):
        hand_out(wide, Order(str(tmp_path / "p.shp"), "parcels"))
    assert list(tmp_path.iterdir()) == []
    assert hand_out(wide, Order(str(tmp_path / "p.gpkg"), "parcels")).written == 1


# --- styles ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", ["parcels", "zones", "stations", "ways", "facilities", "rasters"])
def test_qgis_finds_the_style_by_its_own_question(tmp_path: Path, layer: str) -> None:
    """The columns that QGIS makes, and the question that it asks, when a layer is opened."""
    hand_out(everything(), Order(str(tmp_path / "p.gpkg"), layer))
    with sqlite3.connect(tmp_path / "p.gpkg") as file:
        columns = [row[1:3] for row in file.execute("PRAGMA table_info(layer_styles)")]
        name, geometry = file.execute("SELECT table_name, column_name FROM gpkg_geometry_columns").fetchone()
        found = file.execute(
            "SELECT styleQML FROM layer_styles WHERE f_table_schema='' AND f_table_name=? AND f_geometry_column=?"
            " ORDER BY CASE WHEN useAsDefault THEN 1 ELSE 2 END, update_time DESC LIMIT 1",
            (name, geometry),
        ).fetchone()
        fields = {row[1] for row in file.execute(f'PRAGMA table_info("{name}")')}
    assert columns == [
        ("id", "INTEGER"), ("f_table_catalog", "TEXT(256)"), ("f_table_schema", "TEXT(256)"),
        ("f_table_name", "TEXT(256)"), ("f_geometry_column", "TEXT(256)"), ("styleName", "TEXT(30)"),
        ("styleQML", "TEXT"), ("styleSLD", "TEXT"), ("useAsDefault", "BOOLEAN"), ("description", "TEXT"),
        ("owner", "TEXT(30)"), ("ui", "TEXT(30)"), ("update_time", "DATETIME"),
    ]  # fmt: skip
    root = ElementTree.fromstring(found[0].split("\n", 1)[1])
    assert {alias.get("field") for alias in root.iter("alias")} <= fields


def test_lines_in_kml_have_the_colour_of_their_class(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"way_id": "w", "kind": "path", "geometry": shapely.LineString([(438000, 4410000), (438100, 4410000)])}
    ]
    hand_out(Workspace("w", "EPSG:4548", {"ways": table("ways", rows)}), Order(str(tmp_path / "p.kml"), "ways"))
    root = ElementTree.parse(tmp_path / "p.kml").getroot()
    space = "{http://www.opengis.net/kml/2.2}"
    colours = {
        str(style.get("id")): style.findtext(f"{space}LineStyle/{space}color") for style in root.iter(f"{space}Style")
    }
    used = root.findtext(f".//{space}Placemark/{space}styleUrl")
    assert used == "#c0" and colours["c0"] != "ff524a3c"
    line = root.find(f".//{space}LineString")
    assert line is not None and [child.tag.removeprefix(space) for child in line] == ["tessellate", "coordinates"]


# --- metadata --------------------------------------------------------------------------------------------------

ORDER = {
    "MD_Metadata": (
        "metadataIdentifier", "defaultLocale", "metadataScope", "contact", "dateInfo", "metadataStandard",
        "referenceSystemInfo", "identificationInfo", "distributionInfo", "dataQualityInfo", "resourceLineage",
    ),
    "MD_DataIdentification": (
        "citation", "abstract", "spatialRepresentationType", "spatialResolution", "topicCategory", "extent",
        "resourceConstraints", "defaultLocale", "supplementalInformation",
    ),
    "PT_Locale": ("language", "characterEncoding"),
    "CI_Responsibility": ("role", "party"),
    "DQ_DataQuality": ("scope", "report"),
}  # fmt: skip
"""Children in the order that the schemas of ISO 19115-3 want, those that they require among them."""


@pytest.mark.parametrize(("layer", "encoding"), [("parcels", "gbk"), ("stations", None)])
def test_metadata_have_every_required_part_in_order(tmp_path: Path, layer: str, encoding: str | None) -> None:
    hand_out(everything(), Order(str(tmp_path / "p.shp"), layer, encoding=encoding))
    root = ElementTree.parse(tmp_path / "p.shp.xml").getroot()
    for one in [root, *root.iter()]:
        wanted = ORDER.get(one.tag.partition("}")[2])
        if wanted is not None:
            assert tuple(dict.fromkeys(child.tag.partition("}")[2] for child in one)) == wanted
    encodings = [one.get("codeListValue") for one in root.iter() if one.tag.endswith("MD_CharacterSetCode")]
    assert encodings == ["UTF-8", "GBK" if encoding else "UTF-8"]
    said = {str(one.text) for one in root.iter() if one.text}
    assert "planningCadastre" in said
    assert any("密级未标注" in text for text in said) and any("没有记录生产单位" in text for text in said)
    if layer == "parcels":
        assert any(text.startswith("图形误差 0.5–1.25 m（2 行") for text in said)
