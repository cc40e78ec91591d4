"""Which site takes which project: the problem, a plan, the solver that proves it, a check of its own, the answers."""

from spatial.allocation.blocking import Blocking, Rule, blocking
from spatial.allocation.deciding import Decision, decided
from spatial.allocation.explain import Answer, Change, Move, moved, next_best, unplaced, why_not
from spatial.allocation.pareto import Point, frontier, pareto
from spatial.allocation.plan import Plan, Progress, Reached, Stop, values
from spatial.allocation.problem import Goal, Limit, Problem
from spatial.allocation.regret import Draws, Regret, regret
from spatial.allocation.reuse import Reuse, exchanges, reuse
from spatial.allocation.solve import solve
from spatial.allocation.verify import Fault, verify

__all__ = [
    "Answer",
    "Blocking",
    "Change",
    "Decision",
    "Draws",
    "Fault",
    "Goal",
    "Limit",
    "Move",
    "Plan",
    "Point",
    "Problem",
    "Progress",
    "Reached",
    "Regret",
    "Reuse",
    "Rule",
    "Stop",
    "blocking",
    "decided",
    "exchanges",
    "frontier",
    "moved",
    "next_best",
    "pareto",
    "regret",
    "reuse",
    "solve",
    "unplaced",
    "values",
    "verify",
    "why_not",
]
