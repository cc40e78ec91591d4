"""What an import would change, as the map is told of it."""

from __future__ import annotations

import gc
import json
import struct

import geopandas as gpd
import numpy as np
import pytest
import shapely

from layers.errors import WorkspaceMissing
from layers.map.arriving import LOOKS, Arriving, shown_at, workspace_at
from layers.map.board import BOARDS, Board
from layers.workspace import Workspace
from tests.world import X, Y


@pytest.fixture
def board(world: Workspace) -> Arriving:
    return Arriving(world, "parcels", world.table("parcels"), np.array([0, 1, 3], dtype=np.uint8))


def state(board: Board, language: str = "zh-CN") -> tuple[dict[str, object], list[int]]:
    """Head of the state and the class of each row, as `wire.js` reads them."""
    raw = board.state(language)
    (length,) = struct.unpack_from("<I", raw)
    head = json.loads(raw[4 : 4 + length])
    low, high = np.frombuffer(raw[4 + length :], np.uint8).reshape(2, -1)
    return head, (low + 256 * high.astype(int)).tolist()


def test_every_row_has_the_look_of_what_becomes_of_it(board: Arriving) -> None:
    head, of = state(board)
    (mode,) = head["modes"]  # type: ignore[misc]
    assert of == [0, 1, 3] and head["count"] == 3
    assert [one["label"] for one in mode["classes"]] == ["不变", "新增", "更新", "移除"]
    assert [one["colour"] for one in mode["classes"]] == [colour for _, colour, _ in LOOKS]
    assert [one["hatch"] for one in mode["classes"]] == [False, False, False, True]


def test_both_languages(board: Arriving) -> None:
    head, _ = state(board, "en")
    assert [one["label"] for one in head["modes"][0]["classes"]] == ["As it is", "Added", "Changed", "Removed"]  # type: ignore[index]


def test_colours_differ_in_lightness_so_that_anybody_tells_them_apart() -> None:
    def light(colour: str) -> float:
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    values = sorted(light(colour) for _, colour, _ in LOOKS)
    assert min(np.diff(values)) > 5


def test_names_are_those_of_the_rows(board: Arriving) -> None:
    assert board.names()["labels"] == ["A", "B", "C"]


def test_what_differs_is_in_view_first(board: Arriving, world: Workspace) -> None:
    (south, west), (north, east) = board.frame or [[0, 0], [0, 0]]
    (zone,) = gpd.GeoSeries([shapely.box(X + 150, Y, X + 400, Y + 100)], crs=world.crs).to_crs("EPSG:4490")
    assert (west, south, east, north) == pytest.approx(zone.bounds, abs=1e-6)


def test_where_nothing_differs_all_is_in_view(world: Workspace) -> None:
    assert Arriving(world, "parcels", world.table("parcels"), np.zeros(3, dtype=np.uint8)).frame is None


def test_nothing_is_said_of_what_a_row_can_give(board: Arriving) -> None:
    assert board.available("0") is None


def test_points_and_lines_are_drawn_and_odd_shapes_are_left_out(world: Workspace) -> None:
    shapes = [
        shapely.Point(X, Y),
        shapely.LineString([(X, Y), (X + 50, Y)]),
        None,
        shapely.Point(),
        shapely.Point(np.inf, Y),
    ]
    names = [f"s{number}" for number in range(len(shapes))]
    rows = gpd.GeoDataFrame({"station_id": names, "name": names}, geometry=shapes, crs=world.crs)
    drawn = Arriving(world, "stations", rows, np.ones(len(shapes), dtype=np.uint8)).workspace.shapes("parcels")
    assert [shape is not None and shape.area > 0 for shape in drawn] == [True, True, False, False, False]


def test_the_routes_find_it_for_as_long_as_it_is_held(board: Arriving) -> None:
    name = shown_at("abc", board)
    assert workspace_at(name) is board.workspace and BOARDS.of(name, board.workspace) is board
    with pytest.raises(WorkspaceMissing):
        workspace_at("abc-p000000000000")


def test_it_answers_again_where_others_took_its_room(board: Arriving, world: Workspace) -> None:
    name = shown_at("abc", board)
    for number in range(20):
        BOARDS.of(f"other-{number}", world)
    assert BOARDS.of(name, workspace_at(name)) is board


def test_a_preview_that_nobody_looks_at_is_gone(world: Workspace) -> None:
    made = Arriving(world, "parcels", world.table("parcels"), np.zeros(3, dtype=np.uint8))
    name = shown_at("abc", made)
    for number in range(20):
        BOARDS.of(f"other-{number}", world)
    del made
    gc.collect()
    with pytest.raises(WorkspaceMissing):
        workspace_at(name)
