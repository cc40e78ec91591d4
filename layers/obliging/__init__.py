"""What assignments promised and how it stands on a day: obligations, idle land, terms that end, progress by year."""

from layers.obliging.answer import today_of, told
from layers.obliging.days import Day, after_years, day_of
from layers.obliging.idle import Idle, IdleRule, Site, idle_rule, judge_site
from layers.obliging.judging import COLOURS, Light, Promise, judge, worst
from layers.obliging.land import Alert, alerts
from layers.obliging.obligations import counts, lights, obligations, within_of
from layers.obliging.progress import progress
from layers.obliging.renewals import Ending, ahead_of, renewals

__all__ = [
    "COLOURS",
    "Alert",
    "Day",
    "Ending",
    "Idle",
    "IdleRule",
    "Light",
    "Promise",
    "Site",
    "after_years",
    "ahead_of",
    "alerts",
    "counts",
    "day_of",
    "idle_rule",
    "judge",
    "judge_site",
    "lights",
    "obligations",
    "progress",
    "renewals",
    "today_of",
    "told",
    "within_of",
    "worst",
]
