"""A layer is brought up to date by a file: what comes, goes, differs and stays, and what stands on it."""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers import stores
from layers.changes import RowChange
from layers.commands import Agree, Assign, Bring, Draw
from layers.errors import StillReferred
from layers.readers.bring_in import Arrival, Wish, bring_in
from layers.readers.errors import RowsRefused
from layers.readers.updates import MatchRefused, Rule, Standing, StandingRefused, Update
from layers.rows import rows, with_rows
from layers.tables import differences
from layers.workspace import Workspace
from tests.files import call, codes, geojson
from tests.layers.commands.doing import changes, did, every_row, undone
from tests.world import box, table, three_parcels

NUMBER, SHAPE = Rule("number"), Rule("shape")
DELETE = Rule("number", "delete")
ABC = {"A": box(0, 0, 100, 100), "B": box(150, 0, 250, 100), "C": box(300, 0, 400, 100)}


@pytest.fixture
def assigned(world: Workspace) -> Workspace:
    """The three parcels with 6,000 m² of A given to a project."""
    return did(world, Assign("A", "p1", 6_000.0))


def frame(shapes: dict[str, Any], **columns: list[Any]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"DKBH": list(shapes), **columns}, geometry=list(shapes.values()), crs="EPSG:4548")


def brought(
    workspace: Workspace, path: Path, survey: gpd.GeoDataFrame, rule: Rule, **more: Any
) -> tuple[Arrival, Update]:
    file = geojson(path / "survey.geojson", survey)
    found = bring_in(workspace, Wish(str(file), "parcels", crs="EPSG:4548", rule=rule, **more))
    assert found.update is not None
    assert found.read == len(survey)
    return found, found.update


def written(workspace: Workspace, found: Arrival) -> tuple[Workspace, tuple[RowChange, ...]]:
    assert found.refusal is None
    assert found.update is not None
    drops = found.update.drops
    made = changes(
        workspace, Bring("parcels", found.table, "import_release" if drops else "import", "survey.geojson", drops)
    )
    return with_rows(workspace, made), made


def keys(some: Any) -> list[str]:
    return [one.key for one in some]


# -- by number


def test_what_differs_is_told_field_by_field(world: Workspace, tmp_path: Path) -> None:
    survey = frame({"A": ABC["A"], "B": box(150, 0, 250, 90), "D": box(400, 0, 450, 100)}, RJLSX=[3.0, 1.0, 2.0])
    found, update = brought(world, tmp_path, survey, NUMBER)
    a, b = update.changed
    assert [(f.column, f.old, f.new) for f in a.fields] == [("far_max", 2.0, 3.0)]
    assert (a.area_before_m2, a.area_after_m2, a.moved_m2) == (None, None, None)
    assert b.fields == ()
    assert (b.area_before_m2, b.area_after_m2, b.moved_m2) == (10_000.0, 9_000.0, 1_000.0)
    assert [(one.number, one.area_m2) for one in update.added] == [("D", 5_000.0)]
    assert [(one.key, one.stays) for one in update.removed] == [("C", True)], "kept unless somebody says otherwise"
    assert (update.unchanged, update.held, found.written) == ((), (), 3)
    after, _ = written(world, found)
    assert keys_of(after) == ["A", "B", "C", "D"]
    kept = after.table("parcels").set_index("parcel_id")
    assert kept["built_floor_area_m2"]["A"] == 5_000.0, "the file has no such column"
    assert kept["far_max"]["A"] == 3.0


def keys_of(workspace: Workspace) -> list[str]:
    return [str(key) for key in workspace.table("parcels")["parcel_id"]]


def test_the_same_file_again_changes_nothing(world: Workspace, tmp_path: Path) -> None:
    survey = frame({"A": box(0, 0, 90, 100), "D": box(500, 0, 600, 100)}, 业主=["甲", None])
    for rule in (DELETE, Rule("shape", "delete")):
        after, _ = written(world, brought(world, tmp_path, survey, Rule(rule.match, "delete", "release"))[0])
        again, update = brought(after, tmp_path, survey.iloc[::-1], rule)
        assert (again.written, update.added, update.changed, update.removed) == (0, (), (), ())
        assert sorted(update.unchanged) == ["A", "D"]
        assert differences("parcels", after.table("parcels"), again.table) == ()


