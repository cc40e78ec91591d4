"""Targets of the plan that ask for space, and what one more enterprise of each size is assumed to want."""

from __future__ import annotations

from typing import Any

from data.fengtai.zones import PLAN

_ANCHOR = "东区三期设计：320 万 m² 容纳 2000 余家企业（2011 年报道），约 1,600 m²/家"
_TIERS = (
    # lower bound [亿元], base, target, floor area of one: low, likely, high [m²]
    (0.0, 180.0, 240.0, (600.0, 1_000.0, 1_600.0)),
    (1.0, 54.0, 70.0, (1_500.0, 3_000.0, 6_000.0)),
    (10.0, 22.0, 25.0, (6_000.0, 12_000.0, 25_000.0)),
    (100.0, 4.0, 10.0, (20_000.0, 40_000.0, 80_000.0)),
)


def _norm(bound: float) -> str:
    return f"floor_area_per_enterprise_{bound:.0f}"


def norms() -> list[dict[str, Any]]:
    """Rows of the assumptions table: floor area of one more enterprise, by size."""
    return [
        {
            "assumption_id": _norm(bound),
            "name": _norm(bound),
            "function": None,
            "value": likely,
            "low": low,
            "high": high,
            "unit": "m²/家",
            "basis": "floor_area",
            "meaning": f"年收入 {bound:.0f} 亿元以上一档，每家企业的建筑面积"
            if bound
            else "规模以下企业，每家的建筑面积",
            "source": f"假设：未找到分档统计，示意，可改；量级参照{_ANCHOR}",
            "confidence": "D",
        }
        for bound, _, _, (low, likely, high) in _TIERS
    ]


def targets() -> list[dict[str, Any]]:
    """Rows of the targets table. Enterprises stand beside the staff: both ask for the same space seen twice."""
    rows = [
        _target("rd-staff", "研发人员", "R&D staff", "staff", None, 11_301.0, 15_000.0,
                norm="floor_area_per_person.research", function_mix="research=1", adds=True,
                note="净增 3,699 人，每人建筑面积为假设"),
    ]  # fmt: skip
    rows += [
        _target(
            f"firms-{bound:.0f}",
            f"年收入 {bound:.0f} 亿元以上企业" if bound else "轨道交通企业",
            f"Enterprises of {bound:.0f} × 100 million yuan and more" if bound else "Rail enterprises",
            "enterprises",
            bound,
            base,
            target,
            norm=_norm(bound),
            function_mix="headquarters=0.3; research=0.6; support=0.1",
            adds=False,
            note="各档互相包含，按净增的本档家数计；与研发人员是同一需求的两种算法，不相加；功能构成与每家面积为示意",
        )
        for bound, base, target, _ in _TIERS
    ]
    rows.append(
        _target("platforms", "创新平台", "Innovation platforms", "platforms", None, None, 40.0,
                norm=None, function_mix="laboratory=1", adds=False,
                note="2020 年平台数未公布，净增不明，不计面积；首批与第二批打包需求见项目库")
    )  # fmt: skip
    return rows


def _target(
    key: str,
    name: str,
    name_en: str,
    measure: str,
    at_least: float | None,
    base: float | None,
    target: float,
    **more: Any,
) -> dict[str, Any]:
    return {
        "target_id": key,
        "name": name,
        "name_en": name_en,
        "measure": measure,
        "at_least": at_least,
        "base_year": 2020,
        "base_value": base,
        "target_year": 2025,
        "target_value": target,
        "zone": None,
        "source": PLAN,
        "confidence": "A",
    } | more
