"""Builds data/demo: the Fengtai demo workspace, from the facts in data/facts and the rules in data/fengtai.

Run from the repository root: ``python -m data.build_demo`` (or ``python data/build_demo.py``). Building twice gives
the same bytes. ``--out`` writes elsewhere; ``--readme`` refreshes the checksums in data/README.md as well.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:  # started as a file: the packages beside data/ are not on the path yet
    sys.path.insert(0, str(HERE.parent))

from data.fengtai.buildings import buildings, parks  # noqa: E402
from data.fengtai.context import backdrop, stations  # noqa: E402
from data.fengtai.criteria import criteria  # noqa: E402
from data.fengtai.files import Row, frame, geojson, refresh_checksums, table  # noqa: E402
from data.fengtai.milestones import milestones  # noqa: E402
from data.fengtai.origins import assumptions, figures  # noqa: E402
from data.fengtai.outlines import WORKING_CRS  # noqa: E402
from data.fengtai.parcels import parcels  # noqa: E402
from data.fengtai.projects import assignments, moves, projects  # noqa: E402
from data.fengtai.rules import rulepacks  # noqa: E402
from data.fengtai.targets import targets  # noqa: E402
from data.fengtai.terrain import content, rasters, sha256  # noqa: E402
from data.fengtai.zones import zones  # noqa: E402
from layers.catalogue import LAYERS  # noqa: E402

AS_OF = "2026-11-22"
WORKSPACE = {
    "name": "中关村丰台园（示例）",
    "name_en": "Zhongguancun Fengtai Park (demo)",
    "crs": WORKING_CRS,
    "as_of": AS_OF,
    "notes": {
        "zh-CN": "示例数据：公布的面积、规模与地块如实标注来源和可信度；其余图形与指标均为示意，不得用于审批。"
        "坐标按 CGCS2000 存储，来源为 WGS84 者视同 CGCS2000（相差小于 1 m，未作转换）。"
        "车站、线路与站房：© OpenStreetMap contributors，ODbL 1.0。",
        "en": "Demo data: published areas, floor areas and parcels carry their source and confidence; all other "
        "outlines and figures are illustrative and must not be used for decisions. Coordinates are CGCS2000; WGS84 "
        "sources are taken as CGCS2000 (less than 1 m apart, not transformed). Stations, lines and station halls: "
        "© OpenStreetMap contributors, ODbL 1.0.",
    },
}
# No constraints: no official layer that limits land here is public, and none is made up.
TABLES: dict[str, Callable[[], list[Row]]] = {
    "zones": zones,
    "parcels": lambda: [parcel.row() for parcel in parcels()],
    "buildings": buildings,
    "parks": parks,
    "projects": projects,
    "assignments": assignments,
    "moves": moves,
    "milestones": milestones,
    "stations": stations,
    "assumptions": assumptions,
    "criteria": criteria,
    "targets": targets,
    "rulepacks": rulepacks,
    "figures": figures,
    "backdrop": backdrop,
    "rasters": rasters,
}


def build(out: Path) -> dict[str, int]:
    """Write every table of the demo and its workspace.json into a folder.

    Parameters
    ----------
    out
        Folder; made if it is not there.

    Returns
    -------
    dict
        Rows per table.

    Raises
    ------
    ValueError
        A table does not keep the contract of its layer; nothing of it is written.
    """
    out.mkdir(parents=True, exist_ok=True)
    counts = {}
    for name, rows_of in TABLES.items():
        layer, rows = LAYERS[name], rows_of()
        complaints = [c for c in layer.check(frame(layer, rows)) if c.severity == "error"]
        if complaints:
            told = "; ".join(f"row {c.row} {c.column}: {c.message('en')}" for c in complaints[:5])
            raise ValueError(f"{name}: {len(complaints)} complaints: {told}")
        text = geojson(layer, rows) if layer.geometry else table(layer, rows)
        suffix = "geojson" if layer.geometry else "csv"
        (out / f"{name}.{suffix}").write_text(text, encoding="utf-8", newline="\n")
        counts[name] = len(rows)
    (out / f"{sha256()}.tif").write_bytes(content())
    workspace = json.dumps(WORKSPACE, ensure_ascii=False, indent=2) + "\n"
    (out / "workspace.json").write_text(workspace, encoding="utf-8", newline="\n")
    return counts


def main() -> int:
    """Command line."""
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--out", type=Path, default=HERE / "demo", help="folder to write to (default: data/demo)")
    words.add_argument("--readme", action="store_true", help="refresh the checksums in data/README.md")
    chosen = words.parse_args()
    for name, count in build(chosen.out).items():
        sys.stdout.write(f"{name:12} {count:5}\n")
    if chosen.readme:
        refresh_checksums(HERE / "README.md")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
