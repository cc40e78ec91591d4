"""What is asked of a plan: goals in their order, what may move, how many changes at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from layers.allocating.errors import GoalsRefused
from layers.vocabulary import Terms

GOALS: Terms = {
    "demand": ("满足需求", "Demand met"),
    "fit": ("适配度", "Fit"),
    "opened": ("启用地块", "Parcels opened"),
    "changes": ("改动", "Changes"),
}
"""Goals in their usual order: what counts most comes first."""

LARGER = frozenset({"demand", "fit"})
"""Goals of which more is better."""


@dataclass(frozen=True)
class Fit:
    """How much each part of the fit counts; parts that nothing is known of are left out.

    Parameters
    ----------
    function
        Whether the zone is meant for the functions of the project, and not merely allows them.
    suitability
        Score of the parcel for these functions under the first model of the workspace.
    station
        Nearness of a station.
    partners
        Nearness of the lead partner, or of those that follow it, where they have a place.
    """

    function: float = 1.0
    suitability: float = 1.0
    station: float = 1.0
    partners: float = 1.0


@dataclass(frozen=True)
class Wish:
    """What is asked of a plan.

    Parameters
    ----------
    goals
        In their order; any of `GOALS`, each once.
    max_changes
        Most projects that may be placed, moved, resized or taken away; None for any number.
    unlock
        Whether signed assignments may move too. What is under construction or completed never does.

    Raises
    ------
    GoalsRefused
    """

    goals: tuple[str, ...] = tuple(GOALS)
    max_changes: int | None = None
    unlock: bool = False
    fit: Fit = field(default_factory=Fit)

    def __post_init__(self) -> None:
        if not self.goals or len(set(self.goals)) < len(self.goals) or set(self.goals) - set(GOALS):
            raise GoalsRefused(where="goals", value=",".join(self.goals)[:80], known=", ".join(GOALS))

    @property
    def movable(self) -> tuple[str, ...]:
        """Stages of assignments that a plan may take away or put elsewhere."""
        return ("intent", "signed") if self.unlock else ("intent",)


USUAL = Wish()
"""Every goal in the usual order, nothing unlocked, any number of changes."""


def goals_of(words: str | Sequence[str] | None) -> tuple[str, ...]:
    """Goals in the order of a text such as ``fit,demand``; those that it leaves out are not pursued.

    >>> goals_of("fit, demand")
    ('fit', 'demand')

    Raises
    ------
    GoalsRefused
    """
    if words is None:
        return tuple(GOALS)
    parts = words.replace("，", ",").split(",") if isinstance(words, str) else words
    return Wish(tuple(part.strip() for part in parts if part.strip())).goals
