"""Criteria of suitability (选址适宜性参考评价): what is measured at a parcel, its score from 0 to 100, its weight."""

from __future__ import annotations

from layers.contract import Column, Layer
from layers.vocabulary import CRITERION_ROLES, FUNCTIONS, MEASURES, MISSING_RULES

CRITERIA = Layer(
    name="criteria",
    zh="评价因子",
    row="one criterion of one suitability model",
    row_zh="一个适宜性评价模型中的一个因子",
    key="criterion_id",
    columns=(
        Column("criterion_id", "text", "因子编号", "Stable key", required=True),
        Column("model", "text", "评价模型", "Model that it belongs to", required=True),
        Column("model_en", "text", "评价模型英文名称", "Name of the model shown in English"),
        Column("function", "text", "功能", "Function that it counts for; empty means all", allowed=tuple(FUNCTIONS)),
        Column("name", "text", "名称", "Name"),
        Column("name_en", "text", "英文名称", "Name shown in English"),
        Column("measure", "text", "量度", "What is measured at a parcel", allowed=tuple(MEASURES), required=True),
        Column(
            "subject",
            "text",
            "对象",
            "What it is measured against: a raster_id, a kind of station, facility or constraint, or a column",
        ),
        Column("threshold", "number", "阈值", "Bound of a share: the part of the parcel above it counts"),
        Column("worst", "number", "零分值", "Measured value that scores 0; between it and the best, evenly"),
        Column("best", "number", "满分值", "Measured value that scores 100"),
        Column("steps", "list", "分级", "Scores by steps instead, `value=score`: from that value on, that score"),
        Column("role", "text", "作用", "Counts with its weight, or rules out", allowed=tuple(CRITERION_ROLES)),
        Column(
            "missing",
            "text",
            "缺值处理",
            "What a parcel without a value means; empty means that its total is unknown",
            allowed=tuple(MISSING_RULES),
        ),
        Column("weight", "number", "权重", "Weight before weights are brought to the sum of 1", minimum=0),
        Column(
            "judgements",
            "list",
            "两两比较",
            "How much more it counts than another, `criterion_id=3`, on Saaty's scale",
        ),
        Column("source", "text", "来源", "Where the score comes from"),
        Column("note", "text", "备注", "Remarks"),
    ),
)
