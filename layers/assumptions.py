"""Assumptions: every number that nobody measured, with its range, basis and source."""

from __future__ import annotations

from layers.contract import Column, Layer
from layers.vocabulary import AREA_BASIS, CONFIDENCE, FACILITY_KINDS, FUNCTIONS, RANGES

ASSUMPTIONS = Layer(
    name="assumptions",
    zh="假设",
    row="one number with its unit and range",
    row_zh="一个带单位和范围的数",
    key="assumption_id",
    replaces=True,
    columns=(
        Column("assumption_id", "text", "编号", "Stable key, `name` or `name.function`", required=True),
        Column(
            "name",
            "text",
            "名称",
            "What the number is",
            required=True,
            allowed=(
                "floor_area_per_person",
                "floor_area_per_enterprise_0",
                "floor_area_per_enterprise_1",
                "floor_area_per_enterprise_10",
                "floor_area_per_enterprise_100",
                "efficiency",
                "vacancy",
                "storey_height",
                "renewal_threshold",
                "availability_factor",
                "reuse_factor",
                "support_share",
                "catchment_near",
                "catchment_far",
                "way_snap",
                "walk_access",
                "due_within",
                "renewal_ahead",
                *(f"service_reach.{kind}" for kind in FACILITY_KINDS),
                *(f"service_need.{kind}" for kind in FACILITY_KINDS),
            ),
            strict=False,
        ),
        Column("function", "text", "功能", "Function it holds for; empty means all", allowed=tuple(FUNCTIONS)),
        Column("value", "number", "取值", "Default", required=True),
        Column("low", "number", "低值", "Low"),
        Column("high", "number", "高值", "High"),
        Column("range_is", "text", "区间含义", "What low and high are; empty: 10 % and 90 %", allowed=tuple(RANGES)),
        Column("unit", "text", "单位", "Unit"),
        Column("basis", "text", "口径", "What the number is measured in", allowed=tuple(AREA_BASIS)),
        Column("meaning", "text", "含义", "What it means, in words"),
        Column("source", "text", "来源", "Where it comes from"),
        Column("confidence", "text", "可信度", "Confidence", allowed=tuple(CONFIDENCE)),
        Column("note", "text", "备注", "Remarks"),
    ),
)
