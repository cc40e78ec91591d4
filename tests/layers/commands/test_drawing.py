"""Areas drawn by corners: those of parcels are taken to the last bit, and what is drawn may be any kind of limit."""

from __future__ import annotations

import pytest

from layers.accounts import books
from layers.commands import At, AtVertex, DrawArea
from layers.errors import ChengzaiError
from layers.workspace import Workspace
from tests.layers.commands.doing import changes, did, undone
from tests.world import X, Y

VALUES = (("kind", "flood_control"), ("effect", "exclude"))
RING = (AtVertex("A", 0, 0, 0), AtVertex("A", 0, 0, 1), At(X + 50, Y + 30.5))


def test_corners_of_parcels_are_those_that_are_stored(world: Workspace) -> None:
    (change,) = changes(world, DrawArea("constraints", RING, VALUES))
    after = change.after or {}
    assert (change.layer, after["kind"], after["effect"]) == ("constraints", "flood_control", "exclude")
    parcel = set(world.shapes("parcels")[0].exterior.coords)
    assert len(set(after["geometry"].exterior.coords) & parcel) == 2
    assert after["constraint_id"].startswith("C")


def test_it_rests_on_the_parcels_that_it_refers_to(world: Workspace) -> None:
    command = DrawArea("constraints", RING, VALUES)
    assert command.rests_on() == (("parcels", "A"),)
    assert command.facts(world)["layer"] == "constraints"
    assert command.kind == "draw"


@pytest.mark.parametrize(
    ("ring", "values"),
    [
        (RING[:2], VALUES),
        (RING, (("kind", "flood_control"), ("effect", "explode"))),
        ((At(X, Y), At(X + 9, Y + 9), At(X + 9, Y), At(X, Y + 9)), VALUES),
    ],
    ids=["two corners", "no such effect", "crosses itself"],
)
def test_what_is_no_area_is_refused(
    world: Workspace, ring: tuple[At, ...], values: tuple[tuple[str, str], ...]
) -> None:
    with pytest.raises(ChengzaiError):
        changes(world, DrawArea("constraints", ring, values))


def test_what_is_drawn_takes_land_and_gives_it_back(world: Workspace) -> None:
    gross = world.with_tables(parcels=world.table("parcels").assign(far_basis="gross"))
    command = DrawArea("constraints", RING, VALUES)
    drawn = did(gross, command)
    triangle = drawn.shapes("constraints")[0].area
    assert books(gross).parcels().permitted[0] - books(drawn).parcels().permitted[0] == pytest.approx(2 * triangle)
    assert not undone(drawn, changes(gross, command)).excluded_area_m2.any()
