"""Import of a city's real parcels with their tax records, from the call of the command line to the saved file."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import geopandas as gpd
import pandas as pd

from tests.bench.line import Line
from tests.golden.build_cambridge import run

ROOT = Path(__file__).parent.parent.parent
DATA = ROOT.parent / "shared" / "real" / "cambridge-ma"


def cambridge(*, quick: bool) -> list[Line]:
    """Parcels of Cambridge per second."""
    parcels = DATA / "ASSESSING_ParcelsFY2013.topojson"
    if not parcels.is_file():
        print("SKIPPED import of Cambridge: ../shared is not beside this clone")
        return []
    own, plain, read = [], [], 0
    with tempfile.TemporaryDirectory() as scratch:
        for turn in range(1 if quick else 3):
            workspace = str(Path(scratch) / f"{turn}.gpkg")
            run("new", workspace, "--crs", "EPSG:26986", "--name", "Cambridge")
            clock = time.perf_counter()
            read = _ours(workspace, parcels)["read"]
            own.append(time.perf_counter() - clock)
            clock = time.perf_counter()
            _plain(parcels, Path(scratch) / f"plain-{turn}.gpkg")
            plain.append(time.perf_counter() - clock)
    seconds, other = median(own), median(plain)
    return [
        Line(
            f"Import of Cambridge, {read:,} features with 27,424 tax records: checked, mended, joined, saved",
            f"{seconds:.1f} s, {read / seconds:,.0f} parcels/s",
            f"GeoPandas `read_file`, `merge`, `to_file`, nothing checked: {other:.1f} s",
            f"{seconds / other:.1f} × the time",
        )
    ]


def _ours(workspace: str, parcels: Path) -> dict[str, Any]:
    mapped = ("parcel_no=ML", "official_area_m2=LandArea", "built_floor_area_m2=GrossArea")
    tax = ("--join", str(DATA / "TaxFY13.csv"), "--on", "ML", "--take", "LandArea=max", "GrossArea=sum")
    return run(
        *("import", workspace, str(parcels), "--layer", "parcels", "--crs", "EPSG:4326", "--map", *mapped),
        *(*tax, "--area-unit", "ft2", "--repair", "--skip-bad"),
    )


def _plain(parcels: Path, target: Path) -> None:
    shapes = gpd.read_file(parcels).set_crs("EPSG:4326", allow_override=True).to_crs("EPSG:26986")
    tax = pd.read_csv(DATA / "TaxFY13.csv", low_memory=False)
    tax = tax.groupby("ML").agg(LandArea=("LandArea", "max"), GrossArea=("GrossArea", "sum"))
    shapes.merge(tax, left_on="ML", right_index=True, how="left").to_file(target, driver="GPKG")
