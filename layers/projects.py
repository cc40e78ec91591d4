"""Projects and enterprises that want space, with the floor area they ask for."""

from __future__ import annotations

from layers.contract import Column, Layer
from layers.vocabulary import CHAIN_SEGMENTS, FIGURE_BASIS, PROJECT_STATES, RANGES

PROJECTS = Layer(
    name="projects",
    zh="项目",
    row="a project or enterprise that wants space",
    row_zh="一个需要空间的项目或企业",
    key="project_id",
    columns=(
        Column("project_id", "text", "项目编号", "Stable key", required=True),
        Column("name", "text", "名称", "Name"),
        Column("name_en", "text", "英文名称", "Name shown in English"),
        Column(
            "state",
            "text",
            "项目状态",
            "Where it stands in the project library",
            allowed=tuple(PROJECT_STATES),
        ),
        Column(
            "supervision_agreement",
            "text",
            "履约监管协议",
            "Number of the agreement; none is signed without",
        ),
        Column("chain_segment", "text", "产业链环节", "Segment of the value chain", allowed=tuple(CHAIN_SEGMENTS)),
        Column(
            "function_mix",
            "list",
            "功能构成",
            "Functions with their share of the floor area, as `research=0.6; headquarters=0.4`",
        ),
        Column("headcount_low", "number", "人数低值", "People, low", "persons", minimum=0),
        Column("headcount", "number", "人数", "People", "persons", minimum=0),
        Column("headcount_high", "number", "人数高值", "People, high", "persons", minimum=0),
        Column(
            "requested_floor_area_low_m2",
            "number",
            "需求面积低值",
            "Floor area asked for, low",
            "m²",
            minimum=0,
        ),
        Column(
            "requested_floor_area_m2",
            "number",
            "需求面积",
            "Floor area asked for; wins over people × norm",
            "m²",
            minimum=0,
        ),
        Column(
            "requested_floor_area_high_m2",
            "number",
            "需求面积高值",
            "Floor area asked for, high",
            "m²",
            minimum=0,
        ),
        Column("range_is", "text", "区间含义", "What low and high are; empty: 10 % and 90 %", allowed=tuple(RANGES)),
        Column("need_by", "integer", "需用年份", "Year by which the space is needed", minimum=1949, maximum=2200),
        Column("priority", "number", "优先级", "Weight in allocation, 1 is ordinary", minimum=0),
        Column("must_zone", "text", "指定分区", "zone_id that it must be in"),
        Column("may_zones", "list", "可选分区", "zone_ids that it may be in; empty means any"),
        Column("exclusive", "boolean", "独占地块", "Whether it shares no parcel with others"),
        Column("splittable", "boolean", "可拆分", "Whether it may stand on several sites, a part on each"),
        Column("partial", "boolean", "可部分满足", "Whether a part of what it asks for is better than none"),
        Column("adjoining", "boolean", "可连片用地", "Whether it may take two or three parcels that adjoin"),
        Column("must_parcels", "list", "锁定地块", "parcel_ids of which it has to stand on one; empty means any"),
        Column("barred_parcels", "list", "排除地块", "parcel_ids on which it may not stand"),
        Column("parcels_reason", "text", "锁定或排除的理由", "Why these parcels are locked or barred"),
        Column("lead_partner", "text", "龙头企业", "project_id of the lead partner"),
        Column("basis", "text", "数据依据", "Basis of the headcount or floor area", allowed=tuple(FIGURE_BASIS)),
        Column("source", "text", "来源", "Where the row comes from"),
        Column("note", "text", "备注", "Remarks"),
    ),
)
