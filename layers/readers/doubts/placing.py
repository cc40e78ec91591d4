"""Which CRS the numbers speak of: every way to read them that makes sense, and how far from our data each puts them.

A file's own CRS is believed as long as it puts the data where the workspace lies. Where it does not, or where there
is none, the size of the numbers names the candidates (degrees, metres with and without a zone prefix, feet, Web
Mercator, x and y swapped), and the distance to the workspace chooses among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer

from layers.readers.doubts.finding import Cure, Finding, Weight
from layers.readers.wish import Wish
from layers.workspace import Workspace
from spatial import crs as crs_
from spatial.errors import ChengzaiError

NEAR = 5_000.0
"""Distance [m] from what the workspace holds within which new data is no surprise."""
_LAYERS = ("zones", "parcels", "buildings", "parks", "backdrop", "constraints", "stations")
_BELTS = {"2000": 4534, "1980": 2370, "1954": 2422}
"""Code of belt 25 (CM 75° E) of the three-degree belts without prefix, by datum."""
_PREFIXED = {"2000": 4513, "1980": 2349, "1954": 2401}
"""The same with the prefix of the belt before the east coordinate."""
_SIX = 4491
"""CGCS2000, zone 13 of six degrees, with prefix."""
_FEET = 0.3048

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Home:
    """Where the workspace lies: a longitude-latitude box, and whether layers say so or only its CRS."""

    box: Box
    basis: str

    @property
    def limit(self) -> float:
        """Distance [m] beyond which data is out of place."""
        return NEAR if self.basis == "layers" else 0.0


@dataclass(frozen=True)
class Reading:
    """One way to read the numbers of a file, and how far from home the middle of the data then lies [m]."""

    crs: str
    swapped: bool
    distance: float

    def told(self) -> dict[str, Any]:
        """As evidence."""
        return {"crs": self.crs, "swapped": self.swapped, "distance_m": round(self.distance)}


def home(workspace: Workspace) -> Home:
    """Where the workspace lies."""
    boxes = []
    for name in _LAYERS:
        shapes = workspace.shapes(name)
        shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
        if len(shapes):
            boxes.append(shapely.total_bounds(shapes))
    if boxes:
        low, high = np.min(boxes, axis=0)[:2], np.max(boxes, axis=0)[2:]
        whole = np.array([shapely.box(*low, *high)], dtype=object)
        return Home(crs_.lonlat_bounds(whole, workspace.pyproj_crs), "layers")
    area = workspace.pyproj_crs.area_of_use
    return Home((area.west, area.south, area.east, area.north) if area else (-180.0, -90.0, 180.0, 90.0), "crs")


def middle(shapes: np.ndarray) -> tuple[float, float]:
    """The median of the shapes' middles: one that lies far out does not move it."""
    with np.errstate(invalid="ignore"):
        box = shapely.bounds(shapes)
        x, y = (box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2
    good = np.isfinite(x) & np.isfinite(y)
    return (float(np.median(x[good])), float(np.median(y[good]))) if good.any() else (np.nan, np.nan)


def findings(
    shapes: np.ndarray, declared: str | None, workspace: Workspace, wish: Wish, refusal: ChengzaiError | None
) -> list[Finding]:
    """What is doubtful about the place of the data.

    Parameters
    ----------
    shapes
        As the file has them, axes swapped already where the wish says so; shape (n,).
    declared
        CRS that they were read in; None where there was none.
    refusal
        Why they could not be placed, if so.
    """
    x, y = middle(shapes)
    if not np.isfinite([x, y]).all():
        return []
    at = home(workspace)
    now = Reading(declared, False, _distance(declared, x, y, at)) if declared else None
    if now and now.distance <= at.limit:
        return []
    others = sorted(readings(x, y, at, workspace.pyproj_crs), key=lambda one: max(one.distance, at.limit))
    fits = [one for one in others if one.distance <= at.limit and (one.crs, one.swapped) != (declared, False)]
    best = fits[0] if fits else None
    evidence: dict[str, Any] = {
        "x": x,
        "y": y,
        "at": f"({x:.0f}, {y:.0f})" if max(abs(x), abs(y)) > 360 else f"({x:.6f}, {y:.6f})",
        "declared": declared or "—",
        "distance_km": now.distance / 1000 if now and np.isfinite(now.distance) else None,
        "distance": _words(now.distance if now else np.inf),
        "basis": at.basis,
        "home": [round(side, 6) for side in at.box],
        "readings": [one.told() for one in fits[:6]],
        "best": best.crs if best else "—",
        "best_distance": _words(best.distance) if best else "—",
    }
    return [Finding(_code(declared, best, refusal), _weight(refusal), evidence, "geometry", (), _cure(best, wish))]


def _weight(refusal: ChengzaiError | None) -> Weight:
    return "stops" if refusal is not None else "asks"


def _code(declared: str | None, best: Reading | None, refusal: ChengzaiError | None) -> str:
    if best is not None and best.swapped:
        return "axes_swapped"
    if declared is None:
        return "crs_missing"
    if refusal is not None and refusal.code == "crs_contradicts_coordinates":
        return "crs_contradicts"
    return "crs_misplaces" if best is not None else "outside_workspace"


def _cure(best: Reading | None, wish: Wish) -> Cure | None:
    if best is None:
        return None
    facts = {"crs": best.crs}
    if best.swapped:
        return Cure("swap_axes", {"swap_axes": not wish.swap_axes, "crs": best.crs}, facts)
    return Cure("crs", {"crs": best.crs}, facts)


def readings(x: float, y: float, at: Home, working: CRS) -> Iterator[Reading]:
    """Every way to read a pair of numbers, the likelier first, with its distance from home."""
    for swapped, (east, north) in ((False, (x, y)), (True, (y, x))):
        for crs in dict.fromkeys(_candidates(east, north, at, working)):
            yield Reading(crs, swapped, _distance(crs, east, north, at))


def _candidates(x: float, y: float, at: Home, working: CRS) -> Iterator[str]:
    lon, lat = (at.box[0] + at.box[2]) / 2, (at.box[1] + at.box[3]) / 2
    if abs(x) <= 180 and abs(y) <= 90:
        yield from ("EPSG:4490", "EPSG:4326")
        return
    yield crs_.label(working)
    belt, prefix = round(lon / 3), int(x // 1_000_000)
    for datum in ("2000", "1980", "1954"):
        if 25 <= prefix <= 45:
            yield f"EPSG:{_PREFIXED[datum] + prefix - 25}"
        if 100_000 <= x < 1_000_000:
            for near in (belt, belt - 1, belt + 1):
                if 25 <= near <= 45:
                    yield f"EPSG:{_BELTS[datum] + near - 25}"
    if 13 <= prefix <= 23:
        yield f"EPSG:{_SIX + prefix - 13}"
    if 100_000 <= x < 1_000_000:
        yield f"EPSG:{(32600 if lat >= 0 else 32700) + int((lon + 180) // 6) % 60 + 1}"
    yield "EPSG:3857"
    feet = crs_.parse(working.to_wkt())
    yield crs_.label(_in_feet(feet))


def _in_feet(working: CRS) -> CRS:
    """The working CRS with feet for metres."""
    text = working.to_json_dict()
    for axis in text["coordinate_system"]["axis"]:
        axis["unit"] = {"type": "LinearUnit", "name": "foot", "conversion_factor": _FEET}
    text.pop("id", None)
    return CRS.from_json_dict(text)


def _distance(crs: str, x: float, y: float, at: Home) -> float:
    """From a point to home [m], on the ellipsoid; infinite where the CRS does not reach."""
    parsed = crs_.parse(crs)
    if not crs_.is_located(parsed):
        return float("inf")
    lon, lat = Transformer.from_crs(parsed, crs_.LONLAT, always_xy=True).transform(x, y)
    if not np.isfinite([lon, lat]).all() or abs(lat) > 90:
        return float("inf")
    near = float(np.clip(lon, at.box[0], at.box[2])), float(np.clip(lat, at.box[1], at.box[3]))
    return float(crs_.CGCS2000.inv(lon, lat, *near)[2])


def _words(metres: float) -> str:
    if not np.isfinite(metres):
        return "∞"
    return f"{metres / 1000:,.1f} km" if metres >= 1000 else f"{metres:.0f} m"


def strays(shapes: np.ndarray, workspace: Workspace) -> list[Finding]:
    """Rows that lie far from the others, such as one at (0, 0).

    Parameters
    ----------
    shapes
        In the working CRS, shape (n,).
    """
    x, y = middle(shapes)
    box = shapely.bounds(shapes)
    with np.errstate(invalid="ignore"):
        far = np.hypot((box[:, 0] + box[:, 2]) / 2 - x, (box[:, 1] + box[:, 3]) / 2 - y)
    there = np.isfinite(far)
    if there.sum() < _FEW:
        return []
    usual = float(np.quantile(far[there], 0.75))
    limit = max(20 * usual, 50_000.0)
    rows = np.flatnonzero(np.isnan(far) & ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes) | (far > limit))
    if not len(rows) or len(rows) > 0.2 * there.sum():
        return []
    distance = float(np.nanmax(far[rows])) if np.isfinite(far[rows]).any() else np.inf
    evidence = {"distance": _words(distance), "usual": _words(usual), "crs": crs_.label(workspace.pyproj_crs)}
    cure = Cure("skip_rows", {"skip_rows": frozenset(rows.tolist())}, {"count": len(rows)})
    return [Finding("rows_far_away", "asks", evidence, "geometry", tuple(rows.tolist()), cure)]


_FEW = 4
"""With fewer shapes than this none can be called far from the others."""
