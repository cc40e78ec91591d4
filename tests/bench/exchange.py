"""Import and export of 100 k parcels, checks and verification included, beside GeoPandas alone."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import geopandas as gpd

from layers import services, stores
from layers.changes import Actor
from layers.readers.bring_in import Wish
from layers.stores import geopackage
from layers.workspace import Workspace
from layers.writers.hand_out import Order
from tests.bench import synthetic
from tests.bench.line import Line

_GOALS = {"gpkg": 20_000, "shp": 10_000}
_DRIVERS = {"gpkg": "GPKG", "shp": "ESRI Shapefile"}
_NAMES = {
    "parcel_no": "DKBH",
    "land_use": "YDXZDM",
    "classification": "FLBZ",
    "official_area_m2": "YDMJ",
    "far_max": "RJLSX",
    "built_floor_area_m2": "JZMJ",
}


def exchanged(*, quick: bool) -> list[Line]:
    """Rows per second, in and out."""
    count, turns = (5_000, 1) if quick else (100_000, 3)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        frame = synthetic.parcels(count)[[*_NAMES, "geometry"]].rename(columns=_NAMES)
        lines = []
        for ending in _GOALS:
            print(f"  {count:,} parcels as {ending}", file=sys.stderr, flush=True)
            source = folder / f"source.{ending}"
            frame.to_file(source, driver=_DRIVERS[ending])
            lines.append(_imported(source, folder, count, turns))
        workspace = folder / "out.gpkg"
        stores.create(workspace, synthetic.workspace(count))
        lines += [_exported(workspace, ending, frame, folder, count, turns) for ending in _GOALS]
        geopackage.close(workspace)
    return lines


def _seconds(act: Callable[[int], object], turns: int) -> float:
    """Median time of an act [s]; it is told which time it is."""
    taken = []
    for turn in range(turns):
        clock = time.perf_counter()
        act(turn)
        taken.append(time.perf_counter() - clock)
    return median(taken)


def _imported(source: Path, folder: Path, count: int, turns: int) -> Line:
    ending = source.suffix[1:]
    made = [folder / f"in-{ending}-{turn}.gpkg" for turn in range(turns)]
    for path in made:
        stores.create(path, Workspace(name="测", name_en="Bench", crs=synthetic.CRS, tables={}))
    answers = []

    def ours(turn: int) -> None:
        wish = Wish(file=str(source), layer="parcels")
        answers.append(services.import_file(str(made[turn]), wish, actor=Actor("bench")))

    mine = _seconds(ours, turns)
    assert all(answer["accepted"] == count for answer in answers), answers[0]["rows"][:3]
    floor = _seconds(lambda _: gpd.read_file(source), turns)
    for path in made:
        geopackage.close(path)
    return _line(
        f"Import of {count:,} parcels from .{ending}: read, checked, saved", ending, count, mine, floor, "read_file"
    )


def _exported(workspace: Path, ending: str, frame: gpd.GeoDataFrame, folder: Path, count: int, turns: int) -> Line:
    def ours(turn: int) -> None:
        order = Order(str(folder / f"out-{turn}.{ending}"), "parcels", ending)
        answer = services.export_layer(str(workspace), order)
        assert answer["verified"] is True
        assert answer["written"] == count

    mine = _seconds(ours, turns)
    floor = _seconds(lambda turn: frame.to_file(folder / f"plain-{turn}.{ending}", driver=_DRIVERS[ending]), turns)
    return _line(
        f"Export of {count:,} parcels to .{ending}: written, opened again, compared",
        ending,
        count,
        mine,
        floor,
        "to_file",
    )


def _line(what: str, ending: str, count: int, mine: float, floor: float, name: str) -> Line:
    return Line(
        what,
        f"{mine:.1f} s, {count / mine:,.0f} parcels/s",
        f"GeoPandas `{name}` alone: {floor:.1f} s",
        f"{mine / floor:.1f} × the time",
        f"≥ {_GOALS[ending]:,} parcels/s",
        count / mine >= _GOALS[ending],
    )
