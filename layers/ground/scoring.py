"""Suitability of the parcels of a workspace (选址适宜性参考评价): from criteria over measured values to a rating."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import is_

import numpy as np

from layers.ground.measures import measured
from layers.ground.models import RATED, Criterion, criteria, for_function, functions_of, models, weights_of
from layers.workspace import Workspace
from spatial.suitability import Rating, Scores, rate

_MOST = 24
"""Sets of criteria that are kept ready; a change of weights needs no other."""


@dataclass(frozen=True)
class Assembled:
    """Criteria with what they measure and score at every parcel, before weights.

    Parameters
    ----------
    weighed, masks
        Criteria that weigh and those that rule out, in the order of the rows of `scores`.
    rows
        What they measure at every parcel, each of shape (n,): first those that weigh, then those that rule out.
    """

    function: str
    weighed: tuple[Criterion, ...]
    masks: tuple[Criterion, ...]
    rows: tuple[np.ndarray, ...]
    scores: Scores

    @cached_property
    def rating(self) -> Rating:
        """What parcels score under the weights of the model.

        Raises
        ------
        WeightsRefused, JudgementsRefused
        """
        return self.rate()

    def weights(self) -> np.ndarray:
        """Weights as the model has them, not yet brought to 1, shape (k,).

        Raises
        ------
        JudgementsRefused
        """
        return weights_of(self.weighed)

    def rate(self, weights: np.ndarray | None = None) -> Rating:
        """What parcels score, under other weights where given.

        Raises
        ------
        WeightsRefused, JudgementsRefused
        """
        return rate(self.scores, self.weights() if weights is None else weights)


def assemble(workspace: Workspace, found: Sequence[Criterion], function: str) -> Assembled:
    """Measure and score criteria that count for a function; kept as long as what they measure.

    Raises
    ------
    MeasureRefused, CriterionRefused
    """
    weighed = tuple(one for one in found if one.role == "weight")
    masks = tuple(one for one in found if one.role == "mask")
    rows = tuple(measured(workspace, one, function) for one in (*weighed, *masks))
    kept: dict[object, Assembled] = workspace.__dict__.setdefault("assembled", {})
    mark = function, weighed, masks
    made = kept.get(mark)
    if made is None or not all(map(is_, made.rows, rows)):
        scored = [one.score(row) for one, row in zip((*weighed, *masks), rows, strict=True)]
        none = np.zeros((0, len(workspace.parcel_index)))
        scores = Scores(
            np.stack(scored[: len(weighed)]) if weighed else none,
            np.stack(scored[len(weighed) :]) if masks else none,
            np.array([one.missing == "pass_on" for one in weighed], dtype=bool),
            np.array([one.missing == "pass_on" for one in masks], dtype=bool),
        )
        while len(kept) >= _MOST:
            kept.pop(next(iter(kept)), None)
        made = kept[mark] = Assembled(function, weighed, masks, rows, scores)
    return made


def rating(workspace: Workspace, model: str, function: str) -> Rating:
    """What parcels score for a function under a model that the workspace keeps.

    Raises
    ------
    ModelUnknown, CriterionRefused, MeasureRefused, JudgementsRefused, WeightsRefused
    """
    return assemble(workspace, chosen(criteria(workspace), model, function), function).rating


def chosen(found: Sequence[Criterion], model: str, function: str) -> tuple[Criterion, ...]:
    """Those of some criteria that belong to a model and count for a function.

    Raises
    ------
    ModelUnknown
    """
    return for_function([one for one in found if one.model == model], model, function)


def usual(workspace: Workspace) -> tuple[str, str] | None:
    """The model and the function that are shown where nobody chose: the first of each; None without a model."""
    names = models(workspace)
    if not names:
        return None
    functions = functions_of(one for one in criteria(workspace) if one.model == names[0])
    return (names[0], functions[0]) if functions else None


def fit(workspace: Workspace, function: str, model: str | None = None) -> np.ndarray:
    """How well each parcel fits a function, 0 to 1, NaN where unknown, shape (n,); for the fit goal of allocation.

    Without a model, a workspace that has one rates with its first; where nothing rates the function, all are NaN.

    Raises
    ------
    ModelUnknown, CriterionRefused, MeasureRefused, JudgementsRefused, WeightsRefused
    """
    found = criteria(workspace)
    if model is None:
        names = models(workspace)
        mine = [one for one in found if names and one.model == names[0]]
        if function not in RATED or function not in functions_of(mine):
            return np.full(len(workspace.parcel_index), np.nan)
        model = names[0]
    return assemble(workspace, chosen(found, model, function), function).rating.total / 100
