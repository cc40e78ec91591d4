"""Points: references become the stored coordinates, to the last bit."""

from __future__ import annotations

import math

import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import LineString

from layers.commands.errors import PointRefused
from layers.commands.pointing import At, AtVertex, OnEdge, Point, at_lonlat, line_of, looked_at, outline_of, resolve
from layers.errors import NothingSuch
from layers.workspace import Workspace
from spatial.errors import ShapeRefused
from tests.world import X, Y, table


@pytest.fixture
def crooked(world: Workspace) -> Workspace:
    """The world with A bent, and coordinates that no centimetre knows."""
    shape = shapely.Polygon(
        [(X + 1 / 3, Y), (X + 100.1, Y + 2 / 7), (X + 99, Y + 101), (X, Y + 99.9)],
        [[(X + 20, Y + 20), (X + 30, Y + 20), (X + 30, Y + 30 + 1e-7)]],
    )
    rows = world.table("parcels").to_dict("records")
    rows[0] |= {"geometry": shape}
    return world.with_tables(parcels=table("parcels", rows))


def test_a_vertex_is_the_stored_one(crooked: Workspace) -> None:
    assert resolve(crooked, AtVertex("A", 0, 0, 0)) == (X + 1 / 3, Y)
    assert resolve(crooked, AtVertex("A", 0, 0, 3)) == (X, Y + 99.9)
    assert resolve(crooked, AtVertex("A", 0, 1, 2)) == (X + 30, Y + 30 + 1e-7)


def test_a_place_on_an_edge(crooked: Workspace) -> None:
    assert resolve(crooked, OnEdge("A", 0, 0, 3, 0)) == (X, Y + 99.9)
    assert resolve(crooked, OnEdge("A", 0, 0, 3, 1)) == (X + 1 / 3, Y)
    x, y = resolve(crooked, OnEdge("A", 0, 0, 3, 0.5))
    assert (x, y) == (pytest.approx(X + 1 / 6, abs=1e-9), pytest.approx(Y + 49.95, abs=1e-9))
    for fraction in (0.1, 1 / 3, 0.9):
        point = shapely.Point(resolve(crooked, OnEdge("A", 0, 0, 1, fraction)))
        assert crooked.shapes("parcels")[0].exterior.distance(point) < 1e-8


@pytest.mark.parametrize(
    "point",
    [
        AtVertex("A", 0, 0, 4),
        AtVertex("A", 0, 0, -1),
        AtVertex("A", 1, 0, 0),
        AtVertex("A", 0, 2, 0),
        AtVertex("A", -1, 0, 0),
        AtVertex("A", 0, 0, "1"),  # type: ignore[arg-type]
        OnEdge("A", 0, 0, 0, 1.1),
        OnEdge("A", 0, 0, 0, -0.1),
        OnEdge("A", 0, 0, 0, math.nan),
        At(math.inf, Y),
        At(X, "0"),  # type: ignore[arg-type]
    ],
)
def test_a_point_that_is_not_there(crooked: Workspace, point: Point) -> None:
    with pytest.raises(PointRefused):
        resolve(crooked, point)


def test_a_parcel_that_is_not_there(crooked: Workspace) -> None:
    with pytest.raises(NothingSuch):
        resolve(crooked, AtVertex("Z", 0, 0, 0))


def test_longitude_and_latitude_are_within_a_micrometre(crooked: Workspace) -> None:
    lon, lat = Transformer.from_crs("EPSG:4548", "EPSG:4490", always_xy=True).transform(X + 12.5, Y + 7.25)
    point = at_lonlat(crooked, lon, lat)
    assert math.hypot(point.x - X - 12.5, point.y - Y - 7.25) < 1e-6


def test_lines_and_outlines(crooked: Workspace) -> None:
    line = line_of(crooked, (At(X, Y), AtVertex("A", 0, 0, 2)))
    assert list(line.coords) == [(X, Y), (X + 99, Y + 101)]
    drawn = LineString([(0, 0), (1, 1)])
    assert line_of(crooked, drawn) is drawn
    corners = (At(X, Y), At(X + 10, Y), At(X + 10, Y + 10), At(X, Y + 10))
    assert outline_of(crooked, (corners,)).area == 100.0
    for rings in (((corners[0], corners[1]),), (), (corners, corners[:2])):
        with pytest.raises(PointRefused):
            outline_of(crooked, rings)
    with pytest.raises(ShapeRefused):
        outline_of(crooked, ((corners[0], corners[2], corners[1], corners[3]),))


def test_a_command_rests_on_what_its_points_refer_to() -> None:
    points = (At(X, Y), AtVertex("A", 0, 0, 0), OnEdge("B", 0, 0, 0, 0.5), AtVertex("A", 0, 0, 1))
    assert looked_at(points) == (("parcels", "A"), ("parcels", "B"))
