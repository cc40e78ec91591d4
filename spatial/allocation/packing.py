"""The best that goes together on one parcel: options with a worth each, rows that may not be passed.

States of weight and worth, one option after the other; a state that weighs more and is worth less than another is
dropped, and one that cannot reach the best known any more. Options that use more than the main row, or whose project
has another option here, come first: once they are through, the main row alone is left to look at.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from spatial.allocation.problem import Booleans, Floats, Integers

_FULL = 1.0 + 1e-9
"""How far a row is filled: rounding."""

_STATES = 4_000
"""States that are kept at most; past it the bound is no longer the best worth, but holds."""

_TRIED = 20
"""Options left by the first choice that are tried beside it."""


@dataclass(frozen=True)
class Packed:
    """What goes together best.

    Parameters
    ----------
    most
        Nothing that goes together is worth more.
    worth
        Of what was found.
    chosen
        What was found, numbers of options.
    """

    most: float
    worth: float
    chosen: Integers


def pack(worth: Floats, part: Floats, project: Integers, slack: float = 0.0) -> Packed:
    """Choose what goes together, within so much of the best.

    Parameters
    ----------
    worth
        Of each option, all above 0, shape (options,).
    part
        Share of each row that an option fills, shape (rows, options); each row holds 1.
    project
        Of each option; one option of each at most.

    Examples
    --------
    >>> found = pack(np.array([5.0, 4.0, 3.0]), np.array([[0.6, 0.5, 0.5]]), np.array([0, 1, 2]))
    >>> found.most, found.worth, sorted(found.chosen.tolist())
    (7.0, 7.0, [1, 2])
    """
    many = np.bincount(project, minlength=1)[project] > 1
    rows = part[part.sum(axis=1) > _FULL] if len(part) else np.zeros((0, len(worth)))
    if not len(rows) and not many.any():
        return Packed(float(worth.sum()), float(worth.sum()), np.arange(len(worth), dtype=np.int64))
    if not len(rows):
        rows = np.zeros((1, len(worth)))
    main = int(np.argmax((rows > 0).sum(axis=1)))
    others = np.delete(rows, main, axis=0)
    return _Packing(worth, rows[main], others, project, many | (others > 0).any(axis=0), slack).best()


@dataclass
class _Packing:
    worth: Floats
    weight: Floats
    others: Floats
    project: Integers
    first: Booleans
    slack: float
    before: list[Integers] = field(default_factory=lambda: [np.array([-1])])
    option: list[Integers] = field(default_factory=lambda: [np.array([-1])])
    nodes: int = 1
    over: float = 0.0

    def best(self) -> Packed:
        light = ~self.first & (self.weight <= 0)
        later = np.flatnonzero(~self.first & (self.weight > 0))
        later = later[np.argsort(-self.worth[later] / self.weight[later], kind="stable")]
        taken, known = np.flatnonzero(light), np.zeros(0, dtype=np.int64)
        if not self.first.any():
            sure, later, known = self._core(later)
            taken, known = np.concatenate([taken, sure]), np.concatenate([taken, known])
        states = _States(
            np.array([self.weight[taken].sum()]), np.array([self.worth[taken].sum()]), np.zeros(1, dtype=np.int64)
        )
        if self.first.any():
            states = self._together(states)
        node, at, end, worth = self._one_by_one(states, later, float(self.worth[known].sum()))
        chosen = known if node < 0 else np.concatenate([taken, later[at:end], self._path(node)])
        return Packed(max(worth + self.slack, self.over), worth, chosen.astype(np.int64))

    def _core(self, later: Integers) -> tuple[Integers, Integers, Integers]:
        """Options in all that is better than a first choice, those of which that is open, and the first choice."""
        weight, worth = _sums(self.weight[later]), _sums(self.worth[later])
        rate = np.append(self.worth[later] / self.weight[later], 0.0)
        own, gain = self.weight[later], self.worth[later]
        split = int(np.searchsorted(weight, _FULL, side="right")) - 1
        inside = np.arange(len(later)) < split

        def upper(room: Floats) -> Floats:
            at = np.searchsorted(weight, room, side="right") - 1
            found: Floats = worth[at] + (room - weight[at]) * rate[np.minimum(at, len(later))]
            return found

        known, least = later[:split], float(worth[split])
        for extra in np.flatnonzero(~inside & (own <= _FULL))[:_TRIED].tolist():
            # one that was left, and the first ones beside it
            at = min(int(np.searchsorted(weight, _FULL - own[extra], side="right")) - 1, split)
            if gain[extra] + worth[at] > least:
                known, least = np.append(later[:at], later[extra]), float(gain[extra] + worth[at])
        least += self.slack
        gone = ~inside & ((own > _FULL) | (gain + upper(np.maximum(_FULL - own, 0.0)) <= least))
        stay = inside & (upper(_FULL + own) - gain <= least)
        return later[stay], later[~stay & ~gone], known

    def _together(self, states: _States) -> _States:
        """All that goes together of the options that need more than the main row."""
        rows = np.zeros((1, len(self.others)))
        for project in np.unique(self.project[self.first]).tolist():
            parts, filled = [states], [rows]
            for option in np.flatnonzero(self.first & (self.project == project)).tolist():
                full = rows + self.others[:, option]
                some = np.flatnonzero((states.weight + self.weight[option] <= _FULL) & (full <= _FULL).all(axis=1))
                parts.append(self._with(states, some, option))
                filled.append(full[some])
            states, rows = _States.joined(parts), np.concatenate(filled)
            if len(states.weight) > _STATES:
                # what is dropped here may be the best: the bound is that of the main row alone
                keep = np.argsort(-states.worth, kind="stable")[: _STATES // 2]
                states, rows = states.of(keep), rows[keep]
                self.over = self._filled()
        return states

    def _filled(self) -> float:
        """What the main row holds, the last option in part."""
        rate = self.worth / np.maximum(self.weight, 1e-12)
        order = np.argsort(-rate, kind="stable")
        weight, worth = _sums(self.weight[order]), _sums(self.worth[order])
        at = int(np.searchsorted(weight, _FULL, side="right")) - 1
        return float(worth[at] + ((_FULL - weight[at]) * rate[order[at]] if at < len(order) else 0.0))

    def _one_by_one(self, states: _States, later: Integers, known: float) -> tuple[int, int, int, float]:
        """The best state, −1 where none is better; from where to where options are added to it; its worth."""
        weight, worth = _sums(self.weight[later]), _sums(self.worth[later])
        rate = np.append(self.worth[later] / self.weight[later], 0.0)
        found = (-1, 0, 0, known)
        for place in range(len(later) + 1):
            room = _FULL - states.weight
            end = np.searchsorted(weight, weight[place] + room, side="right") - 1
            now = states.worth + worth[end] - worth[place]
            top = int(np.argmax(now))
            if now[top] > found[3]:
                found = (int(states.node[top]), place, int(end[top]), float(now[top]))
            if place == len(later):
                break
            most = now + np.maximum(weight[place] + room - weight[end], 0.0) * rate[end]
            keep = np.flatnonzero(most > found[3] + self.slack)
            if len(keep) > _STATES:
                order = keep[np.argsort(-most[keep], kind="stable")]
                self.over = max(self.over, float(most[order[_STATES // 2]]))
                keep = order[: _STATES // 2]
            states = states.of(keep)
            if not len(keep):
                break
            some = np.flatnonzero(states.weight + self.weight[later[place]] <= _FULL)
            if len(some):
                states = _States.joined([states, self._with(states, some, int(later[place]))]).undominated()
        return found

    def _with(self, states: _States, some: Integers, option: int) -> _States:
        """These states with one more option."""
        self.before.append(states.node[some])
        self.option.append(np.full(len(some), option))
        node = self.nodes + np.arange(len(some))
        self.nodes += len(some)
        return _States(states.weight[some] + self.weight[option], states.worth[some] + self.worth[option], node)

    def _path(self, node: int) -> Integers:
        before, option = np.concatenate(self.before), np.concatenate(self.option)
        found = []
        while node > 0:
            found.append(int(option[node]))
            node = int(before[node])
        return np.array(found, dtype=np.int64)


@dataclass(frozen=True)
class _States:
    weight: Floats
    worth: Floats
    node: Integers

    @classmethod
    def joined(cls, parts: list[_States]) -> _States:
        return cls(
            np.concatenate([one.weight for one in parts]), np.concatenate([one.worth for one in parts]),
            np.concatenate([one.node for one in parts]),
        )  # fmt: skip

    def of(self, some: Integers) -> _States:
        return _States(self.weight[some], self.worth[some], self.node[some])

    def undominated(self) -> _States:
        """Without states that weigh no less than another and are worth no more."""
        order = np.lexsort((-self.worth, self.weight))
        worth = self.worth[order]
        keep = np.append(True, worth[1:] > np.maximum.accumulate(worth)[:-1])
        return self.of(order[keep])


def _sums(numbers: Floats) -> Floats:
    return np.concatenate([[0.0], np.cumsum(numbers)])
