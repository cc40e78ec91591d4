"""Capacity of synthetic parcels by twelve zones: from scratch against the peer, and again after one edit."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from layers.accounts import report, totals
from layers.catalogue import LAYERS
from layers.workspace import Workspace
from tests.bench import peer, synthetic
from tests.bench.line import Line

CHILD = Path(__file__).parent / "child.py"
PARCELS = {10_000: "10 k", 100_000: "100 k", 1_000_000: "1 M"}


def child(job: str, count: int, folder: Path, repeats: int) -> dict[str, Any]:
    """One job in a process of its own."""
    words = [sys.executable, str(CHILD), job, str(count), str(folder), str(repeats)]
    print(f"  {job} {count:,} × {repeats}", file=sys.stderr, flush=True)
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def difference(one: dict[str, Any], other: dict[str, Any], figures: tuple[str, ...]) -> float:
    """Largest difference of any figure of any zone, relative to the total of the figure."""
    zones: list[dict[Any, dict[str, Any]]] = [{g["zone"]: g for g in found["groups"]} for found in (one, other)]
    if zones[0].keys() != zones[1].keys():
        return float("inf")
    return max(
        abs(zones[0][zone][name] - zones[1][zone][name]) / max(abs(float(one[name])), 1.0)
        for zone in zones[0]
        for name in figures
    )


def from_scratch(*, quick: bool) -> list[Line]:
    """Everything from geometry, at three sizes."""
    lines = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for count in (10_000,) if quick else (10_000, 100_000):
            lines.append(_against_peer(count, folder))
        lines.append(_streamed(100_000 if quick else 1_000_000, folder))
    return lines


def _against_peer(count: int, folder: Path) -> Line:
    own, other = child("memory", count, folder, 5), child("overlay", count, folder, 3)
    seconds, peers = median(own["seconds"]), median(other["seconds"])
    apart = difference(own["answer"], other["answer"], peer.FIGURES)
    goal = "≥ 8 × faster, totals equal to 1e-9" if count == 100_000 else "totals equal to 1e-9"
    met = apart <= 1e-9 and (count != 100_000 or peers / seconds >= 8)
    return Line(
        f"Capacity from geometry, {PARCELS[count]} parcels × 12 zones, in memory",
        f"{seconds:.2f} s, {own['peak_mb']:,.0f} MB",
        f"GeoPandas `overlay` + `groupby`: {peers:.2f} s, {other['peak_mb']:,.0f} MB",
        f"{peers / seconds:.1f} × faster; totals differ by {apart:.0e}",
        goal,
        met,
    )


def _streamed(count: int, folder: Path) -> Line:
    made = child("make", count, folder, 1)
    found = child("stream", count, folder, 3)
    seconds, peak = median(found["seconds"]), found["peak_mb"]
    print(f"  written in {made['seconds'][0]:.1f} s", file=sys.stderr)
    apart = ""
    if count <= 100_000:
        whole = child("memory", count, folder, 1)
        apart = f"; totals differ from memory by {difference(found['answer'], whole['answer'], peer.FIGURES):.0e}"
    met = found["answer"]["parcels"] == count and peak <= 1_000
    return Line(
        f"Capacity from GeoParquet files, {PARCELS[count]} parcels × 12 zones, 100,000 rows at a time",
        f"{seconds:.1f} s, {peak:,.0f} MB",
        "not run at this size",
        f"{count / seconds:,.0f} parcels/s{apart}",
        "peak memory ≤ 1 GB",
        met,
    )


def limited(*, quick: bool) -> list[Line]:
    """Land that parcels lose to twelve constraints that overlap one another."""
    count = 10_000 if quick else 100_000
    with tempfile.TemporaryDirectory() as scratch:
        own, other = (child(job, count, Path(scratch), times) for job, times in (("limits", 3), ("limits_peer", 1)))
    seconds, peers = median(own["seconds"]), median(other["seconds"])
    figures, theirs = own["answer"], other["answer"]
    apart = max(abs(figures[name] - theirs[name]) / theirs[name] for name in theirs)
    return [
        Line(
            f"Land lost to constraints, {PARCELS[count]} parcels × 12 that overlap: by cause, by set, once",
            f"{seconds:.2f} s, {own['peak_mb']:,.0f} MB",
            f"GeoPandas `overlay` twice, no sets: {peers:.2f} s, {other['peak_mb']:,.0f} MB",
            f"{peers / seconds:.1f} × faster, {figures['sets']} sets; totals differ by {apart:.0e}",
            "≤ 5 s, totals equal to 1e-9",
            apart <= 1e-9 and seconds <= 5,
        )
    ]


def after_an_edit(*, quick: bool) -> list[Line]:
    """One changed value at 100 k parcels, with the split kept: the next workspace and its accounts by zone."""
    count = 10_000 if quick else 100_000
    start = synthetic.workspace(count, cap=3e7, assign=True)
    report(start)
    clock = time.perf_counter()
    report(Workspace(start.name, start.crs, start.tables))
    scratch = (time.perf_counter() - clock) * 1e3
    edits: dict[str, Callable[[Workspace, int], dict[str, pd.DataFrame]]] = {
        "ratio of one parcel changed": _ratio,
        "one assignment added": _assignment,
    }
    lines = []
    for name, edit in edits.items():
        for what, ask in (("accounts by zone", report), ("totals", totals)):
            milliseconds, same = _chain(start, edit, ask)
            lines.append(
                Line(
                    f"{name[0].upper()}{name[1:]}, {PARCELS[count]} parcels: {what}",
                    f"{milliseconds:.1f} ms",
                    f"the same from geometry: {scratch:.0f} ms",
                    f"{scratch / milliseconds:.0f} × faster" + ("" if same else "; FIGURES DIFFER"),
                    "≤ 10 ms, the same figures",
                    milliseconds <= 10 and same,
                )
            )
    return lines


def _chain(
    start: Workspace,
    edit: Callable[[Workspace, int], dict[str, pd.DataFrame]],
    ask: Callable[[Workspace], dict[str, Any]],
    edits: int = 21,
) -> tuple[float, bool]:
    """Edits one after the other: median time of each, and whether the last gives what starting afresh gives."""
    here, taken, found = start, [], {}
    for turn in range(edits):
        tables = edit(here, turn)
        clock = time.perf_counter()
        here = here.with_tables(**tables)
        found = ask(here)
        taken.append(time.perf_counter() - clock)
    return median(taken) * 1e3, found == ask(Workspace(here.name, here.crs, here.tables))


def _ratio(workspace: Workspace, turn: int) -> dict[str, pd.DataFrame]:
    parcels = workspace.table("parcels")
    ratio = parcels["far_max"].to_numpy(dtype=float, copy=True)
    ratio[(turn * 7919) % len(ratio)] = np.round(0.5 + 0.1 * turn, 2)
    return {"parcels": parcels.assign(far_max=ratio)}


def _assignment(workspace: Workspace, turn: int) -> dict[str, pd.DataFrame]:
    given = workspace.table("assignments")
    row = given.iloc[[0]].assign(
        assignment_id=f"N{turn}",
        parcel_id=workspace.table("parcels")["parcel_id"].iloc[(turn * 104729) % len(workspace.table("parcels"))],
        floor_area_m2=100.0 + turn,
    )
    return {"assignments": LAYERS["assignments"].conform(pd.concat([given, row], ignore_index=True))}
