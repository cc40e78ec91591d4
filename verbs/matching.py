"""Verbs over what is asked for and what can house it."""

from __future__ import annotations

import argparse

from layers.errors import CallWrong
from verbs.words import Answer, Verb, scenario, workspace


def _for_draws(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    verb.add_argument("--draws", type=int, default=10_000, metavar="N", help="draws of the ranges / 抽样次数")
    verb.add_argument("--seed", type=int, default=0, metavar="N", help="the same seed, the same draws / 随机种子")


def _for_balance(verb: argparse.ArgumentParser) -> None:
    _for_draws(verb)
    verb.add_argument(
        "--year", type=int, action="append", default=[], metavar="YEAR", help="up to this year; default: every year"
    )
    verb.add_argument("--expected", action="store_true", help="supply × availability factor / 按预期形成率计供给")
    verb.add_argument(
        "--margin",
        choices=("none", "competitive"),
        default="none",
        help="what is added to demand: nothing, or 20 %% up to ten years ahead and 15 %% beyond / 需求余量",
    )


def _for_solve(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("problem", metavar="PROBLEM.json", help="parcels, projects and their options / 问题文件")
    verb.add_argument("--time-limit", type=float, default=60.0, metavar="S", help="seconds / 秒")
    verb.add_argument("--seed", type=int, default=0, metavar="N", help="the same seed, the same plan / 随机种子")


def _demand(asked: argparse.Namespace) -> Answer:
    from layers import balancing, stores

    how = balancing.Options(draws=_draws(asked), seed=asked.seed)
    return balancing.demand(stores.read(asked.workspace, scenario(asked)), how)


def _balance(asked: argparse.Namespace) -> Answer:
    from layers import balancing, stores

    how = balancing.Options(_draws(asked), asked.seed, asked.expected, asked.margin)
    return balancing.balance(stores.read(asked.workspace, scenario(asked)), asked.year, how)


def _solve(asked: argparse.Namespace) -> Answer:
    from layers.problems import solve_file

    if not 0 < asked.time_limit <= _DAY_S or asked.seed < 0:
        raise CallWrong(where="--time-limit", reason=f"0 < --time-limit ≤ {_DAY_S:,}, --seed ≥ 0", verb="solve")
    answer = solve_file(asked.problem, asked.time_limit, asked.seed)
    return answer | {"exit_status": 0 if answer["status"] in ("optimal", "feasible") else 1}


def _draws(asked: argparse.Namespace) -> int:
    least, most = 100, 1_000_000
    if not least <= asked.draws <= most or asked.seed < 0:
        raise CallWrong(where="--draws", reason=f"--draws {least:,} … {most:,}, --seed ≥ 0", verb=asked.verb)
    return int(asked.draws)


_DAY_S = 86_400


def _for_obligations(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    verb.add_argument("--on", metavar="DATE", help="the day; default: that of the workspace / 日期，默认为数据日期")
    verb.add_argument("--within", type=int, metavar="DAYS", help="days ahead that count as due / 临近天数")


def _obligations(asked: argparse.Namespace) -> Answer:
    from layers import obliging, stores

    most = 36_500
    if asked.within is not None and not 0 <= asked.within <= most:
        raise CallWrong(where="--within", reason=f"--within 0 … {most:,}", verb="obligations")
    return obliging.told(stores.read(asked.workspace, scenario(asked)), asked.on, asked.within)


VERBS: dict[str, Verb] = {
    "demand": ("floor area asked for, as a range / 需求", _for_draws, _demand),
    "solve": ("the solver alone on a problem file / 求解器", _for_solve, _solve),
    "balance": ("capacity against demand / 供需平衡", _for_balance, _balance),
    "obligations": ("what was promised: due, overdue, idle, ending / 义务与期限", _for_obligations, _obligations),
}
