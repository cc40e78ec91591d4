"""Grades of suitability as classes of the map: five grades of 20 points, ruled out, unknown, and not rated."""

from __future__ import annotations

import numpy as np

from layers.ground.models import criteria
from layers.ground.scoring import assemble, chosen, usual
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from spatial.suitability import Rating

GRADES = 5
"""Grades of equal width; the best ends at 100."""
EVERY_MAP = 20_000
"""Parcels up to which every map rates: above it, measuring anew after an edit would hold the map up, and only the
page of suitability rates."""
RULED_OUT, UNKNOWN, NOT_RATED = GRADES, GRADES + 1, GRADES + 2


def grades(found: Rating) -> np.ndarray:
    """Class of each parcel under a rating, u8 of shape (n,).

    A score on the bound of two grades belongs to the higher one.
    """
    total = np.nan_to_num(found.total, nan=0.0)
    grade = np.minimum((total * (GRADES / 100) + 1e-9).astype(np.int64), GRADES - 1)
    grade = np.where(np.isnan(found.total), UNKNOWN, grade)
    return np.where(found.scores.ruled_out >= 0, RULED_OUT, grade).astype(np.uint8)


def usual_grades(workspace: Workspace) -> tuple[np.ndarray, tuple[str, str] | None]:
    """Classes under the model and function that are shown where nobody chose, and which those are.

    Without a model, and where its model cannot be worked out, which the page of suitability says, nothing is rated.
    """
    shown = usual(workspace) if len(workspace.parcel_index) <= EVERY_MAP else None
    if shown is not None:
        try:
            found = assemble(workspace, chosen(criteria(workspace), *shown), shown[1])
            return grades(found.rating), shown
        except ChengzaiError:
            pass
    return np.full(len(workspace.parcel_index), NOT_RATED, dtype=np.uint8), None
