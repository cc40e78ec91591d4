"""Parcels in specialised parks: by outline, by name, by both."""

from __future__ import annotations

from layers import accounts
from layers.membership import park_shares, parks_of
from layers.workspace import Workspace
from tests.world import box, table


def test_parks_by_outline_and_by_name(world: Workspace) -> None:
    parks = table(
        "parks",
        [
            {"park_id": "half", "geometry": box(0, 0, 50, 100)},
            {"park_id": "whole", "geometry": box(-10, -10, 260, 110)},
            {"park_id": "brush", "geometry": box(99.5, 0, 101, 100)},
            {"park_id": "named", "member_parcels": "C; gone", "geometry": None},
        ],
    )
    parked = world.with_tables(parks=parks)
    assert parks_of(parked) == [["whole", "half"], ["whole"], ["named"]]
    assert park_shares(parked)["share"].tolist() == [1.0, 0.5, 1.0, 1.0]
    assert [row["parks"] for row in accounts.parcel_rows(parked)] == parks_of(parked)


def test_without_parks_nothing_belongs(world: Workspace) -> None:
    assert parks_of(world) == [[], [], []]
