"""Limits by zone from a small file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from layers.accounts import report
from layers.rules import ZoneUnknown, read_rules, set_rules
from layers.workspace import Workspace
from spatial.errors import ChengzaiError, tell
from tests.world import box, table


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("r.csv", "zone,far_max,height_max_m\neast,2,24\nwest,1.5,\n"),
        ("r.csv", "Zone_ID, FAR_MAX ,height_max_m,note\neast,2,24,x\nwest,1.5,,y\n"),
        (
            "r.json",
            '{"rules": [{"zone": "east", "far_max": 2, "height_max_m": 24}, {"zone": "west", "far_max": 1.5}]}',
        ),
        ("r.json", '[{"zone": "east", "far_max": "2", "height_max_m": 24}, {"zone": "west", "far_max": 1.5}]'),
        ("r.json", '{"east": {"far_max": 2, "height_max_m": 24}, "west": 1.5}'),
    ],
)
def test_every_way_to_write_rules(tmp_path: Path, name: str, text: str) -> None:
    rules = read_rules(write(tmp_path / name, text))
    assert rules["zone"].tolist() == ["east", "west"]
    assert rules["far_max"].tolist() == [2.0, 1.5]
    assert rules["height_max_m"].fillna(-1).tolist() == [24.0, -1.0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("r.csv", "zone,colour\neast,red\n"),
        ("r.csv", "far_max\n2\n"),
        ("r.csv", "zone,far_max\neast,-1\n"),
        ("r.csv", "zone,far_max\neast,two\n"),
        ("r.csv", "zone,far_max\neast,inf\n"),
        ("r.csv", "zone,coverage_max_pct\neast,120\n"),
        ("r.csv", "zone,far_max\neast,1\neast,2\n"),
        ("r.csv", "zone,far_max\n,1\n"),
        ("r.json", '"east"'),
        ("r.json", "{"),
        ("r.json", "[1, 2]"),
    ],
)
def test_rules_that_say_nothing_clear_are_refused(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(ChengzaiError) as caught:
        read_rules(write(tmp_path / name, text))
    for language in ("zh-CN", "en"):
        assert all(tell(caught.value, language)[key] for key in ("code", "message", "cure"))


def test_zones_match_by_key_and_name_and_keep_what_a_rule_leaves_out(world: Workspace, tmp_path: Path) -> None:
    first = set_rules(
        world, read_rules(write(tmp_path / "a.json", json.dumps({"东区": 1, "west": {"height_max_m": 9}})))
    )
    assert first.names == ("east", "west")
    again = set_rules(
        world.with_tables(zones=first.zones), read_rules(write(tmp_path / "b.json", '{"west": {"far_max": 3}}'))
    )
    zones = again.zones.set_index("zone_id")
    assert (zones.loc["east", "far_max"], zones.loc["west", "far_max"], zones.loc["west", "height_max_m"]) == (
        1,
        3,
        9,
    )
    assert again.silent == ("east",)
    assert again.zones.geometry.notna().all()


def test_a_rule_holds_for_parcels_without_their_own(world: Workspace, tmp_path: Path) -> None:
    before = report(world)
    found = set_rules(world, read_rules(write(tmp_path / "r.json", '{"west": 0.5}')))
    after = report(world.with_tables(zones=found.zones))
    assert after["unknown_parcels"] == before["unknown_parcels"] - 1
    assert after["permitted_m2"] - before["permitted_m2"] == pytest.approx(5_000)


def test_zones_that_only_parcels_name_get_a_row(tmp_path: Path) -> None:
    rows = [{"parcel_id": "a", "zone": "Z", "sub_area": "Z1", "geometry": box(0, 0, 100, 100)}]
    workspace = Workspace("w", "EPSG:4548", {"parcels": table("parcels", rows)})
    found = set_rules(workspace, read_rules(write(tmp_path / "r.json", '{"Z": 2, "Z1": 3}')))
    assert found.zones["zone_id"].tolist() == ["Z", "Z1"]
    assert found.zones["parent"].fillna("").tolist() == ["", "Z"]
    after = report(workspace.with_tables(zones=found.zones), ("zone", "sub_area"))
    assert after["permitted_m2"] == pytest.approx(30_000)
    assert (after["groups"][0]["zone"], after["groups"][0]["sub_area"]) == ("Z", "Z1")


def test_unknown_zones_are_named_with_those_that_there_are(world: Workspace, tmp_path: Path) -> None:
    with pytest.raises(ZoneUnknown) as caught:
        set_rules(world, read_rules(write(tmp_path / "r.json", '{"east": 2, "north": 1}')))
    assert tell(caught.value, "en")["message"] == "No such zones: north"
    assert "east, west" in tell(caught.value, "en")["cure"]
