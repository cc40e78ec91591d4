"""Specialised parks (特色园区) inside the zones."""

from __future__ import annotations

from layers.contract import Column, Layer
from layers.vocabulary import FUNCTIONS, GEOMETRY_BASIS, PARK_KINDS

PARKS = Layer(
    name="parks",
    zh="特色园区",
    row="a specialised park",
    row_zh="一个特色园区",
    key="park_id",
    geometry=("Polygon", "Point"),
    geometry_required=False,
    columns=(
        Column("park_id", "text", "园区编号", "Stable key", required=True),
        Column("name", "text", "名称", "Name"),
        Column("name_en", "text", "英文名称", "Name shown in English"),
        Column("kind", "text", "类别", "Kind of park", allowed=tuple(PARK_KINDS)),
        Column("lead_organisation", "text", "牵头单位", "Lead enterprise or institution"),
        Column("plan_row", "text", "规划条目", "Row of the plan that asks for it"),
        Column(
            "takes_functions",
            "list",
            "承接功能",
            "Functions that a partner park takes which the study area should not hold",
            allowed=tuple(FUNCTIONS),
        ),
        Column("member_parcels", "list", "所含地块", "parcel_ids that make the park, where it has no outline"),
        Column(
            "existing_floor_area_m2",
            "number",
            "现有空间",
            "Existing floor area as published",
            "m²",
            minimum=0,
        ),
        Column(
            "incubator_share_pct",
            "number",
            "孵化占比",
            "Share of floor area kept for incubation",
            "%",
            minimum=0,
            maximum=100,
        ),
        Column(
            "geometry_basis",
            "text",
            "图形依据",
            "How the outline was obtained",
            allowed=tuple(GEOMETRY_BASIS),
        ),
        Column("source", "text", "来源", "Where the row comes from"),
        Column("note", "text", "备注", "Remarks"),
    ),
)
