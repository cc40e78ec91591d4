"""A small study on which acts of every kind find something to do."""

from __future__ import annotations

from layers.workspace import Workspace
from tests.world import box, table


def study() -> Workspace:
    """Two zones, one with a cap, one with a sub-area; five parcels side by side, of which one lies in both zones."""
    usual = {"classification": "DB11/996", "land_use": "M4"}
    parcels = [
        {"parcel_id": "A", "far_max": 2.0, "built_floor_area_m2": 5000.0, "geometry": box(0, 0, 100, 100)},
        {"parcel_id": "B", "far_max": 1.0, "built_floor_area_m2": 12000.0, "geometry": box(150, 0, 250, 100)},
        {"parcel_id": "C", "built_floor_area_m2": 3000.0, "geometry": box(250, 0, 350, 100)},
        {"parcel_id": "D", "far_max": 2.0, "built_floor_area_m2": 0.0, "geometry": box(100, 0, 150, 100)},
        {
            "parcel_id": "E",
            "stated_floor_area_m2": 7000.01,
            "official_area_m2": 4990.5,
            "geometry": box(350, 0, 400, 100),
        },
    ]
    return Workspace(
        name="各种次序",
        crs="EPSG:4548",
        tables={
            "zones": table(
                "zones",
                [
                    {
                        "zone_id": "east",
                        "name": "东区",
                        "kind": "east",
                        "floor_area_cap_m2": 45_000.0,
                        "geometry": box(0, 0, 200, 200),
                    },
                    {
                        "zone_id": "west",
                        "name": "西区",
                        "kind": "west",
                        "far_max": 1.8,
                        "geometry": box(200, 0, 400, 200),
                    },
                    {"zone_id": "w1", "name": "西区一期", "parent": "west", "geometry": box(200, 0, 300, 200)},
                ],
            ),
            "parcels": table("parcels", [{"parcel_no": one["parcel_id"], **usual, **one} for one in parcels]),
            "buildings": table(
                "buildings",
                [
                    {
                        "building_id": "a1",
                        "parcel_id": "A",
                        "floor_area_m2": 5000.0,
                        "vacant_floor_area_m2": 2000.0,
                        "geometry": box(10, 10, 60, 60),
                    },
                    {
                        "building_id": "d1",
                        "parcel_id": "D",
                        "floor_area_m2": 900.0,
                        "vacant_floor_area_m2": 100.0,
                        "geometry": None,
                    },
                ],
            ),
            "parks": table(
                "parks", [{"park_id": "k1", "name": "特色园", "member_parcels": "A; D; E"}, {"park_id": "k2"}]
            ),
            "assumptions": table(
                "assumptions",
                [
                    {"assumption_id": "norm", "name": "floor_area_per_person", "value": 25.0},
                    {"assumption_id": "storey", "name": "storey_height", "value": 4.0},
                ],
            ),
            "projects": table(
                "projects",
                [
                    {
                        "project_id": "p1",
                        "name": "甲",
                        "function_mix": "research",
                        "requested_floor_area_m2": 8000.0,
                        "must_zone": "east",
                    },
                    {
                        "project_id": "p2",
                        "name": "乙",
                        "function_mix": "research=0.5; headquarters=0.5",
                        "headcount": 100.0,
                        "exclusive": True,
                    },
                    {"project_id": "p3", "name": "丙", "function_mix": "research", "requested_floor_area_m2": 3000.0},
                ],
            ),
        },
    )
