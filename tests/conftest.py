"""A world of three parcels that can be worked out by hand, and where the shared material lies.

East is 200 m × 100 m and West lies right of it. All parcels are 100 m × 100 m:

- `A` lies in East: FAR 2 → 20,000 m² permitted; 5,000 m² built, of which 2,000 m² vacant.
- `B` lies half in East, half in West: FAR 1 → 10,000 m² permitted; 12,000 m² built, so 2,000 m² over.
- `C` lies in West and has no limit at all: unknown; 3,000 m² built.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from layers.workspace import Workspace
from tests.world import box, table

ROOT = Path(__file__).parent.parent


@pytest.fixture
def world() -> Workspace:
    """The world of three parcels."""
    return Workspace(
        name="三地块",
        name_en="Three parcels",
        crs="EPSG:4548",
        as_of="2026-11-22",
        tables={
            "zones": table(
                "zones",
                [
                    {"zone_id": "east", "name": "东区", "kind": "east", "geometry": box(0, 0, 200, 100)},
                    {"zone_id": "west", "name": "西区", "kind": "west", "geometry": box(200, 0, 400, 100)},
                ],
            ),
            "parcels": table(
                "parcels",
                [
                    {
                        "parcel_id": "A",
                        "parcel_no": "A",
                        "classification": "DB11/996",
                        "land_use": "M4",
                        "far_max": 2.0,
                        "built_floor_area_m2": 5000.0,
                        "geometry": box(0, 0, 100, 100),
                    },
                    {
                        "parcel_id": "B",
                        "parcel_no": "B",
                        "classification": "DB11/996",
                        "land_use": "M4",
                        "far_max": 1.0,
                        "built_floor_area_m2": 12000.0,
                        "geometry": box(150, 0, 250, 100),
                    },
                    {
                        "parcel_id": "C",
                        "parcel_no": "C",
                        "built_floor_area_m2": 3000.0,
                        "geometry": box(300, 0, 400, 100),
                    },
                ],
            ),
            "buildings": table(
                "buildings",
                [
                    {
                        "building_id": "a1",
                        "parcel_id": "A",
                        "floor_area_m2": 5000.0,
                        "vacant_floor_area_m2": 2000.0,
                        "geometry": None,
                    }
                ],
            ),
            "assumptions": table(
                "assumptions", [{"assumption_id": "norm", "name": "floor_area_per_person", "value": 25.0}]
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
                ],
            ),
        },
    )


@pytest.fixture(scope="session")
def shared() -> Path:
    """The material beside the checkout; a clone without it skips by name, CI does not."""
    path = ROOT.parent / "shared"
    if not path.is_dir():
        reason = "../shared is not beside this clone"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path
