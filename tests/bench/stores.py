"""A workspace of 100 k parcels as a store: opening, an edit on the disk, branches, differences, undo."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from uuid import uuid4

import geopandas as gpd
import pyogrio
import shapely

from layers import applying, history, scenarios, stores
from layers.changes import Actor, Asked
from layers.commands import Edit, EditMany
from layers.commands.editing import frozen
from layers.comparing import compare
from layers.stores import geopackage
from layers.stores.contract import Event, Store
from tests.bench import synthetic
from tests.bench.line import Line

ME = Actor("bench")


def timed(act: Callable[[int], object], times: int) -> float:
    """Median time of an act, in milliseconds; it is told which time it is."""
    taken = []
    for turn in range(times):
        clock = time.perf_counter()
        act(turn)
        taken.append(time.perf_counter() - clock)
    return median(taken) * 1e3


def asked(scenario: str = "main") -> Asked:
    return Asked(ME, uuid4().hex, scenario=scenario)


def kept(*, quick: bool) -> list[Line]:
    """Everything that a user waits for when a workspace is opened and changed."""
    count, few = (10_000, 2_000) if quick else (100_000, 20_000)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        print(f"  writing {count:,} parcels", file=sys.stderr, flush=True)
        path, peer = folder / "w.gpkg", folder / "peer.gpkg"
        stores.create(path, synthetic.workspace(count, cap=3e7, assign=True))
        parcels = synthetic.parcels(count)
        parcels.to_file(peer, layer="parcels", driver="GPKG")
        lines = [_opened(path, peer), *_edited(path, peer, parcels), _branched(path), _undone(path, quick=quick)]
        geopackage.close(path)
        small = folder / "small.gpkg"
        stores.create(small, synthetic.workspace(few, assign=True))
        lines.append(_compared(small, few))
        geopackage.close(small)
    return lines


def _opened(path: Path, peer: Path) -> Line:
    def ours(_: int) -> None:
        geopackage.close(path)
        with stores.open_store(path).reading() as tx:
            tx.workspace()

    mine = timed(ours, 3)
    theirs = timed(lambda _: gpd.read_file(peer, layer="parcels"), 3)
    return Line(
        "Open a workspace of 100 k parcels, every layer read",
        f"{mine / 1e3:.2f} s",
        f"GeoPandas `read_file` of the parcels alone: {theirs / 1e3:.2f} s",
        f"{mine / theirs:.1f} × the time",
        "≤ 2 s",
        mine <= 2_000,
    )


def _edited(path: Path, peer: Path, parcels: gpd.GeoDataFrame) -> list[Line]:
    store = stores.open_store(path)

    def edit(turn: int) -> None:
        key = f"P{turn * 991 % len(parcels):07d}"
        done = applying.apply(store, asked(), Edit("parcels", key, frozen({"far_max": 0.01 + turn / 100})))
        assert done.status in ("ok", "invalid"), done

    def read(_: int) -> None:
        with store.reading() as tx:
            tx.workspace()

    edit(0)
    mine, again = timed(edit, 50), timed(read, 50)
    one = parcels.iloc[[0]].assign(geometry=shapely.box(0, 0, 1, 1))
    append = timed(lambda _: pyogrio.write_dataframe(one, peer, layer="parcels", append=True), 9)
    whole = timed(lambda _: parcels.to_file(peer.with_name("whole.gpkg"), layer="parcels", driver="GPKG"), 1)
    return [
        Line(
            "One edit of 100 k parcels: role, conflict, rules and caps looked at, state and event on the disk",
            f"{mine:.1f} ms",
            f"pyogrio, one feature appended, nothing looked at: {append:.1f} ms; "
            f"GeoPandas `to_file` of all: {whole:,.0f} ms",
            f"{append / mine:.1f} × and {whole / mine:,.0f} × faster",
            "≤ 20 ms",
            mine <= 20,
        ),
        Line(
            "The present state of an open workspace, asked for again",
            f"{again:.2f} ms",
            "–",
            "–",
            "≤ 2 ms",
            again <= 2,
        ),
    ]


def _branched(path: Path) -> Line:
    store = stores.open_store(path)
    mine = timed(lambda turn: scenarios.branch(store, asked(), f"方案{turn}"), 5)
    copied = timed(lambda turn: geopackage.GeoPackage(path).backup(path.with_name(f"copy{turn}.gpkg")), 3)
    return Line(
        "Branch a workspace of 100 k parcels",
        f"{mine:.1f} ms",
        f"SQLite's backup of the file: {copied:.0f} ms",
        f"{copied / mine:.0f} × faster",
        "≤ 1 s",
        mine <= 1_000,
    )


def _undone(path: Path, *, quick: bool) -> Line:
    store, count = stores.open_store(path), 500 if quick else 10_000
    _worked(store, count)

    def look(_: int) -> None:
        with store.reading() as tx:
            assert history.stacks(tx, ME.name, "main").undo

    mine = timed(look, 50)
    return Line(
        f"What can be undone and redone, after {count:,} acts",
        f"{mine:.2f} ms",
        "–",
        "read on every page",
        "≤ 5 ms",
        mine <= 5,
    )


def _worked(store: Store, count: int) -> None:
    with store.writing() as tx:
        for _ in range(count):
            tx.append(Event(0, uuid4().hex, "", ME.name, "admin", "main", "edit"))


def _compared(path: Path, count: int) -> Line:
    store, names = stores.open_store(path), ("甲", "乙")
    for start, name in enumerate(names):
        scenarios.branch(store, asked(), name)
        keys = tuple(f"P{at:07d}" for at in range(start, count, 40))
        done = applying.apply(store, asked(name), EditMany("parcels", keys, frozen({"note": name})))
        assert done.status == "ok", done
    geopackage.close(path)
    store = stores.open_store(path)
    with store.reading() as tx:
        one, other = (tx.workspace(name) for name in names)
    found = []
    mine = timed(lambda _: found.append(len(compare(one, other))), 5)

    def theirs(_: int) -> int:
        left, right = (side.frame("parcels").set_index("parcel_id") for side in (one, other))
        values = left.drop(columns="geometry").compare(right.drop(columns="geometry"))
        return len(values) + int((~left.geom_equals(right)).sum())

    peer = timed(theirs, 3)
    return Line(
        f"Difference of two branches of {count // 1000} k parcels, {found[0]:,} rows apart, every layer",
        f"{mine:.0f} ms",
        f"pandas `compare` + `geom_equals` of the parcels: {peer:.0f} ms",
        f"{peer / mine:.1f} × faster",
        "≤ 2 s",
        mine <= 2_000,
    )
