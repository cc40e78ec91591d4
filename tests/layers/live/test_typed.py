"""What somebody types is the place that they mean, to the last digit, or it is refused with a word on how."""

from __future__ import annotations

import pytest

from layers.commands import At, at_lonlat
from layers.live import typed
from layers.live.errors import PlaceUnknown
from layers.workspace import Workspace
from tests.world import X, Y


@pytest.mark.parametrize(
    "text",
    [
        f"{X + 12.345} {Y + 67.891}",
        f"{Y + 67.891}, {X + 12.345}",
        f"  {X + 12.345}；{Y + 67.891} ",
        f"39{X + 12.345:.3f}，{Y + 67.891}",
        f"{Y + 67.891}\t39{X + 12.345:.3f}",
    ],
)
def test_metres_in_either_order_with_or_without_the_belt(world: Workspace, text: str) -> None:
    found = typed.place(world, text, None)
    assert (found.x, found.y) == pytest.approx((X + 12.345, Y + 67.891), abs=1e-8)
    if "39" not in text.replace(str(X), ""):
        assert found == At(X + 12.345, Y + 67.891), "no digit is lost"


def test_degrees_in_either_order(world: Workspace) -> None:
    for text in ("116.2744 39.8232", "39.8232, 116.2744"):
        assert typed.place(world, text, None) == at_lonlat(world, 116.2744, 39.8232)


def test_steps_go_east_and_north_of_the_last_point(world: Workspace) -> None:
    assert typed.place(world, "@30 -12.5", (X, Y)) == At(X + 30, Y - 12.5)
    assert typed.place(world, "＠0，40", (X, Y)) == At(X, Y + 40)
    with pytest.raises(PlaceUnknown):
        typed.place(world, "@30 -12.5", None)


@pytest.mark.parametrize(
    "text", ["", "12", "1 2 3", "a b", "nan 5", "inf inf", "1e400 2", "438000 9999999", "10 20", "@ 1", "{{7*7}} 1"]
)
def test_what_is_no_place_here_is_refused_with_the_way_to_type_one(world: Workspace, text: str) -> None:
    with pytest.raises(PlaceUnknown) as refused:
        typed.place(world, text, (X, Y))
    assert "@" in refused.value.cure["en"]


def test_where_nothing_is_drawn_any_place_is_taken(world: Workspace) -> None:
    bare = world.with_tables(
        parcels=world.table("parcels").iloc[:0],
        zones=world.table("zones").iloc[:0],
    )
    assert typed.place(bare, "500000 3000000", None) == At(500_000.0, 3_000_000.0)
