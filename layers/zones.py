"""Zones and their sub-areas: East, West and Expanded are rows here, never code paths."""

from __future__ import annotations

from layers.contract import Column, Layer
from layers.vocabulary import CLASSIFICATIONS, FUNCTIONS, GEOMETRY_BASIS, ZONE_KINDS

ZONES = Layer(
    name="zones",
    zh="分区",
    row="a zone, or a sub-area of a zone (its `parent` says of which)",
    row_zh="一个分区，或分区内的一个片区（由 parent 指明所属）",
    key="zone_id",
    geometry=("Polygon",),
    geometry_required=False,
    columns=(
        Column("zone_id", "text", "分区编号", "Stable key", required=True),
        Column("name", "text", "名称", "Name shown to users"),
        Column("name_en", "text", "英文名称", "Name shown in English"),
        Column("kind", "text", "类别", "Which of the plan's zones it belongs to", allowed=tuple(ZONE_KINDS)),
        Column("parent", "text", "上级分区", "zone_id of the zone that a sub-area belongs to; empty for a zone"),
        Column(
            "functions",
            "list",
            "功能定位",
            "Functions that the zone is meant to hold",
            allowed=tuple(FUNCTIONS),
        ),
        Column(
            "classification",
            "text",
            "分类标准",
            "Classification of `land_uses`",
            allowed=tuple(CLASSIFICATIONS),
        ),
        Column("land_uses", "list", "准入用地", "Land-use codes that may take enterprises; empty means no limit"),
        Column("official_area_m2", "number", "公布面积", "Area as published", "m²", minimum=0),
        Column(
            "floor_area_cap_m2",
            "number",
            "建筑规模上限",
            "Most floor area the zone may hold above ground",
            "m²",
            minimum=0,
        ),
        Column(
            "published_floor_area_m2",
            "number",
            "公布建筑规模",
            "Floor area as published, for comparison only",
            "m²",
            minimum=0,
        ),
        Column(
            "far_max",
            "number",
            "容积率上限",
            "Floor area ratio of parcels that have none of their own",
            minimum=0,
        ),
        Column(
            "coverage_max_pct",
            "number",
            "建筑密度上限",
            "Building coverage of parcels that have none of their own",
            "%",
            minimum=0,
            maximum=100,
        ),
        Column(
            "height_max_m",
            "number",
            "建筑限高",
            "Building height of parcels that have none of their own",
            "m",
            minimum=0,
        ),
        Column(
            "geometry_basis",
            "text",
            "图形依据",
            "How the outline was obtained",
            allowed=tuple(GEOMETRY_BASIS),
        ),
        Column(
            "geometry_error_m",
            "number",
            "图形误差",
            "Estimated position error of a derived outline",
            "m",
            minimum=0,
        ),
        Column("source", "text", "来源", "Where the row comes from"),
        Column("note", "text", "备注", "Remarks, such as two published figures that disagree"),
    ),
)
