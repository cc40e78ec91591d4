"""The demo's files: they keep the contracts, refer to nothing missing, and say what is made up."""

from __future__ import annotations

import csv
import json
import math
import re
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest
import shapely

from data import build_demo
from data.fengtai import files
from layers.catalogue import LAYERS
from layers.contract import split_list
from layers.vocabulary import FUNCTIONS

DATA = Path(__file__).parents[2] / "data"
DEMO = DATA / "demo"
SPATIAL = {path.stem for path in DEMO.glob("*.geojson")}


@pytest.mark.parametrize("name", sorted(build_demo.TABLES))
def test_a_table_keeps_its_contract(demo: dict[str, pd.DataFrame], name: str) -> None:
    assert [c for c in LAYERS[name].check(demo[name]) if c.severity == "error"] == []
    assert len(demo[name]) > 0


@pytest.mark.parametrize("name", sorted(build_demo.TABLES))
def test_a_file_has_exactly_the_columns_of_the_contract(name: str) -> None:
    if name in SPATIAL:
        features = json.loads((DEMO / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
        heads = {tuple(feature["properties"]) for feature in features}
    else:
        with (DEMO / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
            heads = {tuple(next(csv.reader(handle)))}
    assert heads == {LAYERS[name].names}


def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    build_demo.build(tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in DEMO.iterdir()}
    assert made.keys() == kept.keys()
    assert [name for name in made if made[name] != kept[name]] == []


@pytest.mark.parametrize("name", sorted(SPATIAL))
def test_geojson_is_rfc_7946(name: str) -> None:
    text = (DEMO / f"{name}.geojson").read_text(encoding="utf-8")
    collection = json.loads(text)
    assert "crs" not in collection
    assert len(text.splitlines()) == len(collection["features"]) + 2  # one feature a line
    numbers = re.findall(r"-?\d+\.(\d+)", text)
    assert max(map(len, numbers)) <= 9
    for feature in collection["features"]:
        if feature["geometry"] is None:
            continue
        shape = shapely.geometry.shape(feature["geometry"])
        west, south, east, north = shape.bounds
        assert 115.9 < west <= east < 116.6
        assert 39.6 < south <= north < 40.1
        for part in shapely.get_parts(shape):
            if part.geom_type == "Polygon":
                assert part.exterior.is_ccw


def test_workspace_file() -> None:
    workspace = json.loads((DEMO / "workspace.json").read_text(encoding="utf-8"))
    assert workspace["crs"] == "EPSG:4548"
    assert workspace["as_of"] == "2026-11-22"
    assert {"zh-CN", "en"} == workspace["notes"].keys()
    assert "OpenStreetMap" in workspace["notes"]["zh-CN"]


class TestReferences:
    """Every key that a row mentions is there."""

    def test_keys(self, demo: dict[str, pd.DataFrame]) -> None:
        keys = {name: set(table[LAYERS[name].key]) for name, table in demo.items()}
        for table, column, target in (
            ("zones", "parent", "zones"),
            ("parcels", "zone", "zones"),
            ("parcels", "sub_area", "zones"),
            ("buildings", "parcel_id", "parcels"),
            ("parks", "member_parcels", "parcels"),
            ("projects", "must_zone", "zones"),
            ("projects", "may_zones", "zones"),
            ("projects", "lead_partner", "projects"),
            ("assignments", "parcel_id", "parcels"),
            ("assignments", "project_id", "projects"),
            ("stations", "parent", "stations"),
        ):
            mentioned = {key for text in demo[table][column] for key in split_list(text)}
            assert mentioned <= keys[target], (table, column)

    def test_parcels_lie_in_the_sub_area_they_name(
        self, demo: dict[str, pd.DataFrame], parcels: pd.DataFrame
    ) -> None:
        zones = demo["zones"].set_index("zone_id")
        inside = shapely.covers(
            zones.geometry[parcels["sub_area"]].to_numpy(), shapely.point_on_surface(parcels["geometry"].to_numpy())
        )
        assert inside.all()
        assert set(zones.index[zones["parent"].isna()]) == {"east", "west", "expanded"}

    def test_function_mixes_add_up(self, demo: dict[str, pd.DataFrame]) -> None:
        for mix in demo["projects"]["function_mix"]:
            shares = {name: float(share) for name, share in (part.split("=") for part in split_list(mix))}
            assert math.isclose(sum(shares.values()), 1.0)
            assert set(shares) <= set(FUNCTIONS)
            assert shares.get("support", 0.0) <= 0.15

    def test_ranges_are_in_order(self, demo: dict[str, pd.DataFrame]) -> None:
        projects, numbers = demo["projects"], demo["assumptions"]
        for stem in ("headcount{}", "requested_floor_area{}_m2"):
            low, middle, high = (projects[stem.format(part)] for part in ("_low", "", "_high"))
            asked = middle.notna()
            assert ((low <= middle) & (middle <= high))[asked].all()
        assert (projects["headcount"].notna() ^ projects["requested_floor_area_m2"].notna()).all()
        assert ((numbers["low"] <= numbers["value"]) & (numbers["value"] <= numbers["high"])).all()

    def test_every_function_has_its_norms(self, demo: dict[str, pd.DataFrame]) -> None:
        keys = set(demo["assumptions"]["assumption_id"])
        for name in ("floor_area_per_person", "efficiency"):
            assert {f"{name}.{function}" for function in FUNCTIONS} <= keys

    def test_land_uses_have_a_colour_and_a_rule(
        self,
        parcels: pd.DataFrame,
        land_use_functions: list[dict[str, str]],
        land_use_crosswalk: list[dict[str, str]],
        national_classes: list[dict[str, str]],
    ) -> None:
        rules = {(row["classification"], row["land_use"]) for row in land_use_functions}
        crosswalk = {(row["classification"], row["land_use"]) for row in land_use_crosswalk}
        national = {row["code"] for row in national_classes}
        known = parcels.dropna(subset=["land_use"])
        used = set(zip(known["classification"], known["land_use"], strict=True))
        assert used <= rules
        assert {pair for pair in used if pair[0] != "YDYH2023"} <= crosswalk
        assert {code for scheme, code in used if scheme == "YDYH2023"} <= national
        assert {row["ydyh2023"] for row in land_use_crosswalk} <= national

    def test_code_tables(
        self,
        land_use_functions: list[dict[str, str]],
        land_use_crosswalk: list[dict[str, str]],
        national_classes: list[dict[str, str]],
    ) -> None:
        assert len(national_classes) == 175
        assert all(row["name_en"] for row in national_classes if len(row["code"]) == 2)
        for row in land_use_functions:
            assert set(split_list(row["functions"])) <= set(FUNCTIONS)
            assert row["basis"]
        assert all("示意配色" in row["note"] and row["basis"] for row in land_use_crosswalk)
        for row in [*land_use_crosswalk, *national_classes]:
            assert re.fullmatch("#[0-9A-F]{6}", row["hex"])


class TestHonesty:
    """What is made up says so."""

    def test_schematic_outlines_are_marked(self, demo: dict[str, pd.DataFrame], parcels: pd.DataFrame) -> None:
        assert (parcels["geometry_basis"] == "schematic").all()
        assert parcels["note"].str.contains("示意|断头路").all()
        basis = demo["zones"].set_index("zone_id")["geometry_basis"]
        assert basis[basis == "derived"].index.tolist() == ["east-3"]
        assert demo["zones"].set_index("zone_id").loc["east-3", "geometry_error_m"] == 150

    def test_every_parcel_building_and_zone_has_an_origin(self, demo: dict[str, pd.DataFrame]) -> None:
        told = defaultdict(set)
        for line in demo["figures"].itertuples():
            told[line.layer].add(line.row_id)
        for name in ("zones", "parcels", "buildings"):
            assert set(demo[name][LAYERS[name].key]) == told[name]
        assert not demo["figures"]["figure_id"].duplicated().any()

    def test_a_published_figure_has_a_source_and_a_value(self, demo: dict[str, pd.DataFrame]) -> None:
        for line in demo["figures"].itertuples():
            assert line.source
            if line.basis == "published":
                row = demo[line.layer].set_index(LAYERS[line.layer].key).loc[line.row_id]
                assert pd.notna(row[line.column]), line.figure_id

    def test_projects_and_assignments_are_marked(self, demo: dict[str, pd.DataFrame]) -> None:
        projects = demo["projects"].set_index("project_id")
        assert projects.index[projects["basis"] == "published"].tolist() == ["bjtu"]
        assert projects["note"].str.contains("示意").all()
        assert demo["assignments"]["note"].str.contains("示意").all()
        assert demo["assumptions"]["source"].str.contains("假设|京政发").all()

    def test_production_is_sent_to_the_partner_parks(self, demo: dict[str, pd.DataFrame]) -> None:
        heavy = demo["projects"][demo["projects"]["function_mix"].str.contains("production")]
        assert len(heavy) >= 3
        assert heavy["note"].str.contains("保定、沧州、沈北新区").all()
        assert not demo["zones"]["functions"].str.contains("production").any()

    def test_open_street_map_is_credited(self, demo: dict[str, pd.DataFrame]) -> None:
        assert demo["stations"]["source"].str.contains("OpenStreetMap").all()
        drawn = demo["backdrop"][demo["backdrop"]["kind"] != "label"]
        assert drawn["source"].str.contains("OpenStreetMap").all()


class TestReadme:
    """data/README.md and the files of data/ name each other."""

    def rows(self) -> dict[str, list[str]]:
        """Cells by path."""
        lines = (DATA / "README.md").read_text(encoding="utf-8").splitlines()
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
        assert {len(row) for row in cells} == {9}
        return {row[0].strip("`"): row for row in cells}

    def test_files_and_rows(self) -> None:
        files = {
            str(path.relative_to(DATA))
            for path in DATA.rglob("*")
            if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts
        }
        assert files - {"README.md"} == set(self.rows())

    def test_checksums(self) -> None:
        for name, row in self.rows().items():
            assert row[-1].strip("`") == files.checksum(DATA / name), f"{name}: run build_demo with --readme"
            assert all(row), name

    def test_no_outline_of_the_district_is_shipped(self) -> None:
        assert not list(DATA.rglob("*tianditu*"))
