"""Supporting facilities (配套设施), such as canteens, homes for staff and childcare, that parcels want in reach."""

from __future__ import annotations

from layers.contract import Column, Layer
from layers.vocabulary import FACILITY_KINDS, GEOMETRY_BASIS

FACILITIES = Layer(
    name="facilities",
    zh="配套设施",
    row="a supporting facility that serves the parcels around it",
    row_zh="一处服务周边地块的配套设施",
    key="facility_id",
    geometry=("Point", "Polygon"),
    columns=(
        Column("facility_id", "text", "设施编号", "Stable key", required=True),
        Column("name", "text", "名称", "Name"),
        Column("kind", "text", "类别", "Kind", allowed=tuple(FACILITY_KINDS), strict=False),
        Column(
            "capacity",
            "number",
            "服务能力",
            "How many people it can serve; empty where nobody said",
            "persons",
            minimum=0,
        ),
        Column("floor_area_m2", "number", "建筑面积", "Floor area", "m²", minimum=0),
        Column("reach_m", "number", "服务半径", "How far it serves; empty means as its kind", "m", minimum=0),
        Column("open_from", "integer", "启用年份", "First year in which it serves", minimum=1949, maximum=2200),
        Column("data_basis", "text", "数据依据", "How the row was obtained", allowed=tuple(GEOMETRY_BASIS)),
        Column("source", "text", "来源", "Where the row comes from, with its licence"),
        Column("note", "text", "备注", "Remarks"),
    ),
)
