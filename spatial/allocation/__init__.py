"""Which parcel takes which project: the problem, a plan, the solver that proves it, a check that shares no code."""

from spatial.allocation.problem import Problem
from spatial.allocation.solve import Plan, Stop, solve
from spatial.allocation.verify import Fault, verify

__all__ = ["Fault", "Plan", "Problem", "Stop", "solve", "verify"]
