"""Road strips: the land of the road leaves, what stands on the parcels stays."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString

from layers.accounts import books
from layers.changes import Command
from layers.commands import At, AtVertex, CutStrip, MergeParcels, OnEdge
from layers.commands.errors import ColumnRefused, PointRefused
from layers.commands.sharing import SHARED
from layers.errors import NothingSuch, RoomGone
from layers.workspace import Workspace
from spatial.shaping import CutRefused, NothingLeft
from spatial.topology import faults
from tests.layers.commands.doing import changes, did, every_row, same_accounts, undone
from tests.world import X, Y, box, table


def way(*points: tuple[float, float]) -> LineString:
    return LineString([(X + x, Y + y) for x, y in points])


NORTH = way((60, -10), (60, 110))
SLANT = way((-10, 31), (160, 84))


@pytest.fixture
def two(study: Workspace) -> Workspace:
    """A, with all that stands on it, and its neighbour D to the east, which is like it."""
    rows = study.table("parcels").to_dict("records")
    more = rows[0] | {"parcel_id": "D", "parcel_no": "D", "geometry": box(100, 0, 150, 100), "name": None}
    more |= {"official_area_m2": None, "stated_floor_area_m2": None, "built_floor_area_m2": 100.0}
    return study.with_tables(parcels=table("parcels", [rows[0], more, *rows[1:]]))


def parts(workspace: Workspace) -> list[dict[str, object]]:
    parcels = workspace.table("parcels")
    return parcels[~parcels["parcel_id"].isin(["A", "B", "C", "D"])].to_dict("records")


def test_a_road_through_one_parcel(study: Workspace) -> None:
    after = did(study, CutStrip(("A",), NORTH, 10.0))
    west, east, road = parts(after)
    assert [one["parcel_no"] for one in (west, east, road)] == ["A-1", "A-2", "A-3"]
    assert [one["parents"] for one in (west, east, road)] == ["A"] * 3
    assert [one["geometry"].area for one in (west, east, road)] == pytest.approx([5_500.0, 3_500.0, 1_000.0])
    assert (road["classification"], road["land_use"], road["far_max"]) == ("YDYH2023", "1207", 0.0)
    old = study.table("parcels").iloc[0]
    # official area: 10,001.37 shared by 5,500 : 3,500 : 1,000
    assert [one["official_area_m2"] for one in (west, east, road)] == pytest.approx(
        [5_500.75, 3_500.48, 1_000.14], abs=0.011
    )
    assert sum(one["official_area_m2"] for one in (west, east, road)) == pytest.approx(old["official_area_m2"])
    assert west["stated_floor_area_m2"] + east["stated_floor_area_m2"] == pytest.approx(0.9 * 30_000.5, abs=0.01)
    for name in SHARED[2:]:
        assert west[name] + east[name] == pytest.approx(old[name]), name
        assert np.isnan(road[name]), name
    given = after.table("assignments")
    assert set(given["parcel_id"]) == {west["parcel_id"], east["parcel_id"]}
    assert given["floor_area_m2"].sum() == pytest.approx(study.table("assignments")["floor_area_m2"].sum())
    assert after.table("parks")["member_parcels"].tolist() == [f"C; {west['parcel_id']}; {east['parcel_id']}"]


def test_accounts_lose_what_the_land_of_the_road_could_hold(study: Workspace) -> None:
    before, after = (books(one).parcels() for one in (study, did(study, CutStrip(("A",), NORTH, 10.0))))
    for name in ("built_occupied", "built_vacant", "under_construction", "committed", "reserved"):
        assert getattr(after, name).sum() == pytest.approx(getattr(before, name).sum(), abs=0.05), name
    lost = 2.0 * 10_001.37 / 10
    assert before.permitted.sum() - after.permitted.sum() == pytest.approx(lost, abs=0.05)


def test_one_road_over_several_parcels(two: Workspace) -> None:
    after = did(two, CutStrip(("A", "D", "C"), SLANT, 12.0, values=(("name", "规划路"), ("land_use", "S1"))))
    *rest, road = parts(after)
    assert len(rest) == 4
    assert (road["parcel_no"], road["name"], road["land_use"]) == ("A+D", "规划路", "S1")
    assert road["parents"] == "A; D"
    assert road["geometry"].geom_type == "Polygon"
    whole = 15_000.0
    assert sum(one["geometry"].area for one in (*rest, road)) == pytest.approx(whole, rel=1e-9)
    assert road["official_area_m2"] == pytest.approx(road["geometry"].area, abs=0.2)
    found = np.array([one["geometry"] for one in (*rest, road)], dtype=object)
    assert faults(found) == [], "neither gap nor overlap nor sliver"
    one, other = np.triu_indices(len(found), 1)
    assert shapely.area(shapely.intersection(found[one], found[other])).max() == 0.0
    of_road = {tuple(point) for point in shapely.get_coordinates(road["geometry"])}
    edges = SLANT.buffer(6.0, cap_style="flat", join_style="mitre").boundary
    assert all(edges.distance(shapely.Point(point)) < 1e-8 for point in of_road)
    assert after.table("parcels")["parcel_id"].isin(["C"]).any(), "the strip misses it"


def test_the_strip_as_parcels_like_the_others(two: Workspace) -> None:
    after = did(two, CutStrip(("A", "D"), SLANT, 12.0, becomes="parcels"))
    same_accounts(after, two, 0.05)
    assert [one["parcel_no"] for one in parts(after)] == ["A-1", "A-2", "A-3", "D-1", "D-2", "D-3"]
    assert {one["land_use"] for one in parts(after)} == {"M4"}


def test_the_strip_is_taken_away(study: Workspace) -> None:
    after = did(study, CutStrip(("A",), NORTH, 10.0, becomes="nothing"))
    assert [one["geometry"].area for one in parts(after)] == pytest.approx([5_500.0, 3_500.0])
    assert sum(one["official_area_m2"] for one in parts(after)) == pytest.approx(0.9 * 10_001.37, abs=0.011)


def test_points_of_the_line_may_refer_to_stored_ones(study: Workspace) -> None:
    line = (OnEdge("A", 0, 0, 3, 0.4), AtVertex("A", 0, 0, 1), At(X + 140, Y + 140))
    command = CutStrip(("A",), line, 8.0)
    assert command.rests_on() == (("parcels", "A"),)
    assert sum(one["geometry"].area for one in parts(did(study, command))) == pytest.approx(10_000.0, rel=1e-9)


@pytest.mark.parametrize("becomes", ["road", "parcels", "nothing"])
def test_taking_it_back_gives_the_same_rows(two: Workspace, becomes: str) -> None:
    command = CutStrip(("A", "D"), SLANT, 12.0, becomes=becomes)  # type: ignore[arg-type]
    assert every_row(undone(did(two, command), changes(two, command))) == every_row(two)


def test_roads_are_joined(two: Workspace) -> None:
    once = did(two, CutStrip(("A",), SLANT, 12.0))
    twice = did(once, CutStrip(("D",), SLANT, 12.0))
    roads = tuple(one["parcel_id"] for one in parts(twice) if one["land_use"] == "1207")
    assert len(roads) == 2
    joined = did(twice, MergeParcels(roads))
    assert joined.shapes("parcels")[-1].geom_type == "Polygon"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (CutStrip((), NORTH, 10.0), NothingLeft),
        (CutStrip(("C",), NORTH, 10.0), NothingLeft),
        (CutStrip(("A",), NORTH, 500.0), NothingLeft),
        (CutStrip(("Z",), NORTH, 10.0), NothingSuch),
        (CutStrip(("A",), NORTH, 0.0), CutRefused),
        (CutStrip(("A",), NORTH, float("nan")), CutRefused),
        (CutStrip(("A",), (At(X, Y),), 10.0), PointRefused),
        (CutStrip(("A",), NORTH, 10.0, values=(("parents", "B"),)), ColumnRefused),
        (CutStrip(("A",), NORTH, 80.0), RoomGone),
    ],
)
def test_what_cannot_be_is_refused(study: Workspace, command: Command, reason: type[Exception]) -> None:
    before = every_row(study)
    with pytest.raises(reason):
        changes(study, command)
    assert every_row(study) == before
