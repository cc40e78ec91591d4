"""The codes that columns hold, each with its Chinese and English term.

Codes are what is stored and exported; terms are what people read. Import accepts a code or either term.
"""

from __future__ import annotations

Terms = dict[str, tuple[str, str]]

ZONE_KINDS: Terms = {
    "east": ("东区", "East"),
    "west": ("西区", "West"),
    "expanded": ("新扩区域", "Expanded"),
    "other": ("其他", "Other"),
}

FUNCTIONS: Terms = {
    "headquarters": ("总部办公", "Headquarters"),
    "research": ("研发设计", "R&D offices"),
    "laboratory": ("实验室", "Laboratory"),
    "pilot": ("中试", "Pilot plant"),
    "production": ("生产装配", "Production"),
    "incubator": ("孵化器", "Incubator"),
    "support": ("配套服务", "Support services"),
}

PARCEL_STATUS: Terms = {
    "reserve": ("储备", "Land reserve"),
    "planned": ("列入供应计划", "In the supply plan"),
    "announced": ("公告", "Announced"),
    "sold": ("成交", "Sold"),
    "delivered": ("交地", "Delivered"),
    "under_construction": ("在建", "Under construction"),
    "built": ("已建", "Built"),
}

SUPPLY_MODES: Terms = {
    "transfer": ("出让", "Transfer"),
    "flexible_transfer": ("弹性年期出让", "Flexible-term transfer"),
    "lease": ("租赁", "Lease"),
    "lease_then_transfer": ("先租后让", "Lease, then transfer"),
    "agreement": ("协议出让", "Transfer by agreement"),
    "allocation": ("划拨", "Allocation"),
    "self_held": ("平台自持", "Self-held by the platform"),
}

STAGES: Terms = {
    "intent": ("意向", "Intent"),
    "signed": ("签约", "Signed"),
    "under_construction": ("在建", "Under construction"),
    "completed": ("建成使用", "Completed, in use"),
    "vacated": ("已腾退", "Vacated"),
}

SOURCES: Terms = {"new": ("新建", "New building"), "existing": ("既有空间", "Existing building")}

PROJECT_STATES: Terms = {
    "lead": ("线索", "Lead"),
    "reserve": ("储备", "Reserve"),
    "admitted": ("入库", "Admitted"),
    "signed": ("签约", "Signed"),
    "started": ("开工", "Started"),
    "completed": ("竣工", "Completed"),
    "operating": ("投产", "Operating"),
    "at_capacity": ("达产", "At capacity"),
    "evaluated": ("评估", "Evaluated"),
    "renewed": ("续期", "Renewed"),
    "exited": ("退出", "Exited"),
}

MILESTONE_KINDS: Terms = {
    "delivery": ("交地", "Delivery"),
    "start": ("约定开工", "Agreed start"),
    "completion": ("竣工", "Completion"),
    "production": ("投产", "Operation"),
    "full_capacity": ("达产", "Full capacity"),
    "evaluation": ("履约评价", "Evaluation"),
    "renewal": ("到期续期", "End of term"),
    "conversion": ("先租后让转出让", "Lease conversion"),
    "investment": ("固定资产投资强度", "Fixed investment"),
    "research_share": ("研发投入占比", "R&D share"),
    "tax_per_mu": ("地均税收", "Tax per mu"),
    "tax_per_floor": ("楼均税收", "Tax per floor area"),
    "jobs": ("就业人数", "Jobs"),
    "land_price": ("成交地价", "Price of the land"),
}

DELAY_CAUSES: Terms = {
    "government": ("政府原因", "The government's doing"),
    "force_majeure": ("不可抗力", "Force majeure"),
    "enterprise": ("企业自身原因", "The enterprise's own doing"),
}

CHAIN_SEGMENTS: Terms = {
    "upstream": ("上游：研发与规划设计", "Upstream: R&D, planning, design"),
    "midstream": ("中游：工程建设与装备研制", "Midstream: construction, equipment"),
    "downstream": ("下游：运营与维护服务", "Downstream: operation, maintenance"),
    "platform": ("平台与服务", "Platforms and services"),
}

PARK_KINDS: Terms = {
    "incubator": ("孵化器 / 专精特新园区", "Incubator"),
    "specialised": ("特色园区", "Specialised park"),
    "innovation_base": ("产学研用创新基地", "Innovation base"),
    "station_city": ("站城一体化", "Station-city area"),
    "renewal": ("工业遗存更新", "Industrial renewal"),
    "partner": ("协同园区", "Partner park"),
}

STATION_KINDS: Terms = {
    "metro": ("地铁站", "Metro station"),
    "rail": ("铁路车站", "Railway station"),
    "entrance": ("出入口", "Entrance"),
}

EFFECTS: Terms = {
    "exclude": ("扣除", "Exclude"),
    "factor": ("打分", "Score"),
    "inform": ("提示", "Inform"),
}

