"""What an explanation says, Chinese and English: what decided, who moves, what blocks, what a goal gains or loses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from layers.allocating.making import Made
from layers.allocating.wishes import GOALS
from layers.allocating.words import Names, Pair, listed, room_told, rule_told
from layers.vocabulary import term
from spatial.allocation import Answer, Decision, Move

SAYS: dict[str, Pair] = {
    "locked": ("锁定在此", "It is locked here"),
    "only": ("只有这里可落", "It can be nowhere else"),
    "equal": ("改到{next}同样好", "{next} would be as good"),
    "goal": ("次优是{next}：{changes}", "Next best is {next}: {changes}"),
    "alone": ("除此之外只能不落位：{changes}", "The only other way is no place at all: {changes}"),
    "by_goal": ("由{goal}决定", "decided by {goal}"),
    "by_equal": ("次优同样好", "the next best is as good"),
    "scarce": ("；{place}更好，但{rooms}", "; {place} would be better, but {rooms}"),
    "short": ("缺 {rooms}", "lacks {rooms}"),
    "lacks": ("{room} {area} m²", "{area} m² of {room}"),
    "nowhere": ("不落位", "no place"),
    "moved": ("{project} 由 {before} 移到 {after}", "{project} moves from {before} to {after}"),
    "added": ("{project} 落到 {after}", "{project} comes to {after}"),
    "removed": ("{project} 让出 {before}", "{project} gives up {before}"),
    "resized": ("{project} 在 {after} 的面积有变", "{project} changes its floor area on {after}"),
    "possible": ("可以落在这里：{changes}", "It can be here: {changes}"),
    "in_part": ("整体放不下，最多可落 {share}：{changes}", "Not the whole of it; at most {share}: {changes}"),
    "nobody": ("；其他项目不动", "; nobody else moves"),
    "who": ("；{moves}", "; {moves}"),
    "not_proved": ("（尚未证明是最少的代价）", " (not proved to be the least)"),
    "free": ("各目标都不受损", "no goal loses"),
    "smallest": ("不能落在这里，最少要放宽 {count} 条：{rules}",
                 "It cannot be here; the fewest rules to give up, {count}: {rules}"),
    "minimal": ("不能落在这里，放宽其中任一条即可：{rules}（未证明条数最少）",
                "It cannot be here; giving up any one of these will do: {rules} (perhaps fewer are at fault)"),
    "some": ("不能落在这里，受限于其中几条：{rules}", "It cannot be here; some of these are why: {rules}"),
    "unknown": ("时限内没有得出结论", "Time was up before it was known"),
    "demand": ("满足需求 {by} m²", "demand met {by} m²"),
    "demand_weighted": ("满足需求（按优先级加权）{by} m²", "demand met, by priority, {by} m²"),
    "fit": ("适配面积 {by} m²", "well-fitting area {by} m²"),
    "opened": ("启用地块 {by}", "parcels opened {by}"),
    "changes": ("改动 {by}", "changes {by}"),
    "and": ("、", ", "),
    "then": ("；", "; "),
    "more": ("等 {count} 项", "and others, {count} in all"),
}  # fmt: skip

_SMALL = 0.05
"""A change that would be shown as 0."""

_MOST = 6
"""Moves that a sentence tells before it counts the others."""


def said(name: str, language: str, **facts: object) -> str:
    """A sentence in a language."""
    return SAYS[name][0 if language == "zh-CN" else 1].format(**facts)


def goal_told(made: Made, name: str, by: float, language: str) -> str:
    """By how much a goal changes: demand in m², fit in m² that fit wholly, parcels and projects as numbers."""
    weighted = name == "demand" and bool((made.problem.weight != 1.0).any())
    figure = (f"{by:+,.1f}" if name == "fit" and abs(by) < 10 else f"{by:+,.0f}").replace("-", "−")
    if name not in SAYS:
        return f"{term(GOALS, name, language) or name} {figure}"
    return said("demand_weighted" if weighted else name, language, by=figure)


def goals_told(made: Made, changes: Sequence[float] | np.ndarray, language: str) -> str:
    """What changes in which goal; those that do not change are not named."""
    named = zip((goal.name for goal in made.goals), (float(one) for one in changes), strict=True)
    words = [goal_told(made, name, by, language) for name, by in named if abs(by) >= _SMALL]
    return said("and", language).join(words) or said("free", language)


def place_told(made: Made, options: Sequence[int], language: str) -> str:
    """The parcels of some options by number; no place where there are none."""
    names = Names(made)
    parcels = [names.parcel(piece.parcel) for option in options for piece in made.options.pieces(option)]
    return listed(list(dict.fromkeys(parcels)), language) or said("nowhere", language)


def move_told(made: Made, move: Move, language: str) -> str:
    """Who goes from where to where."""
    before, after = ([option for option, _ in side] for side in (move.before, move.after))
    places = [place_told(made, side, language) for side in (before, after)]
    kind = "added" if not before else "removed" if not after else "resized" if places[0] == places[1] else "moved"
    project = Names(made).project(move.project, language)
    return said(kind, language, project=project, before=places[0], after=places[1])


def moves_told(made: Made, moves: Sequence[Move], language: str) -> str:
    """All who move, the first few by name."""
    words = [move_told(made, one, language) for one in moves[:_MOST]]
    words += [said("more", language, count=len(moves))] if len(moves) > _MOST else []
    return said("then", language).join(words)


def decision_told(made: Made, one: Decision, language: str) -> str:
    """What decided the place of a project."""
    if one.because == "locked":
        return said("locked", language)
    changes = goals_told(made, one.changes, language)
    if one.because == "only":
        told = said("only" if one.next == -2 else "alone", language, changes=changes)
    else:
        following = place_told(made, [one.next] if one.next >= 0 else [], language)
        told = said(one.because, language, next=following, changes=changes)
    if one.wanted < 0:
        return told
    place = place_told(made, [one.wanted], language)
    return told + said("scarce", language, place=place, rooms=scarce_told(made, one, language))


def decided_by(made: Made, one: Decision, language: str) -> str:
    """What decided the place of a project, in a few words."""
    if one.because == "goal":
        goal = made.goals[one.goal].name
        return said("by_goal", language, goal=term(GOALS, goal, language) or goal)
    return said("by_equal" if one.because == "equal" else one.because, language)


def scarce_told(made: Made, one: Decision, language: str) -> str:
    """What a better place lacks."""
    names = Names(made)
    rooms = [
        said("lacks", language, room=room_told(names, made.rooms[room], language), area=f"{short:,.0f}")
        for room, short in one.scarce
    ]
    return said("short", language, rooms=listed(rooms, language))


def answer_told(made: Made, answer: Answer, language: str) -> str:
    """Whether a project can be where it was asked for, who moves, what it costs; or what is in the way."""
    if answer.possible is None:
        return said("unknown", language)
    if answer.possible:
        return _possible(made, answer, language)
    if answer.blocked is None:
        return said("unknown", language)
    rules = said("and", language).join(rule_told(made, one, language) for one in answer.blocked.rules)
    return said(answer.blocked.proof, language, rules=rules, count=len(answer.blocked.rules))


def _possible(made: Made, answer: Answer, language: str) -> str:
    changes = goals_told(made, [one.by for one in answer.changes], language)
    whole = answer.part >= 1 - 1e-6
    told = said("possible" if whole else "in_part", language, changes=changes, share=f"{answer.part:.0%}")
    others = [one for one in answer.moves if one.project != answer.project]
    told += said("who", language, moves=moves_told(made, others, language)) if others else said("nobody", language)
    return told if answer.proved else told + said("not_proved", language)
