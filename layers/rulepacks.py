"""Rule packs: dated rules of supply and use, as data; which held on a day is a question to the table."""

from __future__ import annotations

from layers.contract import Column, Layer
from layers.vocabulary import CONFIDENCE, CONSTRAINT_KINDS, RULE_CLASSES, RULES, SUPPLY_MODES

RULEPACKS = Layer(
    name="rulepacks",
    zh="规则包",
    row="one rule of one document, with the days on which it holds",
    row_zh="一份文件的一条规则及其有效期",
    key="rule_id",
    columns=(
        Column("rule_id", "text", "规则编号", "Stable key", required=True),
        Column("pack", "text", "文号", "Number of the document", required=True),
        Column("name", "text", "名称", "Title of the document"),
        Column("valid_from", "date", "生效日", "First day on which it holds", required=True),
        Column("valid_to", "date", "失效日", "Last day on which it holds; empty: until further notice"),
        Column("rule", "text", "规则", "What it rules", required=True, allowed=tuple(RULES)),
        Column("supply_mode", "text", "供应方式", "Mode that it is for; empty: all", allowed=tuple(SUPPLY_MODES)),
        Column(
            "for_class",
            "text",
            "适用类别",
            "Class that has to be shown; empty: everybody",
            allowed=tuple(RULE_CLASSES),
        ),
        Column(
            "constraint_kind",
            "text",
            "适用约束",
            "Holds on land under this constraint",
            allowed=tuple(CONSTRAINT_KINDS),
        ),
        Column("low", "number", "下限", "Least that is allowed", minimum=0),
        Column("high", "number", "上限", "Most that is allowed", minimum=0),
        Column("unit", "text", "单位", "Unit of both"),
        Column("clause", "text", "条文", "Text of the clause; shown only where it is verified"),
        Column("verified", "boolean", "已核对原文", "Whether somebody compared it with the document"),
        Column("source", "text", "来源", "Where the row comes from"),
        Column("confidence", "text", "可信度", "Confidence", allowed=tuple(CONFIDENCE)),
        Column("note", "text", "备注", "Remarks"),
    ),
)
