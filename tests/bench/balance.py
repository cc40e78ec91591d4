"""The balance after an edit: an assignment is changed, and every zone, function and year follows."""

from __future__ import annotations

import time
from statistics import median

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers import balancing
from layers.catalogue import LAYERS
from layers.vocabulary import FUNCTIONS
from layers.workspace import Workspace
from spatial import flow
from tests.bench.line import Line
from tests.world import X, Y

SIZES = ((2_000, 200, 0.3), (20_000, 1_000, 1.0))
"""Parcels, projects, and the goal [s]."""
CRS = "EPSG:4548"
USES = ("M4", "B23", "A35", "M1", "W1", "B4")
STEP, SIDE, ZONES = 110.0, 100.0, 3
FIRST, YEARS = 2026, 10
PLAIN = 50
"""Draws that the peer solves."""


def balanced(*, quick: bool) -> list[Line]:
    """Each size, edited five times."""
    return [_size(*one) for one in (SIZES[:1] if quick else SIZES)]


def _size(parcels: int, projects: int, goal: float) -> Line:
    world = town(parcels, projects)
    balancing.balance(world)
    taken = []
    for number in range(5):
        given = world.table("assignments").assign(floor_area_m2=[800.0 + number])
        start = time.perf_counter()
        world = world.with_tables(assignments=given)
        balancing.balance(world)
        taken.append(time.perf_counter() - start)
    alone = _draw_by_draw(world)
    ours = median(taken)
    return Line(
        f"Balance after an edit, {parcels:,} parcels × {projects:,} projects: {YEARS} years, 10,000 draws",
        f"{ours:.2f} s",
        f"the largest flow of each draw by HiGHS: {1e3 * alone:.2f} ms each, {alone * 10_000 * YEARS:.0f} s for all",
        f"{alone * 10_000 * YEARS / ours:.0f} × faster",
        f"≤ {goal:g} s",
        ours <= goal,
    )


def _draw_by_draw(world: Workspace) -> float:
    """Seconds that one draw of the last year takes when it is solved alone, medians of a few."""
    both, years = balancing.years(world, [FIRST + YEARS - 1])
    one = years[0]
    group, function = one.classes[:, 0], one.classes[:, 1]
    may = both.may[group, function]
    chance = np.random.default_rng(1)
    taken = []
    for _ in range(PLAIN):
        demand = one.flow.sum(axis=1) * chance.uniform(0.5, 2.0, len(group))
        start = time.perf_counter()
        flow.house(demand, one.supply, may)
        taken.append(time.perf_counter() - start)
    return median(taken)


def town(parcels: int, projects: int) -> Workspace:
    """Three zones side by side, parcels of six land uses in a lattice, and projects of two functions each."""
    chance = np.random.default_rng(1)
    side = int(np.ceil(np.sqrt(parcels)))
    wide = side * STEP / ZONES
    zones = gpd.GeoDataFrame(
        {"zone_id": [f"z{at}" for at in range(ZONES)], "name": [f"{at + 1} 区" for at in range(ZONES)]},
        geometry=[shapely.box(X + at * wide, Y, X + (at + 1) * wide, Y + side * STEP) for at in range(ZONES)],
        crs=CRS,
    )
    column, row = np.arange(parcels) % side, np.arange(parcels) // side
    west, south = X + STEP * column, Y + STEP * row
    land = gpd.GeoDataFrame(
        {
            "parcel_id": [f"P{at}" for at in range(parcels)],
            "parcel_no": [f"N{at}" for at in range(parcels)],
            "classification": "DB11/996",
            "land_use": chance.choice(USES, parcels),
            "far_max": chance.uniform(0.5, 3.0, parcels),
            "built_floor_area_m2": chance.uniform(0.0, 8_000.0, parcels),
            "available_from": chance.integers(FIRST, FIRST + YEARS, parcels),
        },
        geometry=shapely.box(west, south, west + SIDE, south + SIDE),
        crs=CRS,
    )
    norms = pd.DataFrame(
        {"assumption_id": [f"norm.{name}" for name in FUNCTIONS], "name": "floor_area_per_person"}
        | {"function": list(FUNCTIONS), "low": 18.0, "value": 25.0, "high": 35.0}
    )
    given = {"assignment_id": ["A1"], "parcel_id": ["P5"], "project_id": ["J7"], "floor_area_m2": [800.0]}
    return Workspace(
        "town",
        CRS,
        as_of=f"{FIRST}-01-01",
        tables={
            "zones": LAYERS["zones"].conform(zones, CRS),
            "parcels": LAYERS["parcels"].conform(land, CRS),
            "projects": LAYERS["projects"].conform(_projects(projects, chance), CRS),
            "assumptions": LAYERS["assumptions"].conform(norms, CRS),
            "assignments": LAYERS["assignments"].conform(
                pd.DataFrame(given | {"source": ["new"], "stage": ["intent"]}), CRS
            ),
        },
    )


def _projects(count: int, chance: np.random.Generator) -> pd.DataFrame:
    names = list(FUNCTIONS)
    pairs = [chance.choice(len(names), 2, replace=False) for _ in range(count)]
    states = chance.random(count) < 0.5
    return pd.DataFrame(
        {
            "project_id": [f"J{at}" for at in range(count)],
            "function_mix": [f"{names[a]}=0.6; {names[b]}=0.4" for a, b in pairs],
            "requested_floor_area_m2": np.where(states, chance.uniform(1e3, 8e4, count), np.nan),
            "headcount": chance.uniform(50, 900, count),
            "headcount_low": 40.0,
            "headcount_high": 1_000.0,
            "need_by": chance.integers(FIRST, FIRST + YEARS, count),
            "must_zone": [f"z{chance.integers(ZONES)}" if chance.random() < 0.4 else None for _ in range(count)],
            "may_zones": [
                f"z{chance.integers(ZONES)};z{chance.integers(ZONES)}" if chance.random() < 0.5 else None
                for _ in range(count)
            ],
        }
    )
