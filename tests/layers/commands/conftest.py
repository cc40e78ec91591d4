"""The world of three parcels with everything that can stand on a parcel."""

from __future__ import annotations

import pytest

from layers.commands import Assign, Attach, Reassign
from layers.workspace import Workspace
from tests.layers.commands.doing import did
from tests.world import box, table


@pytest.fixture
def study(world: Workspace) -> Workspace:
    """Parcel A with every figure, a building with vacant space, assignments of every stage, a park and a document."""
    rows = world.table("parcels").to_dict("records")
    rows[0] |= {
        "official_area_m2": 10_001.37,
        "stated_floor_area_m2": 30_000.5,
        "under_construction_floor_area_m2": 777.77,
        "underground_floor_area_m2": 1_234.56,
        "started_land_m2": 3_333.33,
        "investment_total_wan": 9_000.07,
        "investment_made_wan": 1_000.01,
        "name": "老厂",
        "note": "临街",
    }
    buildings = world.table("buildings").to_dict("records")
    buildings[0] |= {"underground_floor_area_m2": 99.99, "geometry": box(10, 10, 20, 20)}
    parks = [{"park_id": "k", "name": "园", "member_parcels": "C; A"}]
    tables = {"parcels": rows, "buildings": buildings, "parks": [{**one, "geometry": None} for one in parks]}
    full = world.with_tables(**{name: table(name, values) for name, values in tables.items()})
    return did(
        full,
        Assign("A", "p1", 1_000.01),
        Assign("A", "p1", 2_000.02, stage="signed"),
        Assign("A", "p1", 500.05, source="existing", stage="completed"),
        Assign("A", "p1", 300.0, stage="completed"),
        Reassign("A00004", stage="vacated"),
        Attach("parcels", "A", "ab" * 32, "a.pdf", "application/pdf", 3),
    )
