"""What the projects that are shown ask for together, and how many of them stand in each state of the library."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.matching import ask, housed
from layers.vocabulary import PROJECT_STATES
from layers.workspace import Workspace
from views.projects.sifting import NO_STATE, states, unmet


@dataclass(frozen=True)
class Sums:
    """Figures of some projects [m²].

    Parameters
    ----------
    asked
        Likely floor area; projects that left ask for nothing.
    """

    count: int
    asked: float
    housed: float
    unmet: float


@dataclass(frozen=True)
class Rung:
    """A state of the library: how many projects stand there, what they ask for, and when one moved there last.

    Parameters
    ----------
    asked
        Likely floor area [m²].
    last
        Day of the last move into it of a project that stands there now, empty where none is known.
    """

    state: str
    count: int
    asked: float
    last: str


def sums(workspace: Workspace, stays: np.ndarray) -> Sums:
    """Figures of the projects of a mask.

    Parameters
    ----------
    stays
        Shape (projects,).
    """
    figures = (ask(workspace).total(), housed(workspace), unmet(workspace))
    return Sums(int(stays.sum()), *(float(values[stays].sum()) for values in figures))


def library(workspace: Workspace, stays: np.ndarray) -> list[Rung]:
    """Every state in its order with the projects of a mask; those without a state last, where there are any."""
    projects, asked = workspace.table("projects"), ask(workspace).total()
    state, moved = states(projects), last_moves(workspace)
    day = np.array([moved.get(str(key), "") for key in projects["project_id"]], dtype=object)
    rungs = []
    for code in (*PROJECT_STATES, NO_STATE):
        here = stays & (state == code).to_numpy(dtype=bool)
        days = [str(one) for one in day[here]]
        rungs.append(Rung(code, int(here.sum()), float(asked[here].sum()), max(days, default="")))
    return rungs if rungs[-1].count else rungs[:-1]


def last_moves(workspace: Workspace) -> dict[str, str]:
    """Day of the last move of each project that ever moved."""
    moves = workspace.table("moves")
    found: dict[str, str] = {}
    columns = (moves[name].to_list() for name in ("layer", "row_key", "moved_on"))
    for layer, key, day in zip(*columns, strict=True):
        if layer == "projects" and isinstance(day, str) and day > found.get(key, ""):
            found[key] = day
    return found
