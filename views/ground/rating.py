"""What one viewer rates: a model, a function, and weights that they try before anybody else sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import streamlit as st

from layers.ground.models import Criterion, criteria, functions_of, judged, models
from layers.ground.scoring import Assembled, assemble, chosen
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from spatial.pairwise import Judged
from spatial.suitability import Rating

DIRECT, PAIRS = "direct", "pairs"


@dataclass
class Draft:
    """Weights and comparisons as a viewer has moved them; empty where they are as the model has them.

    Parameters
    ----------
    way
        Direct weights, or pairwise comparison.
    pairs
        How many times as much the first of a pair counts as the second, by both keys; None for not compared.
    turn
        Counts how often the model was taken anew: the sliders begin anew with it.
    """

    way: str = DIRECT
    weights: dict[str, float] = field(default_factory=dict)
    pairs: dict[tuple[str, str], float | None] = field(default_factory=dict)
    turn: int = 0


@dataclass(frozen=True)
class Shown:
    """What the page shows: a model for a function, and what parcels score under the viewer's weights.

    Parameters
    ----------
    weights
        Weights of the criteria that weigh, as they count now, shape (k,).
    judged
        What the comparisons say, where the viewer compares.
    rating
        None where no rating follows; `error` says why.
    """

    model: str
    function: str
    made: Assembled | None
    weights: np.ndarray
    judged: Judged | None
    rating: Rating | None
    error: ChengzaiError | None
    draft: Draft


def choice(workspace: Workspace) -> tuple[str, str] | None:
    """Model and function that this viewer looks at; None where there is no model."""
    held, names = st.session_state, models(workspace)
    if not names:
        return None
    if held.get("rate-model") not in names:
        held["rate-model"] = names[0]
    model = str(held["rate-model"])
    can = functions_of(one for one in criteria(workspace) if one.model == model)
    if not can:
        return None
    if held.get("rate-function") not in can:
        held["rate-function"] = can[0]
    return model, str(held["rate-function"])


def draft_of(workspace: Workspace, model: str, function: str) -> Draft:
    """What the viewer moved of a model; it begins anew when the model that is kept changes."""
    table = workspace.table("criteria")
    mark = (workspace.scenario, model, function)
    drafts: dict[object, tuple[object, Draft]] = st.session_state.setdefault("rate-drafts", {})
    known = drafts.get(mark)
    mine = tuple(one for one in criteria(workspace) if one.model == model)
    if known is None or known[0] != mine:
        way = (
            PAIRS if len(table) and any(one.judgements for one in mine if one.function in ("", function)) else DIRECT
        )
        drafts[mark] = known = (mine, Draft(way, turn=known[1].turn + 1 if known else 0))
    return known[1]


def shown(workspace: Workspace) -> Shown | None:
    """What the page shows now, from what stands in its controls.

    Raises
    ------
    CriterionRefused
    """
    wanted = choice(workspace)
    if wanted is None:
        return None
    model, function = wanted
    draft = draft_of(workspace, model, function)
    none = np.zeros(0)
    try:
        made = assemble(workspace, chosen(criteria(workspace), model, function), function)
    except ChengzaiError as error:
        return Shown(model, function, None, none, None, None, error, draft)
    found: Judged | None = None
    weights = none
    try:
        if draft.way == PAIRS:
            found = judged(compared(made.weighed, draft))
        weights = own_weights(made, draft) if found is None else found.weights
        return Shown(model, function, made, weights, found, made.rate(weights), None, draft)
    except ChengzaiError as error:
        return Shown(model, function, made, weights, found, None, error, draft)


def own_weights(made: Assembled, draft: Draft) -> np.ndarray:
    """Weights that the viewer moved, the others as the model has them, shape (k,)."""
    kept = made.weights()
    return np.array(
        [draft.weights.get(one.key, float(weight)) for one, weight in zip(made.weighed, kept, strict=True)]
    )


def compared(weighed: Sequence[Criterion], draft: Draft) -> tuple[Criterion, ...]:
    """Criteria with the comparisons that the viewer made, on top of those of the model."""
    every = pair_values(weighed, draft)
    return tuple(
        replace(
            one,
            judgements=tuple((second, value) for (first, second), value in every.items()
                             if first == one.key and value is not None),
        )
        for one in weighed
    )  # fmt: skip


def pair_values(weighed: Sequence[Criterion], draft: Draft) -> dict[tuple[str, str], float | None]:
    """Every pair in order, with how the two compare; None where nobody said."""
    said: dict[tuple[str, str], float] = {}
    for one in weighed:
        for other, value in one.judgements:
            said[one.key, other], said[other, one.key] = value, 1 / value
    pairs = [(a.key, b.key) for at, a in enumerate(weighed) for b in weighed[at + 1 :]]
    return {pair: draft.pairs.get(pair, said.get(pair)) for pair in pairs}
