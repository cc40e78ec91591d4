"""The demo's parcels: the fabric with its uses, limits and balances, and the real parcels as published."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, replace
from typing import Any

from data.fengtai.fabric import Piece, pieces
from data.fengtai.halls import halls
from data.fengtai.land import Account, Limits, account, fitted, free_standing, supply_year
from data.fengtai.layouts import LAYOUTS
from data.fengtai.outlines import Outline, outlines, unit
from data.fengtai.uses import INDUSTRY, USES, land_uses, ratio

SCHEMATIC_SOURCE = "示意：按公布的分区规模编制，非实测"
SCHEMATIC_NOTE = "示意地块，图形与指标均非实测"
NOTICE_66C = "东区三期 1516-66C 协议出让公示（2022-09-09 至 10-08），https://ixbang.com/bid/detail/6E35B2A3C7446CF72570FFE48B79AC9D.html"
PRESS_6019 = "科技日报 2024-11-08，https://www.stdaily.com/web/gdxw/2024-11/08/content_255486.html"
PRESS_INNOVATION = "网易（转载页，须核对原文）"
PRESS_ICE = "媒体报道 2019（转载页，须核对原文）"

E2_M2, E3_M2, WEST_M2, WEST_INDUSTRY_M2 = 1_200_000.0, 3_200_000.0, 2_020_000.0, 700_000.0
INNOVATION_M2, INNOVATION_BELOW_M2, INNOVATION_LAND_M2 = 89_699.21, 50_455.55, 28_031.433
TOTAL_6019_M2 = 126_000.0
ABOVE_6019_M2 = 10.0 * round(TOTAL_6019_M2 * INNOVATION_M2 / (INNOVATION_M2 + INNOVATION_BELOW_M2) / 10)
ICE_BASE_M2 = 58_600.0
NO_LIMITS, NO_ACCOUNT = Limits(), Account("")
HELD_BY = {"E3-17-04": "ftinv"}
"""P11: the parcel that the park's platform develops and holds itself, and the platform's project (schematic)."""
MAIN_ROAD_U = 0.64  # 樊羊路: the land west of it was sold first


@dataclass(frozen=True)
class Parcel:
    """A parcel of the demo before it becomes a row."""

    key: str
    outline: Outline
    piece: Piece
    classification: str | None
    land_use: str | None
    limits: Limits = NO_LIMITS
    account: Account = NO_ACCOUNT
    official: float | None = None
    real: bool = False
    name: str | None = None
    source: str = SCHEMATIC_SOURCE
    note: str = SCHEMATIC_NOTE
    geometry_error: float | None = None

    @property
    def area(self) -> float:
        """Area that limits are measured on [m²]."""
        return self.official if self.official is not None else self.piece.area

    @property
    def permitted(self) -> float | None:
        """Permitted floor area [m²], None where unknown."""
        return self.limits.permitted(self.area)

    @property
    def far_basis(self) -> str | None:
        """The ratio is on net land; None without a ratio that lets anything be built."""
        return "net" if self.limits.far else None

    def row(self) -> dict[str, Any]:
        """Row of the parcels table."""
        kept = self.account
        return {
            "parcel_id": self.key,
            "parcel_no": None if self.real and self.key.startswith("W1-") else self.key,
            "name": self.name,
            "zone": self.outline.zone_id.split("-")[0],
            "sub_area": self.outline.zone_id,
            "classification": self.classification,
            "land_use": self.land_use,
            "official_area_m2": self.official,
            "far_max": self.limits.far,
            "far_min": None,
            "far_basis": self.far_basis,
            "stated_floor_area_m2": self.limits.stated,
            "coverage_max_pct": self.limits.coverage,
            "height_max_m": self.limits.height,
            "storey_height_m": None,
            "green_min_pct": 30.0 if self.limits.coverage is not None else None,
            "built_floor_area_m2": kept.built,
            "under_construction_floor_area_m2": kept.under_construction,
            "underground_floor_area_m2": kept.underground,
            "status": kept.status or None,
            "supply_mode": kept.supply_mode,
            "term_years": kept.term_years,
            "supply_year": supply_year(kept),
            "held_by": HELD_BY.get(self.key),
            "available_from": kept.available_from,
            "geometry_basis": "schematic",
            "geometry_error_m": self.geometry_error,
            "parents": None,
            "source": self.source,
            "note": self.note,
            "geometry": self.piece.shape,
        }


@functools.cache
def parcels() -> tuple[Parcel, ...]:
    """Every parcel of the demo, sub-area by sub-area; sums of permitted floor area meet what is published."""
    bare = [parcel for outline in outlines() for parcel in _bare(outline)]
    real = [_published(parcel) for parcel in bare]
    limited = _limited(real)
    return tuple(_supplied(parcel) for parcel in limited)


def _bare(outline: Outline) -> list[Parcel]:
    cut = pieces(outline, LAYOUTS[outline.zone_id])
    uses = USES[outline.zone_id]
    counts: dict[str, int] = {}
    found = []
    for piece, code in zip(cut, land_uses(outline, uses, cut), strict=True):
        prefix = {"street": f"ROAD-{outline.code}-", "green": f"{outline.code}-G"}.get(
            piece.role, f"{outline.code}-{piece.block:02d}-"
        )
        counts[prefix] = counts.get(prefix, 0) + 1
        key = piece.tag if piece.tag not in ("", "beside") else f"{prefix}{counts[prefix]:02d}"
        found.append(Parcel(key, outline, piece, uses.classification, code, name=piece.name or None))
    return found


def _published(parcel: Parcel) -> Parcel:
    """The parcel with what is published of it, where it is a real one."""
    if parcel.key == "1516-66C":
        return replace(
            parcel,
            real=True,
            land_use="M4",
            limits=Limits(far=2.5, stated=16_000.0),
            account=Account("announced", supply_mode="agreement", term_years=20, available_from=2027),
            official=6_400.0,
            name="东区三期 1516-66C 地块",
            source=NOTICE_66C,
            geometry_error=150.0,
            note="用地性质、面积、容积率、供应方式与年期为公示；建筑规模 16,000 m² 为 0.64 ha×2.5 推算；"
            "位置与形状为示意；可供年份为示意；公示后的成交结果未找到。西邻66A、北邻66B、南邻74",
        )
    if parcel.key in ("1516-66A", "1516-66B", "1516-74"):
        side = {"1516-66A": "西", "1516-66B": "北", "1516-74": "南"}[parcel.key]
        return replace(
            parcel,
            real=True,
            classification=None,
            land_use=None,
            source=NOTICE_66C,
            geometry_error=150.0,
            note=f"公示只说明它是 1516-66C 的{side}邻地块；用地性质、面积与指标均未找到，因此计为“未知”；图形为示意",
        )
    if parcel.key == "6019":
        return replace(
            parcel,
            real=True,
            land_use="B23",
            limits=Limits(stated=ABOVE_6019_M2),
            account=Account(
                "under_construction", 0.0, ABOVE_6019_M2, TOTAL_6019_M2 - ABOVE_6019_M2, "transfer", None, 2027
            ),
            official=24_100.0,
            name="园博数字经济产业园 6019 地块",
            source=PRESS_6019,
            note="用地 24,100 m²、总建筑面积约 126,000 m²（含地下）、2024-11-08 开工为公布；地上/地下拆分未公布，"
            "按相邻创新中心一期的地上占比 64.0% 推算；用地性质代码、供应方式与可供年份为示意（公布为“研发办公”）",
        )
    if parcel.key == "W1-CXZX-1":
        return replace(
            parcel,
            real=True,
            land_use="B23",
            limits=Limits(far=3.2, stated=INNOVATION_M2),
            account=Account("built", INNOVATION_M2, 0.0, INNOVATION_BELOW_M2, "transfer", None, None),
            official=INNOVATION_LAND_M2,
            name="西区I 创新中心一期",
            source=PRESS_INNOVATION,
            note="用地 28,031.433 m²，地上 89,699.21 m²、地下 50,455.55 m²，高 44.95 m，地上10层地下3层；"
            "容积率 3.20 为推算；"
            "地块编号未找到；竣工年份为推断；位置、用地性质代码与供应方式为示意",
        )
    if parcel.land_use == "080502":
        return replace(
            parcel,
            real=True,
            limits=Limits(stated=ICE_BASE_M2),
            account=Account("built", ICE_BASE_M2, 0.0, None, "allocation"),
            name="国家冰雪运动训练科研基地",
            source=PRESS_ICE,
            geometry_error=500.0,
            note="建筑规模 58,600 m² 为公布，位于二七机车厂西南角；用地面积未公布，图形为示意；全部按地上建筑面积计",
        )
    return parcel


def _limited(bare: list[Parcel]) -> list[Parcel]:
    """Every schematic parcel with its limits, sub-areas fitted to what is published."""
    unknown = _left_unknown(bare)
    done = {p.key: p for p in bare if p.real} | {key: replace(p, note=_UNKNOWN) for key, p in unknown.items()}
    free = [p for p in bare if p.key not in done]
    groups: tuple[tuple[float, list[Parcel]], ...] = (
        (E2_M2, [p for p in free if p.outline.code == "E2"]),
        (E3_M2 - 16_000.0, [p for p in free if p.outline.code == "E3"]),
        (
            WEST_INDUSTRY_M2 - INNOVATION_M2 - ABOVE_6019_M2,
            [p for p in free if p.outline.code == "W1" and p.land_use in INDUSTRY],
        ),
        (
            WEST_M2 - WEST_INDUSTRY_M2,
            [p for p in free if p.outline.code == "W2" or (p.outline.code == "W1" and p.land_use not in INDUSTRY)],
        ),
    )
    for total, group in groups:
        carrying = [p for p in group if ratio(p.land_use or "", p.key) > 0]
        limits = fitted(
            [p.area for p in carrying], [ratio(p.land_use or "", p.key) for p in carrying], round(total, 2)
        )
        done |= {p.key: replace(p, limits=limit) for p, limit in zip(carrying, limits, strict=True)}
    for parcel in free:
        if parcel.key not in done:
            done[parcel.key] = replace(parcel, limits=_own_limits(parcel))
    return [done[p.key] for p in bare]


_UNKNOWN = "示意地块；没有任何规划指标，计为“未知”，不进入任何账户"


def _left_unknown(bare: list[Parcel]) -> dict[str, Parcel]:
    """One parcel of 西区II and one of the works that carry no limit at all: the demo shows what is not known."""
    chosen = {}
    for code, use in (("W2", "A35"), ("XC", "1001")):
        candidates = [p for p in bare if p.outline.code == code and p.land_use == use]
        smallest = min(candidates, key=lambda p: (p.area, p.key))
        chosen[smallest.key] = smallest
    return chosen


def _own_limits(parcel: Parcel) -> Limits:
    far = ratio(parcel.land_use or "", parcel.key)
    if parcel.outline.code.startswith("X") and parcel.land_use not in ("1207", "1401"):
        return Limits(stated=standing_works(parcel))
    return free_standing(far, parcel.area, parcel.key)


def standing_works(parcel: Parcel) -> float:
    """Floor area of the works that stand on a parcel of the expanded zone: reuse may take no more than that [m²]."""
    if parcel.land_use == "1001":
        return math.fsum(hall.floor_area for hall in halls(parcel.piece, parcel.key, parcel.outline.code))
    return 10.0 * math.floor(parcel.area * (0.7 + 0.4 * unit(f"{parcel.key}/office")) / 10)


def _supplied(parcel: Parcel) -> Parcel:
    """The parcel with its opening balance, unless that is published."""
    if parcel.account.status:
        return parcel
    if parcel.permitted is None:
        return replace(parcel, account=Account("reserve", built=0.0))
    if parcel.key == "ROAD-E3-02":
        note = "丰云路截至 2026-01 仍为断头路，计划 2026 年打通（媒体报道）；路宽为示意"
        return replace(parcel, account=Account("under_construction", supply_mode="allocation"), note=note)
    if parcel.outline.code.startswith("X") and parcel.permitted > 0:
        return replace(parcel, account=Account("built", parcel.permitted, 0.0, None, "allocation"))
    return replace(parcel, account=account(_wave(parcel), parcel.land_use or "", parcel.permitted, parcel.key))


def _wave(parcel: Parcel) -> str:
    zone_id = parcel.outline.zone_id
    if zone_id == "east-3":
        road = parcel.outline.point(MAIN_ROAD_U, 0.5)
        return "east-3/west" if parcel.piece.shape.centroid.x < road[0] else "east-3/east"
    if zone_id == "west-1" and parcel.land_use in INDUSTRY:
        return "west-1/industry"
    return "east-1" if parcel.outline.code.startswith("X") else zone_id
