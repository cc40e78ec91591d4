"""How far parcels lie from stations and facilities: in a straight line, and along the ways where there are any.

Distances begin at the entrances of a station, where a station has some, else at the station itself. They end at the
parcel's outline or at its inner point (`spatial.catchment` says which that is); scores and services use the inner
point. What takes time is kept with the workspace and with those that follow, and is compared with what it rests on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np
import pandas as pd
import shapely

from layers.posting import assumption
from layers.vocabulary import FACILITY_KINDS
from layers.workspace import Workspace, same_columns
from spatial import catchment, network, noding

Floats = np.ndarray
Rests = dict[str, tuple[str, ...]]
Made = TypeVar("Made")

ENTRANCE = "entrance"
INNER, OUTLINE = "inner", "outline"
"""Where a distance to a parcel ends."""

_STATIONS: Rests = {"stations": ("station_id", "kind", "parent", "geometry")}
_FACILITIES: Rests = {"facilities": ("kind", "open_from", "reach_m", "geometry")}
_WAYS: Rests = {"ways": ("walkable", "level", "length_m", "geometry")}
_PARCELS: Rests = {"parcels": ("geometry",)}


@dataclass(frozen=True)
class Sources:
    """Places that parcels want to be near: entrances of stations, or facilities.

    Parameters
    ----------
    layer
        Table that the rows stand in.
    points
        Where each is, shape (s,).
    rows
        Row of each in its table, shape (s,).
    group
        Which station (or facility) each belongs to, 0 … g − 1, shape (s,).
    owners
        Row of each station (or facility), shape (g,).
    """

    layer: str
    points: np.ndarray
    rows: np.ndarray
    group: np.ndarray
    owners: np.ndarray


@dataclass(frozen=True)
class Nearest:
    """The nearest source of each parcel.

    Parameters
    ----------
    distance_m
        NaN where none is reached, shape (n,).
    source, owner
        Rows of the entrance and of its station in their table, −1 for none, shape (n,).
    """

    distance_m: Floats
    source: np.ndarray
    owner: np.ndarray


@dataclass(frozen=True)
class Walking:
    """The ways of a workspace and where its parcels come onto them.

    Parameters
    ----------
    ways
        The network; without ways nobody walks.
    inner, outline
        Feet of the parcels, with the leg from the inner point and from the outline.
    barred
        Ways that nobody may walk along.
    """

    ways: noding.Network
    inner: network.Feet
    outline: network.Feet
    barred: int

    @property
    def without_way(self) -> int:
        """Parcels that no way comes near enough."""
        return int(np.isnan(self.inner.place).sum())


def station_distances(workspace: Workspace, kind: str | None, walk: bool, to: str = INNER) -> Floats:
    """Distance of each parcel from the nearest station [m], shape (n,); NaN where there is none.

    Parameters
    ----------
    kind
        A kind of station (`entrance`: any entrance), None for all stations.
    walk
        Along the ways; without ways every distance is NaN.
    to
        `INNER` or `OUTLINE`.
    """
    return nearest_station(workspace, kind, walk, to).distance_m


def nearest_station(workspace: Workspace, kind: str | None, walk: bool, to: str = INNER) -> Nearest:
    """The nearest station of each parcel, and the entrance of it that is nearest."""
    return _nearest(workspace, stations(workspace, kind), ("stations", kind), _STATIONS, walk, to)


def near_one(workspace: Workspace, kind: str | None, row: int, walk: bool) -> tuple[float, float, int, int]:
    """The nearest station of one parcel, without those of the others: a card is not to wait for 100,000 parcels.

    Returns
    -------
    tuple
        Distance to the outline and to the inner point [m], NaN where none is reached; rows of the entrance and of its
        station, −1 for none. The entrance is that nearest to the inner point, also where another is nearer to the
        outline.
    """
    shape, sources = workspace.shapes("parcels")[[row]], stations(workspace, kind)
    inner = catchment.inner_points(shape)
    if walk:
        ways = ways_of(workspace)
        outline = network.feet(ways, inner, shape, most=walk_terms(workspace)[1])
        leg = shapely.distance(inner, network.standing(ways, outline))
        far, found = network.nearest(ways, _feet(workspace, ways, sources), network.Feet(outline.place, leg))
        ends = (float(far[0] - leg[0] + outline.leg[0]), float(far[0]))
    else:
        far, found = catchment.nearest(sources.points, inner)
        ends = (float(catchment.nearest(sources.points, shape)[0][0]), float(far[0]))
    place = int(found[0])
    if place < 0:
        return (*ends, -1, -1)
    return (*ends, int(sources.rows[place]), int(sources.owners[sources.group[place]]))


def facility_distances(workspace: Workspace, kind: str | None, walk: bool, to: str = INNER) -> Floats:
    """Distance of each parcel from the nearest facility of a kind (None: of any) [m], shape (n,); NaN without one."""
    return nearest_facility(workspace, kind, walk, to).distance_m


def nearest_facility(workspace: Workspace, kind: str | None, walk: bool, to: str = INNER) -> Nearest:
    """The nearest facility of each parcel that is open at the date of the workspace."""
    key = ("facilities", kind, workspace.as_of[:4])
    return _nearest(workspace, facilities(workspace, kind), key, _FACILITIES, walk, to)


def facilities_reached(workspace: Workspace, walk: bool | None = None) -> Floats:
    """How many kinds of facility each parcel has within reach, shape (n,); NaN where no kind has any facility.

    Parameters
    ----------
    walk
        Along the ways or in a straight line; None means along the ways where there are any.
    """
    counts = np.zeros(len(workspace.table("parcels")))
    known = False
    for kind in kinds_of_facilities(workspace):
        known = True
        counts += np.bincount(reached(workspace, kind, walks(workspace, walk))[1], minlength=len(counts)) > 0
    return counts if known else np.full(len(counts), np.nan)


def reached(workspace: Workspace, kind: str, walk: bool) -> tuple[np.ndarray, np.ndarray, Floats]:
    """Pairs of a facility of a kind and a parcel whose inner point it reaches: row, row, distance [m].

    A facility reaches as far as it says itself, else as the assumption `service_reach.<kind>` says; without either
    it reaches nobody.
    """
    reach = assumption(workspace, f"service_reach.{kind}", default=np.nan)
    key = ("reached", kind, walk, reach, workspace.as_of[:4], *(walk_terms(workspace) if walk else ()))
    rests = _FACILITIES | _PARCELS | (_WAYS if walk else {})

    def made() -> tuple[np.ndarray, np.ndarray, Floats]:
        found = facilities(workspace, kind)
        own = workspace.table("facilities")["reach_m"].to_numpy(dtype=float, na_value=np.nan)[found.owners]
        most = np.nan_to_num(np.where(np.isnan(own), reach, own), nan=-1.0)
        if walk:
            way = walking(workspace)
            entered = network.entered(way.ways, _feet(workspace, way.ways, found), found.group, len(found.owners))
            owner, parcel, far = network.within(entered, way.inner, most)
        else:
            inner = inner_points(workspace)
            owner, parcel, far = catchment.within(found.points, found.group, inner, most[found.group])
        return found.owners[owner], parcel, far

    return kept(workspace, key, rests, made)


def walks(workspace: Workspace, walk: bool | None = None) -> bool:
    """What somebody chose; nobody having chosen, along the ways where there are any."""
    return len(workspace.table("ways")) > 0 if walk is None else walk


def kinds_of_facilities(workspace: Workspace) -> list[str]:
    """Kinds of which there is a facility, in the order of the vocabulary, then any others."""
    there = set(workspace.table("facilities")["kind"].dropna().astype(str)) - {""}
    return [kind for kind in FACILITY_KINDS if kind in there] + sorted(there - FACILITY_KINDS.keys())


def stations(workspace: Workspace, kind: str | None = None) -> Sources:
    """Stations of a kind with their entrances; a station without entrances stands for itself.

    An entrance whose station is not in the table is a station of its own.
    """
    table, shapes = workspace.table("stations"), workspace.shapes("stations")
    kinds = table["kind"].astype(object).to_numpy()
    placed = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    entrance = kinds == ENTRANCE
    parent = pd.Index(table["station_id"]).get_indexer(pd.Index(table["parent"].astype(object)))
    parent = np.where(entrance & (parent >= 0), parent, np.arange(len(table)))
    if kind == ENTRANCE:
        rows = np.flatnonzero(placed & entrance)
    else:
        wanted = np.ones(len(table), dtype=bool) if kind is None else kinds == kind
        rows = np.flatnonzero(placed & wanted[parent])
        with_entrances = np.unique(parent[rows[entrance[rows]]])
        rows = rows[entrance[rows] | ~np.isin(rows, with_entrances)]
    owners, group = np.unique(parent[rows], return_inverse=True)
    return Sources("stations", shapes[rows], rows, group, owners)


def facilities(workspace: Workspace, kind: str | None = None) -> Sources:
    """Facilities of a kind (None: all) that are open in the year of the workspace."""
    table, shapes = workspace.table("facilities"), workspace.shapes("facilities")
    wanted = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if kind is not None:
        wanted &= table["kind"].astype(object).to_numpy() == kind
    year = int(workspace.as_of[:4]) if workspace.as_of[:4].isdigit() else 9999
    wanted &= table["open_from"].to_numpy(dtype=float, na_value=-np.inf) <= year
    rows = np.flatnonzero(wanted)
    return Sources("facilities", shapes[rows], rows, np.arange(len(rows)), rows)


def parcel_at(workspace: Workspace, places: np.ndarray) -> np.ndarray:
    """Row of the parcel on which the inner point of each place lies, −1 for none, shape (n,)."""
    found = np.full(len(places), -1, dtype=np.int64)
    place, parcel = shapely.STRtree(workspace.shapes("parcels")).query(
        catchment.inner_points(places), predicate="intersects"
    )
    found[place[::-1]] = parcel[::-1]  # of several the first
    return found


def inner_points(workspace: Workspace) -> np.ndarray:
    """The inner point of each parcel, shape (n,)."""
    return kept(workspace, ("inner",), _PARCELS, lambda: catchment.inner_points(workspace.shapes("parcels")))


def walking(workspace: Workspace) -> Walking:
    """The network of the workspace, and where parcels come onto it."""
    snap, access = walk_terms(workspace)

    def made() -> Walking:
        ways = ways_of(workspace)
        inner = inner_points(workspace)
        outline = network.feet(ways, inner, workspace.shapes("parcels"), most=access)
        leg = shapely.distance(inner, network.standing(ways, outline))
        return Walking(ways, network.Feet(outline.place, leg), outline, int(_barred(workspace).sum()))

    return kept(workspace, ("walking", snap, access), _WAYS | _PARCELS, made)


def entered(workspace: Workspace, kind: str | None) -> tuple[Sources, network.Entered]:
    """Stations of a kind on the network, each one walker who may start at any of its entrances."""
    found, ways = stations(workspace, kind), walking(workspace).ways
    return found, network.entered(ways, _feet(workspace, ways, found), found.group, len(found.owners))


def ways_of(workspace: Workspace) -> noding.Network:
    """The network of the workspace."""
    snap = walk_terms(workspace)[0]

    def made() -> noding.Network:
        table = workspace.table("ways")
        shapes = workspace.shapes("ways").copy()
        shapes[_barred(workspace)] = None
        level = table["level"].to_numpy(dtype=float, na_value=0.0).astype(np.int64)
        length = table["length_m"].to_numpy(dtype=float, na_value=np.nan)
        return noding.build(shapes, level=level, length=length, snap=snap)

    return kept(workspace, ("ways", snap), _WAYS, made)


def _barred(workspace: Workspace) -> np.ndarray:
    """Ways of which somebody said that nobody walks there; empty means that people may."""
    return (workspace.table("ways")["walkable"] == False).fillna(False).to_numpy(dtype=bool)  # noqa: E712


def _feet(workspace: Workspace, ways: noding.Network, sources: Sources) -> network.Feet:
    """Where sources come onto the network; a facility with an outline does so at its inner point."""
    points = catchment.inner_points(sources.points)
    return network.feet(ways, points, sources.points, most=walk_terms(workspace)[1])


def walk_terms(workspace: Workspace) -> tuple[float, float]:
    """Snap tolerance and longest leg [m]: without the assumptions ends have to meet, and no leg is too long."""
    return assumption(workspace, "way_snap", default=0.0), assumption(workspace, "walk_access", default=np.inf)


def _nearest(
    workspace: Workspace, sources: Sources, key: tuple[object, ...], rests: Rests, walk: bool, to: str
) -> Nearest:
    def made() -> Nearest:
        if walk:
            way = walking(workspace)
            feet = _feet(workspace, way.ways, sources)
            far, found = network.nearest(way.ways, feet, way.inner if to == INNER else way.outline)
        else:
            targets = inner_points(workspace) if to == INNER else workspace.shapes("parcels")
            far, found = catchment.nearest(sources.points, targets)
        there = found >= 0
        source, owner = np.full(len(found), -1), np.full(len(found), -1)
        source[there] = sources.rows[found[there]]
        owner[there] = sources.owners[sources.group[found[there]]]
        return Nearest(far, source, owner)

    whole = ("nearest", *key, walk, to, *(walk_terms(workspace) if walk else ()))
    return kept(workspace, whole, rests | _PARCELS | (_WAYS if walk else {}), made)


@dataclass(frozen=True)
class _Held:
    tables: dict[str, pd.DataFrame]
    value: object


def rests_on(walk: bool, *, parcels: bool = True) -> Rests:
    """Columns that catchments of stations rest on."""
    return _STATIONS | (_WAYS if walk else {}) | (_PARCELS if parcels else {})


def kept(workspace: Workspace, key: tuple[object, ...], rests: Rests, make: Callable[[], Made]) -> Made:
    """What was made before, where the columns that it rests on are what they were; else made now."""
    shelf = cast("dict[tuple[object, ...], _Held]", workspace.__dict__.setdefault("reaching", {}))
    found = shelf.get(key)
    if found is not None and all(
        same_columns(found.tables[layer], workspace.table(layer), columns) for layer, columns in rests.items()
    ):
        return cast("Made", found.value)
    value = make()
    shelf[key] = _Held({layer: workspace.table(layer) for layer in rests}, value)
    return value
