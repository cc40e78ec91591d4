"""Workspaces of every odd kind, from a seed: parcels, zones, rules and projects as no planner would draw them."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.vocabulary import CONSTRAINT_KINDS, SUPPLY_MODES
from layers.workspace import Workspace
from tests.world import box, table

Row = dict[str, Any]

ACROSS = 4
SIDE = 100.0
_USES = ("M4", "M4", "M4", "B23", "M1", "R2", "G1", None)
_FLAGS = ("exclusive", "splittable", "partial", "adjoining")
_MIXES = (
    "research", "headquarters", "production", "research=0.6; headquarters=0.4", "research=0.7; support=0.3",
    "support", None, "pilot; laboratory",
)  # fmt: skip


def odd_world(seed: int, parcels: int = 12, projects: int = 8) -> Workspace:
    """One of them; the same seed, the same world."""
    luck = np.random.default_rng(seed)
    land, tenants = _parcels(luck, parcels, projects), _projects(luck, projects, parcels)
    return Workspace(
        name="奇",
        crs="EPSG:4548",
        as_of="2026-11-22",
        tables={
            "zones": table("zones", _zones(luck, parcels)),
            "parcels": table("parcels", land),
            "buildings": table("buildings", _buildings(luck, land)),
            "projects": table("projects", tenants),
            "assignments": table("assignments", _assignments(luck, land, tenants)),
            "rulepacks": table("rulepacks", _rules(luck)),
        },
    )


def _some(luck: np.random.Generator, *values: Any) -> Any:
    return values[int(luck.integers(len(values)))]


def _zones(luck: np.random.Generator, parcels: int) -> list[Row]:
    """East and west halves that cut parcels, and a part of east; some with a cap, some for some functions only."""
    wide, high = ACROSS * SIDE, -(-parcels // ACROSS) * SIDE
    cut = wide / 2 + _some(luck, 0.0, 30.0, -55.0)
    return [
        {
            "zone_id": "east", "name": "东区", "kind": "east", "geometry": box(0, 0, cut, high),
            "floor_area_cap_m2": _some(luck, None, None, 30_000.0, 60_000.0, 0.0),
            "functions": _some(luck, None, None, "research; headquarters; production; pilot; laboratory"),
        },
        {
            "zone_id": "west", "name": "西区", "kind": "west", "geometry": box(cut, 0, wide, high),
            "floor_area_cap_m2": _some(luck, None, None, 45_000.0), "functions": _some(luck, None, "production"),
        },
        {
            "zone_id": "east-1", "name": "东一", "parent": "east", "geometry": box(0, 0, cut, high / 2),
            "floor_area_cap_m2": _some(luck, None, None, 15_000.0), "functions": _some(luck, None, None, "research"),
        },
    ]  # fmt: skip


def _parcels(luck: np.random.Generator, count: int, projects: int) -> list[Row]:
    rows = []
    for at in range(count):
        x, y = (at % ACROSS) * SIDE, (at // ACROSS) * SIDE
        apart = _some(luck, 0.0, 0.0, 0.0, 12.0)
        rows.append({
            "parcel_id": f"k{at}", "parcel_no": _some(luck, f"{at:02d}", f"{at:02d}", None),
            "classification": "DB11/996", "land_use": _some(luck, *_USES),
            "far_max": _some(luck, None, 0.0, 0.5, 1.0, 1.5, 2.0, 2.0, 3.3),
            "built_floor_area_m2": _some(luck, None, 0.0, 0.0, 4_000.0, 25_000.0),
            "under_construction_floor_area_m2": _some(luck, None, None, 1_500.0),
            "available_from": _some(luck, None, None, 2025, 2028, 2031),
            "status": _some(luck, "reserve", "planned", "sold", "built", None),
            "supply_mode": _some(luck, None, *SUPPLY_MODES), "term_years": _some(luck, None, 15.0, 20.0, 50.0),
            "held_by": _some(luck, None, None, None, None, f"j{int(luck.integers(projects))}", "gone"),
            "geometry": box(x, y, x + SIDE - apart, y + SIDE),
        })  # fmt: skip
    return rows


def _buildings(luck: np.random.Generator, land: list[Row]) -> list[Row]:
    """Halls on what is built: all vacant, a part, from a later year, or not known."""
    rows = []
    for parcel in land:
        built = parcel["built_floor_area_m2"] or 0.0
        for number in range(int(luck.integers(3)) if built else 0):
            rows.append({
                "building_id": f"{parcel['parcel_id']}-{number}", "parcel_id": parcel["parcel_id"],
                "floor_area_m2": built / 2, "vacant_floor_area_m2": _some(luck, None, 0.0, built / 4, built / 2),
                "reusable_from": _some(luck, None, None, 2024, 2029), "geometry": None,
            })  # fmt: skip
    return rows


def _projects(luck: np.random.Generator, count: int, parcels: int) -> list[Row]:
    rows = []
    for at in range(count):
        listed = "; ".join(f"k{one}" for one in luck.choice(parcels, size=2, replace=False))
        rows.append({
            "project_id": f"j{at}", "name": f"项目{at}", "function_mix": _some(luck, *_MIXES),
            "state": _some(luck, None, "lead", "admitted", "signed", "exited"),
            "requested_floor_area_m2": _some(luck, None, 0.0, 0.3, 800.0, 3_333.33, 9_000.0, 18_000.0, 40_000.0, 1e9),
            "need_by": _some(luck, None, None, 2020, 2026, 2028, 2035),
            "priority": _some(luck, None, 1.0, 1.0, 0.0, 3.0, 0.5),
            "must_zone": _some(luck, None, None, None, "east", "east-1"),
            "may_zones": _some(luck, None, None, None, "west", "east; west"),
            "must_parcels": _some(luck, *[None] * 6, listed, "k99"),
            "barred_parcels": _some(luck, *[None] * 4, listed),
            "lead_partner": _some(luck, None, None, f"j{int(luck.integers(count))}"),
        } | {name: _some(luck, None, False, False, True) for name in _FLAGS})  # fmt: skip
    return rows


def _assignments(luck: np.random.Generator, land: list[Row], tenants: list[Row]) -> list[Row]:
    """Intents and signed places, of which some never had the room that they take."""
    rows = []
    for at in range(int(luck.integers(6))):
        rows.append({
            "assignment_id": f"A{at:05d}", "parcel_id": _some(luck, *land)["parcel_id"],
            "project_id": _some(luck, *tenants)["project_id"], "floor_area_m2": _some(luck, 500.0, 3_333.33, 9_000.0),
            "source": _some(luck, "new", "new", "existing"),
            "stage": _some(luck, "intent", "intent", "signed", "under_construction", "completed", "vacated"),
            "supply_mode": _some(luck, None, "lease", "transfer"), "term_years": _some(luck, None, 20.0),
        })  # fmt: skip
    return rows


def _rules(luck: np.random.Generator) -> list[Row]:
    kind = _some(luck, *CONSTRAINT_KINDS)
    rows = [
        {"rule": "support_share", "high": 0.15},
        {"rule": "term", "high": 20.0},
        {"rule": "term", "for_class": "major", "low": 30.0, "high": 50.0},
        {"rule": "term", "supply_mode": "lease", "low": 5.0, "high": 15.0},
        {"rule": "term", "constraint_kind": kind, "high": 20.0},
        {"rule": "no_transfer", "supply_mode": "self_held"},
    ]
    held = [row for row in rows if luck.random() < 0.6]
    return [row | {"rule_id": f"r{at}", "pack": "x", "valid_from": "2020-01-01"} for at, row in enumerate(held)]
