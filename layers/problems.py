"""Allocation problems from a file of their own, for the solver alone, and its answer in the same names."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from layers.readers.source import plain_path
from spatial.allocation import Plan, Problem, Stop, solve, verify
from spatial.errors import ChengzaiError

Answer = dict[str, Any]

_LARGEST_MB = 200

_LARGEST = 1e12
"""A number past this is a slip; the solver would take it for infinite from 1e20 on."""

_SMALL = 1e-12
"""A capacity below this part of the largest need is none: a row divided by it would pass the largest number."""


class ProblemRefused(ChengzaiError):
    code = "problem_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "问题文件读不懂：{reason}",
        "en": "The problem file cannot be read: {reason_en}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": '格式：{{"sense": "max", "parcels": [{{"id", "capacity"}}], "projects": [{{"id", "options": '
        '[{{"parcel", "need", "value"}}]}}]}}',
        "en": 'As {{"sense": "max", "parcels": [{{"id", "capacity"}}], "projects": [{{"id", "options": '
        '[{{"parcel", "need", "value"}}]}}]}}',
    }


_REASONS: dict[str, tuple[str, str]] = {
    "size": ("文件超过 {value} MB", "the file is larger than {value} MB"),
    "json": ("不是 JSON：{value}", "it is no JSON: {value}"),
    "sense": ("sense 应为 max 或 min，实为 {value}", "sense is max or min, not {value}"),
    "twice": ("{value} 列了两次", "{value} stands twice"),
    "pair": ("{name} 的每一项应为 [项目, 地块]，实为 {value}", "each of {name} is [project, parcel], not {value}"),
    "no_option": ("锁定的 {value} 不在该项目的 options 里", "{value} is locked and is none of its project's options"),
    "id": ("{name} 的第 {at} 行没有 id，或 id 重复：{value}", "row {at} of {name} has no id of its own: {value}"),
    "unknown": ("{name} 里的 {value} 没有列出", "{value} in {name} is not listed"),
    "list": ("缺少列表 {name}", "the list {name} is missing"),
    "row": ("{name} 应由对象 {{…}} 组成，实为 {value}", "{name} is made of objects {{…}}, not {value}"),
    "number": ("{name} 应为绝对值不超过 1e12 的数，实为 {value}", "{name} is a number of at most 1e12, not {value}"),
    "boolean": ("{name} 应为 true 或 false，实为 {value}", "{name} is true or false, not {value}"),
}


def _refused(why: str, where: str, value: object = "", **facts: object) -> ProblemRefused:
    told_ = {"value": str(value)[:160].encode(errors="replace").decode(), "name": where, **facts}
    zh, en = (text.format(**told_) for text in _REASONS[why])
    return ProblemRefused(where=where, reason=zh, reason_en=en)


def solve_file(path: str, seconds: float = 60.0, seed: int = 0) -> Answer:
    """Solve the problem of a file.

    Parameters
    ----------
    seconds
        For reading it and solving it; a first plan is made even where they are up.

    Returns
    -------
    dict
        `status`, `objective`, `bound`, `gap` (None where there is none), `assignments` (`project`, `parcel`, the
        `amount` of capacity that it takes there, its `share`), `unplaced` (`project`, `reason`), `seconds`,
        `verified`.

    Raises
    ------
    ProblemRefused, ProblemUnsound, PathRefused
    """
    started = time.perf_counter()
    names, problem = read(path)
    # a large file takes seconds to read: they count as well
    plan = solve(problem, stop=Stop(seconds).since(started), seed=seed)
    return told(names, problem, plan)


def told(names: tuple[list[str], list[str]], problem: Problem, plan: Plan) -> Answer:
    """A plan in the names of its file."""
    parcels, projects = names
    there = plan.status in ("optimal", "feasible")
    taken = np.flatnonzero(plan.share > 0)
    placed = np.bincount(problem.project, weights=plan.share, minlength=len(projects))
    reasons = _reasons(problem)
    return {
        "status": plan.status,
        "objective": _number(plan.objective),
        "bound": _number(plan.bound),
        "gap": _number(plan.gap),
        "assignments": [
            {
                "project": projects[problem.project[at]],
                "parcel": parcels[problem.stand_parcel[at]],
                "amount": float(plan.share[at] * problem.need[at]),
                "share": float(plan.share[at]),
            }
            for at in taken.tolist()
        ],
        "unplaced": [
            {"project": name, "reason": reasons[at]}
            for at, name in enumerate(projects)
            if there and placed[at] < 1e-9
        ],
        "seconds": plan.seconds,
        "verified": there and not verify(problem, plan.share, None, plan.goals),
    }


def read(path: str) -> tuple[tuple[list[str], list[str]], Problem]:
    """Names of the parcels and projects of a file, and its problem."""
    file = plain_path(path)
    try:
        if file.stat().st_size > _LARGEST_MB * 1_000_000:
            raise _refused("size", file.name, _LARGEST_MB)
        told_ = json.loads(file.read_text(encoding="utf-8-sig"), parse_constant=_no_constant)
    except (OSError, ValueError, RecursionError) as error:
        raise _refused("json", Path(path).name, error) from error
    return _problem(_mapping(told_, file.name), file.name)


def _problem(told_: Mapping[str, Any], where: str) -> tuple[tuple[list[str], list[str]], Problem]:
    sense = told_.get("sense", "max")
    if sense not in ("max", "min"):
        raise _refused("sense", where, sense)
    parcels = [_mapping(one, "parcels") for one in _list(told_, "parcels")]
    projects = [_mapping(one, "projects") for one in _list(told_, "projects")]
    at_parcel, at_project = _places(parcels, "parcels"), _places(projects, "projects")
    rows: list[tuple[int, int, float, float]] = []
    place: dict[tuple[int, int], int] = {}
    for number, project in enumerate(projects):
        for one in _list(project, "options"):
            option = _mapping(one, "options")
            pair = (number, _known(at_parcel, option.get("parcel"), "options"))
            if pair in place:
                raise _refused("twice", where, f"{project['id']} × {option['parcel']}")
            place[pair] = len(rows)
            rows.append((*pair, _float(option, "need"), _float(option, "value", 1.0)))
    table = np.array(rows, dtype=float).reshape(-1, 4)
    marks = {}
    for name in ("locked", "forbidden"):
        marks[name] = np.zeros(len(rows), dtype=bool)
        for pair_ in _list(told_, name, optional=True):
            if not isinstance(pair_, list) or len(pair_) != 2:
                raise _refused("pair", where, pair_, name=name)
            key = (_known(at_project, pair_[0], name), _known(at_parcel, pair_[1], name))
            if key in place:
                marks[name][place[key]] = True
            elif name == "locked":
                raise _refused("no_option", where, f"{pair_[0]} × {pair_[1]}")
    names = ([str(one["id"]) for one in parcels], [str(one["id"]) for one in projects])
    weight = [_float(one, "weight", 1.0) for one in projects]
    capacity = [_float(one, "capacity") for one in parcels]
    for number, _, _, value in rows:
        if abs(weight[number] * value) > _LARGEST:
            raise _refused("number", "weight × value", weight[number] * value)
    least = _SMALL * max((need for _, _, need, _ in rows), default=0.0)
    return names, Problem.plain(
        capacity=np.array([0.0 if 0 < one < least else one for one in capacity], dtype=float),
        project=table[:, 0].astype(np.int64),
        parcel=table[:, 1].astype(np.int64),
        need=table[:, 2],
        value=table[:, 3],
        weight=np.array(weight, dtype=float),
        must=np.array([_bool(one, "must_place") for one in projects], dtype=bool),
        splittable=np.array([_bool(one, "splittable") for one in projects], dtype=bool),
        locked=marks["locked"],
        forbidden=marks["forbidden"],
        maximise=sense == "max",
    )


def _reasons(problem: Problem) -> list[str]:
    """Why each project is in no plan of this problem, or only that others are worth more."""

    def has(options: np.ndarray) -> np.ndarray:
        return np.bincount(problem.project[options], minlength=len(problem.weight)) > 0

    usable, gains = problem.open, problem.worth > 0 if problem.maximise else problem.worth < 0
    found = np.select(
        [~has(np.ones_like(usable)), ~has(usable), ~has(usable & problem.fits) & ~problem.splittable,
         ~has(usable & gains)],
        ["no_option", "forbidden", "too_large", "worth_nothing"], "no_room",
    )  # fmt: skip
    return [str(one) for one in found]


def _places(rows: list[Mapping[str, Any]], name: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, row in enumerate(rows):
        key = row.get("id")
        if not isinstance(key, (str, int)) or isinstance(key, bool) or not _sayable(key) or str(key) in found:
            raise _refused("id", name, key, at=at + 1)
        found[str(key)] = at
    return found


def _sayable(key: str | int) -> bool:
    """Whether a key can be written: JSON may hold halves of characters, and numbers of any length."""
    return key.isprintable() if isinstance(key, str) else abs(key) < 2**63


def _known(places: dict[str, int], key: object, name: str) -> int:
    if str(key) not in places:
        raise _refused("unknown", name, key)
    return places[str(key)]


def _list(row: Mapping[str, Any], name: str, *, optional: bool = False) -> list[Any]:
    found = row.get(name, [] if optional else None)
    if not isinstance(found, list):
        raise _refused("list", name)
    return found


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _refused("row", name, value)
    return value


def _float(row: Mapping[str, Any], name: str, usual: float | None = None) -> float:
    value = row.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -_LARGEST <= value <= _LARGEST:
        raise _refused("number", name, value)
    return float(value)


def _bool(row: Mapping[str, Any], name: str) -> bool:
    value = row.get(name, False)
    if not isinstance(value, bool):
        raise _refused("boolean", name, value)
    return value


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
