"""Which site takes which project: the problem, a plan, the solver that proves it, a check of its own, the answers."""

from spatial.allocation.blocking import Blocking, Rule, blocking
from spatial.allocation.deciding import Decision, decided
from spatial.allocation.explain import Answer, Change, Move, moved, next_best, unplaced, why_not
from spatial.allocation.plan import Plan, Progress, Reached, Stop, values
from spatial.allocation.problem import Goal, Limit, Problem
from spatial.allocation.solve import solve
from spatial.allocation.verify import Fault, verify

__all__ = [
    "Answer",
    "Blocking",
    "Change",
    "Decision",
    "Fault",
    "Goal",
    "Limit",
    "Move",
    "Plan",
    "Problem",
    "Progress",
    "Reached",
    "Rule",
    "Stop",
    "blocking",
    "decided",
    "moved",
    "next_best",
    "solve",
    "unplaced",
    "values",
    "verify",
    "why_not",
]
