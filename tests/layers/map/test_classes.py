"""Classes of the parcels, worked out by hand on the world of three parcels, and how they look."""

from __future__ import annotations

import numpy as np
import pytest

from layers.accounts import available
from layers.commands import Assign, Edit, Split
from layers.map.classes import MODES, Classes, classes
from layers.map.landuse import use
from layers.map.rated import RULED_OUT, grades
from layers.map.rated import UNKNOWN as RATE_UNKNOWN
from layers.map.styles import Mode, modes
from layers.map.words import WORDS
from layers.workspace import Workspace
from spatial.suitability import Scores, rate
from tests.world import after, table


def legend(found: Classes, key: str, language: str = "zh-CN") -> Mode:
    return next(mode for mode in modes(found.workspace, found.values, language) if mode.key == key)


def labels(found: Classes, key: str, language: str = "zh-CN") -> list[str]:
    """The class of each parcel, as the legend calls it."""
    shown = legend(found, key, language)
    return [shown.classes[number].label for number in found.of[key]]


def test_every_mode_says_what_each_parcel_is(world: Workspace) -> None:
    found = classes(world)
    assert labels(found, "land_use") == ["M4 工业研发用地", "M4 工业研发用地", "未填用地性质"]
    assert labels(found, "available") == ["0.5–2 万m²", "无可供", "承载未知"]
    assert labels(found, "zone") == ["东区", "东区", "西区"]
    assert labels(found, "status") == ["未填状态"] * 3
    assert labels(found, "supply_mode") == ["未填供应方式"] * 3
    assert labels(found, "assignment") == ["未落位"] * 3
    assert legend(found, "available").classes[found.of["available"][2]].hatch


def test_available_floor_area_is_unknown_where_nothing_limits_it(world: Workspace) -> None:
    left = available(world)
    assert left[:2].tolist() == [15_000.0, 0.0] and np.isnan(left[2])


def test_an_assignment_changes_its_classes_and_leaves_the_others_as_they_are(world: Workspace) -> None:
    before = classes(world)
    now = classes(after(world, Assign("A", "p1", 8000.0, stage="signed")), before)
    assert labels(now, "assignment") == ["签约", "未落位", "未落位"]
    assert labels(now, "available", "en")[0] == "5,000–20,000 m²"
    for key in ("land_use", "zone", "status", "supply_mode"):
        assert now.of[key] is before.of[key], key


def test_numbers_of_what_occurs_stay_and_new_values_come_last(world: Workspace) -> None:
    first = classes(world)
    second = classes(
        after(world, Edit.of("parcels", "A", land_use="A35"), Edit.of("parcels", "B", land_use="A35")), first
    )
    assert second.values["land_use"][: len(first.values["land_use"])] == first.values["land_use"]
    assert second.of["land_use"].tolist() == [2, 2, 1] and second.of["land_use"][2] == first.of["land_use"][2]


def test_grades_of_suitability_follow_the_first_model_and_every_change_of_it(world: Workspace) -> None:
    """A has a ratio of 2 of 4 (50), B of 1 (25), C none."""
    assert labels(classes(world), "suitability") == ["未评价"] * 3
    row = {"criterion_id": "far", "model": "示意", "measure": "parcel_value", "subject": "far_max"}
    rated = world.with_tables(criteria=table("criteria", [row | {"worst": 0.0, "best": 4.0, "weight": 1.0}]))
    found = classes(rated)
    assert labels(found, "suitability") == ["40–60", "20–40", "得分未知"]
    assert "总部办公 · 示意" in legend(found, "suitability").note
    assert labels(classes(after(rated, Edit.of("parcels", "A", far_max=4.0)), found), "suitability")[0] == "80–100"
    broken = rated.with_tables(criteria=table("criteria", [row | {"weight": 1.0}]))
    assert labels(classes(broken), "suitability") == ["未评价"] * 3


def test_a_mask_has_a_class_of_its_own_and_bounds_belong_to_the_higher_grade(world: Workspace) -> None:
    scores = np.array([[20.0, 0.0, 100.0, np.nan, 80.0]])
    masks = np.array([[1.0, 0.0, 1.0, 1.0, 1.0]])
    found = rate(Scores(scores, masks, np.zeros(1, bool), np.zeros(1, bool)), np.ones(1))
    assert grades(found).tolist() == [1, RULED_OUT, 4, RATE_UNKNOWN, 4]


def test_what_is_taken_over_is_what_starting_afresh_gives(world: Workspace) -> None:
    kept, here = classes(world), world
    for command in (Assign("A", "p1", 1.0), Edit.of("parcels", "A", status="sold"), Split("B", parts=2)):
        here = after(here, command)
        kept = classes(here, kept)
        afresh = classes(here)
        for key in MODES:
            assert labels(kept, key) == labels(afresh, key), key


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_class_has_a_label_and_a_colour(world: Workspace, language: str) -> None:
    found = classes(world)
    for mode in modes(world, found.values, language):
        assert mode.title and mode.key in MODES
        for kind in mode.classes:
            assert kind.label and len(kind.colour) == 7 and int(kind.colour[1:], 16) >= 0


def test_land_uses_wear_the_planners_colours() -> None:
    assert use("YDYH2023", "0802").colour == "#e6005c"
    assert use("YDYH2023", "0802").label("zh-CN") == "0802 科研用地"
    assert use("DB11/996", "M4").borrowed and use("DB11/996", "M4").name == "工业研发用地"
    assert use("DB11/996", "<b>").label() == "<b>"


def test_both_languages_have_every_word() -> None:
    assert WORDS["zh-CN"].keys() == WORDS["en"].keys()
