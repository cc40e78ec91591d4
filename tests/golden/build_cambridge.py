"""Rebuild the golden totals of Cambridge, MA, with the command line: ``python tests/golden/build_cambridge.py``."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

from cli import main  # noqa: E402  the checkout is not installed

KEPT = ("parcels", "unknown_parcels", "site_area_m2", "permitted_m2", "built_m2", "available_m2", "over_m2")
KEPT += ("remaining_signed_m2", "remaining_clipped_m2", "unknown_site_area_m2", "unknown_built_m2")


def run(*words: str) -> dict[str, Any]:
    """One call of the command line; anything but exit 0 stops."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = main([*words, "--json", "--lang", "en"])
    if status:
        raise SystemExit(out.getvalue()[:400])
    return dict(json.loads(out.getvalue()))


def build(shared: Path, folder: Path) -> dict[str, Any]:
    """Zoning, parcels with their tax rows, ratios by zone: what the commands report."""
    data, workspace = shared / "real" / "cambridge-ma", str(folder / "cambridge.gpkg")
    run("new", workspace, "--crs", "EPSG:26986", "--name", "Cambridge")
    districts, lots = data / "zoning" / "CDD_ZoningDistricts.geojson", data / "ASSESSING_ParcelsFY2013.topojson"
    zones = run("import", workspace, str(districts), "--layer", "zones", "--map", "zone_id=ZONE_TYPE")
    parcels = run(
        *("import", workspace, str(lots), "--layer", "parcels"),
        *("--crs", "EPSG:4326", "--map", "parcel_no=ML"),
        *("--map", "official_area_m2=LandArea", "built_floor_area_m2=GrossArea"),
        *("--join", str(data / "TaxFY13.csv"), "--on", "ML", "--take", "LandArea=max", "GrossArea=sum"),
        *("--area-unit", "ft2", "--repair", "--skip-bad"),
    )
    rules = run("rules", "set", workspace, str(HERE / "cambridge_far.csv"))
    return {"zones": zones, "parcels": parcels, "rules": rules, "capacity": run("capacity", workspace)}


def golden(found: dict[str, Any]) -> dict[str, Any]:
    """The figures that have to stay."""
    capacity = found["capacity"]
    zones = {group["zone"] or "": {key: group[key] for key in KEPT} for group in capacity["groups"]}
    imported = {key: found["parcels"][key] for key in ("read", "accepted", "planar_area_m2")}
    return {"import": imported, "all": {key: capacity[key] for key in KEPT}, "zones": zones}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        totals = golden(build(HERE.parent.parent.parent / "shared", Path(scratch)))
    (HERE / "cambridge.json").write_text(json.dumps(totals, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
