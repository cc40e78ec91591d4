"""One measured job in a process of its own, so that its peak memory is its own: prints one JSON object.

``python tests/bench/child.py JOB COUNT FOLDER REPEATS``
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))


def memory(count: int, folder: Path) -> Callable[[], dict[str, Any]]:
    """Capacity from tables in memory, nothing kept from the time before."""
    from layers.accounts import report
    from layers.workspace import Workspace
    from tests.bench import synthetic

    tables = {
        "zones": synthetic.zones(count),
        "parcels": synthetic.parcels(count),
        "assumptions": synthetic.assumptions(),
    }
    return lambda: report(Workspace("bench", synthetic.CRS, tables))


def overlay(count: int, folder: Path) -> Callable[[], dict[str, Any]]:
    """The same by `overlay` and `groupby`."""
    from tests.bench import peer, synthetic

    zones, parcels = synthetic.zones(count), synthetic.parcels(count)

    def run() -> dict[str, Any]:
        found = peer.report(parcels, zones, 4.0)
        groups = [
            {"zone": key if isinstance(key, str) else None} | row
            for key, row in zip(found.index, found.to_dict("records"), strict=True)
        ]
        return found.sum().to_dict() | {"groups": groups}

    return run


def stream(count: int, folder: Path) -> Callable[[], dict[str, Any]]:
    """Capacity of a folder of GeoParquet, from the files, some rows at a time."""
    from layers.stores import geoparquet

    return lambda: geoparquet.report(folder / str(count))


def make(count: int, folder: Path) -> Callable[[], dict[str, Any]]:
    """The folder that `stream` reads."""
    from layers.stores import geoparquet
    from layers.workspace import Workspace
    from tests.bench import synthetic

    tables = {"zones": synthetic.zones(count), "assumptions": synthetic.assumptions()}
    bare = Workspace("bench", synthetic.CRS, tables)

    def run() -> dict[str, Any]:
        geoparquet.write(folder / str(count), bare, parcels=synthetic.chunks(count, geoparquet.ROWS))
        return {}

    return run


def limits(count: int, folder: Path) -> Callable[[], dict[str, Any]]:
    """Land lost to twelve constraints, by cause and by set of causes, from tables in memory."""
    from layers.ground.overlaid import losses
    from layers.workspace import Workspace
    from tests.bench import synthetic

    parcels = synthetic.parcels(count).assign(far_basis="gross")
    tables = {"parcels": parcels, "constraints": synthetic.constraints(count)}

    def run() -> dict[str, Any]:
        workspace = Workspace("bench", synthetic.CRS, tables)
        found = losses(workspace)
        told = {"sets": len(workspace.excluding.land.sets), "lost_m2": float(found.covered.sum())}
        return told | dict(zip(found.kinds, found.under.sum(axis=0).tolist(), strict=True))

    return run


def limits_peer(count: int, folder: Path) -> Callable[[], dict[str, Any]]:
    """Land under each of them, and once under all, by `overlay`; no sets of causes."""
    import geopandas as gpd

    from tests.bench import synthetic

    parcels = synthetic.parcels(count)[["parcel_id", "geometry"]]
    areas = synthetic.constraints(count)[["kind", "geometry"]]

    def run() -> dict[str, Any]:
        met = gpd.overlay(parcels, areas, how="intersection", keep_geom_type=True)
        under = met.area.groupby(met["kind"]).sum().to_dict()
        once = gpd.overlay(parcels, areas.dissolve()[["geometry"]], how="intersection", keep_geom_type=True)
        return {"lost_m2": float(once.area.groupby(once["parcel_id"]).sum().sum())} | under

    return run


JOBS = {
    "memory": memory,
    "overlay": overlay,
    "stream": stream,
    "make": make,
    "limits": limits,
    "limits_peer": limits_peer,
}


def main() -> None:
    job, count, folder, repeats = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    run, seconds, answer = JOBS[job](count, folder), [], {}
    for _ in range(repeats):
        start = time.perf_counter()
        answer = run()
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # the kernel counts in kB on Linux and in bytes on macOS
    megabytes = peak / (1e6 if sys.platform == "darwin" else 1e3)
    print(json.dumps({"seconds": seconds, "peak_mb": megabytes, "answer": answer}))


if __name__ == "__main__":
    main()
