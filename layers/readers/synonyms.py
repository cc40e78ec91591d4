"""Under which names files keep what our columns hold: Chinese, pinyin codes of plan databases, and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from layers.catalogue import LAYERS
from layers.field_names import field_name

_GIVEN: dict[str, dict[str, str]] = {
    "parcels": {
        "parcel_no": "地块编号|DKBH|地块号|地块编码|宗地号|宗地编号|宗地代码|ZDDM|ZDH|图斑编号|TBBH|编号|parcel|"
        "parcel number|"
        "parcel id|plot no|plot number|lot number|MAP LOT|APN|PIN",
        "name": "地块名称|DKMC|名称|MC|项目名称|XMMC|parcel name|site name",
        "zone": "分区|所属分区|SSFQ|FQ|功能区|zone name|zoning|district",
        "sub_area": "片区|所属片区|SSPQ|街区|街区编号|JQBH|subarea|sub zone|block",
        "classification": "分类标准|FLBZ|用地分类标准|land use scheme",
        "land_use": "用地性质|YDXZDM|用地性质代码|用地代码|YDDM|地类编码|DLBM|YDYHFLDM|用地用海分类代码|"
        "规划用途|用途|"
        "land use code|landuse|use code|zoning code",
        "official_area_m2": "用地面积|YDMJ|用地规模|宗地面积|ZDMJ|地块面积|DKMJ|图斑面积|TBMJ|建设用地面积|"
        "净用地面积|出让面积|"
        "site area|land area|lot area|parcel area|official area",
        "far_max": "容积率上限|RJLSX|容积率|RJL|规划容积率|FAR|max FAR|floor area ratio|plot ratio",
        "far_min": "容积率下限|RJLXX|min FAR",
        "far_basis": "容积率口径|RJLKJ",
        "stated_floor_area_m2": "规定建筑规模|建筑规模|JZGM|ZMJ|规划建筑规模|规划建筑面积|GHJZMJ|总建筑面积|"
        "ZJZMJ|地上建筑规模|"
        "建筑控制规模|stated floor area|permitted floor area|gross floor area allowed",
        "coverage_max_pct": "建筑密度上限|JZMDSX|建筑密度|JZMD|coverage|building coverage|max coverage",
        "height_max_m": "建筑限高|建筑控制高度|JZXG|JZGD|限高|建筑高度|控制高度|XG|max height|height limit|"
        "building height",
        "storey_height_m": "层高|CG|storey height|story height",
        "green_min_pct": "绿地率下限|LDLXX|绿地率|LDL|LDLLX|green ratio|green space ratio",
        "built_floor_area_m2": "现状建筑面积|XZJZMJ|现状建筑规模|已建建筑面积|YJJZMJ|建成面积|built floor area|"
        "existing floor area|"
        "gross floor area|GrossArea|gross area",
        "under_construction_floor_area_m2": "在建建筑面积|ZJJZMJ|在建规模|floor area under construction",
        "underground_floor_area_m2": "地下建筑面积|DXJZMJ|地下建筑规模|underground area|basement area",
        "status": "供应状态|GYZT|状态|ZT|土地状态|supply status",
        "supply_mode": "供应方式|GYFS|供地方式|GDFS|出让方式|CRFS|mode of supply",
        "term_years": "年期|NQ|出让年限|CRNX|使用年限|SYNX|term|lease term",
        "available_from": "可供年份|KGNF|供应年份|GYNF|供地年份|available year|year available",
        "geometry_basis": "图形依据|TXYJ",
        "geometry_error_m": "图形误差|TXWC",
        "source": "来源|LY|数据来源|SJLY",
        "note": "备注|BZ|说明|SM|remarks|remark|notes|comment|comments",
    },
    "zones": {
        "zone_id": "分区编号|FQBH|分区代码|FQDM|zone code|zone number",
        "name": "分区名称|FQMC|名称|MC|zone name|district name",
        "kind": "分区类别|FQLB|类别|LB|zone kind",
        "parent": "上级分区|SJBH|所属分区",
        "land_uses": "准入用地|ZRYD",
        "official_area_m2": "公布面积|用地面积|YDMJ|面积|area",
        "floor_area_cap_m2": "建筑规模上限|GMSX|建筑规模控制|JZGMSX|floor area cap",
        "far_max": "容积率上限|RJLSX|容积率|RJL|FAR|max FAR",
        "coverage_max_pct": "建筑密度上限|JZMDSX|建筑密度|JZMD",
        "height_max_m": "建筑限高|JZXG|限高|JZGD",
        "note": "备注|BZ",
    },
    "buildings": {
        "building_id": "建筑编号|JZBH|楼栋编号|LDBH|building number",
        "parcel_id": "所在地块|地块编号|DKBH",
        "name": "建筑名称|JZMC|楼名|名称|MC",
        "floor_area_m2": "地上建筑面积|JZMJ|建筑面积|DSJZMJ|gross floor area",
        "vacant_floor_area_m2": "空置面积|KZMJ",
        "note": "备注|BZ",
    },
    "parks": {
        "park_id": "园区编号|YQBH|YQDM",
        "name": "园区名称|YQMC|名称|MC|park name",
        "lead_organisation": "牵头单位|QTDW|运营单位|YYDW",
        "note": "备注|BZ",
    },
    "projects": {
        "project_id": "项目编号|XMBH|项目代码|XMDM|project number|project code",
        "name": "项目名称|XMMC|企业名称|QYMC|单位名称|企业|名称|MC|project name|company|enterprise|organisation",
        "name_en": "英文名|YWMC|English name|name in English",
        "state": "项目状态|XMZT|入库状态|项目库状态|状态|项目阶段|阶段|status|project state|stage",
        "supervision_agreement": "监管协议|监管协议编号|履约监管协议编号|协议编号|JGXY|supervision agreement|"
        "agreement number|agreement",
        "chain_segment": "产业链环节|产业链|环节|CYLHJ|chain segment|value chain|segment",
        "function_mix": "功能构成|功能|功能比例|业态|GNGC|functions|function|function mix",
        "requested_floor_area_low_m2": "需求面积下限|最小需求面积|low floor area|floor area low|minimum floor area",
        "requested_floor_area_m2": "需求面积|XQMJ|需求建筑面积|建筑面积需求|需求规模|拟用面积|requested area|"
        "requested floor area|floor area",
        "requested_floor_area_high_m2": "需求面积上限|最大需求面积|high floor area|floor area high|"
        "maximum floor area",
        "headcount_low": "人数下限|最少人数|headcount low|minimum headcount",
        "headcount": "人数|RS|员工数|员工人数|从业人员|从业人数|CYRY|employees|staff|people",
        "headcount_high": "人数上限|最多人数|headcount high|maximum headcount",
        "need_by": "需用年份|XYNF|需用年|落地年份|拟入驻年份|入驻年份|need by year|year needed|move-in year",
        "priority": "优先级|优先权重|权重|YXJ|weight",
        "must_zone": "指定分区|必选分区|落位分区|required zone|zone",
        "may_zones": "可选分区|意向分区|意向区域|preferred zones|zones",
        "exclusive": "独占地块|独占|是否独占|DZ|own parcel",
        "lead_partner": "龙头企业|链主企业|链主|牵头企业|LTQY|lead enterprise|lead",
        "basis": "数据依据|依据|data basis",
        "source": "来源|LY|数据来源|SJLY|data source",
        "note": "备注|BZ|说明|SM|remarks|remark|notes",
    },
    "assignments": {
        "parcel_id": "地块|NBBH|所在地块",
        "project_id": "项目|XMDM|项目编号|XMBH",
        "floor_area_m2": "建筑面积|JZMJ|落位面积|LWMJ",
        "stage": "阶段|JD",
        "source": "空间来源|KJLY",
    },
    "milestones": {
        "assignment_id": "落位编号|LWBH|assignment",
        "kind": "义务类别|类别|LB|事项",
        "due": "到期日|DQR|约定日期|deadline",
        "done_on": "履行日|LXR|完成日期",
        "promised": "承诺值|CNZ",
        "achieved": "实际值|SJZ",
        "document": "文号|JDWH",
    },
    "stations": {"name": "站名|车站名称|名称|station name", "line": "线路|XL|lines"},
    "constraints": {
        "name": "约束名称|名称|MC|控制线名称|KZXMC|name",
        "kind": "类别|LB|约束类别|控制线类型|KZXLX|type",
        "effect": "作用|ZUOYONG",
        "side": "作用范围|ZYFW",
        "factor": "系数|XS|分值|score",
        "source": "来源|LY|数据来源|SJLY",
        "note": "备注|BZ|说明|SM|remarks",
    },
    "ways": {
        "name": "路名|道路名称|名称|MC|street name|road name",
        "kind": "道路类别|道路等级|类别|LB|highway",
        "walkable": "步行|能否步行|SFBX|foot|pedestrian",
        "length_m": "路段长度|CD",
        "level": "立交层|楼层|CS|layer",
    },
    "facilities": {
        "name": "设施名称|名称|MC|facility name",
        "kind": "设施类别|类别|LB",
        "capacity": "服务人数|服务能力|床位|学位|places|seats",
        "reach_m": "服务半径|服务距离|FWBJ|radius",
        "open_from": "启用年份|QYNF|open year|opened",
        "floor_area_m2": "建筑面积|JZMJ",
    },
    "rasters": {"name": "名称|MC"},
    "criteria": {"name": "因子名称|名称|MC", "weight": "权重|QZ"},
}


def plain(name: str) -> str:
    """A column's name without what people vary: case, width, spaces, signs and a unit in brackets.

    >>> plain("用地面积（m²）"), plain("Parcel_No "), plain("ＤＫＢＨ")
    ('用地面积', 'parcelno', 'dkbh')
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    text = re.sub(r"[(\[【][^)\]】]*[)\]】]?", "", text)
    return re.sub(r"[\s_\-./:：]+", "", text)


