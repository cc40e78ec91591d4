"""Rules of supply and use as far as secondary sources tell them; none is verified against its document."""

from __future__ import annotations

from typing import Any

PARK = ("京政发〔2017〕39号", "2018-01-01", "生效日未核对：报道见 2018-01-12")
TERMS = ("京政发〔2025〕29号", "2025-12-01", "生效月份据 2026-01-05 报道，日未核对")
IDLE = ("国土资源部令第53号", "2012-07-01", "生效日未核对")
NATIONAL = ("自然资发〔2022〕201号", "2022-11-01", "生效月份未核对")

_ROWS: tuple[tuple[tuple[str, str, str], str, str, dict[str, Any]], ...] = (
    (PARK, "term-lease", "term", {"supply_mode": "lease", "high": 15.0, "unit": "年", "confidence": "B",
     "source": "china.com.cn 2018-01-12 报道", "note": "园区产业用地租赁，年租制"}),
    (PARK, "term-agreement", "term", {"supply_mode": "agreement", "high": 20.0, "unit": "年", "confidence": "C",
     "source": "东区三期 1516-66C 公示（2022-09）", "note": "由一宗公示推得：协议出让 20 年"}),
    (PARK, "support", "support_share", {"high": 0.15, "unit": "1", "confidence": "C",
     "source": "takefoto.cn 报道", "note": "配套占地上总建筑规模"}),
    (PARK, "no-transfer", "no_transfer", {"supply_mode": "self_held", "confidence": "B",
     "source": "china.com.cn 2018-01-12 报道", "note": "园区开发企业的土地与房屋可租给入园企业"}),
    (PARK, "entry", "entry", {"confidence": "C", "source": "takefoto.cn 报道",
     "note": "产业类型、投资强度、产出效率、创新能力、节能环保为供地前置条件"}),
    (NATIONAL, "term-lease", "term", {"supply_mode": "lease", "low": 5.0, "high": 20.0, "unit": "年",
     "confidence": "B", "source": "自然资发〔2022〕201号 转载"}),
    (NATIONAL, "lease-phase", "lease_phase", {"supply_mode": "lease_then_transfer", "high": 5.0, "unit": "年",
     "confidence": "B", "source": "自然资发〔2022〕201号 转载"}),
    (NATIONAL, "term-flexible", "term", {"supply_mode": "flexible_transfer", "high": 50.0, "unit": "年",
     "confidence": "B", "source": "自然资发〔2022〕201号 转载", "note": "弹性年期低于 50 年"}),
    (TERMS, "term", "term", {"high": 20.0, "unit": "年", "confidence": "B", "source": "证券时报 2026-01-05",
     "note": "一般工业"}),
    (TERMS, "term-major", "term", {"for_class": "major", "low": 30.0, "high": 50.0, "unit": "年", "confidence": "B",
     "source": "证券时报 2026-01-05"}),
    (TERMS, "term-storage", "term", {"for_class": "storage", "high": 30.0, "unit": "年", "confidence": "B",
     "source": "证券时报 2026-01-05"}),
    (TERMS, "term-standard", "term", {"for_class": "park_standard", "high": 30.0, "unit": "年", "confidence": "B",
     "source": "证券时报 2026-01-05"}),
    (TERMS, "term-renewal", "term", {"for_class": "renewal", "high": 30.0, "unit": "年", "confidence": "B",
     "source": "证券时报 2026-01-05"}),
    (TERMS, "term-green-belt", "term", {"constraint_kind": "green_belt", "high": 20.0, "unit": "年",
     "confidence": "B", "source": "证券时报 2026-01-05", "note": "绿化隔离地区内一律不超过 20 年"}),
    (TERMS, "price-floor", "price_floor", {"low": 0.02, "unit": "1/年", "confidence": "B",
     "source": "证券时报 2026-01-05", "note": "不低于 50 年期地价的 年期÷50"}),
    (IDLE, "start", "idle_start", {"high": 1.0, "unit": "年", "confidence": "C", "source": "国土资源部令第53号 转载",
     "note": "超过约定动工日满此年限未动工，疑似闲置"}),
    (IDLE, "stop", "idle_stop", {"high": 1.0, "unit": "年", "confidence": "C", "source": "国土资源部令第53号 转载",
     "note": "已动工而用地或投资不足下限，又中止开发满此年限，疑似闲置"}),
    (IDLE, "land", "idle_land", {"low": 0.333333, "unit": "1", "confidence": "C", "source": "国土资源部令第53号 转载",
     "note": "已动工用地不足应动工用地的三分之一"}),
    (IDLE, "investment", "idle_investment", {"low": 0.25, "unit": "1", "confidence": "C",
     "source": "国土资源部令第53号 转载", "note": "已投资额不足总投资额的百分之二十五"}),
    (IDLE, "fee", "idle_fee", {"high": 0.2, "unit": "1", "confidence": "C", "source": "国土资源部令第53号 转载",
     "note": "满一年未动工"}),
    (IDLE, "withdrawal", "idle_withdrawal", {"high": 2.0, "unit": "年", "confidence": "C",
     "source": "国土资源部令第53号 转载", "note": "满此年限未动工，可无偿收回"}),
)  # fmt: skip


def rulepacks() -> list[dict[str, Any]]:
    """Rows of the rule packs table."""
    rows = []
    for (pack, since, dated), key, rule, more in _ROWS:
        empty = dict.fromkeys(("supply_mode", "for_class", "constraint_kind", "low", "high", "unit", "note"))
        row = empty | {
            "rule_id": f"{pack}/{key}",
            "pack": pack,
            "name": None,
            "valid_from": since,
            "valid_to": None,
            "rule": rule,
            "clause": None,
            "verified": False,
        }
        row |= more
        row["note"] = "；".join(text for text in (more.get("note"), dated, "须核对原文") if text)
        rows.append(row)
    return rows
