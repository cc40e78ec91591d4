"""Existing buildings that the demo's plan can reuse, and the specialised parks (特色园区)."""

from __future__ import annotations

import functools
import json
import math
from typing import Any

import shapely
from shapely import affinity
from shapely.geometry import shape as from_mapping

from data.fengtai.halls import halls
from data.fengtai.outlines import FACTS, to_plane, unit
from data.fengtai.parcels import PRESS_ICE, PRESS_INNOVATION, SCHEMATIC_SOURCE, Parcel, parcels
from data.fengtai.zones import PLAN

UNIVERSITY_M2 = 150_000.0
STATION_M2 = 400_000.0  # 北京丰台站站房, as published: about 400,000 m²
_UNIVERSITY = "北京交通大学新闻；协议 2021-03-23"
_OFFICES = ("M4", "B23", "B4")


@functools.cache
def university_parcels() -> tuple[str, ...]:
    """Three parcels of 总部基地 that stand for the university's base; the real buildings are not published."""
    station = (439_310.0, 4_410_220.0)  # 丰台科技园站附近
    large = [p for p in parcels() if p.outline.code == "E2" and p.land_use == "B23" and p.account.built >= 50_000]
    nearest = sorted(large, key=lambda p: math.dist(station, (p.piece.shape.centroid.x, p.piece.shape.centroid.y)))
    return tuple(p.key for p in nearest[:3])


def _building(parcel: Parcel, number: int, name: str, floor: float, vacant: float, **filled: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "building_id": f"B-{parcel.key}-{number:02d}",
        "parcel_id": parcel.key,
        "name": name,
        "floor_area_m2": floor,
        "underground_floor_area_m2": None,
        "vacant_floor_area_m2": vacant,
        "reusable_from": None,
        "storey_height_m": None,
        "condition": None,
        "source": SCHEMATIC_SOURCE,
        "note": "示意建筑，图形与指标均非实测",
        "geometry": _footprint(parcel),
    }
    return row | filled


def _footprint(parcel: Parcel) -> shapely.Geometry:
    """A podium inside the parcel, its sides along the parcel's."""
    factor = 0.5 + 0.14 * unit(f"{parcel.key}/podium")
    return affinity.scale(parcel.piece.shape, factor, factor, origin=parcel.piece.shape.centroid)


def buildings() -> list[dict[str, Any]]:
    """Rows of the buildings table: works, the university's base, published buildings, and offices with vacancies."""
    rows: list[dict[str, Any]] = []
    for parcel in parcels():
        if parcel.key in university_parcels():
            rows.append(_of_university(parcel))
        elif parcel.key == "W1-CXZX-1":
            rows.append(_innovation_centre(parcel))
        elif parcel.land_use == "080502":
            rows.append(
                _building(
                    parcel,
                    1,
                    "国家冰雪运动训练科研基地",
                    parcel.account.built,
                    0.0,
                    condition="在用",
                    source=PRESS_ICE,
                    note="建筑规模为公布；图形为示意",
                )
            )
        elif parcel.outline.code in ("XC", "XL") and parcel.account.built > 0:
            rows.extend(_of_works(parcel))
        elif (
            parcel.account.status == "built" and parcel.land_use in _OFFICES and unit(f"{parcel.key}/letting") < 0.42
        ):
            rows.append(_partly_let(parcel))
    return rows


def _of_university(parcel: Parcel) -> dict[str, Any]:
    number = university_parcels().index(parcel.key) + 1
    floor = UNIVERSITY_M2 / 3
    return _building(
        parcel,
        1,
        f"北京交通大学轨道交通创新基地 {number} 号组团（示意）",
        floor,
        floor,
        reusable_from=2021 + 3 * (number - 1),
        condition="既有办公楼，分期取得",
        source=_UNIVERSITY,
        note="公布：既有空间约 150,000 m²，分期取得，自总部基地起步；分在哪几栋、每期多少未公布，三等分为示意",
    )


def _innovation_centre(parcel: Parcel) -> dict[str, Any]:
    return _building(
        parcel,
        1,
        "创新中心一期（7 栋办公、1 栋商业）",
        parcel.account.built,
        26_800.0,
        underground_floor_area_m2=parcel.account.underground,
        reusable_from=2026,
        condition="新建成",
        source=PRESS_INNOVATION,
        note="面积、高度（44.95 m，地上10层地下3层）为公布；空置面积为示意；图形为示意",
    )


def _of_works(parcel: Parcel) -> list[dict[str, Any]]:
    code = parcel.outline.code
    works = "二七机车厂" if code == "XL" else "二七车辆厂"
    if parcel.land_use != "1001":
        vacant = 10.0 * math.floor(parcel.account.built * (0.2 + 0.4 * unit(f"{parcel.key}/vacant")) / 10)
        return [
            _building(
                parcel,
                1,
                f"{works}科研办公楼（示意）",
                parcel.account.built,
                vacant,
                reusable_from=2026 if code == "XL" else 2028,
                condition="既有办公楼",
            )
        ]
    renewed = "2024-12 启动改造" if code == "XL" else "待改造"
    return [
        _building(
            parcel,
            number,
            f"{works}厂房 {parcel.key[3:]}-{number}（示意）",
            hall.floor_area,
            hall.vacant,
            reusable_from=hall.reusable_from if hall.vacant > 0 else None,
            storey_height_m=hall.height,
            condition=f"单层厂房，{renewed}",
            geometry=hall.shape,
            note="示意厂房；层高取公布的 9–17 m 之间，面积由图形量得，空置与可利用年份为示意",
        )
        for number, hall in enumerate(halls(parcel.piece, parcel.key, code), start=1)
    ]