def test_a_value_that_the_file_leaves_empty_is_told_as_a_change(world: Workspace, tmp_path: Path) -> None:
    _, update = brought(world, tmp_path, frame(ABC, RJLSX=[None, 1.0, None]), NUMBER)
    assert [(f.column, f.old, f.new) for one in update.changed for f in one.fields] == [("far_max", 2.0, None)]


def test_less_than_a_millimetre_is_no_change(world: Workspace, tmp_path: Path) -> None:
    near = {key: shapely.transform(shape, lambda at: at + 0.0004) for key, shape in ABC.items()}
    found, update = brought(world, tmp_path, frame(near), NUMBER)
    assert found.written == 0
    assert len(update.unchanged) == 3
    other_start = {"A": shapely.Polygon(np.roll(ABC["A"].exterior.coords[:-1], 1, axis=0)[::-1]), **ABC}
    assert brought(world, tmp_path, frame(other_start | {"A": other_start["A"]}), NUMBER)[0].written == 0
    moved = {key: shapely.transform(shape, lambda at: at + 0.002) for key, shape in ABC.items()}
    assert len(brought(world, tmp_path, frame(moved), NUMBER)[1].changed) == 3


def test_a_repeated_number_is_told_apart_by_the_land(world: Workspace, tmp_path: Path) -> None:
    twice = gpd.GeoDataFrame(
        {"DKBH": ["N", "N", None]}, geometry=[box(500, 0, 600, 9), box(700, 0, 800, 9), box(900, 0, 999, 9)], crs=4548
    )
    after, _ = written(world, brought(world, tmp_path, twice, NUMBER)[0])
    assert keys_of(after)[3:] == ["N", "N~2", "row-3"]
    moved = twice.assign(geometry=twice.geometry.translate(1, 0)).iloc[[2, 1, 0]]
    _, update = brought(after, tmp_path, moved, NUMBER)
    assert keys(update.added) == []
    assert sorted((one.key, one.row) for one in update.changed) == [("N", 2), ("N~2", 1), ("row-3", 0)]


