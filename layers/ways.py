"""Ways: stretches of street and path that people walk along; distances are measured along them."""

from __future__ import annotations

from layers.contract import Column, Layer
from layers.vocabulary import WAY_KINDS

WAYS = Layer(
    name="ways",
    zh="路网",
    row="a stretch of street or path",
    row_zh="一段街道或步行道",
    key="way_id",
    geometry=("LineString",),
    columns=(
        Column("way_id", "text", "路段编号", "Stable key", required=True),
        Column("name", "text", "名称", "Name"),
        Column("kind", "text", "类别", "Kind", allowed=tuple(WAY_KINDS), strict=False),
        Column("walkable", "boolean", "可步行", "Whether people may walk along it; empty means yes"),
        Column("length_m", "number", "长度", "Length to count with; empty means as drawn", "m", minimum=0),
        Column("level", "integer", "层", "Storey of the way: ways that cross on other levels do not meet"),
        Column("source", "text", "来源", "Where the row comes from, with its licence"),
        Column("note", "text", "备注", "Remarks"),
    ),
)
