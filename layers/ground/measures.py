"""What a criterion measures at every parcel, kept as long as nothing that it rests on changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from layers.accounts import available, books
from layers.ground import overlaid, reaching
from layers.ground.errors import MeasureRefused
from layers.ground.models import Criterion
from layers.ground.rasters import row_of
from layers.ground.zonal import statistics
from layers.matching import allowed
from layers.vocabulary import CHAIN_SEGMENTS, CONSTRAINT_KINDS, FACILITY_KINDS, FUNCTIONS, MEASURES, STATION_KINDS
from layers.workspace import Workspace, same_columns

Floats = np.ndarray
Measure = Callable[[Workspace, Criterion, str], Floats]
Rests = Mapping[str, tuple[str, ...]]
"""Layer to columns; no columns stand for the whole table."""

_MOST = 200
_PLACED: Rests = {"parcels": ("parcel_id", "geometry")}


@dataclass(frozen=True)
class _Way:
    """How something is measured, and what that rests on."""

    of: Measure
    rests: Rests
    function: bool = False


@dataclass(frozen=True)
class _Kept:
    """Values with the tables that they were measured on."""

    tables: Mapping[str, pd.DataFrame]
    rests: Rests
    values: Floats

    def holds(self, now: Workspace) -> bool:
        return all(_same(self.tables[layer], now.table(layer), columns) for layer, columns in self.rests.items())


def _same(before: pd.DataFrame, now: pd.DataFrame, columns: tuple[str, ...]) -> bool:
    return before is now or (bool(columns) and same_columns(before, now, columns))


def measured(workspace: Workspace, one: Criterion, function: str) -> Floats:
    """Values of a criterion in the order of the parcels, NaN where there is none, shape (n,).

    Shares are from 0 to 1, distances in metres. They are kept with the workspace and those that follow it.

    Parameters
    ----------
    function
        What parcels are rated for; only some measures ask.

    Raises
    ------
    MeasureRefused
    """
    way = WAYS.get(one.measure)
    if way is None:
        raise _refused(one, ", ".join(WAYS))
    kept: dict[tuple[object, ...], _Kept] = workspace.__dict__.setdefault("measured", {})
    mark = (one.measure, one.subject, one.threshold, function if way.function else "")
    found = kept.get(mark)
    if found is None or not found.holds(workspace):
        rests = _rests_of_value(one.subject) if one.measure == "parcel_value" else way.rests
        tables = {layer: workspace.table(layer) for layer in rests}
        values = np.asarray(way.of(workspace, one, function), dtype=np.float64)
        values.setflags(write=False)
        while len(kept) >= _MOST:
            kept.pop(next(iter(kept)), None)
        found = kept[mark] = _Kept(tables, rests, values)
    return found.values


def _refused(one: Criterion, known: object) -> MeasureRefused:
    measure = " / ".join(MEASURES[one.measure])
    return MeasureRefused(where=one.key, key=one.key, measure=measure, subject=one.subject[:60], known=known)


def _value(workspace: Workspace, one: Criterion, function: str) -> Floats:  # noqa: ARG001
    """A column of figures, or one of the two that follow from the accounts."""
    if one.subject == "available_m2":
        return available(workspace)
    if one.subject == "site_area_m2":
        return books(workspace).site_area
    parcels = workspace.table("parcels")
    numbers = [str(name) for name in parcels if pd.api.types.is_numeric_dtype(parcels[name])]
    if one.subject not in numbers:
        raise _refused(one, ", ".join(["available_m2", "site_area_m2", *numbers]))
    return parcels[one.subject].to_numpy(dtype=float, na_value=np.nan)


def _rests_of_value(subject: str) -> Rests:
    if subject == "available_m2":
        return {"parcels": (), "buildings": (), "assignments": (), "zones": (), "constraints": (), "assumptions": ()}
    if subject == "site_area_m2":
        return {"parcels": ("parcel_id", "geometry", "official_area_m2", "far_basis"), "constraints": ()}
    return {"parcels": ("parcel_id", subject)}


def _fits(workspace: Workspace, one: Criterion, function: str) -> Floats:
    """1 where land use and zone allow a function, that of the subject or the one that is rated; 0 elsewhere."""
    wanted = one.subject or function
    if wanted not in FUNCTIONS:
        raise _refused(one, ", ".join(FUNCTIONS))
    return allowed(workspace)[list(FUNCTIONS).index(wanted)].astype(np.float64)


def _to_partners(workspace: Workspace, one: Criterion, function: str) -> Floats:  # noqa: ARG001
    """Straight-line distance to the nearest parcel of a partner [m]; 0 on it, NaN where no partner has a place.

    Partners are the projects that others name as their lead partner; with a subject, that project, or the projects of
    that segment of the value chain.
    """
    projects, given = workspace.table("projects"), workspace.table("assignments")
    if not one.subject:
        partners = set(projects["lead_partner"].dropna().astype(str))
    elif one.subject in CHAIN_SEGMENTS:
        partners = set(projects["project_id"][(projects["chain_segment"] == one.subject).fillna(False)].astype(str))
    elif (projects["project_id"] == one.subject).any():
        partners = {one.subject}
    else:
        raise _refused(one, ", ".join(CHAIN_SEGMENTS) + ", project_id")
    there = given["project_id"].astype(object).isin(partners) & (given["stage"] != "vacated").fillna(True)
    at = workspace.parcel_index.get_indexer(pd.Index(given["parcel_id"].astype("str"))[there.to_numpy(dtype=bool)])
    shapes = workspace.shapes("parcels")
    homes = shapes[np.unique(at[at >= 0])]
    return _nearest(shapes, homes)


def _nearest(shapes: Floats, homes: Floats) -> Floats:
    """Distance of each shape to the nearest of some [m], NaN for none."""
    found = np.full(len(shapes), np.nan)
    homes = homes[~(shapely.is_missing(homes) | shapely.is_empty(homes))]
    rows = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    if len(homes) and len(rows):
        pairs, distance = shapely.STRtree(homes).query_nearest(shapes[rows], return_distance=True, all_matches=False)
        found[rows[pairs[0]]] = distance
    return found


def _under(workspace: Workspace, one: Criterion, function: str) -> Floats:  # noqa: ARG001
    """Share of each parcel that constraints of a kind concern, 0 to 1."""
    if one.subject not in CONSTRAINT_KINDS:
        raise _refused(one, ", ".join(CONSTRAINT_KINDS))
    return overlaid.shares(workspace, one.subject)


def _factor(workspace: Workspace, one: Criterion, function: str) -> Floats:  # noqa: ARG001
    """The factor of the constraints that score, by area, 0 to 100."""
    return overlaid.factors(workspace)


def _to_stations(workspace: Workspace, one: Criterion, function: str) -> Floats:  # noqa: ARG001
    """Distance to the nearest station of a kind [m]; of any kind without a subject."""
    if one.subject and one.subject not in STATION_KINDS:
        raise _refused(one, ", ".join(STATION_KINDS))
    return reaching.station_distances(workspace, one.subject or None, walk=one.measure == "station_walk")


def _to_facilities(workspace: Workspace, one: Criterion, function: str) -> Floats:  # noqa: ARG001
    """Distance to the nearest facility of a kind [m], along the ways where there are any."""
    kinds = reaching.kinds_of_facilities(workspace)
    if one.subject and one.subject not in kinds and one.subject not in FACILITY_KINDS:
        raise _refused(one, ", ".join([*FACILITY_KINDS, *kinds]))
    return reaching.facility_distances(workspace, one.subject or None, walk=reaching.walks(workspace))


def _reached(workspace: Workspace, one: Criterion, function: str) -> Floats:  # noqa: ARG001
    """How many kinds of facility are within reach."""
    return reaching.facilities_reached(workspace)


def _over_raster(workspace: Workspace, one: Criterion, function: str) -> Floats:  # noqa: ARG001
    """A figure of a raster of the workspace, and of no other: a path in a criterion could name any file."""
    name = one.subject.partition(":")[2] if one.subject.startswith(("slope:", "aspect:")) else one.subject
    known = ", ".join(workspace.table("rasters")["raster_id"].astype("str")) or "—"
    if row_of(workspace, name) is None or (one.measure != "raster_mean" and one.threshold is None):
        raise _refused(one, f"{known}; slope:raster_id; threshold")
    stat = {"raster_mean": "mean", "raster_share_above": "share_above=", "raster_share_of": "share_of="}[one.measure]
    stat += "" if one.measure == "raster_mean" else f"{one.threshold:g}"
    return statistics(workspace, one.subject, [stat])[stat].to_numpy(dtype=np.float64)


WAYS: dict[str, _Way] = {
    "function_fit": _Way(
        _fits, {"parcels": ("parcel_id", "geometry", "classification", "land_use"), "zones": ()}, function=True
    ),
    "partner_distance": _Way(_to_partners, {**_PLACED, "projects": (), "assignments": ()}),
    "station_distance": _Way(_to_stations, {**_PLACED, "stations": ()}),
    "station_walk": _Way(_to_stations, {**_PLACED, "stations": (), "ways": (), "assumptions": ()}),
    "facility_distance": _Way(_to_facilities, {**_PLACED, "facilities": (), "ways": (), "assumptions": ()}),
    "facilities_reached": _Way(_reached, {**_PLACED, "facilities": (), "ways": (), "assumptions": ()}),
    "raster_mean": _Way(_over_raster, {**_PLACED, "rasters": ()}),
    "raster_share_above": _Way(_over_raster, {**_PLACED, "rasters": ()}),
    "raster_share_of": _Way(_over_raster, {**_PLACED, "rasters": ()}),
    "constraint_share": _Way(_under, {**_PLACED, "constraints": ()}),
    "constraint_factor": _Way(_factor, {**_PLACED, "constraints": ()}),
    "parcel_value": _Way(_value, {}),
}
"""How each measure is taken."""
