"""What lies around the demo's parcels: stations and entrances, lines and the station hall."""

from __future__ import annotations

import json
from typing import Any

import shapely
from shapely.geometry import LineString, Point
from shapely.geometry import shape as from_mapping

from data.fengtai.outlines import FACTS, outlines, to_plane

OSM = "© OpenStreetMap contributors, ODbL 1.0"
WINDOW = (116.14, 39.78, 116.36, 39.90)
NEAR_M = 1_500.0  # entrances farther from every zone than this are of no use to it
ONE_STATION_M = 300.0
_LINES = {"88": "大兴机场线"}  # the source holds a code of its own for the airport line


def _features(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FACTS / name).read_text(encoding="utf-8"))["features"]
    return found


def stations() -> list[dict[str, Any]]:
    """Rows of the stations table: a metro station once, however many lines call there."""
    rows: list[dict[str, Any]] = []
    renamed: dict[str, str] = {}
    for feature in _features("osm_metro_stations.geojson"):
        facts = feature["properties"]
        place = to_plane(from_mapping(feature["geometry"]))
        line = _LINES.get(facts["line"], facts["line"])
        same = next(
            (r for r in rows if r["name"] == facts["name"] and r["geometry"].distance(place) < ONE_STATION_M), None
        )
        if same is None:
            rows.append(_station(facts["osm_id"], facts["name"], "metro", line, None, place))
            renamed[facts["osm_id"]] = facts["osm_id"]
        else:
            renamed[facts["osm_id"]] = same["station_id"]
            if line not in same["line"].split(";"):
                same["line"] += f";{line}"
    for feature in _features("osm_rail_stations.geojson"):
        facts = feature["properties"]
        row = _station(
            facts["osm_id"], facts["name"], "rail", None, None, to_plane(from_mapping(feature["geometry"]))
        )
        rows.append(row | {"note": "铁路车站（含线路所、编组站），是否办理客运未核对"})
    here = shapely.union_all([outline.ring for outline in outlines()])
    for feature in _features("osm_metro_entrances.geojson"):
        facts = feature["properties"]
        place = to_plane(from_mapping(feature["geometry"]))
        parent = renamed.get(facts["parent"])
        if parent is not None and here.distance(place) <= NEAR_M:
            rows.append(_station(facts["osm_id"], facts["name"], "entrance", None, parent, place))
    return rows


def _station(
    station_id: str, name: str, kind: str, line: str | None, parent: str | None, place: shapely.Geometry
) -> dict[str, Any]:
    return {
        "station_id": station_id,
        "name": name,
        "kind": kind,
        "line": line,
        "parent": parent,
        "source": OSM,
        "note": None,
        "geometry": place,
    }


def backdrop() -> list[dict[str, Any]]:
    """Rows of the backdrop table, areas first so that lines lie above them."""
    rows = []
    for feature in _features("osm_station_polygons.geojson"):
        facts = feature["properties"]
        if facts["osm_id"] == "w1034918062" or facts["kind"] in ("station", "train_station"):
            rows.append(
                {
                    "backdrop_id": facts["osm_id"],
                    "name": facts["name"],
                    "kind": "station_building",
                    "source": OSM,
                    "note": "北京丰台站站房，占地 17.05 ha" if facts["osm_id"] == "w1034918062" else None,
                    "geometry": to_plane(from_mapping(feature["geometry"])),
                }
            )
    for feature in _features("osm_metro_lines_schematic.geojson"):
        facts = feature["properties"]
        rows.append(
            {
                "backdrop_id": facts["osm_relation"],
                "name": facts["line"],
                "kind": "metro_line",
                "source": OSM,
                "note": "站到站直线，示意，不是线路实际走向",
                "geometry": to_plane(from_mapping(feature["geometry"])),
            }
        )
    ring_road = LineString([(116.2690, 39.8368), (116.2811, 39.83455), (116.2962, 39.83194392), (116.3200, 39.82785)])
    rows.append(
        {
            "backdrop_id": "road-s4",
            "name": "南四环西路",
            "kind": "road",
            "source": f"推算：富丰桥、花乡东桥站出入口连线；{OSM}",
            "note": "示意走向，由东区三期北界向两端延长",
            "geometry": to_plane(ring_road),
        }
    )
    for number, (name, lon, lat) in enumerate(
        (("北京丰台站", 116.2953, 39.8500), ("南四环西路", 116.2770, 39.8362), ("长辛店", 116.2005, 39.8272)), start=1
    ):
        rows.append(
            {
                "backdrop_id": f"label-{number}",
                "name": name,
                "kind": "label",
                "source": "定位用注记",
                "note": None,
                "geometry": to_plane(Point(lon, lat)),
            }
        )
    return rows
