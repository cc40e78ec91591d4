"""Areas that take land out of the account, score it, or only inform."""

from __future__ import annotations

from layers.contract import Column, Layer
from layers.vocabulary import CONSTRAINT_KINDS, EFFECTS, SIDES

CONSTRAINTS = Layer(
    name="constraints",
    zh="约束",
    row="an area that limits what parcels under it may carry",
    row_zh="一个限制其下地块承载的区域",
    key="constraint_id",
    geometry=("Polygon",),
    columns=(
        Column("constraint_id", "text", "约束编号", "Stable key", required=True),
        Column("name", "text", "名称", "Name"),
        Column("kind", "text", "类别", "Kind", allowed=tuple(CONSTRAINT_KINDS), strict=False),
        Column("effect", "text", "作用", "What it does", allowed=tuple(EFFECTS), required=True),
        Column(
            "side", "text", "作用范围", "Side of the outline that it acts on; empty: inside", allowed=tuple(SIDES)
        ),
        Column("factor", "number", "系数", "Score where the effect is a score", minimum=0, maximum=100),
        Column("source", "text", "来源", "Where the row comes from"),
        Column("note", "text", "备注", "Remarks"),
    ),
)
