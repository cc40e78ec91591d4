"""The peer: two goals by OR-Tools CP-SAT, in a process of its own, for it cannot share one with HiGHS.

``python tests/bench/cpsat.py PROBLEM.npz SECONDS`` prints JSON: for each goal its value, bound and seconds.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

_FINE = (10.0, 1e6)
"""What each goal is multiplied by before it is rounded: CP-SAT knows whole numbers only."""


def main() -> None:
    """Goal 1, then goal 2 among plans that keep it."""
    from ortools.sat.python import cp_model

    told = np.load(Path(sys.argv[1]))
    model = cp_model.CpModel()
    project = told["project"]
    taken = [model.new_bool_var("") for _ in project]
    for one in np.split(np.argsort(project, kind="stable"), np.cumsum(np.bincount(project))[:-1]):
        model.add_at_most_one(taken[at] for at in one.tolist())
    order = np.argsort(told["room"], kind="stable")
    for some in np.split(order, np.flatnonzero(np.diff(told["room"][order])) + 1):
        room = int(told["capacity"][told["room"][some[0]]])
        columns, amounts = told["option"][some].tolist(), told["amount"][some].astype(np.int64).tolist()
        model.add(sum(amount * taken[at] for at, amount in zip(columns, amounts, strict=True)) <= room)
    rows = []
    for goal, fine in zip(told["goals"], _FINE, strict=True):
        worth = np.round(goal * fine).astype(np.int64).tolist()
        total = sum(one * column for one, column in zip(worth, taken, strict=True) if one)
        model.maximize(total)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = float(sys.argv[2])
        solver.parameters.num_workers = 2
        start = time.perf_counter()
        status = solver.solve(model)
        seconds = time.perf_counter() - start
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            break
        rows.append({"value": solver.objective_value / fine, "bound": solver.best_objective_bound / fine,
                     "seconds": seconds})  # fmt: skip
        model.add(total >= int(solver.objective_value))
        model.clear_hints()
        for column in taken:
            model.add_hint(column, solver.value(column))
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
