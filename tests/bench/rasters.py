"""Statistics of a raster for 100 k parcels, and of the next raster on its grid, beside rasterstats.

It runs in a process of its own (``python tests/bench/rasters.py COUNT``), so that its peak memory is its
own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import shapely

ROOT = Path(__file__).parent.parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.bench.line import Line  # noqa: E402  the checkout is not installed

_WIDTH, _HEIGHT = 3_000, 1_600
_STATS = ["mean", "min", "max", "sum", "count", "share_above=15"]
_PEER = 1_000
_AGAIN = 5


def raster_statistics(*, quick: bool) -> list[Line]:
    """First raster, next raster, peak memory; and seconds a parcel beside rasterstats."""
    count = 5_000 if quick else 100_000
    print(f"  {count:,} parcels over {_WIDTH:,} × {_HEIGHT:,} cells", file=sys.stderr, flush=True)
    command = [sys.executable, str(Path(__file__)), str(count)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    told = json.loads(done.stdout.splitlines()[-1])
    named = f"{count // 1000} k parcels over {_WIDTH:,} × {_HEIGHT:,} cells"
    peer = f"rasterstats `zonal_stats`, {told['peer_parcels']:,} parcels: {told['peer_ms']:.2f} ms a parcel"
    first, following, mb = told["first_s"], told["next_s"], told["peak_mb"]
    each = first / count * 1e3
    return [
        Line(
            f"Statistics of {named}: exact shares, six figures, from the file",
            f"{first:.1f} s, {mb:.0f} MB",
            peer,
            f"{each:.2f} ms a parcel, {told['peer_ms'] / each:.1f} × faster; {told['cells']:,} cells",
            "≤ 40 s, ≤ 1 GB",
            first <= 40 and mb <= 1000,
        ),
        Line(
            f"The next raster on the grid, {named}",
            f"{following * 1e3:.0f} ms",
            "the same again",
            f"mean alone {told['mean_s'] * 1e3:.0f} ms; by cell centres {told['centre_s'] * 1e3:.0f} ms",
            "≤ 200 ms",
            following <= 0.2,
        ),
        Line(
            "Means by cell centres, the same parcels",
            "–",
            f"rasterstats, {told['peer_parcels']:,} parcels",
            f"largest difference {told['differs']:.1e}",
            "≤ 1e-6",
            told["differs"] <= 1e-6,
        ),
    ]


def measured(count: int, folder: Path) -> dict[str, Any]:
    """All figures of one run."""
    from layers.ground.zonal import statistics
    from layers.workspace import Workspace
    from tests.bench import synthetic

    parcels = synthetic.parcels(count)
    workspace = Workspace("bench", synthetic.CRS, {"parcels": parcels})
    west, south, east, north = shapely.total_bounds(np.asarray(parcels.geometry))
    place = ((east - west) / _WIDTH, 0.0, west, 0.0, -(north - south) / _HEIGHT, north)
    one, other = (_raster(folder / f"{seed}.tif", place, seed) for seed in (1, 2))
    first, found = _timed(lambda: statistics(workspace, one, _STATS))
    following = median(_timed(lambda: statistics(workspace, other, _STATS))[0] for _ in range(_AGAIN))
    mean = median(_timed(lambda: statistics(workspace, other, ["mean"]))[0] for _ in range(_AGAIN))
    centre = median(_timed(lambda: statistics(workspace, other, ["mean"], "centre"))[0] for _ in range(_AGAIN))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    cells = sum(len(kept.cell) for kept in workspace.coverages.values())
    told = {"first_s": first, "next_s": following, "mean_s": mean, "centre_s": centre, "peak_mb": peak}
    assert bool(found["mean"].notna().all())
    return told | {"cells": cells} | _peer(workspace, one)


def _peer(workspace: Any, raster: str) -> dict[str, Any]:
    """The peer on some of the parcels, and how far its means are from ours by the same rule."""
    import rasterio
    from rasterstats import zonal_stats

    from layers.ground.zonal import statistics

    frame = workspace.frame("parcels").iloc[:_PEER]
    seconds, _ = _timed(lambda: zonal_stats(frame, raster, stats="mean min max sum count"))  # from the file, as ours
    with rasterio.open(raster) as file:  # compared in 64 bits: it adds in the type that it is given
        whole, place = file.read(1).astype("float64"), file.transform
    theirs = zonal_stats(frame, whole, affine=place, nodata=-9999, stats="mean count")
    ours = statistics(workspace, raster, ["mean", "count"], "centre").iloc[:_PEER]
    mean = np.array([np.nan if row["mean"] is None else row["mean"] for row in theirs])
    count = np.array([row["count"] for row in theirs])
    same = ours["count"].to_numpy() == count  # a centre on a boundary is in for one and out for the other
    differs = float(np.max(np.abs(ours["mean"].to_numpy() - mean)[same & (count > 1)]))
    return {"peer_ms": seconds / len(frame) * 1e3, "peer_parcels": len(frame), "differs": differs}


def _raster(path: Path, place: tuple[float, ...], seed: int) -> str:
    import rasterio

    values = np.random.default_rng(seed).normal(15, 5, (_HEIGHT, _WIDTH)).astype("float32")
    size = {"width": _WIDTH, "height": _HEIGHT, "count": 1, "dtype": "float32", "crs": "EPSG:4548", "nodata": -9999}
    layout = {"tiled": True, "blockxsize": 256, "blockysize": 256}
    with rasterio.open(path, "w", driver="GTiff", transform=rasterio.Affine(*place), **size, **layout) as file:
        file.write(values, 1)
    return str(path)


def _timed(act: Any) -> tuple[float, Any]:
    clock = time.perf_counter()
    found = act()
    return time.perf_counter() - clock, found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        print(json.dumps(measured(int(sys.argv[1]), Path(scratch))))
