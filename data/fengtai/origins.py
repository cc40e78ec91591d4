"""The demo's assumptions, and where each figure of its zones, parcels and buildings comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from data.fengtai.buildings import buildings, parks
from data.fengtai.parcels import (
    NOTICE_66C,
    PRESS_6019,
    PRESS_ICE,
    PRESS_INNOVATION,
    SCHEMATIC_NOTE,
    SCHEMATIC_SOURCE,
    Parcel,
    parcels,
)
from data.fengtai.targets import norms
from data.fengtai.zones import PLAN, zones
from layers.ground.suggested import suggested

_NORM = "假设：未找到官方按功能的人均建筑面积标准；按经验取值，可改"
_SHARE = "假设：得房率按经验取值，可改"
_PER_PERSON: dict[str, tuple[float, float, float]] = {
    "headquarters": (15, 20, 30),
    "research": (18, 25, 35),
    "laboratory": (30, 45, 80),
    "pilot": (30, 45, 80),
    "production": (40, 60, 120),
    "incubator": (8, 12, 18),
    "support": (12, 20, 30),
}
_USABLE: dict[str, tuple[float, float, float]] = {
    "headquarters": (0.65, 0.70, 0.75),
    "research": (0.65, 0.70, 0.75),
    "laboratory": (0.70, 0.75, 0.80),
    "pilot": (0.70, 0.75, 0.80),
    "production": (0.80, 0.85, 0.90),
    "incubator": (0.60, 0.65, 0.70),
    "support": (0.60, 0.65, 0.70),
}
_SINGLE: tuple[tuple[str, tuple[float, float, float], str, str, str, str], ...] = (
    ("vacancy", (0.09, 0.08, 0.10), "1", "share", "正常周转的空置比例", "假设：常用 8–10 %"),
    (
        "storey_height",
        (4.0, 3.6, 4.5),
        "m",
        "length",
        "按限高折算层数用的层高",
        "假设；高值取创新中心一期 44.95 m÷10 层≈4.5 m",
    ),
    (
        "renewal_threshold",
        (0.5, 0.4, 0.6),
        "1",
        "share",
        "现状÷规定低于此值的地块列为更新潜力",
        "假设：更新门槛未见官方规定，可改",
    ),
    (
        "availability_factor",
        (0.8, 0.6, 0.95),
        "1",
        "share",
        "名义可用面积中预计能按期形成的部分",
        "假设：未见统计，可改",
    ),
    (
        "support_share",
        (0.15, 0.10, 0.15),
        "1",
        "share",
        "配套面积占地上总建筑规模的上限",
        "京政发〔2017〕39号（经转述，须核对原文）",
    ),
    ("due_within", (90, 30, 180), "d", "time", "到期日在此天数内的义务列为临近", "假设：按季度工作安排取值，可改"),
    ("renewal_ahead", (365, 180, 730), "d", "time", "期满前此天数开始提醒续期", "假设：未见可引规定，可改"),
)


def assumptions() -> list[dict[str, Any]]:
    """Rows of the assumptions table; each of them is marked as assumed."""
    rows = []
    for function, (low, value, high) in _PER_PERSON.items():
        extra = {
            "laboratory": "；实验与中试同一行取值",
            "pilot": "；实验与中试同一行取值",
            "support": "；配套无可引数据，参照总部办公",
        }
        rows.append(
            _assumption("floor_area_per_person", function, (value, low, high), "m²/人", "floor_area",
                        "每名员工的建筑面积", _NORM + extra.get(function, ""))
        )  # fmt: skip
    for function, (low, value, high) in _USABLE.items():
        rows.append(
            _assumption("efficiency", function, (value, low, high), "1", "share",
                        "使用面积÷建筑面积；只用于以使用面积计的标准", _SHARE)
        )  # fmt: skip
    rows.extend(
        _assumption(name, None, values, unit, basis, meaning, source)
        for name, values, unit, basis, meaning, source in _SINGLE
    )
    rows.extend(norms())
    rows.extend(suggested())
    return rows


def _assumption(
    name: str,
    function: str | None,
    values: tuple[float, float, float],
    unit: str,
    basis: str,
    meaning: str,
    source: str,
) -> dict[str, Any]:
    value, low, high = values
    return {
        "assumption_id": f"{name}.{function}" if function else name,
        "name": name,
        "function": function,
        "value": float(value),
        "low": float(low),
        "high": float(high),
        "unit": unit,
        "basis": basis,
        "meaning": meaning,
        "source": source,
        "confidence": "C" if name == "support_share" else "D",
    }


# row, column: basis, confidence, note. The source is the row's own.
_Origin = tuple[str, str, str]
_ZONES: dict[tuple[str, str], _Origin] = {
    ("east", "official_area_m2"): ("published", "B", "401 ha，节选，文字不全"),
    ("east-1", "official_area_m2"): ("published", "B", "176 ha，节选，文字不全"),
    ("east-2", "published_floor_area_m2"): ("published", "B", "120 万 m²，2004 年报道"),
    ("east-3", "official_area_m2"): ("published", "B", "1.81 km²（2011）；2010 年报道为 1.75；推算图形 2.00 km²"),
    ("east-3", "published_floor_area_m2"): ("published", "B", "320 万 m²；刊载毛容积率 1.86，320/181=1.77"),
    ("east-3", "floor_area_cap_m2"): ("derived", "D", "取公布的建筑规模为上限"),
    ("west", "official_area_m2"): ("published", "C", "162 ha，2012 年规划"),
    ("west", "published_floor_area_m2"): ("published", "C", "202 万 m²，2012 年规划"),
    ("west", "floor_area_cap_m2"): ("derived", "D", "取公布的建筑规模为上限"),
    ("west-1", "official_area_m2"): ("published", "B", "约 134 万 m²，原文未说明是用地还是建筑，按用地理解"),
    ("west-1", "published_floor_area_m2"): ("published", "B", "近 70 万 m²，数字科技企业（产业）部分"),
}
_REAL: dict[tuple[str, str], tuple[str, str, str, str]] = {
    ("1516-66C", "land_use"): ("published", "B", NOTICE_66C, "M4 工业研发"),
    ("1516-66C", "official_area_m2"): ("published", "B", NOTICE_66C, "约 6,400 m²（0.64 ha）"),
    ("1516-66C", "far_max"): ("published", "B", NOTICE_66C, "2.5"),
    ("1516-66C", "stated_floor_area_m2"): ("derived", "D", NOTICE_66C, "0.64 ha×2.5；公示隐去了数字"),
    ("1516-66C", "status"): ("published", "B", NOTICE_66C, "2022-09 公示；此后的结果未找到"),
    ("1516-66C", "supply_mode"): ("published", "B", NOTICE_66C, "协议出让"),
    ("1516-66C", "term_years"): ("published", "B", NOTICE_66C, "20 年"),
    ("1516-66C", "available_from"): ("schematic", "D", SCHEMATIC_SOURCE, "示意"),
    ("6019", "land_use"): ("schematic", "D", SCHEMATIC_SOURCE, "公布为“研发办公”，代码 B23 为示意"),
    ("6019", "official_area_m2"): ("published", "B", PRESS_6019, "24,100 m²"),
    ("6019", "stated_floor_area_m2"): (
        "derived",
        "D",
        PRESS_6019,
        "总量 126,000 m²（含地下）×64.0 %（创新中心一期地上占比）",
    ),
    ("6019", "under_construction_floor_area_m2"): ("derived", "D", PRESS_6019, "同上；2024-11-08 开工"),
    ("6019", "underground_floor_area_m2"): ("derived", "D", PRESS_6019, "总量减地上推算值"),
    ("6019", "status"): ("published", "B", PRESS_6019, "2024-11-08 开工"),
    ("6019", "supply_mode"): ("schematic", "D", SCHEMATIC_SOURCE, "示意"),
    ("6019", "available_from"): ("schematic", "D", SCHEMATIC_SOURCE, "示意"),
    ("W1-CXZX-1", "land_use"): ("schematic", "D", SCHEMATIC_SOURCE, "公布为 7 栋办公、1 栋商业，代码 B23 为示意"),
    ("W1-CXZX-1", "official_area_m2"): ("published", "C", PRESS_INNOVATION, "28,031.433 m²"),
    ("W1-CXZX-1", "far_max"): ("derived", "D", PRESS_INNOVATION, "89,699.21÷28,031.433=3.20"),
    ("W1-CXZX-1", "stated_floor_area_m2"): ("published", "C", PRESS_INNOVATION, "地上 89,699.21 m²"),
    ("W1-CXZX-1", "built_floor_area_m2"): (
        "published",
        "C",
        PRESS_INNOVATION,
        "地上 89,699.21 m²；是否竣工由未注年份的报道推断",
    ),
    ("W1-CXZX-1", "underground_floor_area_m2"): ("published", "C", PRESS_INNOVATION, "地下 50,455.55 m²"),
    ("W1-CXZX-1", "status"): ("derived", "D", PRESS_INNOVATION, "报道称 6 月 30 日竣工，年份（2025）为推断"),
    ("W1-CXZX-1", "supply_mode"): ("schematic", "D", SCHEMATIC_SOURCE, "示意"),
}
_PUBLISHED_BUILDINGS = {
    "B-W1-CXZX-1-01": (
        ("floor_area_m2", "published", "C", PRESS_INNOVATION, "地上 89,699.21 m²"),
        ("underground_floor_area_m2", "published", "C", PRESS_INNOVATION, "地下 50,455.55 m²"),
        ("vacant_floor_area_m2", "schematic", "D", SCHEMATIC_SOURCE, "示意"),
    ),
}

_PUBLISHED_PARKS = {"P8-BJTU": "约 15 万 m²", "P5-FTZ": "站房约 40 万 m²，未分地上地下"}


def figures() -> list[dict[str, Any]]:
    """Rows of the figures table: one per figure that is published or derived, one per row that is schematic."""
    rows = []
    for zone in zones():
        key, filled = zone["zone_id"], [c for (z, c) in _ZONES if z == zone["zone_id"]]
        for column in filled:
            basis, confidence, note = _ZONES[key, column]
            rows.append(_figure("zones", key, column, basis, confidence, zone["source"], note))
        rows.append(_figure("zones", key, "functions", "derived", "D", PLAN, "由规划“优化产业空间格局”归纳"))
        rows.append(
            _figure("zones", key, "land_uses", "assumed", "D", "示意对照，见 reference/landuse_functions.csv", "")
        )
        basis = zone["geometry_basis"]
        note = "由四至道路推算，±150 m；绘得 2.00 km²，公布 1.81 km²" if key == "east-3" else "四至未公布，示意"
        rows.append(_figure("zones", key, "geometry", basis, "D", zone["source"], note))
    for parcel in parcels():
        rows.extend(_of_parcel(parcel))
    for building in buildings():
        for column, basis, confidence, source, note in _of_building(building):
            rows.append(_figure("buildings", building["building_id"], column, basis, confidence, source, note))
    for park in parks():
        if park["existing_floor_area_m2"] is not None:
            rows.append(
                _figure(
                    "parks",
                    park["park_id"],
                    "existing_floor_area_m2",
                    "published",
                    "B",
                    park["source"],
                    _PUBLISHED_PARKS[park["park_id"]],
                )
            )
        if park["incubator_share_pct"] is not None:
            rows.append(
                _figure("parks", park["park_id"], "incubator_share_pct", "schematic", "D", SCHEMATIC_SOURCE, "示意")
            )
    return rows


def _of_parcel(parcel: Parcel) -> Iterator[dict[str, Any]]:
    if not parcel.real:
        yield _figure("parcels", parcel.key, "*", "schematic", "D", SCHEMATIC_SOURCE, SCHEMATIC_NOTE)
        return
    for (key, column), (basis, confidence, source, note) in _REAL.items():
        if key == parcel.key:
            yield _figure("parcels", key, column, basis, confidence, source, note)
    if parcel.land_use == "080502":
        for column in ("stated_floor_area_m2", "built_floor_area_m2"):
            yield _figure("parcels", parcel.key, column, "published", "C", PRESS_ICE, "58,600 m²；全部按地上计")
        yield _figure(
            "parcels", parcel.key, "land_use", "schematic", "D", SCHEMATIC_SOURCE, "按用途取体育训练用地，示意"
        )
    yield _figure("parcels", parcel.key, "geometry", "schematic", "D", SCHEMATIC_SOURCE, "位置与形状为示意")


def _of_building(building: dict[str, Any]) -> tuple[tuple[str, str, str, str, str], ...]:
    found = _PUBLISHED_BUILDINGS.get(building["building_id"])
    if found is not None:
        return found
    if building["name"].startswith("北京交通大学"):
        return (("floor_area_m2", "derived", "D", building["source"], "公布约 150,000 m² 三等分，示意"),)
    if building["name"] == "国家冰雪运动训练科研基地":
        return (("floor_area_m2", "published", "C", PRESS_ICE, "58,600 m²"),)
    return (("*", "schematic", "D", SCHEMATIC_SOURCE, "示意建筑，图形与指标均非实测"),)


def _figure(
    layer: str, row_id: str, column: str, basis: str, confidence: str, source: str, note: str
) -> dict[str, Any]:
    return {
        "figure_id": f"{layer}/{row_id}/{column}",
        "layer": layer,
        "row_id": row_id,
        "column": column,
        "basis": basis,
        "source": source,
        "confidence": confidence,
        "note": note or None,
    }
