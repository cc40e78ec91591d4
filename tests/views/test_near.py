"""What the pages say of a parcel's stations: names, which kind of distance, and where no way leads."""

from __future__ import annotations

from tests.layers.ground.reach_world import reach_world
from tests.world import three_parcels
from views.card import card_more, parcel_at
from views.ground.near import near_parcel
from views.text import texts

ZH, EN = texts("zh-CN"), texts("en")


def test_the_card_names_the_nearest_entrance_and_both_distances() -> None:
    said = card_more(parcel_at(reach_world(), 0), ZH)
    assert "最近车站" in said and "A口" in said
    assert "40 m（至边界）· 90 m（至内点）" in said
    assert "路网不可达" in said  # the railway station lies too far from the street


def test_without_ways_no_walk_is_claimed() -> None:
    said = near_parcel(reach_world(ways=False), 1, EN)
    assert "no ways layer" in said
    assert "140 m" not in said.split("no ways layer")[1].split("</tr>")[0]


def test_missing_services_are_named_with_the_kind_of_distance() -> None:
    assert "食堂餐饮（最近 240 m）" in near_parcel(reach_world(), 1, ZH)
    assert "步行" in near_parcel(reach_world(), 1, ZH)
    assert EN("near_all_served") in near_parcel(reach_world(), 0, EN)


def test_a_world_without_stations_says_nothing_on_the_card() -> None:
    assert "最近车站" not in card_more(parcel_at(three_parcels(), 0), ZH)