CONSTRAINT_KINDS: Terms = {
    "green_belt": ("绿化隔离地区", "Green belt"),
    "flood_control": ("洪涝风险控制线", "Flood control line"),
    "ecological_red_line": ("生态保护红线", "Ecological red line"),
    "heritage": ("文物保护与建设控制地带", "Heritage protection"),
    "growth_boundary": ("城镇开发边界", "Urban growth boundary"),
    "road_line": ("道路红线", "Road line"),
    "green_line": ("城市绿线", "Green line"),
    "blue_line": ("城市蓝线", "Blue line"),
    "purple_line": ("城市紫线", "Purple line"),
    "yellow_line": ("城市黄线", "Yellow line"),
    "noise": ("噪声影响区", "Noise"),
    "pipeline": ("管线走廊", "Pipeline strip"),
    "other": ("其他约束", "Other constraint"),
}

SIDES: Terms = {"inside": ("范围内", "Inside"), "outside": ("范围外", "Outside")}

RASTER_KINDS: Terms = {
    "dem": ("高程", "Elevation"),
    "slope": ("坡度", "Slope"),
    "aspect": ("坡向", "Aspect"),
    "land_cover": ("地表覆盖", "Land cover"),
    "noise": ("噪声", "Noise"),
    "heat": ("地表热环境", "Surface heat"),
    "night_light": ("夜间灯光", "Night light"),
    "other": ("其他栅格", "Other raster"),
}

RASTER_VALUES: Terms = {"continuous": ("连续值", "Along a scale"), "category": ("分类码", "Codes")}

WAY_KINDS: Terms = {
    "street": ("街道", "Street"),
    "path": ("步行道", "Path"),
    "crossing": ("过街通道", "Crossing"),
    "steps": ("台阶", "Steps"),
    "bridge": ("桥", "Bridge"),
    "underpass": ("地下通道", "Underpass"),
}

FACILITY_KINDS: Terms = {
    "canteen": ("食堂餐饮", "Canteen"),
    "shop": ("便利商业", "Shop"),
    "staff_housing": ("人才公寓", "Staff housing"),
    "childcare": ("托育与幼儿园", "Childcare"),
    "school": ("中小学", "School"),
    "clinic": ("医疗卫生", "Clinic"),
    "sport": ("体育健身", "Sport"),
    "culture": ("文化设施", "Culture"),
    "park": ("公园绿地", "Park"),
    "bus_stop": ("公交站", "Bus stop"),
    "parking": ("停车场", "Parking"),
    "other": ("其他配套", "Other facility"),
}

MEASURES: Terms = {
    "raster_mean": ("栅格均值", "Mean of a raster"),
    "raster_share_above": ("栅格超阈值面积占比", "Share of the area above a threshold"),
    "raster_share_of": ("栅格类别面积占比", "Share of the area in a category"),
    "station_distance": ("到车站的直线距离", "Straight-line distance to a station"),
    "station_walk": ("到车站的步行距离", "Walking distance to a station"),
    "facility_distance": ("到配套设施的距离", "Distance to a facility"),
    "facilities_reached": ("可达配套设施类数", "Kinds of facilities within reach"),
    "constraint_share": ("约束区面积占比", "Share of the area under a constraint"),
    "constraint_factor": ("约束区系数", "Factor of the constraints, by area"),
    "partner_distance": ("到产业链伙伴的距离", "Distance to partners of the value chain"),
    "function_fit": ("用地与分区是否允许该功能", "Whether land use and zone allow the function"),
    "parcel_value": ("地块指标", "A column of the parcels"),
}

MISSING_RULES: Terms = {
    "unknown": ("总分未知", "The total is unknown"),
    "pass_on": ("权重分给其他因子", "Its weight goes to the others"),
}

CRITERION_ROLES: Terms = {"weight": ("加权", "Weighs"), "mask": ("否决", "Rules out")}

GEOMETRY_BASIS: Terms = {
    "surveyed": ("实测", "Surveyed"),
    "derived": ("推算", "Derived"),
    "schematic": ("示意", "Schematic"),
}

FIGURE_BASIS: Terms = {
    "published": ("公开数据", "Published"),
    "derived": ("推算", "Derived"),
    "schematic": ("示意", "Illustrative"),
    "assumed": ("假设", "Assumed"),
    "imported": ("导入", "Imported"),
    "edited": ("录入", "Entered"),
}

CONFIDENCE: Terms = {
    "A": ("A 官方或开放数据", "A official or open data"),
    "B": ("B 主流媒体或公告", "B major media or notice"),
    "C": ("C 转载或节选", "C mirror or excerpt"),
    "D": ("D 推算", "D derived"),
}

FAR_BASIS: Terms = {"net": ("净用地", "Net site"), "gross": ("毛用地", "Gross site")}

