"""`reach`: its words and keys, over the demo as it is and with streets brought in."""

from __future__ import annotations

from pathlib import Path

import pytest

import cli
from layers import printed, stores
from layers.ground.reach_report import report
from tests.files import call
from tests.layers.ground.reach_world import reach_world


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reach") / "demo.gpkg"
    assert call("demo", path)[0] == 0
    return path


def test_the_demo_has_stations_and_no_streets_and_no_facilities(demo: Path) -> None:
    status, answer = call("reach", demo, "--parcels")
    assert status == 0
    assert (answer["distance"], answer["network"], answer["services"]) == ("straight", None, [])
    assert answer["radius_m"] == {"near": 500.0, "far": 800.0}
    assert len(answer["no_facilities"]) == 12
    assert all(row["left_m2"] is None and row["allowed_m2"] >= 0 for row in answer["support"])
    rows = answer["rows"]
    assert len(rows) == len(stores.read(demo).table("parcels"))
    assert all(row["straight_to_outline_m"] <= row["straight_to_inner_m"] for row in rows)
    assert all(row["walk_to_inner_m"] is None for row in rows)
    every = next(row for row in answer["stations"] if row["station_id"] is None and row["ring"] == "far")
    single = [row for row in answer["stations"] if row["station_id"] and row["ring"] == "far"]
    assert 0 < every["permitted_m2"] <= sum(row["permitted_m2"] for row in single)


def test_people_at_a_terminal_read_which_distance_it_is(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["reach", str(demo)]) == 0
    said = capsys.readouterr().out
    assert "直线距离" in said
    assert "食堂餐饮" in said
    walked = printed.SHOW["reach"](report(reach_world()), "en")
    assert "Walking distance" in walked
    assert "Canteen" in walked


def test_nobody_walks_without_streets(demo: Path) -> None:
    answer = call("reach", demo, "--walk")[1]
    assert (answer["distance"], answer["network"]["links"]) == ("walk", 0)
    assert answer["network"]["parcels_unreached"] == len(stores.read(demo).table("parcels"))
    assert all(row["parcels"] == 0 for row in answer["stations"])


def test_one_of_the_two_ways_of_measuring(demo: Path) -> None:
    assert call("reach", demo, "--walk", "--straight")[0] == 2
    assert call("reach", demo, "--kind", "bus")[0] == 2


def test_streets_make_it_a_walk_and_what_they_do_not_reach_is_counted() -> None:
    answer = report(reach_world(), rows=True)
    assert answer["distance"] == "walk"
    found = answer["network"]
    assert (found["links"], found["components"], found["barred_ways"], found["length_m"]) == (1, 1, 1, 800)
    assert (found["parcels_without_way"], found["parcels_unreached"]) == (0, 0)
    assert [row["walk_to_inner_m"] for row in answer["rows"]] == pytest.approx([90, 240, 390])
    assert answer["rows"][0]["entrance"] == "A口"
    served = [row for row in answer["services"] if row["zone"] is None]
    assert [(row["people_of"], row["lacking_places"]) for row in served] == [
        ("built", pytest.approx(360)),
        ("full", pytest.approx(660)),
    ]
