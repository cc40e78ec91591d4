"""Land that lies idle, by the rules in force on a day: what is suspected, since when, and what comes next.

Counting follows the words of the order: idle is what lies *more* than a year past the agreed start, so that the
anniversary itself is not; a stop counts from a *full* year, so that its anniversary is.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from layers.obliging.days import Day, after_years
from layers.ruling import in_force
from layers.workspace import Workspace

State = Literal["approaching", "suspected", "withdrawable", "incomplete", "suspended"]
EXCUSED = ("government", "force_majeure")
"""Causes for which the time does not count against whoever holds the land."""


@dataclass(frozen=True)
class IdleRule:
    """The thresholds of a day; what is None is ruled by no document.

    Parameters
    ----------
    start_years, stop_years
        Years past the agreed start without one, and years of standstill.
    land, investment
        Shares of the land and of the investment below which a standstill counts.
    fee
        Share of the land price for land that nobody began to build on.
    withdrawal_years
        Years past the agreed start after which it may be withdrawn.
    pack
        Number of the document; `verified` says whether somebody compared it.
    """

    start_years: float | None = None
    stop_years: float | None = None
    land: float | None = None
    investment: float | None = None
    fee: float | None = None
    withdrawal_years: float | None = None
    pack: str = ""
    verified: bool = False


@dataclass(frozen=True)
class Site:
    """What is known of a piece of land.

    Parameters
    ----------
    agreed_start
        The earliest day by which somebody agreed to start.
    started
        Whether anybody began to build by that day.
    land_share, invested_share
        Of the land and of the investment, what was begun and made; None where a figure is missing.
    """

    agreed_start: Day | None = None
    started: bool = False
    completed: bool = False
    land_share: float | None = None
    invested_share: float | None = None
    stopped_since: Day | None = None
    cause: str | None = None


@dataclass(frozen=True)
class Idle:
    """An alert.

    Parameters
    ----------
    state
        ``approaching``: the time runs. ``suspected``: idle by the rule, to be looked into. ``withdrawable``: for so
        long that it may be withdrawn. ``incomplete``: figures are missing. ``suspended``: the time does not count.
    rules
        Codes of the rules that say so.
    since
        First day on which it is idle, or will be.
    fee
        Share of the land price that is asked for; None where none is.
    """

    state: State
    rules: tuple[str, ...]
    since: Day
    fee: float | None = None
    withdrawal_from: Day | None = None


def idle_rule(workspace: Workspace, on: str) -> IdleRule | None:
    """The rule of a day from the rule packs; None where no document rules it."""
    rules = in_force(workspace, on)
    mine = rules[rules["rule"].astype("str").str.startswith("idle_").to_numpy(dtype=bool)]
    if mine.empty:
        return None
    found: dict[str, float] = {}
    for code, low, high in zip(mine["rule"], mine["low"], mine["high"], strict=True):
        found[str(code)] = float(high if pd.isna(low) else low)
    return IdleRule(
        start_years=found.get("idle_start"),
        stop_years=found.get("idle_stop"),
        land=found.get("idle_land"),
        investment=found.get("idle_investment"),
        fee=found.get("idle_fee"),
        withdrawal_years=found.get("idle_withdrawal"),
        pack="、".join(dict.fromkeys(mine["pack"].astype("str"))),
        verified=bool(mine["verified"].fillna(value=False).all()),
    )


def judge_site(site: Site, rule: IdleRule, on: Day) -> Idle | None:
    """The alert of a piece of land on a day; None where nothing is amiss.

    Examples
    --------
    >>> agreed = Site(agreed_start=datetime.date(2024, 2, 29))
    >>> judge_site(agreed, IdleRule(start_years=1), datetime.date(2025, 2, 28)).state
    'approaching'
    >>> judge_site(agreed, IdleRule(start_years=1), datetime.date(2025, 3, 1)).state
    'suspected'
    """
    if site.completed:
        return None
    found = _stopped(site, rule, on) if site.started else _not_started(site, rule, on)
    if found is not None and site.cause in EXCUSED:
        return Idle("suspended", found.rules, found.since)
    return found


def _not_started(site: Site, rule: IdleRule, on: Day) -> Idle | None:
    agreed = site.agreed_start
    if agreed is None or rule.start_years is None or on <= agreed:
        return None
    since = after_years(agreed, rule.start_years) + datetime.timedelta(days=1)
    may = None if rule.withdrawal_years is None else after_years(agreed, rule.withdrawal_years)
    if on < since:
        return Idle("approaching", ("idle_start",), since, None, may)
    state: State = "withdrawable" if may is not None and on >= may else "suspected"
    return Idle(state, ("idle_start",), since, rule.fee, may)


def _stopped(site: Site, rule: IdleRule, on: Day) -> Idle | None:
    """A standstill of land that was begun: too little of it, or too little invested."""
    stopped = site.stopped_since
    if stopped is None or stopped > on or rule.stop_years is None:
        return None
    since = after_years(stopped, rule.stop_years)
    pairs = [
        (code, share, least)
        for code, share, least in (
            ("idle_land", site.land_share, rule.land),
            ("idle_investment", site.invested_share, rule.investment),
        )
        if least is not None
    ]
    short = tuple(code for code, share, least in pairs if share is not None and share < least)
    if short:
        return Idle("suspected" if on >= since else "approaching", short, since)
    missing = tuple(code for code, share, _ in pairs if share is None)
    return Idle("incomplete", missing, since) if missing else None
