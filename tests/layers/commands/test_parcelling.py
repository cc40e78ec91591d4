"""Splitting and merging: every account adds up before and after, and what stands on a parcel goes along."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString

from layers.changes import Command
from layers.commands import Assign, At, AtVertex, MergeParcels, OnEdge, Split
from layers.commands.errors import ColumnRefused, FiguresDiffer, FiguresRefused, PointRefused, ValueUnfit
from layers.commands.sharing import SHARED, shared_out
from layers.errors import NothingSuch, RoomGone, RowRefused
from layers.workspace import Workspace
from spatial.shaping import CutRefused, NotAdjoining, PartsRefused
from tests.layers.commands.doing import changes, did, every_row, same_accounts, undone
from tests.world import X, Y, box, table


def cut(*points: tuple[float, float]) -> LineString:
    return LineString([(X + x, Y + y) for x, y in points])


ACROSS = cut((33, -10), (71, 110))


@pytest.mark.parametrize(
    "command",
    [
        Split("A", line=ACROSS),
        Split("A", line=(OnEdge("A", 0, 0, 1, 0.3), At(X + 40, Y + 20), AtVertex("A", 0, 0, 3))),
        Split("A", parts=3),
        Split("A", parts=7, direction=37.5),
        Split("A", parts=4, direction="longest_edge"),
    ],
)
def test_every_account_of_the_parts_adds_up_to_the_parent(study: Workspace, command: Split) -> None:
    after = did(study, command)
    same_accounts(after, study, 0.02)
    parcels = after.table("parcels")
    old = study.table("parcels").iloc[0]
    parts = parcels[~parcels["parcel_id"].isin(["B", "C"])]
    for name in SHARED:
        assert round(float(parts[name].sum()), 2) == round(float(old[name]), 2), name
        assert (parts[name].round(2) == parts[name]).all()
    assert shapely.area(parts["geometry"].to_numpy()).sum() == pytest.approx(10_000, rel=1e-9)


def test_parts_inherit_and_say_where_they_come_from(study: Workspace) -> None:
    parts = did(study, Split("A", line=ACROSS)).table("parcels").iloc[2:]
    assert parts["parcel_no"].tolist() == ["A-1", "A-2"]
    assert parts["parents"].tolist() == ["A", "A"]
    assert parts["far_max"].tolist() == [2.0, 2.0]
    assert parts["note"].tolist() == ["临街", "临街"]
    assert parts["geometry"].iloc[0].centroid.x < parts["geometry"].iloc[1].centroid.x


def test_what_stands_on_a_parcel_goes_with_the_parts(study: Workspace) -> None:
    after = did(study, Split("A", line=ACROSS))
    west, east = after.table("parcels")["parcel_id"].iloc[2:]
    given_ = after.table("assignments")
    assert given_.groupby("stage")["floor_area_m2"].sum().round(2).to_dict() == {
        "completed": 500.05,
        "intent": 1_000.01,
        "signed": 2_000.02,
        "vacated": 300.0,
    }
    assert set(given_["parcel_id"]) == {west, east}
    assert given_["project_id"].unique().tolist() == ["p1"]
    buildings = after.table("buildings")
    assert buildings["parcel_id"].tolist() == [west, east], "the outline stays where it stands"
    assert shapely.is_missing(buildings["geometry"].to_numpy()).tolist() == [False, True]
    for name in ("floor_area_m2", "vacant_floor_area_m2", "underground_floor_area_m2"):
        assert buildings[name].sum() == pytest.approx(study.table("buildings")[name].sum(), abs=1e-9)
    assert after.table("parks")["member_parcels"].tolist() == [f"C; {west}; {east}"]
    assert after.table("attachments")["row_key"].tolist() == [west]


def test_one_part_takes_every_assignment_where_it_has_room(world: Workspace) -> None:
    given_ = did(world, Assign("A", "p1", 4_000.0))
    after = did(given_, Split("A", parts=2, share=1))
    assert after.table("assignments")["parcel_id"].tolist() == [after.table("parcels")["parcel_id"].iloc[3]]
    full = did(world, Assign("A", "p1", 15_000.0))
    with pytest.raises(RoomGone):
        did(full, Split("A", parts=2, share=1))


def test_the_survey_s_own_figures_win(study: Workspace) -> None:
    own = ((("official_area_m2", 4_000.0), ("parcel_no", "甲")), (("official_area_m2", 6_000.0),))
    parts = did(study, Split("A", line=ACROSS, figures=own)).table("parcels").iloc[2:]
    assert parts["official_area_m2"].tolist() == [4_000.0, 6_000.0]
    assert parts["parcel_no"].tolist() == ["甲", "A-2"]


def test_numbers_of_parts_are_not_taken_twice(study: Workspace) -> None:
    taken = study.with_tables(parcels=study.table("parcels").assign(parcel_no=["A", "A-1", "C"]))
    assert did(taken, Split("A", parts=2)).table("parcels")["parcel_no"].tolist() == ["A-1", "C", "A-2", "A-3"]


def test_outlines_of_a_survey_must_make_the_parcel(study: Workspace) -> None:
    after = did(study, Split("A", shapes=(box(0, 0, 40, 100), box(40, 0, 100, 100))))
    assert shapely.area(after.shapes("parcels")).tolist() == [10_000, 10_000, 4_000, 6_000]
    bow = shapely.Polygon([(X, Y), (X + 10, Y + 10), (X + 10, Y), (X, Y + 10)])
    for shapes in (
        (box(0, 0, 40, 100), box(41, 0, 100, 100)),
        (box(0, 0, 41, 100), box(40, 0, 100, 100)),
        (box(0, 0, 100, 100),),
        (box(0, 0, 100, 100), shapely.Polygon()),
        (box(0, 0, 100, 100), bow),
        (box(0, 0, 100, 100), shapely.Point(X, Y)),
        (box(0, 0, 40, 100), box(40, 0, 110, 100)),
    ):
        with pytest.raises(FiguresRefused):
            changes(study, Split("A", shapes=shapes))


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (Split("Z", parts=2), NothingSuch),
        (Split("A"), FiguresRefused),
        (Split("A", parts=2, line=ACROSS), FiguresRefused),
        (Split("A", parts=1), PartsRefused),
        (Split("A", parts=True), PartsRefused),
        (Split("A", parts=2, direction=float("nan")), PartsRefused),
        (Split("A", line=(AtVertex("A", 0, 0, 0),)), PointRefused),
        (Split("A", line=(AtVertex("A", 0, 0, 4), At(X, Y))), PointRefused),
        (Split("A", line=(AtVertex("Z", 0, 0, 0), At(X, Y))), NothingSuch),
        (Split("A", line=cut((-10, 50), (50, 50))), CutRefused),
        (Split("A", line=cut((float("nan"), 0), (50, 50))), CutRefused),
        (Split("A", parts=2, share=2), FiguresRefused),
        (Split("A", parts=2, share=-1), FiguresRefused),
        (Split("A", parts=2, share=True), FiguresRefused),
        (Split("A", parts=2, share="evenly"), FiguresRefused),
        (Split("A", parts=2, figures=((),)), FiguresRefused),
        (Split("A", parts=2, figures=((("official_area_m2", float("nan")),), ())), ValueUnfit),
        (Split("A", parts=2, figures=((("official_area_m2", -1),), ())), RowRefused),
        (Split("A", parts=2, figures=((("parcel_id", "B"),), ())), ColumnRefused),
        (Split("A", parts=2, figures=((("parents", "B"),), ())), ColumnRefused),
        (Split("A", parts=2, figures=((("geometry", None),), ())), ColumnRefused),
        (MergeParcels(()), NotAdjoining),
        (MergeParcels(("A",)), NotAdjoining),
        (MergeParcels(("A", "A")), NotAdjoining),
        (MergeParcels(("A", "B")), NotAdjoining),
        (MergeParcels(("A", "Z")), NothingSuch),
    ],
)
def test_what_cannot_be_is_refused(study: Workspace, command: Command, reason: type[Exception]) -> None:
    before = every_row(study)
    with pytest.raises(reason):
        changes(study, command)
    assert every_row(study) == before


def test_a_split_that_is_merged_again_is_the_parcel(study: Workspace) -> None:
    apart = did(study, Split("A", line=ACROSS))
    keys = tuple(apart.table("parcels")["parcel_id"].iloc[2:])
    again = did(apart, MergeParcels(keys))
    same_accounts(again, study, 0.02)
    old, new = study.table("parcels").iloc[0], again.table("parcels").iloc[2]
    for name in (*SHARED, "far_max", "classification", "land_use", "note", "name"):
        assert new[name] == old[name], name
    assert shapely.symmetric_difference(new["geometry"], old["geometry"]).area < 1e-5
    assert new["parents"].split("; ") == [*keys, "A"]
    assert set(again.table("assignments")["parcel_id"]) == {new["parcel_id"]}
    assert again.table("parks")["member_parcels"].tolist() == [f"C; {new['parcel_id']}"]
    assert again.table("attachments")["row_key"].tolist() == [new["parcel_id"]]


def neighbours(world: Workspace, **other: object) -> Workspace:
    """The world with D, a neighbour of A that is like it but for some columns."""
    rows = world.table("parcels").to_dict("records")
    more = rows[0] | {"parcel_id": "D", "parcel_no": "D", "geometry": box(100, 0, 150, 100)} | other
    return world.with_tables(parcels=table("parcels", [*rows, more]))


def test_merging_adds_the_figures(world: Workspace) -> None:
    two = neighbours(world, built_floor_area_m2=1_000.0, official_area_m2=5_100.0)
    new = did(two, MergeParcels(("A", "D"))).table("parcels").iloc[2]
    assert (new["parcel_no"], new["built_floor_area_m2"]) == ("A+D", 6_000.0)
    assert new["official_area_m2"] == 15_100.0, "A has none: its outline counts"
    assert np.isnan(new["stated_floor_area_m2"])
    assert new["geometry"].area == 15_000.0


def test_buildings_of_a_parcel_without_a_figure_stay_built(world: Workspace) -> None:
    two = neighbours(world, built_floor_area_m2=1_000.0)
    only = two.with_tables(parcels=two.table("parcels").assign(built_floor_area_m2=[None, 12e3, 3e3, 1e3]))
    same_accounts(did(only, MergeParcels(("A", "D"))), only, 0.01)


def test_figures_that_differ_must_be_said(world: Workspace) -> None:
    two = neighbours(world, far_max=3.0, land_use="B23", stated_floor_area_m2=9_000.0)
    with pytest.raises(FiguresDiffer) as refused:
        changes(two, MergeParcels(("A", "D")))
    assert refused.value.facts["columns"] == "land_use, far_max, stated_floor_area_m2"
    figures = (("land_use", "M4"), ("far_max", 2.5), ("stated_floor_area_m2", None))
    new = did(two, MergeParcels(("A", "D"), figures)).table("parcels").iloc[2]
    assert (new["land_use"], new["far_max"]) == ("M4", 2.5)
    with pytest.raises(ValueUnfit):
        changes(two, MergeParcels(("A", "D"), (("far_max", float("inf")), *figures[:1])))
    with pytest.raises(ColumnRefused):
        changes(two, MergeParcels(("A", "D"), (("parcel_id", "B"), *figures)))


def test_typed_zones_must_agree_where_no_zone_has_an_outline(world: Workspace) -> None:
    two = neighbours(world, zone="west")
    typed = two.with_tables(
        parcels=two.table("parcels").assign(zone=["east", "west", "west", "west"]),
        zones=two.table("zones").assign(geometry=[None, None]),
    )
    with pytest.raises(FiguresDiffer):
        changes(typed, MergeParcels(("A", "D")))


@pytest.mark.parametrize("command", [Split("A", line=ACROSS), Split("A", parts=3, share=0), MergeParcels(("A", "D"))])
def test_taking_it_back_gives_the_same_rows(study: Workspace, command: Command) -> None:
    rows = study.table("parcels").to_dict("records")
    more = rows[0] | {"parcel_id": "D", "parcel_no": "D", "geometry": box(100, 0, 150, 100)}
    two = study.with_tables(parcels=table("parcels", [*rows, more]))
    found = changes(two, command)
    assert every_row(undone(did(two, command), found)) == every_row(two)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.floats(1, 99),
    st.floats(1, 99),
    st.tuples(*(st.none() | st.decimals(0, 30_000, places=2) for _ in SHARED)),
    st.none() | st.decimals(0, 4_000, places=2),
    st.decimals(0, 6_000, places=2),
)
def test_any_parcel_across_zones_is_shared_without_loss(
    world: Workspace,
    south: float,
    north: float,
    figures: tuple[Decimal | None, ...],
    far: Decimal | None,
    vacant: Decimal,
) -> None:
    rows = world.table("parcels").to_dict("records")
    given_ = {name: None if value is None else float(value) for name, value in zip(SHARED, figures, strict=True)}
    rows[1] |= given_ | {"far_max": None if far is None else float(far) / 1_000}
    house = {"building_id": "b1", "parcel_id": "B", "floor_area_m2": 6_000.0, "vacant_floor_area_m2": float(vacant)}
    tables = {"parcels": rows, "buildings": [{**house, "geometry": None}]}
    zones = world.table("zones").assign(far_max=[0.5, 4.0])
    here = world.with_tables(zones=zones, **{name: table(name, values) for name, values in tables.items()})
    after = did(here, Split("B", line=cut((150 + south, -1), (150 + north, 101))))
    same_accounts(after, here, 0.04)


@given(st.decimals(0, 1e9, places=4), st.lists(st.floats(0.01, 1e6), min_size=2, max_size=100))
def test_shares_add_up_to_the_last_hundredth(figure: Decimal, shares: list[float]) -> None:
    parts = shared_out(float(figure), np.array(shares))
    assert min(parts) >= 0
    assert sum(parts) == pytest.approx(float(figure), abs=1e-6)
