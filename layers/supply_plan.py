"""The supply plan by year (P4): which land is to come to the market when, and what it can carry.

Every part of every parcel is in one cell, so the sums over cells are those of the ledger.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from layers.accounts import books
from layers.workspace import Workspace

STEPS = ("reserve", "planned", "announced", "sold", "delivered")
"""States of land supply, from the land reserve until the land is handed over; what comes after is building."""

AREAS = ("site_area_m2", "permitted_m2", "available_m2")
_CELL = ["zone", "sub_area", "status", "year"]


def supply_plan(workspace: Workspace) -> pd.DataFrame:
    """Land and floor area by place, state of supply and year of the plan.

    Returns
    -------
    DataFrame
        `zone`, `sub_area`, `status`, `year` (each None where there is none), `parcels` (counted where their largest
        part lies) and `AREAS`; land beyond `STEPS` and without a state has rows of its own.
    """
    parts = _parts(workspace)
    found = parts.groupby(_CELL, dropna=False, sort=False)[["parcels", *AREAS]].sum().reset_index()
    return found.astype({"year": "Int64"})


def lots(workspace: Workspace) -> pd.DataFrame:
    """The parcels that are on their way to the market, one row each, the nearest year first.

    Returns
    -------
    DataFrame
        `row` (in the parcels table), `zone` and `sub_area` (of the largest part), `status`, `year` and `AREAS`.
    """
    parts = _parts(workspace)
    sums = parts.groupby("row")[list(AREAS)].sum()
    main = parts[parts["parcels"] == 1].set_index("row")[_CELL]
    found = main.join(sums).reset_index()
    found = found[found["status"].isin(STEPS)].astype({"year": "Int64"})
    order = found["status"].map({status: at for at, status in enumerate(STEPS)})
    return (
        found.assign(_order=order)
        .sort_values(["year", "_order", "row"], kind="stable", na_position="last", ignore_index=True)
        .drop(columns="_order")
    )


def _parts(workspace: Workspace) -> pd.DataFrame:
    """One row a part of a parcel."""
    held, parcels = books(workspace), workspace.table("parcels")
    parcel = held.split.parcel
    main = np.zeros(len(parcel), dtype=np.int64)
    main[held.split.main_part()] = 1
    status = parcels["status"].astype(object).where(parcels["status"].notna(), None).to_numpy()
    year = parcels["supply_year"].to_numpy(dtype=float, na_value=np.nan)
    return pd.DataFrame(
        {
            "row": parcel,
            "zone": held.zone,
            "sub_area": held.sub_area,
            "status": status[parcel],
            "year": year[parcel],
            "parcels": main,
            "site_area_m2": held.site_area[parcel] * held.split.share,
            "permitted_m2": np.nan_to_num(held.parts.permitted),
            "available_m2": np.nan_to_num(held.parts.available),
        }
    )
