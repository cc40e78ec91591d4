"""Demand and balance as text: totals by year, the last year by zone and function, and what stands in the way."""

from __future__ import annotations

from layers.printed.lines import Answer, Words, pick, plain, say, table
from layers.vocabulary import FUNCTIONS, term

_WORDS: Words = {
    "unit": ("单位：m²，各年为累计数", "m², cumulative by year"),
    "year": ("{year} 年", "Up to {year}"),
    "free": ("不限分区", "any zone"),
    "undated": ("没有需用年份，按现在就要计：{text}", "No year of need, counted from now on: {text}"),
    "silent": ("需求为 0，或既无面积也无人数（或缺人均面积），按 0 计：{text}",
               "Asks for nothing, or gives neither floor area nor people with a norm; counted as 0: {text}"),
    "illustrative": ("人数或面积为示意的项目：{text}", "Headcount or floor area illustrative: {text}"),
    "spread": ("区间主要来自：{text}", "The range comes mostly from: {text}"),
    "supply": ("供给：名义 {supply_nominal_m2:,.0f} m²，预期 {supply_expected_m2:,.0f} m²",
               "Supply: nominal {supply_nominal_m2:,.0f} m², expected {supply_expected_m2:,.0f} m²"),
    "fits": ("按中位需求都能容纳", "The median demand can be housed"),
}  # fmt: skip
_HEADS: Words = {
    "year": ("年份", "year"), "zone": ("分区", "zone"), "function": ("功能", "function"),
    "demand_p10_m2": ("需求P10", "demand P10"), "demand_p50_m2": ("P50", "P50"), "demand_p90_m2": ("P90", "P90"),
    "supply_m2": ("供给", "supply"), "housed_p50_m2": ("可容纳P50", "housed P50"),
    "unhoused_p50_m2": ("缺口P50", "short P50"),
    "unhoused_p90_m2": ("缺口P90", "short P90"), "eligible_m2": ("可选供给", "eligible"),
    "attributed_m2": ("归属供给", "attributed"), "gap_p50_m2": ("缺口", "gap"),
    "shortage_probability": ("短缺概率", "P(short)"),
}  # fmt: skip
_NAMES: Words = {
    "vacancy": ("空置率", "vacancy"),
    "floor_area_per_person": ("人均面积", "floor area per person"),
    "efficiency": ("得房率", "efficiency"),
}
_MOST = 6


def demand(answer: Answer, language: str) -> str:
    """Totals by year, the last year by zone and function, and which figures carry the range."""
    ranges = ("demand_p10_m2", "demand_p50_m2", "demand_p90_m2")
    lines = [say(_WORDS, "unit", language, {}), *_by_year(answer, ranges, language)]
    lines += ["", *_by_cell(answer, ranges, language)]
    told = [f"{_carrier(one, language)} {one['share']:.0%}" for one in answer["spread"][:_MOST]]
    if told:
        lines += ["", plain(say(_WORDS, "spread", language, {"text": _listed(told, language)}))]
    return "\n".join(lines + _left_out(answer, language))


def balance(answer: Answer, language: str) -> str:
    """Totals by year, the last year by zone and function, and every bottleneck in a sentence."""
    totals = ("demand_p50_m2", "supply_m2", "housed_p50_m2", "unhoused_p50_m2", "unhoused_p90_m2")
    cell = ("demand_p10_m2", "demand_p50_m2", "demand_p90_m2", "eligible_m2", "attributed_m2", "gap_p50_m2",
            "shortage_probability")  # fmt: skip
    lines = [say(_WORDS, "unit", language, {}), *_by_year(answer, totals, language)]
    lines += ["", *_by_cell(answer, cell, language), "", say(_WORDS, "supply", language, answer)]
    lines += [plain(one["text"][language]) for one in answer["bottleneck"]] or [say(_WORDS, "fits", language, {})]
    return "\n".join(lines + _left_out(answer, language))


def _by_year(answer: Answer, figures: tuple[str, ...], language: str) -> list[str]:
    heads = [pick(_HEADS[name], language) for name in ("year", *figures)]
    rows = [[str(one["year"]), *(f"{one[name]:,.0f}" for name in figures)] for one in answer["by_year"]]
    return table(heads, rows, left=1)


def _by_cell(answer: Answer, figures: tuple[str, ...], language: str) -> list[str]:
    last = answer["years"][-1]
    heads = [pick(_HEADS[name], language) for name in ("zone", "function", *figures)]
    rows = [
        [
            say(_WORDS, "free", language, {})
            if one["zone"] is None
            else str(one["zone_name" if language == "zh-CN" else "zone_name_en"]),
            term(FUNCTIONS, one["function"], language),
            *(f"{one[name]:.0%}" if name == "shortage_probability" else f"{round(one[name]):,d}" for name in figures),
        ]
        for one in answer["groups"]
        if one["year"] == last
    ]
    return [say(_WORDS, "year", language, {"year": last}), *table(heads, rows, left=2)]


def _left_out(answer: Answer, language: str) -> list[str]:
    pairs = (
        ("undated", answer["undated_projects"]),
        ("silent", answer.get("silent_projects", [])),
        ("illustrative", answer["illustrative_projects"]),
    )
    return [plain(say(_WORDS, name, language, {"text": _listed(keys, language)})) for name, keys in pairs if keys]


def _listed(names: list[str], language: str) -> str:
    return ("、" if language == "zh-CN" else ", ").join(names[: 2 * _MOST]) + (" …" if len(names) > 2 * _MOST else "")


def _carrier(one: Answer, language: str) -> str:
    if one["project_id"] is not None:
        return str(one["project_id"])
    name = pick(_NAMES[one["assumption"]], language)
    return name if one["function"] is None else f"{name}（{term(FUNCTIONS, one['function'], language)}）"
