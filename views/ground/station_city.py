"""Station-city areas (站城一体化, P5): parks of that kind, with the parcels in them and what these can carry."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

from layers.accounts import books
from layers.ground import catchments, reaching
from layers.membership import park_shares
from layers.vocabulary import GEOMETRY_BASIS
from layers.workspace import Workspace
from spatial import location
from views.markup import Markup, Row, join, table, tag
from views.numbers import shown, square_metres, wan
from views.text import Text


def station_city(workspace: Workspace, say: Text) -> Markup:
    """One block an area: what is drawn, what stands and is permitted, and where the figures come from."""
    parks = workspace.table("parks")
    out: list[Markup] = []
    for place in np.flatnonzero((parks["kind"] == "station_city").to_numpy(dtype=bool)):
        out += _area(workspace, int(place), say)
    return join([tag("div", say("city_heading"), css="cz-h"), *out]) if out else Markup()


def _area(workspace: Workspace, place: int, say: Text) -> list[Markup]:
    park, shares = workspace.table("parks").iloc[place], park_shares(workspace)
    mine = shares[shares["park"] == place]
    outline = workspace.shapes("parks")[place]
    drawn = 0.0 if shapely.is_missing(outline) else float(outline.area)
    badge = tag("span", say.term(GEOMETRY_BASIS, park["geometry_basis"]), css="cz-badge")
    title = tag("div", tag("b", say.name(park["name"], park["name_en"])), badge, css="cz-given")
    stands = park["existing_floor_area_m2"]
    inside = (mine["parcel"].to_numpy(dtype=np.int64), mine["share"].to_numpy(dtype=float))
    rows = [
        Row(say("city_drawn"), [f"{square_metres(drawn)} m²"]),
        Row(say("city_stands"), [say("no_data") if pd.isna(stands) else f"{square_metres(float(stands))} m²"]),
        Row(say("city_parcels"), [_carried(workspace, *inside, say) if len(mine) else say("city_no_parcels")]),
    ]
    for ring in catchments.RINGS:
        names, around = _around(workspace, outline, ring)
        if names:
            facts = {"stations": say("list_sign").join(names), "radius": f"{catchments.radius(workspace, ring):g}"}
            rows.append(Row(say("city_ring", **facts), [_carried(workspace, *around, say)]))
    note = park["note"]
    said = [tag("div", str(note), css="cz-hint")] if isinstance(note, str) and note else []
    return [title, table(["", ""], rows, css="cz-facts cz-headless cz-city"), *said]


def _around(workspace: Workspace, outline: Any, ring: str) -> tuple[list[str], tuple[np.ndarray, np.ndarray]]:
    """Stations that stand in an area, and the parcels in a straight-line ring of any of them, with their shares."""
    found, sources = catchments.members(workspace, ring), reaching.stations(workspace)
    shapes, names = workspace.shapes("stations"), workspace.table("stations")["name"].tolist()
    inside = [
        number
        for number, owner in enumerate(sources.owners.tolist())
        if not shapely.is_missing(outline) and shapely.intersects(outline, shapes[owner])
    ]
    if not inside or np.isnan(catchments.radius(workspace, ring)):
        return [], (np.empty(0, dtype=np.int64), np.empty(0))
    areas = catchments.outlines(workspace, ring)[inside]
    parcel = np.unique(found.parcel[np.isin(found.station, inside)])
    drawn = np.maximum(workspace.drawn_area_m2[parcel], 1e-9)
    share = location.covered_area(workspace.shapes("parcels")[parcel], areas) / drawn
    return [str(names[sources.owners[number]]) for number in inside], (parcel, np.minimum(share, 1.0))


def _carried(workspace: Workspace, parcel: np.ndarray, share: np.ndarray, say: Text) -> str:
    """How many parcels, and what they can carry by their shares."""
    held = books(workspace)
    sums, known = held.parcels(), ~held.unknown()[parcel]

    def added(values: np.ndarray) -> str:
        return str(shown(wan(float((np.nan_to_num(values[parcel]) * share)[known].sum()))))

    facts = {name: added(getattr(sums, name)) for name in ("permitted", "available", "built_vacant")}
    return say("city_carries", count=len(parcel), unknown=int((~known).sum()), **facts)