def test_a_table_without_outlines_brings_figures_by_number(world: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "far.csv"
    path.write_text("地块编号,容积率上限\nB,1.5\nA,2\n", encoding="utf-8")
    found = bring_in(world, Wish(str(path), "parcels", rule=NUMBER))
    assert found.update is not None
    assert [(one.key, one.fields[0].new) for one in found.update.changed] == [("B", 1.5)]
    assert found.update.unchanged == ("A",)
    after, _ = written(world, found)
    assert shapely.equals_identical(after.shapes("parcels")[1], ABC["B"])
    path.write_text("地块编号,容积率上限\nZ,1.5\n", encoding="utf-8")
    stray = bring_in(world, Wish(str(path), "parcels", rule=NUMBER))
    assert isinstance(stray.refusal, RowsRefused)
    assert [said.code for said in stray.notes if said.severity == "error"] == ["geometry_missing"]


def test_a_number_that_stands_elsewhere_is_doubted(world: Workspace, tmp_path: Path) -> None:
    found, update = brought(world, tmp_path, frame(ABC | {"B": box(900, 0, 999, 99)}), NUMBER)
    assert [(one.row, one.value) for one in found.notes if one.code == "match_elsewhere"] == [(1, "B")]
    assert keys(update.changed) == ["B"]


def test_a_file_with_nothing_to_match_by_is_refused(world: Workspace, tmp_path: Path) -> None:
    unnamed = frame(ABC).drop(columns="DKBH")
    with pytest.raises(MatchRefused):
        brought(world, tmp_path, unnamed, NUMBER)
    path = tmp_path / "far.csv"
    path.write_text("地块编号,容积率上限\nB,1.5\n", encoding="utf-8")
    with pytest.raises(MatchRefused):
        bring_in(world, Wish(str(path), "parcels", rule=SHAPE))


# -- by shape


def test_renumbered_parcels_keep_their_key_and_what_stands_on_them(assigned: Workspace, tmp_path: Path) -> None:
    survey = frame({"X-1": box(1, 0, 101, 100), "X-2": ABC["B"], "X-3": ABC["C"]})
    found, update = brought(assigned, tmp_path, survey, SHAPE)
    assert keys(update.changed) == ["A", "B", "C"]
    assert {f.column for one in update.changed for f in one.fields} == {"parcel_no"}
    assert update.changed[0].moved_m2 == 200.0, "a strip of 1 m × 100 m on either side"
    assert update.changed[0].standing == Standing(1, 6_000.0, 1, 0)
    after, _ = written(assigned, found)
    assert after.table("assignments").equals(assigned.table("assignments"))
    assert after.table("parcels")["parcel_no"].tolist() == ["X-1", "X-2", "X-3"]


def test_a_split_parcel_leaves_its_key_to_the_larger_part(world: Workspace, tmp_path: Path) -> None:
    survey = frame({"C1": box(300, 0, 340, 100), "C2": box(340, 0, 400, 100), "A": ABC["A"], "B": ABC["B"]})
    found, update = brought(world, tmp_path, survey, SHAPE)
    assert [(one.key, one.number) for one in update.changed] == [("C", "C")]
    assert [(one.number, one.parents) for one in update.added] == [("C1", ("C",))]
    after, _ = written(world, found)
    assert after.table("parcels")["parents"].iloc[3] == "C"
    assert codes_of(found) == []
    half = frame({"C1": box(300, 0, 350, 100), "C2": box(350, 0, 400, 100), "A": ABC["A"], "B": ABC["B"]})
    tied, update = brought(world, tmp_path, half, SHAPE)
    assert codes_of(tied) == ["match_tied"]
    assert [(one.row, one.fields[0].new) for one in update.changed] == [(0, "C1")], "the western half"


def test_what_was_merged_says_so_of_all_that_it_was_merged_from(world: Workspace, tmp_path: Path) -> None:
    """A and B become one that is A still; C becomes part of a new one with land that nobody had."""
    pieces = {"X": box(0, 0, 60, 100), "Y": box(60, 0, 90, 100), "Z": box(90, 0, 100, 100)}
    before, _ = written(world, brought(world, tmp_path, frame(pieces | {"B": ABC["B"]}), Rule("shape", "delete"))[0])
    keyed = dict(zip(before.table("parcels")["parcel_no"], before.table("parcels")["parcel_id"], strict=True))
    merged = frame({"XYZ": ABC["A"], "B": ABC["B"]})
    found, update = brought(before, tmp_path, merged, Rule("shape", "delete"))
    after, made = written(before, found)
    named = dict(zip(after.table("parcels")["parcel_no"], after.table("parcels")["parents"], strict=True))
    assert named["XYZ"] == "; ".join([keyed["Y"], keyed["Z"]]), "the larger first, and not itself"
    assert [f.column for one in update.changed for f in one.fields if one.number == "X"] == ["parcel_no", "parents"]
    assert every_row(undone(after, made)) == every_row(before)
    again, _ = brought(after, tmp_path, merged, Rule("shape", "delete"))
    assert again.written == 0
    kept, _ = brought(before, tmp_path, merged, SHAPE)
    assert kept.update is not None and not kept.update.going
    assert all(f.column != "parents" for one in kept.update.changed for f in one.fields), "nothing was merged into it"


def test_a_parcel_cut_anew_from_several_names_each_of_them(world: Workspace, tmp_path: Path) -> None:
    """90 m of the old ones' land each, at 30 m a piece: no old one holds half of the new one."""
    old = {"P": box(0, 0, 30, 100), "Q": box(30, 0, 60, 100), "R": box(60, 0, 90, 100)}
    empty = world.with_tables(
        **{name: world.table(name).iloc[:0] for name in ("parcels", "buildings", "assignments", "figures")}
    )
    before, _ = written(empty, brought(empty, tmp_path, frame(old), NUMBER)[0])
    _, update = brought(before, tmp_path, frame({"N": box(0, 0, 90, 100)}), Rule("shape", "delete"))
    assert [one.parents for one in update.added] == [("P", "Q", "R")]


def codes_of(found: Arrival) -> list[str]:
    return [said.code for said in found.notes if said.severity != "info"]


# -- what stands on rows


def test_nothing_goes_with_what_stands_on_it_unless_somebody_says_so(assigned: Workspace, tmp_path: Path) -> None:
    survey = frame({"B": ABC["B"]})
    found, update = brought(assigned, tmp_path, survey, DELETE)
    assert isinstance(found.refusal, StandingRefused)
    assert found.refusal.facts["count"] == 1
    assert (found.written, found.accepted) == (0, 1)
    assert [(one.key, one.standing.assigned_m2, one.stays) for one in update.removed] == [
        ("A", 6_000.0, True),
        ("C", 0.0, False),
    ]
    kept, update = brought(assigned, tmp_path, survey, Rule("number", "delete", "keep"))
    after, _ = written(assigned, kept)
    assert keys_of(after) == ["A", "B"]
    assert len(after.table("assignments")) == 1
    freed, update = brought(assigned, tmp_path, survey, Rule("number", "delete", "release"))
    assert sorted(update.drops) == [("assignments", "A00001"), ("buildings", "a1")]
    after, made = written(assigned, freed)
    assert keys_of(after) == ["B"]
    assert (len(after.table("assignments")), len(after.table("buildings"))) == (0, 0)
    assert every_row(undone(after, made)) == every_row(assigned)


def test_what_was_promised_goes_with_the_assignment_of_a_parcel_that_goes(
    assigned: Workspace, tmp_path: Path
) -> None:
    promised = did(assigned, Agree("A00001", "completion", "2027-12-31"))
    freed, update = brought(promised, tmp_path, frame({"B": ABC["B"]}), Rule("number", "delete", "release"))
    assert ("milestones", "Y00001") in update.drops
    after, made = written(promised, freed)
    assert len(after.table("milestones")) == 0
    assert every_row(undone(after, made)) == every_row(promised)


def test_a_park_lists_no_parcel_that_is_gone(world: Workspace, tmp_path: Path) -> None:
    park = {"park_id": "k", "name": "园", "member_parcels": "B; C", "geometry": box(0, 0, 9, 9)}
    here = world.with_tables(parks=table("parks", [park]))
    found, _ = brought(here, tmp_path, frame({"A": ABC["A"], "B": ABC["B"]}), DELETE)
    after, made = written(here, found)
    assert after.table("parks")["member_parcels"].tolist() == ["B"]
    assert every_row(undone(after, made)) == every_row(here)


def test_a_parcel_that_would_lose_the_room_of_its_assignments_stays_as_it_is(
    assigned: Workspace, tmp_path: Path
) -> None:
    # A: 20,000 m² permitted, 5,000 built, 6,000 assigned: at FAR 1 only 5,000 are left
    survey = frame(ABC, RJLSX=[1.0, 2.0, None])
    found, update = brought(assigned, tmp_path, survey, NUMBER)
    assert isinstance(found.refusal, RowsRefused)
    assert [(s.row, s.code, s.value) for s in found.notes if s.severity == "error"] == [
        (0, "assigned_without_room", "1,000.00")
    ]
    found, update = brought(assigned, tmp_path, survey, NUMBER, skip_bad=True)
    assert (found.accepted, update.held, keys(update.changed)) == (2, ("A",), ["B"])
    after, _ = written(assigned, found)
    assert after.table("parcels")["far_max"].tolist()[:2] == [2.0, 2.0]


def test_a_rejected_row_does_not_take_its_parcel_away(world: Workspace, tmp_path: Path) -> None:
    bow = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    survey = frame(ABC | {"B": shapely.transform(bow, lambda at: at + np.array(ABC["B"].bounds[:2]))})
    for rule in (Rule("number", "delete"), Rule("shape", "delete", least_share=0.4)):
        found, update = brought(world, tmp_path, survey, rule, skip_bad=True)
        assert (found.accepted, update.held, update.removed) == (2, ("B",), ())
        assert keys_of(written(world, found)[0]) == ["A", "B", "C"]
    unnamed = survey.assign(geometry=[ABC["A"], None, ABC["C"]])
    found, update = brought(world, tmp_path, unnamed, Rule("shape", "delete"), skip_bad=True)
    assert (update.held, update.removed) == (("B",), ()), "its number tells where its land cannot"


# -- any layer


@st.composite
def surveys(draw: st.DrawFn) -> tuple[gpd.GeoDataFrame, list[int]]:
    """Strips of parcels, and which of them a later survey still has."""
    count = draw(st.integers(1, 7))
    widths = draw(st.lists(st.integers(20, 60), min_size=count, max_size=count))
    edges = np.cumsum([500, *widths])
    shapes = [box(a, 0, b, 50) for a, b in itertools.pairwise(edges)]
    far = draw(st.lists(st.none() | st.sampled_from([1.0, 2.5]), min_size=count, max_size=count))
    columns = {"DKBH": [f"N{i}" for i in range(count)], "RJLSX": far}
    layer = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4548")
    return layer, sorted(draw(st.sets(st.integers(0, count - 1))))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(surveys(), st.integers(0, 99), st.floats(-2, 2), st.sampled_from(["number", "shape"]))
def test_any_later_survey_is_followed_and_taken_back_exactly(
    tmp_path: Path, survey: tuple[gpd.GeoDataFrame, list[int]], seed: int, shift: float, match: str
) -> None:
    layer, kept = survey
    empty = three_parcels()
    empty = empty.with_tables(parcels=empty.table("parcels").iloc[:0], buildings=empty.table("buildings").iloc[:0])
    before, _ = written(empty, brought(empty, tmp_path, layer, NUMBER)[0])
    later = layer.iloc[kept].assign(geometry=layer.geometry.iloc[kept].translate(shift, shift / 2))
    later = pd.concat([later, frame({"new": box(0, 500, 50, 550)}, RJLSX=[1.0])]).reset_index(drop=True)
    if match == "shape":
        later = later.assign(DKBH=[f"M{i}" for i in range(len(later))])
    order = list(range(len(later)))
    random.Random(seed).shuffle(order)
    later = gpd.GeoDataFrame(later.iloc[order].reset_index(drop=True), crs="EPSG:4548")
    found, update = brought(before, tmp_path, later, Rule(match, "delete"))  # type: ignore[arg-type]
    assert len(update.added) == 1
    assert sorted(one.key for one in update.going) == [f"N{i}" for i in range(len(layer)) if i not in kept]
    assert sorted([*keys(update.changed), *update.unchanged]) == [f"N{i}" for i in kept]
    after, made = written(before, found)
    same_land(after, later, exact=abs(shift) > 0.01)
    assert every_row(undone(after, made)) == every_row(before)
    again, _ = brought(after, tmp_path, later, Rule(match, "delete"))  # type: ignore[arg-type]
    assert again.written == 0


def same_land(workspace: Workspace, survey: gpd.GeoDataFrame, *, exact: bool) -> None:
    """The layer says what the survey says, under keys of its own."""
    told = {str(row["parcel_no"]): row for row in rows(workspace.table("parcels"))}
    assert sorted(told) == sorted(survey["DKBH"])
    for number, far, shape in zip(survey["DKBH"], survey["RJLSX"], survey.geometry, strict=True):
        assert told[number].get("far_max") == (None if pd.isna(far) else far)
        apart = shapely.hausdorff_distance(told[number]["geometry"], shape)
        assert apart == 0 if exact else apart <= 0.01


# -- the command line


def test_the_command_line_tells_and_writes_one_event(tmp_path: Path) -> None:
    w = tmp_path / "w.gpkg"
    stores.create(str(w), three_parcels())
    survey = geojson(
        tmp_path / "s.geojson", frame({"A": box(0, 0, 90, 100), "B": ABC["B"], "D": box(500, 0, 550, 9)})
    )
    words = ("import", w, survey, "--layer", "parcels", "--crs", "EPSG:4548", "--match", "number")
    status, dry = call(*words, "--removed", "delete", "--dry-run")
    assert (status, dry["written"]) == (0, 0)
    assert [dry[key] for key in ("added", "removed", "changed", "unchanged", "removed_kept")] == [1, 1, 1, 1, 0]
    assert [(one["what"], one["label"]) for one in dry["changes"]] == [
        ("added", "D"),
        ("removed", "C"),
        ("changed", "A"),
    ]
    status, answer = call(*words, "--removed", "delete")
    assert (status, answer["written"]) == (0, 3)
    assert call("history", w)[1]["events"][0]["kind"] == "import"
    status, again = call(*words, "--removed", "delete")
    assert (status, again["written"], again["revision"]) == (0, 0, answer["revision"]), "no event for no change"
    assert call("undo", w)[0] == 0
    assert every_row(stores.read(str(w))) == every_row(three_parcels())


def test_the_command_line_asks_what_becomes_of_assignments(tmp_path: Path, assigned: Workspace) -> None:
    w = tmp_path / "w.gpkg"
    stores.create(str(w), assigned)
    survey = geojson(tmp_path / "s.geojson", frame({"B": ABC["B"]}))
    words = ("import", w, survey, "--layer", "parcels", "--crs", "EPSG:4548", "--match", "number")
    status, answer = call(*words, "--removed", "delete")
    assert (status, answer["error"]["code"]) == (1, "removed_with_assignments")
    status, answer = call(*words, "--removed", "delete", "--assigned", "release")
    assert (status, answer["released_assignments"]) == (0, 1)
    event = call("history", w)[1]["events"][0]
    assert (event["kind"], event["facts"]["assignments"]) == ("import_release", 1)
    assert codes(answer, "error") == []
    assert call(*words[:-2], "--removed", "delete")[0] == 2, "nothing is matched, so nothing is missing"
    assert call(*words, "--least-share", "0")[0] == 2


def test_others_may_not_slip_an_assignment_under_a_release(assigned: Workspace, tmp_path: Path) -> None:
    found, update = brought(assigned, tmp_path, frame({"B": ABC["B"]}), Rule("number", "delete", "release"))
    later = did(assigned, Assign("A", "p1", 100.0))
    with pytest.raises(StillReferred):
        changes(later, Bring("parcels", found.table, "import_release", "s", update.drops))
    with pytest.raises(ValueError, match="drops"):
        Bring("parcels", found.table, "import", "s", update.drops)


def test_zones_of_several_rows_are_matched_by_their_key(world: Workspace, tmp_path: Path) -> None:
    zones = gpd.GeoDataFrame(
        {"zone_id": ["east", "east", "new"], "name": ["东区", "东区", "新区"]},
        geometry=[box(0, 0, 100, 100), box(100, 0, 200, 100), box(900, 0, 999, 99)],
        crs="EPSG:4548",
    )
    file = geojson(tmp_path / "z.geojson", zones)
    found = bring_in(world, Wish(str(file), "zones", crs="EPSG:4548", rule=NUMBER))
    assert found.update is not None
    assert keys(found.update.removed) == ["west"]
    assert [(one.key, one.row) for one in found.update.added] == [("new", 2)]
    assert [*found.update.unchanged, *keys(found.update.changed)] == ["east"]


def test_a_drawn_parcel_without_a_number_is_found_by_its_land(world: Workspace, tmp_path: Path) -> None:
    here = did(world, Draw("parcels", box(500, 0, 600, 100), ()))
    drawn = keys_of(here)[-1]
    _, update = brought(here, tmp_path, frame({"Y": box(500, 0, 600, 95)}), SHAPE)
    assert keys(update.changed) == [drawn]
