"""What the map fetches, worked out by hand on the world of three parcels."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from layers.commands import Assign
from layers.map import payload
from layers.map.landuse import use
from layers.map.styles import by_assignment, by_available, modes
from layers.map.words import WORDS
from layers.workspace import Workspace
from spatial import crs
from tests.layers.commands.doing import did
from tests.world import X, Y, box


def mode_of(state: dict[str, Any], key: str) -> dict[str, Any]:
    return next(mode for mode in state["modes"] if mode["key"] == key)


def test_outlines_come_back_to_a_centimetre(world: Workspace) -> None:
    made = payload.geometry(world)
    lon = np.array(made["lon"]) * made["step"] + made["origin"][0]
    lat = np.array(made["lat"]) * made["step"] + made["origin"][1]
    back = crs.transform(
        np.array([shapely.Point(xy) for xy in zip(lon, lat, strict=True)]), crs.parse("EPSG:4490"), world.pyproj_crs
    )
    corners = {(round(p.x - X), round(p.y - Y)) for p in back}
    assert made["ring_start"] == [0, 1, 2, 3] and made["vertex_start"] == [0, 5, 10, 15]
    assert corners == {(x, y) for x in (0, 100, 150, 250, 300, 400) for y in (0, 100)}
    assert max(abs(p.x - X - round(p.x - X)) for p in back) < 0.02


def test_holes_parts_and_missing_outlines_keep_their_rows(world: Workspace) -> None:
    ring = shapely.Polygon(box(0, 0, 90, 90).exterior.coords, [box(30, 30, 60, 60).exterior.coords])
    two = shapely.MultiPolygon([box(150, 0, 200, 50), box(210, 0, 250, 50)])
    parcels = gpd.GeoDataFrame(world.table("parcels")).set_geometry([ring, two, None], crs=world.crs)
    made = payload.geometry(replace(world, tables={**world.tables, "parcels": parcels}))
    assert made["ring_start"] == [0, 2, 4, 4]
    assert len(made["anchor_lon"]) == len(made["labels"]) == 3


def test_state_says_what_each_parcel_can_give(world: Workspace) -> None:
    state = payload.state(world, "zh-CN")
    assert state["available"] == [15000, 0, None]
    available = mode_of(state, "available")
    assert [available["classes"][i]["label"] for i in available["of"]] == ["0.5–2 万m²", "无可供", "承载未知"]
    assert available["classes"][available["of"][2]]["hatch"]


def test_an_assignment_moves_the_class_and_nothing_of_the_outlines(world: Workspace) -> None:
    after = did(world, Assign("A", "p1", 8000.0, stage="signed"))
    assert payload.tag(after) == payload.tag(world)
    mode = by_assignment(after, "zh-CN")
    assert [mode.classes[i].label for i in mode.of] == ["签约", "未落位", "未落位"]
    left = by_available(after, "en")
    assert left.classes[left.of[0]].label == "5,000–20,000 m²"


def test_the_tag_changes_with_an_outline_and_with_a_label(world: Workspace) -> None:
    parcels = world.table("parcels")
    renamed = world.with_tables(parcels=parcels.assign(parcel_no=["A1", "B", "C"]))
    moved = gpd.GeoDataFrame(parcels).set_geometry([box(0, 0, 99, 100), *world.shapes("parcels")[1:]], crs=world.crs)
    assert len({payload.tag(world), payload.tag(renamed), payload.tag(world.with_tables(parcels=moved))}) == 3


def test_context_has_zones_in_the_language_of_the_page(world: Workspace) -> None:
    made = payload.context(world, "zh-CN")
    assert [zone["name"] for zone in made["zones"]] == ["东区", "西区"]
    (south, west), (north, east) = made["bounds"]
    assert south < north and 116.2 < west < east < 116.4
    json.dumps(made, allow_nan=False)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_only_classes_that_occur_are_counted(world: Workspace, language: str) -> None:
    for mode in modes(world, language):
        counts = [kind["count"] for kind in mode.payload()["classes"]]
        assert sum(counts) == 3
        assert all(kind.colour.startswith("#") and len(kind.colour) == 7 for kind in mode.classes)


def test_land_uses_wear_the_planners_colours() -> None:
    assert use("YDYH2023", "0802").colour == "#e6005c"
    assert use("YDYH2023", "0802").label("zh-CN") == "0802 科研用地"
    assert use("DB11/996", "M4").borrowed and use("DB11/996", "M4").name == "工业研发用地"
    assert use("DB11/996", "<b>").label() == "<b>"


def test_both_languages_have_every_word() -> None:
    assert WORDS["zh-CN"].keys() == WORDS["en"].keys()