def _partly_let(parcel: Parcel) -> dict[str, Any]:
    floor = 10.0 * math.floor(parcel.account.built * 0.7 / 10)
    vacant = 10.0 * math.floor(floor * (0.08 + 0.2 * unit(f"{parcel.key}/vacant")) / 10)
    return _building(
        parcel, 1, f"{parcel.key} 号写字楼（示意）", floor, vacant, reusable_from=2026, condition="在用，部分空置"
    )


def parks() -> list[dict[str, Any]]:
    """Rows of the parks table, P3, P5 to P8 and P17 of the plan."""
    works = {
        code: shapely.coverage_union_all(
            [part for p in parcels() if p.outline.code == code for part in shapely.get_parts(p.piece.shape)]
        )
        for code in ("XC", "XL")
    }
    hall = next(
        f
        for f in json.loads((FACTS / "osm_station_polygons.geojson").read_text(encoding="utf-8"))["features"]
        if f["properties"]["osm_id"] == "w1034918062"
    )
    around = to_plane(from_mapping(hall["geometry"])).minimum_rotated_rectangle.buffer(250, join_style="mitre")
    by_west = sorted(
        (p for p in parcels() if p.outline.code == "E3" and p.land_use == "M4" and not p.real),
        key=lambda p: p.piece.shape.centroid.x,
    )
    signals, control = [p.key for p in by_west[:3]], [p.key for p in by_west[-3:]]
    return [
        _park("P5-FTZ", "北京丰台站站城一体化片区", "Fengtai Station area", "station_city", "P5", geometry=around,
              existing_floor_area_m2=STATION_M2,
              geometry_basis="schematic", source="OSM w1034918062（ODbL）；bj.news.cn 2022-06-20",
              note="站房轮廓 17.05 ha（OSM），站房建筑规模约 40 万 m²（公布，未分地上地下）；"
              "片区范围未公布，取站房外 250 m 示意；片区内地块与规划指标未公布，因此没有编造地块"),
        _park("P6-FTCX", "丰台创新中心", "Fengtai Innovation Centre", "incubator", "P6", incubator_share_pct=60.0,
              lead_organisation="丰台园", note="轨道交通硬科技孵化器、专精特新园区；位置与规模均未找到，"
              "因此没有图形和所含地块；"
              "西区I 创新中心一期并未被证实是它；孵化占比 60 % 为示意"),
        _park("P7-CRSC", "中国通号产业园", "CRSC Industrial Park", "specialised", "P7",
              lead_organisation="中国铁路通信信号集团", member_parcels=";".join(signals), geometry_basis="schematic",
              note="总部地址：汽车博物馆南路1号院中国通号大厦A座（2023 年报）；园区范围与规模未找到，所含地块为示意"),
        _park("P7-TCT", "交控科技产业园", "TCT Industrial Park", "specialised", "P7",
        lead_organisation="交控科技股份有限公司",
              member_parcels=";".join(control), geometry_basis="schematic", note="位置与规模未找到，所含地块为示意"),
        _park("P8-BJTU", "北京交通大学轨道交通创新基地", "BJTU Rail Transit Innovation Base", "innovation_base", "P8",
              lead_organisation="北京交通大学", member_parcels=";".join(university_parcels()),
              existing_floor_area_m2=UNIVERSITY_M2, geometry_basis="schematic", source=_UNIVERSITY,
              note="既有空间约 15 万 m²，分期取得，自总部基地起步（公布）；所含地块为示意"),
        _park("P3-27C", "二七车辆厂更新片区", "Erqi Rolling Stock Works renewal", "renewal", "P3",
        geometry=works["XC"],
              geometry_basis="schematic", note="未公布面积，图形为示意"),
        _park("P3-27L", "二七机车厂更新片区", "Erqi Locomotive Works renewal", "renewal", "P3", geometry=works["XL"],
              geometry_basis="schematic", source="文汇报 2026-01-30", note="2024-12-22 启动改造，"
              "投资 6.68 亿元，意向企业 8 家（公布）；"
              "图形为示意"),
        *(_park(f"P17-{code}", name, name_en, "partner", "P17", takes_functions=takes, note=note)
          for code, name, name_en, takes, note in _PARTNERS),
    ]  # fmt: skip


_SEPARATE = "规划 五（三）：创新基地与智能工厂分开，加强与协同分园联动；承接生产装配由此推算，位置与规模未公布"
_DIFFER = "规划 五（三）：与海淀、房山错位联动发展；规划没有说由它承接哪些功能"
_PARTNERS = (
    ("BD", "保定协同分园", "Baoding partner park", "production", _SEPARATE),
    ("CZ", "沧州协同分园", "Cangzhou partner park", "production", _SEPARATE),
    ("SB", "沈北新区协同分园", "Shenbei partner park", "production", _SEPARATE),
    ("HD", "海淀", "Haidian", None, _DIFFER),
    ("FS", "房山", "Fangshan", None, _DIFFER),
)


def _park(park_id: str, name: str, name_en: str, kind: str, plan_row: str, **filled: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "park_id": park_id,
        "name": name,
        "name_en": name_en,
        "kind": kind,
        "lead_organisation": None,
        "plan_row": plan_row,
        "takes_functions": None,
        "member_parcels": None,
        "existing_floor_area_m2": None,
        "incubator_share_pct": None,
        "geometry_basis": None,
        "source": PLAN,
        "note": None,
        "geometry": None,
    }
    return row | filled
