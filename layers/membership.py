"""Which specialised parks a parcel belongs to: by share of area under an outline, or because the park names it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from layers.contract import split_list
from layers.workspace import Workspace
from spatial import location

SLIVER = 0.01
"""Share of a parcel below which an outline only brushes it."""


def park_shares(workspace: Workspace) -> pd.DataFrame:
    """Parcels in parks: one row a pair.

    Parks may overlap, so the shares of a parcel may sum to more than 1. A parcel that a park names is in it whole.

    Returns
    -------
    DataFrame
        `parcel` and `park` (rows of their tables) and `share`, by parcel and then by falling share.
    """
    kept = workspace.__dict__.get("park_shares")
    if not isinstance(kept, pd.DataFrame):
        kept = workspace.__dict__["park_shares"] = _shares(workspace)
    return kept


def parks_of(workspace: Workspace) -> list[list[str]]:
    """Keys of the parks of each parcel, the one that holds most of it first."""
    found: list[list[str]] = [[] for _ in range(len(workspace.table("parcels")))]
    shares, keys = park_shares(workspace), workspace.table("parks")["park_id"].tolist()
    for parcel, park in zip(shares["parcel"].tolist(), shares["park"].tolist(), strict=True):
        found[parcel].append(keys[park])
    return found


def _shares(workspace: Workspace) -> pd.DataFrame:
    parks = workspace.table("parks")
    pairs: dict[tuple[int, int], float] = {}
    outlines = workspace.shapes("parks")
    drawn = np.flatnonzero(shapely.area(outlines) > 0)
    if len(drawn):
        under = location.belong(workspace.shapes("parcels"), outlines[drawn])
        rows = zip(under["parcel"].tolist(), drawn[under["area"]].tolist(), under["share"].tolist(), strict=True)
        pairs = {(parcel, park): share for parcel, park, share in rows if share >= SLIVER}
    for park, members in enumerate(parks["member_parcels"]):
        for parcel in workspace.parcel_index.get_indexer(pd.Index(split_list(members), dtype=object)):
            if parcel >= 0:
                pairs[int(parcel), park] = 1.0
    found = sorted((parcel, -share, park) for (parcel, park), share in pairs.items())
    return pd.DataFrame(
        [(parcel, park, -share) for parcel, share, park in found], columns=["parcel", "park", "share"]
    )
