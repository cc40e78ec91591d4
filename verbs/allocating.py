"""Verbs over plans of places: make and apply one, and ask why a project is not on a parcel."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from layers.errors import CallWrong
from verbs.words import Answer, Verb, actor, scenario, workspace

if TYPE_CHECKING:
    from layers.allocating import Wish

_DAY_S = 86_400


def _for_plan(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--time-limit", type=float, default=60.0, metavar="S", help="seconds / 秒")
    verb.add_argument("--seed", type=int, default=0, metavar="N", help="the same seed, the same plan / 随机种子")
    verb.add_argument("--max-changes", type=int, metavar="K", help="most projects that change / 改动数上限")
    verb.add_argument("--unlock", action="store_true", help="signed assignments may move too / 签约的也可移动")
    verb.add_argument("--goals", metavar="ORDER", help="goals in their order: demand,fit,opened,changes / 目标先后")


def _for_allocate(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    _for_plan(verb)
    verb.add_argument("--dry-run", action="store_true", help="only propose / 只给出方案")


def _for_why_not(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    verb.add_argument("project", metavar="PROJECT", help="key or name / 项目编号或名称")
    verb.add_argument("parcel", metavar="PARCEL", help="key, number or name / 地块编号或名称")
    _for_plan(verb)


def _wish(asked: argparse.Namespace) -> Wish:
    from layers.allocating import Wish, goals_of

    sound = 0 < asked.time_limit <= _DAY_S and asked.seed >= 0 and (asked.max_changes or 0) >= 0
    if not sound:
        reason = f"0 < --time-limit ≤ {_DAY_S:,}, --seed ≥ 0, --max-changes ≥ 0"
        raise CallWrong(where="--time-limit", reason=reason, verb=asked.verb)
    return Wish(goals_of(asked.goals), asked.max_changes, asked.unlock)


def _allocate(asked: argparse.Namespace) -> Answer:
    from layers.allocating.applying import allocate

    wish = _wish(asked)
    answer = allocate(
        asked.workspace,
        wish,
        asked.time_limit,
        asked.seed,
        actor=None if asked.dry_run else actor(asked),
        state=(scenario(asked), asked.language),
    )
    return answer | {"exit_status": 0 if answer["status"] in ("optimal", "feasible") else 1}


def _why_not(asked: argparse.Namespace) -> Answer:
    from layers import stores
    from layers.allocating import explained
    from spatial.allocation import Stop

    wish = _wish(asked)
    held = stores.read(asked.workspace, scenario(asked))
    stop = Stop(asked.time_limit)
    return explained(held, asked.project, asked.parcel, wish, stop, asked.seed, asked.language)


VERBS: dict[str, Verb] = {
    "allocate": ("place projects, and apply the plan / 自动落位", _for_allocate, _allocate),
    "why-not": ("why a project is not on a parcel / 为何不落在此", _for_why_not, _why_not),
}
