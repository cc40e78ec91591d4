"""Suitability over the world of three parcels: A and B touch no further than 50 m apart, C lies 50 m beyond B."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from layers.commands import Assign, Edit
from layers.errors import TableRefused
from layers.ground import measures
from layers.ground.errors import CriterionRefused, MeasureRefused, ModelUnknown
from layers.ground.models import PRESETS, from_rows, functions_of, judged, models, row_of, weights_of, written
from layers.ground.scoring import assemble, fit, rating, usual
from layers.stores import raster_files
from layers.workspace import Workspace
from tests.rasters import ramp, tif
from tests.world import after, box, table


def row(key: str, **values: Any) -> dict[str, Any]:
    return {"criterion_id": key, "model": "示意", "measure": "parcel_value", "subject": "far_max"} | values


def rated(world: Workspace, *rows: dict[str, Any]) -> Workspace:
    return world.with_tables(criteria=table("criteria", list(rows)))


FAR = row("far", worst=0.0, best=4.0, weight=3.0)  # A 2 → 50, B 1 → 25, C unknown
BUILT = row("built", subject="built_floor_area_m2", worst=12_000.0, best=0.0, weight=1.0)  # 58.3, 0, 75


def test_a_model_by_hand(world: Workspace) -> None:
    found = rating(rated(world, FAR, BUILT), "示意", "research")
    assert found.total[:2] == pytest.approx([(3 * 50 + (7000 / 12_000) * 100) / 4, 75 / 4])
    assert np.isnan(found.total[2]), "C has no ratio, so its total is unknown"


def test_where_the_user_says_so_the_weight_goes_to_the_others(world: Workspace) -> None:
    found = rating(rated(world, FAR | {"missing": "pass_on"}, BUILT), "示意", "research")
    assert found.total[2] == pytest.approx(75.0) and found.weights_at(2).tolist() == [0.0, 1.0]


def test_criteria_count_for_their_function_or_for_all(world: Workspace) -> None:
    one = rated(world, FAR, BUILT | {"function": "pilot"})
    assert rating(one, "示意", "research").total[0] == 50.0
    assert rating(one, "示意", "pilot").total[0] == pytest.approx((3 * 50 + 700 / 12) / 4)
    assert functions_of(from_rows([BUILT | {"function": "pilot"}])) == ("pilot",)
    with pytest.raises(ModelUnknown):
        rating(rated(world, BUILT | {"function": "pilot"}), "示意", "research")
    with pytest.raises(ModelUnknown):
        rating(one, "别的", "research")


def test_land_use_and_zone_rule_out_by_function(world: Workspace) -> None:
    mask = row("fit", measure="function_fit", subject=None, role="mask")
    here = after(
        rated(world, FAR | {"missing": "pass_on"}, BUILT, mask), Edit.of("zones", "east", functions="research")
    )
    research, production = (rating(here, "示意", function) for function in ("research", "production"))
    assert research.total[0] > 0 and research.scores.ruled_out.tolist() == [-1, -1, -1]
    assert production.total.tolist()[:2] == [0.0, 0.0] and production.scores.ruled_out.tolist() == [0, 0, -1]


def test_distance_to_partners_is_from_outline_to_outline(world: Workspace) -> None:
    near = row("near", measure="partner_distance", subject=None, worst=200.0, best=0.0, weight=1.0)
    lone = rated(world, near)
    assert np.isnan(rating(lone, "示意", "research").total).all(), "nobody is a partner yet"
    led = after(lone, Edit.of("projects", "p2", lead_partner="p1"), Assign("A", "p1", 8000.0))
    assert rating(led, "示意", "research").total.tolist() == [100.0, 75.0, 0.0]
    named = rated(led, near | {"subject": "p1"})
    assert rating(named, "示意", "research").total.tolist() == [100.0, 75.0, 0.0]
    with pytest.raises(MeasureRefused):
        rating(rated(led, near | {"subject": "nobody"}), "示意", "research")


def test_land_under_a_constraint_counts_by_its_share(world: Workspace) -> None:
    """The line takes the left half of A; outside it B and C lie free."""
    line = {"constraint_id": "c", "kind": "flood_control", "effect": "factor", "factor": 40.0}
    drawn = world.with_tables(constraints=table("constraints", [line | {"geometry": box(0, 0, 50, 100)}]))
    share = row("flood", measure="constraint_share", subject="flood_control", worst=1.0, best=0.0, weight=1.0)
    assert rating(rated(drawn, share), "示意", "research").total.tolist() == [50.0, 100.0, 100.0]
    factor = row("factor", measure="constraint_factor", subject=None, worst=0.0, best=100.0, weight=1.0)
    assert rating(rated(drawn, factor), "示意", "research").total.tolist() == [70.0, 100.0, 100.0]


def test_rasters_of_the_workspace_are_measured_and_no_other_file(world: Workspace, tmp_path: Path) -> None:
    """Under A the ramp has a mean of 142, and two fifths of the land lie above 150."""
    file = tif(tmp_path / "a.tif", ramp())
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    kept = raster_files.place(tmp_path, sha256)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(file.read_bytes())
    known = table("rasters", [{"raster_id": "R1", "sha256": sha256, "raster_crs": "EPSG:4548", "geometry": None}])
    mean = row("r", measure="raster_mean", subject="R1", worst=0.0, best=200.0, weight=1.0)
    share = row("s", measure="raster_share_above", subject="R1", threshold=150.0, worst=0.0, best=1.0, weight=1.0)
    here = replace(rated(world, mean).with_tables(rasters=known), files=str(tmp_path))
    assert rating(here, "示意", "research").total[0] == pytest.approx(71.0)
    assert rating(here.with_tables(criteria=table("criteria", [share])), "示意", "research").total[
        0
    ] == pytest.approx(40)
    for subject in (str(file), "slope:" + str(file), "R2"):
        with pytest.raises(MeasureRefused):
            rating(here.with_tables(criteria=table("criteria", [mean | {"subject": subject}])), "示意", "research")


def test_a_subject_that_is_no_figure_is_refused_with_those_that_are(world: Workspace) -> None:
    with pytest.raises(MeasureRefused) as refused:
        rating(rated(world, FAR | {"subject": "land_use"}), "示意", "research")
    assert "far_max" in str(refused.value.facts["known"]) and "available_m2" in str(refused.value.facts["known"])


def test_available_floor_area_follows_every_assignment(world: Workspace) -> None:
    here = rated(world, row("left", subject="available_m2", worst=0.0, best=20_000.0, weight=1.0))
    assert rating(here, "示意", "research").total[:2].tolist() == [75.0, 0.0]
    assert rating(after(here, Assign("A", "p1", 5000.0)), "示意", "research").total[0] == 50.0


@pytest.mark.parametrize(
    ("change", "again"),
    [
        (Edit.of("parcels", "A", far_max=3.0), {"far_max"}),
        (Edit.of("parcels", "A", note="x"), set()),
        (Edit.of("parcels", "A", built_floor_area_m2=0.0), {"built_floor_area_m2"}),
        (Edit.of("projects", "p1", name="x"), set()),
    ],
    ids=["its column", "another column", "the other's column", "another layer"],
)
def test_only_what_rests_on_a_change_is_measured_anew(
    world: Workspace, change: Edit, again: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, seen = rated(world, FAR, BUILT), []
    rating(here, "示意", "research")
    way = measures.WAYS["parcel_value"]

    def counted(workspace: Workspace, one: Any, function: str) -> np.ndarray:
        seen.append(one.subject)
        return way.of(workspace, one, function)

    monkeypatch.setitem(measures.WAYS, "parcel_value", measures._Way(counted, way.rests))
    rating(here, "示意", "research")
    assert not seen, "nothing changed"
    rating(after(here, change), "示意", "research")
    assert set(seen) == again


def test_other_weights_need_nothing_measured_or_scored(world: Workspace) -> None:
    here = rated(world, FAR, BUILT)
    found = assemble(here, from_rows([FAR, BUILT]), "research")
    assert assemble(here, from_rows([FAR, BUILT]), "research").scores is found.scores
    assert found.rate(np.array([0.0, 1.0])).total.round(1).tolist() == [58.3, 0.0, 75.0]


def test_weights_follow_from_comparisons_where_there_are_any() -> None:
    rows = [
        row("a", worst=0.0, best=1.0, weight=9.0, judgements="b=2; c=6; elsewhere=3"),
        row("b", worst=0.0, best=1.0, judgements={"c": 3}),
        row("c", worst=0.0, best=1.0),
    ]
    found = from_rows(rows)
    assert weights_of(found) == pytest.approx([0.6, 0.3, 0.1])
    by_pairs = judged(found)
    assert by_pairs is not None and by_pairs.consistent
    assert weights_of(from_rows([FAR, BUILT])).tolist() == [3.0, 1.0] and judged(from_rows([FAR, BUILT])) is None


def test_the_named_scales_say_where_they_come_from_and_score_as_published() -> None:
    mnr, general = PRESETS
    slope = from_rows([row("slope", weight=1.0)])[0]
    assert mnr.on(slope).score(np.array([1.0, 5.0, 10.0, 30.0])).tolist() == [100, 80, 60, 40]
    assert mnr.verified and not general.verified and "未核实" in general.source and "not verified" in general.en


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        ({"worst": None}, CriterionRefused),
        ({"worst": 4.0}, CriterionRefused),
        ({"steps": "0=100; 2=101"}, CriterionRefused),
        ({"steps": "0=100; x=50"}, CriterionRefused),
        ({"steps": "much"}, CriterionRefused),
        ({"measure": "beauty"}, TableRefused),
        ({"weight": -1.0}, TableRefused),
        ({"weihgt": 1.0}, CriterionRefused),
        ({"judgements": "b=1/0"}, CriterionRefused),
    ],
)
def test_a_criterion_that_makes_no_sense_is_refused(world: Workspace, broken: dict[str, Any], error: type) -> None:
    with pytest.raises(error):
        assemble(world, from_rows([FAR | broken]), "research").rate()


def test_a_criterion_goes_into_the_layer_and_comes_back_as_it_is() -> None:
    made = from_rows([row("a", steps=["0=100", "2.5=40"], judgements={"b": 1 / 3}, missing="pass_on", role="mask")])[
        0
    ]
    assert from_rows([row_of(made)])[0] == made
    assert written([(0.0, 100.0), (2.5, 40.0)]) == "0=100; 2.5=40"


def test_fit_is_from_0_to_1_and_unknown_where_nothing_rates(world: Workspace) -> None:
    assert usual(world) is None and np.isnan(fit(world, "research")).all()
    here = rated(world, FAR, BUILT)
    assert fit(here, "research")[:2] == pytest.approx(rating(here, "示意", "research").total[:2] / 100)
    assert np.isnan(fit(here, "support")).all()
    assert usual(here) == ("示意", "headquarters") and models(here) == ("示意",)
