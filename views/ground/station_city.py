"""Station-city areas (站城一体化, P5): parks of that kind, with the parcels in them and what these can carry."""

from __future__ import annotations

import numpy as np
import shapely

from layers.accounts import books
from layers.membership import park_shares
from layers.vocabulary import GEOMETRY_BASIS
from layers.workspace import Workspace
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
    park, shares, held = workspace.table("parks").iloc[place], park_shares(workspace), books(workspace)
    mine = shares[shares["park"] == place]
    parcel, share = mine["parcel"].to_numpy(dtype=np.int64), mine["share"].to_numpy(dtype=float)
    sums, unknown = held.parcels(), held.unknown()
    outline = workspace.shapes("parks")[place]
    drawn = 0.0 if shapely.is_missing(outline) else float(outline.area)
    badge = say.term(GEOMETRY_BASIS, park["geometry_basis"])
    title = tag(
        "div", tag("b", say.name(park["name"], park["name_en"])), tag("span", badge, css="cz-badge"), css="cz-given"
    )
    known = ~unknown[parcel]
    stands = (
        float(park["existing_floor_area_m2"])
        if park["existing_floor_area_m2"] == park["existing_floor_area_m2"]
        else None
    )

    def added(values: np.ndarray) -> str:
        return f"{shown(wan(float(np.nan_to_num(values[parcel] * share)[known].sum())))} 万 m²"

    rows = [
        Row(say("city_drawn"), [f"{square_metres(drawn)} m²"]),
        Row(say("city_parcels"), [say("city_parcels_of", count=len(parcel), unknown=int((~known).sum()))]),
        Row(say("permitted"), [added(sums.permitted)]),
        Row(say("available"), [added(sums.available)]),
        Row(say("city_stands"), [say("no_data") if stands is None else f"{square_metres(stands)} m²"]),
    ]
    note = park["note"]
    said = [tag("div", str(note), css="cz-hint")] if isinstance(note, str) and note else []
    return [title, table(["", ""], rows, css="cz-facts cz-headless"), *said]
