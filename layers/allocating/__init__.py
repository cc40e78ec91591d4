"""From a workspace to a plan and back: the problem, the proposal, what it means in words."""

from layers.allocating.answering import explained, plan, told
from layers.allocating.making import Made, make
from layers.allocating.proposing import Placing, Proposal, propose
from layers.allocating.wishes import GOALS, Fit, Wish, goals_of

__all__ = [
    "GOALS",
    "Fit",
    "Made",
    "Placing",
    "Proposal",
    "Wish",
    "explained",
    "goals_of",
    "make",
    "plan",
    "propose",
    "told",
]
