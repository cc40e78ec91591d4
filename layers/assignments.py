"""Assignments: floor area of one parcel given to one project."""

from __future__ import annotations

from layers.contract import Column, Layer
from layers.vocabulary import SOURCES, STAGES, SUPPLY_MODES

ASSIGNMENTS = Layer(
    name="assignments",
    zh="落位",
    row="a quantity of floor area of one parcel given to one project",
    row_zh="一个地块的一部分建筑面积落位给一个项目",
    key="assignment_id",
    columns=(
        Column("assignment_id", "text", "落位编号", "Stable key", required=True),
        Column("parcel_id", "text", "地块", "parcel_id that gives the floor area", required=True),
        Column("project_id", "text", "项目", "project_id that takes it", required=True),
        Column("floor_area_m2", "number", "建筑面积", "Floor area given", "m²", required=True, minimum=0),
        Column(
            "source",
            "text",
            "空间来源",
            "New building, or vacant space of an existing one",
            allowed=tuple(SOURCES),
            required=True,
        ),
        Column(
            "stage",
            "text",
            "阶段",
            "How far it has got; decides the account that the floor area stands in",
            allowed=tuple(STAGES),
            required=True,
        ),
        Column(
            "supply_mode",
            "text",
            "供应方式",
            "How the land or space is supplied",
            allowed=tuple(SUPPLY_MODES),
        ),
        Column("term_years", "number", "年期", "Term", "years", minimum=0, maximum=70),
        Column("valid_from", "date", "起始日", "First day of the term"),
        Column("valid_to", "date", "到期日", "Last day of the term; the renewal is due before it"),
        Column("building_id", "text", "所在建筑", "building_id, where it is known in which building it lies"),
        Column("phase", "text", "分期", "Phase"),
        Column("assigned_by", "text", "经办人", "Who assigned it"),
        Column("assigned_at", "text", "时间", "When, UTC, ISO 8601"),
        Column("note", "text", "备注", "Remarks"),
    ),
)
