"""Which site takes which project: the problem, a plan, the solver that proves it, a check that shares no code."""

from spatial.allocation.plan import Plan, Progress, Reached, Stop, values
from spatial.allocation.problem import Goal, Limit, Problem
from spatial.allocation.solve import solve
from spatial.allocation.verify import Fault, verify

__all__ = ["Fault", "Goal", "Limit", "Plan", "Problem", "Progress", "Reached", "Stop", "solve", "values", "verify"]
