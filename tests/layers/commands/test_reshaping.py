"""Drawing, bending and trimming outlines: neighbours stay neighbours, figures stay figures."""

from __future__ import annotations

import dataclasses

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.changes import Command
from layers.commands import At, AtVertex, DrawParcel, Dropped, Inserted, Moved, MoveVertices, OnEdge, TrimOverlaps
from layers.commands.errors import ColumnRefused, PointRefused
from layers.errors import NothingSuch
from layers.workspace import Workspace
from spatial.errors import FillRefused, ShapeRefused
from spatial.shaping import NothingLeft
from tests.layers.commands.doing import changes, did, every_row, same_accounts, undone
from tests.world import X, Y, box, table


def at(x: float, y: float) -> At:
    return At(X + x, Y + y)


@pytest.fixture
def fabric(study: Workspace) -> Workspace:
    """A with two neighbours to the east, N over S; A has no vertex where they meet. C overlaps N by 10 m × 30 m."""
    rows = study.table("parcels").to_dict("records")[:1]
    like = {"classification": "DB11/996", "land_use": "M4", "far_max": 1.0}
    rows += [
        {"parcel_id": "S", "parcel_no": "S", "geometry": box(100, 0, 200, 50), **like},
        {"parcel_id": "N", "parcel_no": "N", "geometry": box(100, 50, 200, 100), **like},
        {"parcel_id": "C", "parcel_no": "C", "geometry": box(190, 60, 300, 90), **like},
    ]
    return study.with_tables(parcels=table("parcels", rows))


def area(workspace: Workspace, key: str) -> float:
    return float(workspace.shapes("parcels")[workspace.parcel_index.get_loc(key)].area)


# corners of a box run from its south-east: (E, S), (E, N), (W, N), (W, S)
SHARED = AtVertex("S", 0, 0, 2)
"""The corner (100, 50) of S and N, on the edge of A."""


def test_a_shared_corner_moves_in_all_that_meet_there(fabric: Workspace) -> None:
    after = did(fabric, MoveVertices((Moved(SHARED, at(110, 60)),)))
    assert [area(after, key) for key in "ASN"] == [10_500.0, 5_250.0, 4_250.0]
    assert area(after, "C") == area(fabric, "C")
    old, new = fabric.table("parcels").iloc[0], after.table("parcels").iloc[0]
    assert new["official_area_m2"] == old["official_area_m2"], "the survey's figure is not the drawing's"
    same = MoveVertices((Moved(AtVertex("N", 0, 0, 3), at(110, 60)),))
    assert every_row(did(fabric, same)) == every_row(after), "whichever parcel it was taken by"


def test_several_steps_at_once(fabric: Workspace) -> None:
    steps = (
        Moved(SHARED, at(105, 50)),
        Inserted(OnEdge("A", 0, 0, 2, 0.25), at(-5, 75)),
        Inserted(OnEdge("S", 0, 0, 3, 0.5)),
    )
    after = did(fabric, MoveVertices(steps))
    assert area(after, "A") == 10_000.0 + 250.0 + 250.0
    assert len(after.shapes("parcels")[1].exterior.coords) == 6
    back = did(after, MoveVertices((Dropped(_find(after, "A", -5, 75)),)))
    assert area(back, "A") == 10_250.0


def _find(workspace: Workspace, key: str, x: float, y: float) -> AtVertex:
    ring = workspace.shapes("parcels")[workspace.parcel_index.get_loc(key)].exterior.coords
    return AtVertex(key, 0, 0, list(ring).index((X + x, Y + y)))


def test_a_vertex_snaps_to_another_s(fabric: Workspace) -> None:
    apart = fabric.with_tables(
        parcels=fabric.table("parcels").assign(geometry=[box(0, 0, 99.37, 100), *fabric.shapes("parcels")[1:]])
    )
    after = did(apart, MoveVertices((Moved(AtVertex("A", 0, 0, 0), AtVertex("S", 0, 0, 3)),)))
    assert after.shapes("parcels")[0].exterior.coords[0] == after.shapes("parcels")[1].exterior.coords[3]
    on_edge = did(apart, MoveVertices((Moved(AtVertex("A", 0, 0, 1), OnEdge("N", 0, 0, 2, 0.5)),)))
    assert on_edge.shapes("parcels")[0].exterior.coords[1] == (X + 100, Y + 75)
    assert MoveVertices((Moved(AtVertex("A", 0, 0, 1), OnEdge("N", 0, 0, 2, 0.5)),)).rests_on() == (
        ("parcels", "A"),
        ("parcels", "N"),
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(-90, 50), st.floats(-45, 30))
def test_the_total_stays_and_undo_restores_every_bit(fabric: Workspace, dx: float, dy: float) -> None:
    command = MoveVertices((Moved(SHARED, at(100 + dx, 50 + dy)),))
    found = changes(fabric, command)
    after = did(fabric, command)
    assert sum(area(after, key) for key in "ASN") == pytest.approx(20_000.0, rel=1e-9)
    assert every_row(undone(after, found)) == every_row(fabric)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (MoveVertices(()), PointRefused),
        (MoveVertices((Moved(SHARED, at(110, 60)), Dropped(AtVertex("N", 0, 0, 3)))), PointRefused),
        (MoveVertices((Moved(AtVertex("A", 0, 0, 9), at(0, 0)),)), PointRefused),
        (MoveVertices((Moved(AtVertex("Z", 0, 0, 0), at(0, 0)),)), NothingSuch),
        (MoveVertices((Moved(SHARED, at(250, 50)),)), ShapeRefused),
        (MoveVertices((Moved(AtVertex("C", 0, 0, 3), at(150, 60)),)), ShapeRefused),
        (MoveVertices(tuple(Dropped(AtVertex("C", 0, 0, corner)) for corner in (0, 1))), ShapeRefused),
        (MoveVertices((Moved(SHARED, At(float("nan"), 0.0)),)), PointRefused),
        (DrawParcel((at(0, 0), at(1, 0))), PointRefused),
        (DrawParcel((at(0, 0), at(10, 10), at(10, 0), at(0, 10))), ShapeRefused),
        (DrawParcel((at(0, 0), at(0.1, 0), at(0, 0.1))), ShapeRefused),
        (DrawParcel((at(10, 10), at(20, 10), at(20, 20)), trim=True), NothingLeft),
        (DrawParcel((at(400, 10), at(420, 10), at(420, 20)), fill_m=99.0), FillRefused),
        (DrawParcel((at(400, 10), at(420, 10), at(420, 20)), fill_m=float("nan")), FillRefused),
        (DrawParcel((at(400, 10), at(420, 10), at(420, 20)), (("parcel_id", "A"),)), ColumnRefused),
        (TrimOverlaps(("Z",)), NothingSuch),
        (TrimOverlaps(("A",), ("Z",)), NothingSuch),
    ],
)
def test_what_cannot_be_is_refused(fabric: Workspace, command: Command, reason: type[Exception]) -> None:
    before = every_row(fabric)
    with pytest.raises(reason):
        changes(fabric, command)
    assert every_row(fabric) == before


