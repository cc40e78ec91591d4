"""Boundary-point files (勘测定界界址点 TXT): the form in which outlines go to land administration.

X is north and Y is east, lines end with CR LF, each ring ends with its first point again under the same number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from layers.map.landuse import use
from layers.writers import losses, plain, verify
from layers.writers.draft import Draft, of_kind
from layers.writers.errors import NotTheSame
from layers.writers.losses import Loss
from layers.writers.systems import written
from spatial.area import round_half_up
from spatial.boundary import boundary_points

DECIMALS = 3
_NUMBERS = ("parcel_no", "zone_id", "park_id", "constraint_id", "building_id", "parcel_id")
_NAMES = ("name", "project_name")
_DATUMS = {
    "China 2000": "2000国家大地坐标系",
    "Beijing 1954": "1954年北京坐标系",
    "Xian 1980": "1980西安坐标系",
}


@dataclass(frozen=True)
class Record:
    """One parcel of a file: its number, name, use and code, its area in hectares as written, and its rings."""

    fields: tuple[str, str, str, str, str]
    shape: shapely.Geometry


def write(draft: Draft) -> list[Loss]:
    """The outlines of a layer; every column is in a CSV beside it."""
    assert draft.shapes is not None  # noqa: S101  refused before
    fields, lost = _fields(draft)
    outlines = of_kind(draft.shapes, ("Polygon", "MultiPolygon")) & ~shapely.is_empty(draft.shapes)
    draft.tell("writing")
    lines = _head(draft)
    for row in draft.heard(np.flatnonzero(outlines).tolist()):
        lines += _parcel(draft.shapes[row], fields[row])
    draft.path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(draft.encoding))
    draft.tell("checking")
    _check(draft, [fields[row] for row in np.flatnonzero(outlines).tolist()], draft.shapes[outlines])
    lost.append(Loss("geometry", "coordinates_rounded", int(outlines.sum()), {"decimals": DECIMALS, "size": "1 mm"}))
    if not outlines.all():
        lost.append(Loss("geometry", "no_outline", int((~outlines).sum()), {"format": "TXT"}))
    kept = [name for name in ("parcel_no", "name", "land_use", "site_area_m2") if name in draft.made.frame]
    return lost + plain.attributes(draft, kept, "TXT")


def _fields(draft: Draft) -> tuple[list[tuple[str, str, str, str, str]], list[Loss]]:
    """Area [ha], number, name, use and code of each row, as the file can hold them."""
    frame, has = draft.made.frame, set(draft.made.frame.columns)
    lost: list[Loss] = []

    def text(*names: str) -> list[str]:
        name = next((one for one in names if one in has), None)
        if name is None:
            return [""] * len(frame)
        values, said = losses.for_survey(frame[name], name, draft.encoding)
        lost.extend(said)
        return values.fillna("").astype("str").tolist()

    codes = text("land_use")
    schemes = (
        frame["classification"].fillna("").astype("str").tolist() if "classification" in has else [""] * len(frame)
    )
    uses = [use(scheme, code).name for scheme, code in zip(schemes, codes, strict=True)]
    area = frame["site_area_m2"] if "site_area_m2" in has else pd.Series(shapely.area(draft.shapes))
    hectares = [_hectares(value) for value in area.astype(float)]
    return list(zip(hectares, text(*_NUMBERS), text(*_NAMES), uses, codes, strict=True)), lost


def _hectares(square_metres: float) -> str:
    return "" if square_metres != square_metres else str(round_half_up(square_metres / 10_000, 4))


def _head(draft: Draft) -> list[str]:
    crs = written(draft.crs)
    belt, number = _belt(crs)
    datum = crs.geodetic_crs.datum.name if crs.geodetic_crs is not None and crs.geodetic_crs.datum else ""
    named = next((zh for name, zh in _DATUMS.items() if name in datum), crs.name)
    return [
        "[属性描述]",
        "格式版本号=1.01",
        "数据产生单位=",
        f"数据产生日期={draft.about.made_on}",
        f"坐标系={_plain(named, draft.encoding)}",
        f"几度分带={belt}",
        f"投影类型={_projection(crs)}",
        "计量单位=米",
        f"带号={number}",
        "精度=0.001",
        "转换参数=,,,,,,",
        "[地块坐标]",
    ]


def _plain(text: str, encoding: str) -> str:
    return text.replace("\r", " ").replace("\n", " ").encode(encoding, "replace").decode(encoding)


def _projection(crs: CRS) -> str:
    operation = crs.coordinate_operation
    method = operation.method_name if operation is not None else ""
    return "高斯克吕格" if method == "Transverse Mercator" and _parameter(crs, "Scale factor") == 1.0 else method


def _belt(crs: CRS) -> tuple[str, str]:
    """Width of the belt and its number; empty where the meridian belongs to none, as in a city's own CRS."""
    meridian = _parameter(crs, "Longitude of natural origin")
    if meridian is None:
        return "", ""
    if "6-degree" in crs.name or "UTM" in crs.name:
        return "6", f"{(meridian + 3) / 6:.0f}" if meridian > 0 else ""
    return ("3", f"{meridian / 3:.0f}") if meridian > 0 and meridian % 3 == 0 else ("", "")


