"""How the demo's tables become files: GeoJSON in degrees, one feature a line, and CSV, the same bytes every time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from data.fengtai.outlines import DECIMALS, WORKING_CRS, to_degrees
from layers.contract import Layer

Row = dict[str, Any]


def frame(layer: Layer, rows: list[Row]) -> pd.DataFrame:
    """Rows as the table of a layer, in the working CRS where it has geometry."""
    names = [*layer.names, "geometry"] if layer.geometry else list(layer.names)
    strangers = {name for row in rows for name in row} - set(names)
    if strangers:
        raise ValueError(f"{layer.name}: columns outside the contract: {sorted(strangers)}")
    table = pd.DataFrame([{name: row.get(name) for name in names} for row in rows], columns=names)
    if layer.geometry:
        return layer.conform(gpd.GeoDataFrame(table, geometry="geometry", crs=WORKING_CRS), WORKING_CRS)
    return layer.conform(table)


def geojson(layer: Layer, rows: list[Row]) -> str:
    """The text of an RFC 7946 file: degrees, rings counter-clockwise, one feature a line."""
    lines = []
    for row in rows:
        mapping = None
        if row["geometry"] is not None:
            shape = shapely.orient_polygons(to_degrees(row["geometry"]))
            mapping = _rounded(shapely.geometry.mapping(shape))
        properties = {name: _plain(row.get(name)) for name in layer.names}
        feature = {"type": "Feature", "properties": properties, "geometry": mapping}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(", ", ": ")))
    head = f'{{"type": "FeatureCollection", "name": "{layer.name}", "features": ['
    return head + "\n" + ",\n".join(lines) + "\n]}\n"


def table(layer: Layer, rows: list[Row]) -> str:
    """The text of a CSV file with exactly the columns of the layer."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(layer.names)
    for row in rows:
        values = (_plain(row.get(name)) for name in layer.names)
        writer.writerow(["" if v is None else str(v).lower() if isinstance(v, bool) else v for v in values])
    return out.getvalue()


def _plain(value: Any) -> Any:
    """A value as the files hold it: whole numbers without a point, nothing for what is missing."""
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return int(value) if value.is_integer() else round(value, 6)
    return value


def _rounded(mapping: Any) -> Any:
    if isinstance(mapping, dict):
        return {"type": mapping["type"], "coordinates": _rounded(mapping["coordinates"])}
    if isinstance(mapping, (list, tuple)):
        return [_rounded(item) for item in mapping]
    return round(float(mapping), DECIMALS)


def checksum(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def refresh_checksums(readme: Path) -> None:
    """Write the checksum of every file that the table of README.md lists into its last cell."""
    lines = []
    for line in readme.read_text(encoding="utf-8").splitlines():
        cells = line.split("|")
        name = cells[1].strip().strip("`") if len(cells) > 3 else ""
        path = readme.parent / name
        if name and path.is_file():
            cells[-2] = f" `{checksum(path)}` "
            line = "|".join(cells)
        lines.append(line)
    readme.write_text("\n".join(lines) + "\n", encoding="utf-8")
