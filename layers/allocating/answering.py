"""What a plan and a question about it are to the command line: plain answers under promised names."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np

from layers.allocating.legal import SOURCES, names_of
from layers.allocating.making import Made, make
from layers.allocating.options import Piece
from layers.allocating.proposing import Proposal, placings, propose
from layers.allocating.telling import answer_told
from layers.allocating.wishes import USUAL, Wish
from layers.allocating.words import Names, listed, reason, rule_names, rule_told, said
from layers.matching import housed
from layers.naming import parcel_row, project_row
from layers.vocabulary import RULE_CLASSES, term
from layers.workspace import Workspace
from spatial.allocation import Answer as Answered
from spatial.allocation import Rule, Stop, blocking, solve, why_not
from spatial.allocation.plan import USUAL as MINUTE

Answer = dict[str, Any]

_EXPLAIN_S = 10.0
"""Seconds for the reason why there is no plan."""


def plan(workspace: Workspace, wish: Wish = USUAL, stop: Stop = MINUTE, seed: int = 0) -> Proposal:
    """The best plan of a workspace; its seconds are those of the whole, the problem included."""
    started = time.perf_counter()
    made = make(workspace, wish)
    found = solve(made.problem, made.goals, _rest(stop, started), seed)
    return propose(made, replace(found, seconds=time.perf_counter() - started))


def _rest(stop: Stop, started: float) -> Stop:
    """What is left of the time; a twentieth of it at least, so that there is a plan."""
    return replace(stop, seconds=max(stop.seconds - (time.perf_counter() - started), stop.seconds / 20))


def told(found: Proposal, language: str = "zh-CN") -> Answer:
    """A plan under the names of the command line."""
    made, names = found.made, Names(found.made)
    placed = [one for one in found.placings if one.after]
    wanted = made.ground.wanted
    return {
        "status": found.plan.status,
        "goals": [
            {"name": one.name, "value": _finite(one.value), "bound": _finite(one.bound), "gap": _finite(one.gap)}
            for one in found.plan.goals
        ],
        "assignments": [
            {
                "project": names.project_key(one.project),
                "name": names.project(one.project, language),
                "parcels": [names.parcel(at) for at in one.parcels],
                "floor_area_m2": one.floor_area_m2,
                "met_m2": one.met,
                "wanted_m2": float(wanted[one.project]),
                "change": one.kind,
                "pieces": [_piece(names, piece) for piece in one.after],
            }
            for one in placed
        ],
        "unplaced": [
            {
                "project": names.project_key(row),
                "name": names.project(row, language),
                "reason": reason(found, row, language),
                "wanted_m2": float(wanted[row]),
            }
            for row in found.unplaced
        ]
        if found.plan.status in ("optimal", "feasible")
        else [],
        "taken_back": [
            {
                "project": names.project_key(one.project),
                "name": names.project(one.project, language),
                "pieces": [_piece(names, piece) for piece in one.before],
            }
            for one in found.placings
            if not one.after
        ],
        "blocked_by": [
            {"rule": one.kind, "text": rule_told(made, one, language)} for one in contradicting(found)
        ],
        "changes": {kind: sum(one.kind == kind for one in found.placings)
                    for kind in ("kept", "added", "moved", "resized", "removed")},
        "wanted_m2": float(wanted.sum()),
        "placed_m2": float(sum(one.met for one in placed)),
        "code": found.code,
        "seconds": found.plan.seconds,
        "verified": found.verified,
        "revision": made.ground.today.revision,
    }  # fmt: skip


def contradicting(found: Proposal) -> tuple[Rule, ...]:
    """Why there is no plan at all: a smallest set of rules of which one has to be given up."""
    problem = found.made.problem
    if found.plan.status != "infeasible":
        return ()
    rules: list[Rule] = []
    held = problem.project[problem.lock]
    if len(held):
        first = int(held[0])
        options = np.flatnonzero(problem.lock & (problem.project == first))
        against = blocking(problem, options, Stop(_EXPLAIN_S))
        rules = [Rule("locked", first), *(against.rules if against is not None else ())]
    elif problem.limits:
        rules = [Rule("limit", 0)]
    return tuple(dict.fromkeys(rules))


def explained(
    workspace: Workspace,
    project: str,
    parcel: str,
    wish: Wish = USUAL,
    stop: Stop = MINUTE,
    seed: int = 0,
    language: str = "zh-CN",
) -> Answer:
    """Why a project is not on a parcel: what blocks it, or who would move and what every goal would change by.

    Raises
    ------
    NameUnknown, NameTwice
    """
    started = time.perf_counter()
    who, where = project_row(workspace, project), parcel_row(workspace, parcel)
    made = make(workspace, wish)
    here = barred(made, who, where, language)
    names = Names(made)
    facts = {"project": names.project_key(who), "name": names.project(who, language), "parcel": names.parcel(where)}
    if here is None:
        rest = _rest(stop, started)
        half = replace(rest, seconds=rest.seconds / 2)
        here = forced(propose(made, solve(made.problem, made.goals, half, seed)), who, where, half, seed, language)
    return facts | here | {"seconds": time.perf_counter() - started}


def barred(made: Made, project: int, parcel: int, language: str) -> Answer | None:
    """What keeps a project from a parcel whoever else is there; None where nothing does."""
    if len(made.options.on(project, parcel)):
        return None
    if made.ground.wanted[project] <= 0:
        rule = "has_all" if housed(made.ground.today)[project] > 0 else "asks_nothing"
        block = [{"rule": rule, "text": said(rule, language)}]
        return {"possible": False, "blocked_by": block, "moves": [], "cost": {}}
    least, _ = made.legal.least(project, parcel)
    block = [{"rule": name, "text": rule_names([name], language)} for name in names_of(least)]
    for one in block:
        classes = made.rules.classes(parcel) if one["rule"] == "term" else ()
        if classes:
            words = listed([term(RULE_CLASSES, name, language) for name in classes], language)
            one["text"] += said("classes", language, classes=words)
    return {"possible": False, "blocked_by": block, "moves": [], "cost": {}}


def forced(found: Proposal, project: int, parcel: int, stop: Stop, seed: int, language: str) -> Answer:
    """Put a project on a parcel and solve again: who moves, and what each goal changes by."""
    made = found.made
    answer = why_not(made.problem, made.goals, found.plan, made.options.on(project, parcel), stop, seed)
    return answered(found, answer, language)


def answered(found: Proposal, answer: Answered, language: str) -> Answer:
    """What came of forcing a project somewhere: rules in the way, or who moves and what each goal changes by."""
    made, names = found.made, Names(found.made)
    rules = answer.blocked.rules if answer.blocked is not None else ()
    moves = []
    if answer.possible:
        before = {one.project: one.after for one in placings(made, found.plan.share)}
        after = {one.project: one.after for one in placings(made, answer.share)}
        moves = [
            {
                "project": names.project_key(one.project),
                "name": names.project(one.project, language),
                "before": [_piece(names, piece) for piece in before.get(one.project, ())],
                "after": [_piece(names, piece) for piece in after.get(one.project, ())],
            }
            for one in answer.moves
        ]
    return {
        "possible": answer.possible,
        "blocked_by": [{"rule": one.kind, "text": rule_told(made, one, language)} for one in rules],
        "moves": moves,
        "cost": {one.goal: _finite(0.0 if abs(one.by) < 1e-6 else one.by) for one in answer.changes},
        "bounds": {one.goal: _finite(one.bound - one.before) for one in answer.changes},
        "part": answer.part,
        "proved": answer.proved,
        "proof": answer.blocked.proof if answer.blocked is not None else None,
        "text": answer_told(made, answer, language),
    }


def _piece(names: Names, piece: Piece) -> Answer:
    return {"parcel": names.parcel(piece.parcel), "source": SOURCES[piece.source], "floor_area_m2": piece.amount}


def _finite(value: float) -> float | None:
    return float(value) + 0.0 if np.isfinite(value) else None