def _parameter(crs: CRS, name: str) -> float | None:
    operation = crs.coordinate_operation
    found = [one.value for one in operation.params if one.name.startswith(name)] if operation is not None else []
    return float(found[0]) if found else None


def _parcel(shape: shapely.Geometry, fields: tuple[str, str, str, str, str]) -> Iterator[str]:
    points = boundary_points(shape)
    area, number, name, use_, code = fields
    yield ",".join([str(len(points)), area, number, name, "面", "", use_, code, "@"])
    for one in points:
        yield f"{one.number},{one.ring},{one.x:.{DECIMALS}f},{one.y:.{DECIMALS}f}"


def _check(draft: Draft, fields: list[tuple[str, str, str, str, str]], shapes: np.ndarray) -> None:
    where = draft.path.name
    found = list(draft.heard(records(draft.path, draft.encoding), "checking"))
    if len(found) != len(fields):
        raise NotTheSame(where=where, what=f"{len(found)} ≠ {len(fields)} rows")
    for row, (one, wanted) in enumerate(zip(found, fields, strict=True)):
        if one.fields != wanted:
            raise NotTheSame(where=where, what=f"row {row}: {one.fields} ≠ {wanted}"[:120])
    back = np.array([*(one.shape for one in found), None], dtype=object)[:-1]
    verify.same_shapes(where, shapes, back, 0.5000001 * 10.0**-DECIMALS)


def records(path: Path, encoding: str) -> Iterator[Record]:
    """The parcels of a file of ours, in order."""
    text = path.read_bytes().decode(encoding)
    body = text.split("[地块坐标]\r\n", 1)[1].split("\r\n")
    rings: dict[str, list[tuple[float, float]]] = {}
    head: list[str] = []
    for line in [*body, "@"]:
        if not line.endswith("@"):
            parts = line.split(",")
            if len(parts) == 4:
                rings.setdefault(parts[1], []).append((float(parts[3]), float(parts[2])))
            continue
        if head:
            yield Record((head[1], head[2], head[3], head[6], head[7]), _outline(list(rings.values())))
        head, rings = line.split(","), {}


def _outline(rings: list[list[tuple[float, float]]]) -> shapely.Geometry:
    """Rings as parts and holes: outer ones run with the clock, and holes follow the ring that they lie in."""
    parts: list[tuple[list[tuple[float, float]], list[list[tuple[float, float]]]]] = []
    for ring in rings:
        if not parts or not shapely.is_ccw(shapely.linearrings(ring)):
            parts.append((ring, []))
        else:
            parts[-1][1].append(ring)
    shapes = [shapely.Polygon(outer, holes) for outer, holes in parts]
    return shapes[0] if len(shapes) == 1 else shapely.MultiPolygon(shapes)
