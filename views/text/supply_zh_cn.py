"""Texts of the supply plan: Chinese."""

from __future__ import annotations

SUPPLY_ZH_CN: dict[str, str] = {
    "remaining_view_list": "剩余地块",
    "remaining_view_supply": "供应计划",
    "supply_empty": "没有处于储备、供应计划、公告、成交或交地的地块",
    "supply_pick": "在表中或图上选一个地块，登记它的下一步",
    "supply_year": "计划年度",
    "supply_all": "全部年度",
    "supply_undated": "未定年度",
    "supply_of_year": "{year} 年供应计划",
    "supply_nowhere": "分区之外",
    "supply_cell": "各格：可供（万 m²）、宗数与用地、许可建筑规模（万 m²）。",
    "supply_counts": "{count} 宗 · {site} ha",
    "supply_may": "许可 {permitted}",
    "supply_checked": "以上可供 {inside} 万 m²，其余（在建、已建、未注明）{beyond} 万 m²，"
    "合计 {ledger} 万 m²，与账户一致",
    "supply_to": "变为",
    "supply_on": "决定日期",
    "supply_document": "文号",
    "supply_reason": "理由",
    "supply_reason_help": "依次往下走可以不填；跳过一步或退回要写理由",
    "supply_move": "登记",
}
