"""What assumptions are called in words, and the subject that each belongs to."""

from __future__ import annotations

from typing import Any

import pandas as pd

from layers.vocabulary import ASSUMED, FACILITY_KINDS, FUNCTIONS
from layers.workspace import Workspace
from views.text import Text

SUBJECTS: dict[str, tuple[str, ...]] = {
    "area": ("floor_area_per_",),
    "use": ("efficiency", "vacancy"),
    "capacity": ("storey_height", "renewal_threshold", "availability_factor", "reuse_factor", "support_share"),
    "terms": ("due_within", "renewal_ahead"),
    "stations": ("catchment_", "way_snap", "walk_access"),
    "services": ("service_",),
}
"""Subject, and how the names of its assumptions begin; whatever begins otherwise is of none of them."""

OTHERS = "others"


def subject(name: str) -> str:
    """The subject of an assumption.

    >>> subject("floor_area_per_person"), subject("idle_months")
    ('area', 'others')
    """
    return next((one for one, starts in SUBJECTS.items() if name.startswith(starts)), OTHERS)


def called(name: object, meaning: object, say: Text) -> str:
    """What an assumption is called in words: by its name where that is known, else by what it means.

    >>> from views.text import texts
    >>> called("service_reach.canteen", None, texts("en")), called("idle", "闲置期限", texts("zh-CN"))
    ('Canteen: reach', '闲置期限')
    """
    stem, _, kind = str(name).partition(".")
    if stem not in ASSUMED:
        return say.name(meaning, name)
    words = say.term(ASSUMED, stem)
    return say("assumed_for", kind=say.term(FACILITY_KINDS, kind), what=words) if kind else words


def called_by_key(workspace: Workspace, key: str, say: Text) -> str:
    """The same with the function that it is for, by its key."""
    table = workspace.table("assumptions")
    rows = table[(table["assumption_id"] == key).to_numpy(dtype=bool)]
    if rows.empty:
        return key
    one: Any = rows.iloc[0]
    words = called(one["name"], one["meaning"], say)
    return words if pd.isna(one["function"]) else f"{words} · {say.term(FUNCTIONS, one['function'])}"
