"""Constraints on the map: hatched apart without colour, near what is shown, and named in the language of the page."""

from __future__ import annotations

import json

import numpy as np
import shapely

from layers.map import limits, payload
from layers.vocabulary import CONSTRAINT_KINDS
from layers.workspace import Workspace
from tests.world import X, Y, box, table


def held(world: Workspace, *rows: dict[str, object]) -> Workspace:
    return world.with_tables(constraints=table("constraints", list(rows)))


BELT = {"constraint_id": "g", "kind": "green_belt", "effect": "exclude", "geometry": box(0, 0, 60, 100)}


def test_no_two_kinds_look_alike_without_colour() -> None:
    assert set(limits.LOOKS) == set(CONSTRAINT_KINDS)
    assert len({(look.pattern, look.gap) for look in limits.LOOKS.values()}) == len(CONSTRAINT_KINDS)
    assert len({limits.css_of(kind) for kind in CONSTRAINT_KINDS}) == len(CONSTRAINT_KINDS)
    assert limits.look_of("自定义") == limits.LOOKS["other"]


def test_areas_are_told_with_kind_effect_and_side(world: Workspace) -> None:
    boundary = {**BELT, "constraint_id": "u", "kind": "growth_boundary", "side": "outside", "name": "<b>"}
    drawn = limits.drawn(held(world, BELT, boundary), "en")
    assert [one["label"] for one in drawn] == ["Green belt · Exclude", "Urban growth boundary · Exclude · Outside"]
    assert [(one["outside"], one["name"]) for one in drawn] == [(False, ""), (True, "<b>")]
    north, east = np.array(drawn[0]["rings"][0]).max(axis=0)
    assert 39 < north < 40 and 116 < east < 117
    json.dumps(drawn, allow_nan=False)


def test_an_area_in_a_workspace_without_parcels_is_sent_as_it_is() -> None:
    alone = held(Workspace("w", "EPSG:4548"), BELT)
    assert "green_belt" in json.dumps(limits.drawn(alone, "en"))


def test_only_what_lies_near_the_parcels_is_sent_and_no_finer_than_a_screen(world: Workspace) -> None:
    angle = np.linspace(0, 2 * np.pi, 20_000)
    fine = shapely.Polygon(np.column_stack([X + 200 + 250 * np.cos(angle), Y + 50 + 250 * np.sin(angle)]))
    far = box(90_000, 90_000, 90_100, 90_100)
    wide = box(-90_000, -90_000, 90_000, 90_000)
    rows = [{**BELT, "constraint_id": str(i), "geometry": shape} for i, shape in enumerate((fine, far, wide))]
    found = limits.drawn(held(world, *rows), "zh-CN")
    assert len(found) == 2
    assert len(found[0]["rings"][0]) < 400
    lat, lon = np.ptp(np.array(found[1]["rings"][0]), axis=0)
    assert lat < 0.01 and lon < 0.02


def test_the_tag_changes_with_the_areas_and_what_they_do(world: Workspace) -> None:
    one = held(world, BELT)
    moved = held(world, {**BELT, "geometry": box(0, 0, 61, 100)})
    other = held(world, {**BELT, "effect": "inform"})
    scored = one.with_tables(parcels=world.table("parcels").assign(far_max=[3.0, 1.0, 2.0]))
    tags = [payload.context_tag(w) for w in (world, one, moved, other, scored)]
    assert len(set(tags)) == 4 and tags[1] == tags[4]
    assert payload.context(one, "zh-CN")["limits"][0]["label"] == "绿化隔离地区 · 扣除"
    assert payload.context(world, "zh-CN")["limits"] == []
