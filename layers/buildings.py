"""Existing buildings: what reuse, the incubator and an exit draw on."""

from __future__ import annotations

from layers.contract import Column, Layer

BUILDINGS = Layer(
    name="buildings",
    zh="建筑",
    row="a building, or a whole works, that stands on a parcel",
    row_zh="地块上的一栋建筑或一处成片厂房",
    key="building_id",
    geometry=("Polygon", "Point"),
    geometry_required=False,
    columns=(
        Column("building_id", "text", "建筑编号", "Stable key", required=True),
        Column("parcel_id", "text", "所在地块", "parcel_id on which it stands", required=True),
        Column("name", "text", "名称", "Name"),
        Column("floor_area_m2", "number", "地上建筑面积", "Floor area above ground", "m²", minimum=0),
        Column("underground_floor_area_m2", "number", "地下建筑面积", "Floor area below ground", "m²", minimum=0),
        Column(
            "vacant_floor_area_m2",
            "number",
            "空置面积",
            "Floor area above ground that can be taken",
            "m²",
            minimum=0,
        ),
        Column(
            "reusable_from",
            "integer",
            "可利用年份",
            "First year in which vacant space can be taken",
            minimum=1949,
            maximum=2200,
        ),
        Column("storey_height_m", "number", "层高", "Clear storey height", "m", minimum=0),
        Column("condition", "text", "状况", "Condition in words"),
        Column("source", "text", "来源", "Where the row comes from"),
        Column("note", "text", "备注", "Remarks"),
    ),
)
