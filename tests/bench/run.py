"""Measure speed and memory, and write the table in docs: ``python tests/bench/run.py [--quick] [--only NAME …]``."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.bench.balance import balanced  # noqa: E402  the checkout is not installed
from tests.bench.bring_in import cambridge  # noqa: E402
from tests.bench.capacity import after_an_edit, from_scratch, limited  # noqa: E402
from tests.bench.exchange import exchanged  # noqa: E402
from tests.bench.line import HEAD, Line  # noqa: E402
from tests.bench.map import editor  # noqa: E402
from tests.bench.placing import placed  # noqa: E402
from tests.bench.rasters import raster_statistics  # noqa: E402
from tests.bench.reach import walked  # noqa: E402
from tests.bench.start_up import first_map  # noqa: E402
from tests.bench.stores import kept  # noqa: E402

Job = Callable[..., list[Line]]


def _alone(job: Job) -> Job:
    """A job in a process of its own: the most memory that a process ever had is that of all its jobs."""

    def run(*, quick: bool) -> list[Line]:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
            return one.submit(job, quick=quick).result()

    return run


TABLE = ROOT / "docs" / "benchmarks.md"
JOBS = {
    "capacity": from_scratch,
    "edit": after_an_edit,
    "balance": balanced,
    "limits": limited,
    "import": cambridge,
    "exchange": exchanged,
    "rasters": _alone(raster_statistics),
    "reach": walked,
    "store": kept,
    "placing": _alone(placed),
    "start": first_map,
    "map": editor,
}
LIBRARIES = ("geopandas", "shapely", "numpy", "pandas", "pyarrow", "pyogrio", "highspy", "ortools", "streamlit")

TEXT = """# Benchmarks

Made by `make bench` on {date}: {cores} cores, {system}, Python {python}, {libraries}. Medians of at least three runs;
what is compared was measured in the same run, one after the other. Other work on the machine moves the digits; the
ratios are what to look at.

{table}

- The parcels are synthetic (`tests/bench/synthetic.py`): a jittered lattice of twelve-vertex polygons with shared
  boundaries, twelve wavy zones that cut about four in a hundred of them and leave a rim outside; some parcels without
  any limit, some that carry more than they may.
- *From geometry* starts from two GeoDataFrames in memory and ends with accounts by zone, nothing kept from the time
  before; the peer computes ten of the fifteen figures. Peak memory is that of the whole process, libraries included.
- *GeoPandas at 1 M* is not run: `overlay` holds every piece at once, and ten times its time at 100 k says enough.
- *From files* reads GeoParquet, checks every outline, splits and posts; see `layers/stores/geoparquet.py`.
- *An edit* is the next workspace with one value changed, and its accounts; where parcels lie is kept, and runs of
  parts that no changed figure touches are not posted again. The last of 21 edits gives, figure for figure, exactly
  what the same tables give from geometry.
- *Land lost to constraints* starts from tables in memory; one of the twelve outlines has 24,059 vertices. The peer
  gives the land under each and, by a second overlay with their union, once under all; it has no sets of causes.
- *Import* ends with the rows and their events on the disk; *read, checked* alone is a third of it. Its peer reads
  and keeps nothing. *Export* is opened again and compared, row by row, before its time ends.
- *Statistics of a raster* are read from a tiled GeoTIFF by the process that opens files; the next raster on the grid
  is read, gathered and summed anew, only which cells a parcel covers is known. rasterstats takes whole cells by their
  centres and runs on 1,000 of the parcels.
- *Walks* start from lines and outlines in memory: ways are cut where they meet, parcels and entrances find their way,
  and one Dijkstra from all entrances at once gives every distance. The loop is timed on 50 entrances.
- *Plans* are made with four goals in their order (`tests/bench/sites.py`): weighted demand met, fit, parcels opened,
  changes from today. Rooms are parcels, their shares of support and caps of zones; a fifth of the projects stand
  alone. A gap is that of the goal among all plans as good in the goals before it. CP-SAT has ten seconds and both
  cores for each of two goals, in a process of its own; greedy places the weightiest project first, each on its best
  place that is left. Why not here is asked of nine options that the plan does not take.
- *One edit* of a store is on the disk (WAL, `synchronous=FULL`) when its time ends; *a branch* copies nothing.
- *The map* is the editor in Chromium with software rendering at 1366 × 768, clicked by its mouse: painted is the next
  frame after the click, saved is the figures over the map and «已保存»; both from the time of the click's own event.
  The first map is a browser without a cache on a server that has the workspace open. The peer is folium's `GeoJson`
  through `st_folium` with a style that follows the clicks, clicked in the middle of a parcel four seconds after the
  map of the click before was drawn; a click without an answer is lost. It is not run beyond 2,000 parcels.
"""


def main() -> None:
    """Run what is asked for; the table is written only by a whole run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it runs; writes no table")
    parser.add_argument("--only", nargs="+", choices=list(JOBS), default=list(JOBS), help="writes no table")
    asked = parser.parse_args()
    lines: list[Line] = []
    for name in asked.only:
        print(f"{name} …", file=sys.stderr, flush=True)
        lines.extend(JOBS[name](quick=asked.quick))
    table = "\n".join([HEAD, *(line.row() for line in lines)])
    print(table)
    if not asked.quick and len(asked.only) == len(JOBS):
        TABLE.parent.mkdir(exist_ok=True)
        TABLE.write_text(_page(table), encoding="utf-8")
    if any(line.met is False for line in lines):
        print("A goal is not met.", file=sys.stderr)


def _page(table: str) -> str:
    return TEXT.format(
        date=datetime.now(UTC).date().isoformat(),
        cores=os.cpu_count(),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        libraries=", ".join(f"{name} {version(name)}" for name in LIBRARIES),
        table=table,
    )


if __name__ == "__main__":
    main()
