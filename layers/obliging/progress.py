"""Progress by year: what was to be done in each, and what of it was done by a day."""

from __future__ import annotations

import pandas as pd

from layers.obliging.days import day_of
from layers.obliging.obligations import parties
from layers.workspace import Workspace

_DONE = ("done", "done_late", "kept")
COLUMNS = ("year", "due", "done", "overdue", "floor_area_due_m2", "floor_area_done_m2")


def progress(workspace: Workspace, table: pd.DataFrame) -> pd.DataFrame:
    """One row a year in which anything falls due.

    Parameters
    ----------
    table
        Obligations as `obligations` gives them.

    Returns
    -------
    DataFrame
        Columns as `COLUMNS`: obligations due in the year, those of them that were kept by the day, whenever, and
        those overdue; floor area that was to be completed by the end of the year, and what was, both cumulative.
    """
    dated = table[table["due"].map(day_of).notna().to_numpy(dtype=bool)]
    years = sorted({int(str(due)[:4]) for due in dated["due"]})
    of = parties(workspace)
    floor = dated["assignment_id"].map(lambda key: of[key].floor_area_m2)
    done = dated["reason"].isin(_DONE)
    facts = dated.assign(year=[int(str(due)[:4]) for due in dated["due"]], done=done, floor=floor)
    found = []
    for year in years:
        mine = facts[facts["year"] == year]
        building = facts[((facts["year"] <= year) & (facts["kind"] == "completion")).to_numpy(dtype=bool)]
        found.append(
            {
                "year": year,
                "due": len(mine),
                "done": int(mine["done"].sum()),
                "overdue": int((mine["colour"] == "red").sum()),
                "floor_area_due_m2": float(building["floor"].sum()),
                "floor_area_done_m2": float(building["floor"][building["done"].to_numpy(dtype=bool)].sum()),
            }
        )
    return pd.DataFrame(found, columns=list(COLUMNS))
