"""From a workspace to a plan and back: the problem, the proposal, what it means in words."""

from layers.allocating.answering import explained, plan, told
from layers.allocating.explaining import (
    Compromise,
    compromises,
    decisions,
    exits,
    left_out,
    regrets,
    swaps,
)
from layers.allocating.making import Made, make
from layers.allocating.proposing import Placing, Proposal, propose
from layers.allocating.telling import answer_told, decision_told
from layers.allocating.wishes import GOALS, Fit, Wish, goals_of

__all__ = [
    "GOALS",
    "Compromise",
    "Fit",
    "Made",
    "Placing",
    "Proposal",
    "Wish",
    "answer_told",
    "compromises",
    "decision_told",
    "decisions",
    "exits",
    "explained",
    "goals_of",
    "left_out",
    "make",
    "plan",
    "propose",
    "regrets",
    "swaps",
    "told",
]
