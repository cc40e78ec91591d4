"""Layers under the parcels: what is offered, what they hold, and that an unknown one is refused."""

from __future__ import annotations

import json

import pytest
import shapely

from layers.map import under
from tests.layers.ground.reach_world import at, reach_world
from tests.world import three_parcels


def test_what_is_not_there_is_not_offered() -> None:
    assert under.offered(three_parcels()) == []
    assert under.offered(reach_world(ways=False)) == [
        "straight-near-metro",
        "straight-far-metro",
        "straight-near-rail",
        "straight-far-rail",
        "facilities",
    ]
    assert {"walk-far-rail", "ways"} < set(under.offered(reach_world()))


def test_every_layer_that_is_offered_is_plain_and_says_what_distance_it_is() -> None:
    world = reach_world()
    for key in under.offered(world):
        for language in ("zh-CN", "en"):
            found = under.under(world, key, language)
            json.dumps(found, allow_nan=False)
            assert found["title"]
    assert under.under(world, "straight-far-metro", "zh-CN")["title"] == "地铁站 800 m（直线距离）"
    assert "on foot" in under.under(world, "walk-near-metro", "en")["title"]


def test_rings_keep_their_holes_and_facilities_their_kind() -> None:
    world = reach_world()
    (ring,) = under.under(world, "straight-near-rail", "en")["shapes"]
    assert ring["closed"]
    assert len(ring["parts"][0]) == 1
    (canteen,) = under.under(world, "facilities", "zh-CN")["shapes"]
    assert canteen["name"] == "食堂餐饮 食堂"
    assert shapely.Point(canteen["at"][::-1]).distance(shapely.Point(116.28, 39.82)) < 0.1
    assert at(0, 0).x > 100_000  # the map is in degrees, the workspace in metres


@pytest.mark.parametrize("key", ["", "straight", "straight-near-bus", "walk-huge-metro", "<script>"])
def test_a_layer_of_another_name_is_refused(key: str) -> None:
    with pytest.raises(KeyError):
        under.under(reach_world(), key, "en")
