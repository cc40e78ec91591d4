"""Stations, services and supporting floor area of a workspace as one plain answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from layers.ground import catchments, reaching, serving
from layers.matching import top_zones
from layers.vocabulary import FACILITY_KINDS
from layers.workspace import Workspace

Answer = dict[str, Any]


def report(workspace: Workspace, *, walk: bool | None = None, kind: str | None = None, rows: bool = False) -> Answer:
    """How far parcels lie from stations, what lies within their rings, and who is served.

    Parameters
    ----------
    walk
        Along the ways or in a straight line; None means along the ways where there are any.
    kind
        A kind of station; None means all.
    rows
        Add one row a parcel.
    """
    along = reaching.walks(workspace, walk)
    answer: Answer = {
        "distance": "walk" if along else "straight",
        "radius_m": {ring: _number(catchments.radius(workspace, ring)) for ring in catchments.RINGS},
        "network": network(workspace) if along else None,
        "stations": _stations(workspace, along, kind),
        "services": _services(workspace, along),
        "no_facilities": [one for one in FACILITY_KINDS if one not in reaching.kinds_of_facilities(workspace)],
        "support": serving.support(workspace),
        "revision": workspace.revision,
        "crs": workspace.crs,
    }
    return answer | ({"rows": _rows(workspace, kind)} if rows else {})


def network(workspace: Workspace) -> Answer:
    """What the ways of a workspace are as a network, and which parcels they do not reach."""
    found = reaching.walking(workspace)
    count, part = found.ways.components()
    # stretches that nothing joins to the largest part: a walk between the two does not exist
    lengths = np.bincount(part, weights=_lengths(found), minlength=count) if count else np.zeros(0)
    far = reaching.station_distances(workspace, None, walk=True)
    return {
        "ways": len(workspace.table("ways")),
        "ways_of_several_parts": int((shapely.get_num_geometries(workspace.shapes("ways")) > 1).sum()),
        "links": found.ways.links,
        "nodes": found.ways.nodes,
        "components": count,
        "length_m": float(lengths.sum()),
        "length_in_largest_m": float(lengths.max(initial=0.0)),
        "barred_ways": found.barred,
        "parcels_without_way": found.without_way,
        "parcels_unreached": int(np.isnan(far).sum()),
    }


def _lengths(found: reaching.Walking) -> np.ndarray:
    return np.asarray(shapely.length(found.ways.lines))


def _stations(workspace: Workspace, walk: bool, kind: str | None) -> list[Answer]:
    table, out = workspace.table("stations"), []
    sources = reaching.stations(workspace, kind)
    entrances = np.bincount(sources.group, minlength=len(sources.owners))
    by_row = dict(zip(sources.owners.tolist(), entrances.tolist(), strict=True))
    for row in catchments.floor_area(workspace, walk=walk, kind=kind).to_dict("records"):
        station = int(row.pop("station"))
        named: Answer = {"station_id": None, "name": None, "kind": None, "entrances": None}
        if station != catchments.ALL:
            one = table.iloc[station]
            named = {name: _text(one[name]) for name in ("station_id", "name", "kind")}
            named["entrances"] = int(by_row[station])
        figures = {name: float(row[name]) for name in catchments.FIGURES}
        counts = {name: int(row[name]) for name in ("parcels", "unknown_parcels")}
        out.append(named | {"ring": row["ring"], "radius_m": _number(row["radius_m"])} | counts | figures)
    return out


def _services(workspace: Workspace, walk: bool) -> list[Answer]:
    zones: list[str | None] = [*top_zones(workspace), None]
    out = []
    for stands in serving.STANDS:
        for cover in serving.coverage(workspace, walk=walk, stands=stands):
            for place, zone in enumerate(zones):
                out.append(
                    {
                        "kind": cover.kind,
                        "zone": zone,
                        "people_of": stands,
                        "facilities": cover.facilities,
                        "facilities_without_capacity": cover.without_capacity,
                        "facilities_planned": cover.planned,
                        "unserved_floor_area_share": _number(cover.floor_area[place]),
                        "unserved_persons_share": _number(cover.persons[place]),
                        "lacking_places": _number(cover.lacking[place]),
                    }
                )
    return out


def _rows(workspace: Workspace, kind: str | None) -> list[Answer]:
    """One row a parcel, each distance under a name that says what it is; None where there is none."""
    parcels, stations = workspace.table("parcels"), workspace.table("stations")
    straight = reaching.nearest_station(workspace, kind, False)
    columns: Answer = {
        "parcel_id": parcels["parcel_id"].tolist(),
        "parcel_no": [_text(value) for value in parcels["parcel_no"]],
        "station": _names(stations["name"].tolist(), straight.owner),
        "entrance": _names(stations["name"].tolist(), straight.source),
        "straight_to_inner_m": _numbers(straight.distance_m),
        "straight_to_outline_m": _numbers(reaching.station_distances(workspace, kind, False, reaching.OUTLINE)),
        "walk_to_inner_m": _numbers(reaching.station_distances(workspace, kind, True)),
        "walk_to_outline_m": _numbers(reaching.station_distances(workspace, kind, True, reaching.OUTLINE)),
        "facility_kinds_reached": _numbers(reaching.facilities_reached(workspace)),
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _names(names: list[Any], rows: np.ndarray) -> list[str | None]:
    return [_text(names[row]) if row >= 0 else None for row in rows.tolist()]


def _numbers(values: np.ndarray) -> list[float | None]:
    return [_number(value) for value in values.tolist()]


def _number(value: float) -> float | None:
    return None if value != value else float(value)


def _text(value: object) -> str | None:
    return None if value is None or value != value or value == "" else str(value)
