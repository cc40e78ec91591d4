"""What lies around the parcels, worked out by hand on the world of three parcels."""

from __future__ import annotations

import json

import geopandas as gpd

from layers.map import payload
from layers.workspace import Workspace
from tests.world import box


def test_context_has_zones_in_the_language_of_the_page(world: Workspace) -> None:
    made = payload.context(world, "zh-CN")
    assert [zone["name"] for zone in made["zones"]] == ["东区", "西区"]
    (south, west), (north, east) = made["bounds"]
    assert south < north and 116.2 < west < east < 116.4
    json.dumps(made, allow_nan=False)


def test_a_parcel_is_called_by_its_number_else_its_name_else_its_key(world: Workspace) -> None:
    parcels = world.table("parcels").assign(parcel_no=["7", None, ""], name=["七号", "八号", None])
    assert payload.labels(world.with_tables(parcels=parcels)) == ["7", "八号", "C"]


def test_the_tag_changes_with_what_lies_around_and_not_with_parcels(world: Workspace) -> None:
    zones = world.table("zones")
    renamed = world.with_tables(zones=zones.assign(name=["东", "西区"]))
    shapes = [box(0, 0, 199, 100), *world.shapes("zones")[1:]]
    moved = world.with_tables(zones=gpd.GeoDataFrame(zones).set_geometry(shapes, crs=world.crs))
    richer = world.with_tables(parcels=world.table("parcels").assign(far_max=[3.0, 1.0, 2.0]))
    tags = [payload.context_tag(one) for one in (world, renamed, moved, richer)]
    assert len(set(tags)) == 3 and tags[0] == tags[3]