def targets(layer: str) -> dict[str, tuple[int, str]]:
    """Plain name to target of a layer, each with its rank: a better name has the lower number."""
    out: dict[str, tuple[int, str]] = {}
    given = _GIVEN.get(layer, {})
    for column in LAYERS[layer].columns:
        own = [column.name, field_name(layer, column.name) or "", column.zh]
        names = [*own, *given.get(column.name, "").split("|")]
        for rank, name in enumerate(names):
            if name and (plain(name) not in out or rank < min(3, out[plain(name)][0])):
                out[plain(name)] = (rank, column.name)
    return out


def match(
    layer: str, columns: list[str], taken: set[str], short: Mapping[str, bool] = MappingProxyType({})
) -> dict[str, str]:
    """Which column of a file is which of ours, by name.

    Parameters
    ----------
    columns
        Columns of the file.
    taken
        Targets that are settled already.
    short
        Columns whose names may have been cut, and whether a character was torn. They match by their beginning where
        that begins the names of one target only; a torn name never matches as it is.

    Returns
    -------
    dict
        Target to source column. Where several columns have names of one target the better name wins, then the
        first column.

    Examples
    --------
    >>> match("parcels", ["DKBH", "容积率", "业主"], set())
    {'parcel_no': 'DKBH', 'far_max': '容积率'}
    >>> match("parcels", ["用地性", "容积率"], set(), {"用地性": True, "容积率": True})
    {'land_use': '用地性'}
    """
    known = targets(layer)
    best: dict[str, tuple[int, int, str]] = {}
    for place, column in enumerate(columns):
        found = None if short.get(column) else known.get(plain(column))
        if found is None and column in short:
            found = _begins(plain(column), known)
        if found and found[1] not in taken:
            candidate = (found[0], place, column)
            best[found[1]] = min(best.get(found[1], candidate), candidate)
    return {target: column for target, (_, _, column) in best.items()}


