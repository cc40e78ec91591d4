"""Suitability: a change of weights over many parcels, draws, and in the browser from a slider to the painted map.

Run at the root of the checkout: ``python -m tests.bench.suitability`` (``--page`` for the browser as well).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from layers import stores
from layers.demo import usual_criteria
from layers.ground.models import criteria
from layers.ground.scoring import assemble, chosen
from spatial.robustness import robustness
from spatial.suitability import Scores, rate
from tests.bench.synthetic import town

KEYS = 8


def median(act: Callable[[], object], times: int = 7) -> float:
    """Median time of an act [ms]."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        found.append((time.perf_counter() - begun) * 1000)
    return statistics.median(found)


def computing() -> None:
    """Weights over random scores, with a tenth unknown, and draws."""
    rng = np.random.default_rng(1)
    for parcels in (2_000, 100_000):
        table = rng.uniform(0, 100, (8, parcels))
        table[:, rng.uniform(size=parcels) < 0.1] = np.nan
        none, never = np.zeros((0, parcels)), np.zeros(0, dtype=bool)
        scores = Scores(table, none, rng.uniform(size=8) < 0.5, never)
        rate(scores, np.ones(8))
        sys.stdout.write(f"weights, 8 criteria, {parcels:,} parcels: {median(lambda: rate(scores, rng.uniform(1, 9, 8))):.1f} ms\n")
    few = Scores(rng.uniform(0, 100, (8, 2_000)), np.zeros((0, 2_000)), np.zeros(8, bool), np.zeros(0, bool))
    sys.stdout.write(f"10,000 draws, 2,000 parcels: {median(lambda: robustness(few, np.ones(8), 20), 3):.0f} ms\n")