AREA_BASIS: Terms = {
    "floor_area": ("建筑面积", "Gross floor area"),
    "usable_area": ("使用面积", "Usable area"),
    "share": ("比例", "Share"),
    "length": ("长度", "Length"),
    "time": ("时间", "Time"),
}

ASSUMED: Terms = {
    "floor_area_per_person": ("人均建筑面积", "Floor area per person"),
    "floor_area_per_enterprise_0": ("每家面积（不足 1 亿元）", "Per firm below 0.1 bn yuan"),
    "floor_area_per_enterprise_1": ("每家面积（1–10 亿元）", "Per firm of 0.1–1 bn yuan"),
    "floor_area_per_enterprise_10": ("每家面积（10–100 亿元）", "Per firm of 1–10 bn yuan"),
    "floor_area_per_enterprise_100": ("每家面积（100 亿元以上）", "Per firm of 10 bn yuan and more"),
    "efficiency": ("得房率", "Efficiency"),
    "vacancy": ("空置率", "Vacancy"),
    "storey_height": ("层高", "Storey height"),
    "renewal_threshold": ("更新潜力门槛", "Renewal threshold"),
    "availability_factor": ("可供系数", "Availability factor"),
    "support_share": ("配套占比上限", "Highest share of support"),
    "catchment_near": ("车站核心范围半径", "Inner radius of a station"),
    "catchment_far": ("车站影响范围半径", "Outer radius of a station"),
    "way_snap": ("路网衔接距离", "Distance at which ways join"),
    "walk_access": ("到路网的最远距离", "Furthest from a way"),
    "due_within": ("临近天数", "Days that count as soon"),
    "renewal_ahead": ("续期提前天数", "Days ahead of a renewal"),
    "reuse_factor": ("既有空间适用系数", "Reuse factor"),
    "service_reach": ("服务距离", "reach"),
    "service_need": ("人均服务能力", "places per person"),
}

UNITS: Terms = {
    "1": ("比例", "share"),
    "m2/人": ("m²/人", "m²/person"),
    "m²/人": ("m²/人", "m²/person"),
    "m2/家": ("m²/家", "m²/firm"),
    "m²/家": ("m²/家", "m²/firm"),
    "年": ("年", "years"),
    "月": ("个月", "months"),
    "天": ("天", "days"),
    "d": ("天", "days"),
    "1/年": ("每年", "per year"),
}

RULES: Terms = {
    "term": ("年期", "Term"),
    "lease_phase": ("先租后让的租赁期", "Lease before a transfer"),
    "support_share": ("配套面积占比", "Share of support"),
    "price_floor": ("地价下限（相对 50 年期）", "Least price, against 50 years"),
    "no_transfer": ("不得转让、分割销售", "No transfer, no sale in parts"),
    "entry": ("准入条件", "Conditions of entry"),
    "idle_start": ("超过约定动工日未动工", "No start after the agreed day"),
    "idle_stop": ("中止开发满期", "Building stopped for a time"),
    "idle_land": ("已动工用地占比下限", "Least share of the land under construction"),
    "idle_investment": ("已投资占比下限", "Least share of the investment made"),
    "idle_fee": ("土地闲置费（占出让价款）", "Fee for idle land, of the land price"),
    "idle_withdrawal": ("未动工可收回的年限", "No start for so long: may be withdrawn"),
}

RULE_CLASSES: Terms = {
    "major": ("国家级重大或指定产业重大项目", "Major project"),
    "storage": ("仓储物流", "Storage and logistics"),
    "park_standard": ("授权园区开发企业建标准厂房、研发用房", "Standard workshops of the park's developer"),
    "renewal": ("存量更新", "Renewal of what is built"),
}

TARGET_MEASURES: Terms = {
    "staff": ("研发人员", "R&D staff"),
    "enterprises": ("企业", "Enterprises"),
    "platforms": ("创新平台", "Innovation platforms"),
    "revenue": ("收入", "Revenue"),
    "other": ("其他指标", "Other indicator"),
}

RANGES: Terms = {
    "p10_p90": ("10 % 与 90 % 分位", "10 % and 90 % points"),
    "bounds": ("上下限", "Bounds"),
}

CLASSIFICATIONS: Terms = {
    "YDYH2023": ("用地用海分类 2023", "National land and sea use classes, 2023"),
    "DB11/996": ("北京市 DB11/996", "Beijing DB11/996"),
    "GB50137": ("GB 50137", "GB 50137"),
    "GB/T21010": ("土地利用现状分类 GB/T 21010", "Present land use, GB/T 21010"),
    "local": ("地方分类", "Local classes"),
}


def term(terms: Terms, code: object, language: str = "zh-CN") -> str:
    """The word for a code in a language; an unknown code reads as itself.

    >>> term(STAGES, "intent")
    '意向'
    """
    pair = terms.get(str(code))
    if pair is None:
        return "" if code is None or code != code else str(code)
    return pair[0] if language == "zh-CN" else pair[1]