def _begins(name: str, known: Mapping[str, tuple[int, str]]) -> tuple[int, str] | None:
    meant = {target for other, (_, target) in known.items() if other.startswith(name)}
    return (_LAST, meant.pop()) if len(meant) == 1 and len(name) >= _SHORTEST else None


_LAST, _SHORTEST = 1_000, 3
"""Rank of a match by the beginning of a name, and how long that has to be."""

_UNITS = {
    "m2": "m2", "m²": "m2", "㎡": "m2", "平方米": "m2", "平米": "m2", "sqm": "m2", "公顷": "ha", "ha": "ha",
    "亩": "mu", "mu": "mu", "ft2": "ft2", "ft²": "ft2", "sqft": "ft2", "sf": "ft2", "m": "m", "米": "m", "ft": "ft",
    "英尺": "ft",     "万平方米": "10000m2", "万m2": "10000m2", "万㎡": "10000m2", "万m²": "10000m2",
}  # fmt: skip


def unit_in(name: str) -> str | None:
    """The unit that a column's name carries in brackets.

    >>> unit_in("用地面积（公顷）"), unit_in("site area (sq ft)"), unit_in("用地面积")
    ('ha', 'ft2', None)
    """
    found = re.search(r"[(（\[【]([^)）\]】]*)[)）\]】]", name)
    if not found:
        return None
    return _UNITS.get(
        re.sub(r"[\s.]+", "", unicodedata.normalize("NFKC", found.group(1)).casefold()).replace("²", "2")
    )
