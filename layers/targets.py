"""Targets of a plan: how many people, enterprises or platforms there shall be, and what floor area they ask for."""

from __future__ import annotations

from layers.contract import Column, Layer
from layers.vocabulary import CONFIDENCE, TARGET_MEASURES

TARGETS = Layer(
    name="targets",
    zh="规划目标",
    row="a target of a plan: a number in a base year, and the number that shall be reached",
    row_zh="规划的一个目标：基年数与目标年数",
    key="target_id",
    columns=(
        Column("target_id", "text", "目标编号", "Stable key", required=True),
        Column("name", "text", "名称", "Name"),
        Column("name_en", "text", "英文名称", "Name shown in English"),
        Column("measure", "text", "量度", "What is counted", required=True, allowed=tuple(TARGET_MEASURES)),
        Column(
            "at_least",
            "number",
            "分档下限",
            "Lower bound of the tier, in 100 million yuan of revenue; a tier contains those above it",
            minimum=0,
        ),
        Column("base_year", "integer", "基年", "Year of the base", minimum=1949, maximum=2200),
        Column(
            "base_value", "number", "基年数", "Number in the base year; empty where nobody published it", minimum=0
        ),
        Column("target_year", "integer", "目标年", "Year by which it shall be reached", minimum=1949, maximum=2200),
        Column("target_value", "number", "目标数", "Number that shall be reached", minimum=0),
        Column("norm", "text", "单位面积假设", "assumption_id of the floor area that one of them asks for"),
        Column(
            "function_mix",
            "list",
            "功能构成",
            "Functions with their share of the floor area, as `research=0.6; headquarters=0.4`",
        ),
        Column("zone", "text", "分区", "zone_id in which it shall be; empty is free to choose"),
        Column("adds", "boolean", "计入合计", "Whether its floor area adds to that of others, or stands beside it"),
        Column("source", "text", "来源", "Where the row comes from"),
        Column("confidence", "text", "可信度", "Confidence", allowed=tuple(CONFIDENCE)),
        Column("note", "text", "备注", "Remarks"),
    ),
)
