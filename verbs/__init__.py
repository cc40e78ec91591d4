"""The verbs of the command line: the words that each takes, and the service that it calls.

They import what they need when they run, so that ``--help`` is quick.
"""

from __future__ import annotations

from verbs import allocating, data, matching, people, projects, rasters, rating, reaching, serving, versions
from verbs.words import Verb

VERBS: dict[str, Verb] = {
    **data.VERBS,
    **matching.VERBS,
    **allocating.VERBS,
    **reaching.VERBS,
    **projects.VERBS,
    **versions.VERBS,
    **people.VERBS,
    **rasters.VERBS,
    **rating.VERBS,
    **serving.VERBS,
}
"""Every verb that is there, by name."""

LATER = {
    "report": "sheets for officials / 报告",
    "passport": "origin of a figure / 数字溯源",
}
"""Verbs that are promised and not built yet."""
