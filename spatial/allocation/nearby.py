"""The projects round a place: a smaller problem in which only they may move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from spatial.allocation.problem import TAKEN, Floats, Integers, Problem

NEIGHBOURS = 40
"""Projects that may move."""


def neighbours(problem: Problem, share: Floats, options: Integers, most: int = NEIGHBOURS) -> Integers:
    """The projects nearest to some options: whose they are, who is there, who might swap with them."""
    taken = share > TAKEN
    place = np.unique(problem.project[options])
    room = np.unique(problem.entry_room[np.isin(problem.entry_option, options)])
    parcel = np.unique(problem.stand_parcel[np.isin(problem.stand_option, options)])
    inside = taken[problem.entry_option] & np.isin(problem.entry_room, room)
    beside = taken[problem.stand_option] & np.isin(problem.stand_parcel, parcel)
    there = np.concatenate([problem.entry_option[inside], problem.stand_option[beside]])
    first = np.unique(np.concatenate([place, problem.project[there]]))
    # rooms that they leave, or might go to
    theirs = np.isin(problem.project, first)
    reach = np.zeros(len(problem.capacity))
    np.add.at(reach, problem.entry_room[theirs[problem.entry_option]], 1.0)
    reach[problem.entry_room[(theirs & taken)[problem.entry_option]]] += len(options) + len(first)
    each = np.zeros(len(problem.weight))
    np.add.at(each, problem.project[problem.entry_option], reach[problem.entry_room])
    share_of = each / np.maximum(np.bincount(problem.project[problem.entry_option], minlength=len(each)), 1)
    order = np.argsort(-share_of, kind="stable")
    order = order[(share_of[order] > 0) & ~np.isin(order, first)]
    return np.sort(np.concatenate([first, order[: max(most - len(first), 0)]]))


def narrowed(problem: Problem, share: Floats, free: Integers) -> Problem:
    """The problem in which all but some projects stay where they are, or leave."""
    stays = ~np.isin(problem.project, free) & (share <= TAKEN) & ~problem.lock
    return replace(problem, forbidden=problem.ban | stays)
