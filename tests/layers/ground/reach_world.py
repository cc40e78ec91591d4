"""The three parcels with a metro station of two entrances, a railway station, one street and a canteen.

The street runs at y = −20. The inner points of A, B and C are at (50, 50), (200, 50) and (350, 50).
"""

from __future__ import annotations

import shapely

from layers.ground.suggested import suggested
from layers.workspace import Workspace
from tests.world import X, Y, table, three_parcels


def at(x: float, y: float) -> shapely.Point:
    return shapely.Point(X + x, Y + y)


def street(*spots: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(X + x, Y + y) for x, y in spots])


STATIONS: list[dict[str, object]] = [
    {"station_id": "M", "name": "地铁", "kind": "metro", "geometry": at(50, -300)},
    {"station_id": "M1", "name": "A口", "kind": "entrance", "parent": "M", "geometry": at(50, -40)},
    {"station_id": "M2", "name": "B口", "kind": "entrance", "parent": "M", "geometry": at(-200, -40)},
    {"station_id": "R", "name": "铁路", "kind": "rail", "geometry": at(350, 300)},
]
WAYS: list[dict[str, object]] = [
    {"way_id": "w1", "kind": "street", "geometry": street((-300, -20), (500, -20))},
    {"way_id": "w2", "kind": "street", "walkable": False, "geometry": street((0, 120), (400, 120))},
]


def reach_world(*, ways: bool = True, **numbers: float) -> Workspace:
    """The world, with assumptions of other values than the suggested ones where some are given."""
    world = three_parcels()
    rows: list[dict[str, object]] = [
        {"assumption_id": "norm", "name": "floor_area_per_person", "value": 25.0},
        {"assumption_id": "support_share", "name": "support_share", "value": 0.15},
    ]
    for row in suggested():
        rows.append(row | {"value": numbers.get(row["name"].replace(".", "_"), row["value"])})
    return world.with_tables(
        stations=table("stations", STATIONS),
        ways=table("ways", WAYS if ways else WAYS[:0]),
        assumptions=table("assumptions", rows),
        facilities=table(
            "facilities",
            [
                {
                    "facility_id": "f1",
                    "name": "食堂",
                    "kind": "canteen",
                    "capacity": 40.0,
                    "reach_m": 100.0,
                    "floor_area_m2": 900.0,
                    "geometry": at(50, -40),
                }
            ],
        ),
    )