def test_a_parcel_is_drawn_along_its_neighbours(fabric: Workspace) -> None:
    ring = (AtVertex("A", 0, 0, 2), AtVertex("A", 0, 0, 1), OnEdge("N", 0, 0, 1, 0.5), at(150, 180), at(0, 180))
    after = did(fabric, DrawParcel(ring, (("parcel_no", "新"), ("land_use", "M4"))))
    new = after.table("parcels").iloc[-1]
    assert (new["parcel_no"], new["geometry"].area) == ("新", 12_000.0)
    stored = [tuple(one) for one in shapely.get_coordinates(new["geometry"])]
    assert stored[:3] == [(X, Y + 100), (X + 100, Y + 100), (X + 150, Y + 100)]
    assert DrawParcel(ring).rests_on() == (("parcels", "A"), ("parcels", "N"))
    assert every_row(after).keys() - every_row(fabric).keys() == {("parcels", str(new["parcel_id"]))}
    bent = did(after, MoveVertices((Moved(_find(after, new["parcel_id"], 150, 100), at(150, 110)),)))
    assert area(bent, "N") == 5_500.0, "the neighbour has the corner as well once it moves"


def test_a_drawn_parcel_is_trimmed_and_filled(fabric: Workspace) -> None:
    ring = (at(0, 99), at(150, 99), at(150, 180), at(0, 180))
    drawn = did(fabric, DrawParcel(ring, trim=True)).shapes("parcels")[-1]
    assert drawn.area == pytest.approx(150 * 80.0)
    short = (at(0, 100.4), at(200, 100.4), at(200, 180), at(0, 180))
    filled = did(fabric, DrawParcel(short, fill_m=0.5)).shapes("parcels")[-1]
    assert filled.area == pytest.approx(200 * 80.0, abs=0.5)
    for shape in fabric.shapes("parcels"):
        assert shapely.intersection(filled, shape).area == 0.0


def test_holes_are_drawn_too(fabric: Workspace) -> None:
    ring = (at(400, 0), at(500, 0), at(500, 100), at(400, 100))
    hole = (at(440, 40), at(440, 60), at(460, 60), at(460, 40))
    assert did(fabric, DrawParcel(ring, holes=(hole,))).shapes("parcels")[-1].area == 9_600.0


def test_overlaps_go_to_those_that_are_not_named(fabric: Workspace) -> None:
    after = did(fabric, TrimOverlaps(("N",)))
    assert (area(after, "N"), area(after, "C")) == (4_700.0, 3_300.0)
    other = did(fabric, TrimOverlaps(("C",), ("N",)))
    assert (area(other, "N"), area(other, "C")) == (5_000.0, 3_000.0)
    first_keeps = did(fabric, TrimOverlaps(("N", "C"), ("A",)))
    assert (area(first_keeps, "N"), area(first_keeps, "C")) == (5_000.0, 3_000.0)
    assert changes(fabric, TrimOverlaps(("A", "S"))) == ()
    assert TrimOverlaps(("C",), ("N",)).rests_on() == (("parcels", "N"),)
    found = changes(fabric, TrimOverlaps(("N",)))
    assert every_row(undone(after, found)) == every_row(fabric)


def test_commands_are_plain_values(fabric: Workspace) -> None:
    command = MoveVertices((Moved(SHARED, at(110, 60)), Inserted(OnEdge("A", 0, 0, 2, 0.25))))
    assert command == MoveVertices((Moved(SHARED, at(110, 60)), Inserted(OnEdge("A", 0, 0, 2, 0.25))))
    assert hash(command) == hash(dataclasses.replace(command))
    same_accounts(did(fabric, command), did(fabric, command), 0.0)
