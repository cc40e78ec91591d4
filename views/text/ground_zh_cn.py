"""Texts about the ground under the parcels, in Chinese (简体)."""

from __future__ import annotations

GROUND_ZH_CN: dict[str, str] = {
    "page_ground": "用地条件",
    "ground_suitability": "适宜性",
    "ground_constraints": "约束",
    "ground_rasters": "栅格与地形",
    "ground_stations": "车站与配套",
    # suitability
    "rating_heading": "选址适宜性参考评价",
    "rating_no_model": "还没有评价模型",
    # constraints
    "limits_heading": "约束图层",
    "limits_kind": "类别",
    "limits_areas": "个数",
    "limits_hectares": "面积 公顷",
    "limits_parcels": "涉及地块",
    "limits_under": "地块内 m²",
    "limits_lost": "扣除 m²",
    "limits_lost_hint": "扣除只计容积率按毛用地的地块；同一处土地有几类约束时计入排在前面的一类，只计一次",
    "limits_none": "工作空间里还没有约束图层",
    "limits_empty": "空缺图层 {count} 类",
    "limits_empty_slot": "空缺",
    "limits_empty_hint": "官方图层未公开，请从批复成果导入；这里不编造任何边界",
    "limits_bring_in": "去导入约束图层",
    "limits_here": "本地块内的约束",
    "limits_none_here": "没有约束涉及本地块",
    "limits_net": "净用地 {net} m² = 用地 {site} m² − 扣除 {lost} m²",
    "limits_net_basis": "容积率按净用地计，约束不再扣除面积",
    "limits_term": "{share} 在「{kind}」内：土地使用年期受其限制（京政发〔2025〕29号），由所用规则包判定",
    "limits_by_causes": "扣除范围按约束组合",
    "limits_area_m2": "面积",
    "limits_alone": "（仅此一类）",
    "limits_together": "（同时）",
    "limits_plus": " ＋ ",
    "limits_once": "合计（重叠只计一次）",
    "limits_edit": "修改约束",
    "limits_area": "约束",
    "limits_area_hint": "选择一个约束",
    "limits_name": "名称",
    "limits_effect": "作用",
    "limits_effect_hint": "扣除：毛用地口径的地块减去其面积；打分：0–100 的系数；提示：只告知",
    "limits_side": "作用范围",
    "limits_side_hint": "城镇开发边界等限制的是范围外的土地：选“范围外”",
    "limits_factor": "系数（0–100）",
    "limits_factor_hint": "只在作用为打分时起作用；不填则不打分",
    "limits_delete": "删除此约束",
    # rasters and terrain
    # stations and facilities
}
