"""Texts about base maps on the map, in both languages."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "zh-CN": {
        "base": "底图",
        "none": "无底图",
        "kilometres": "公里网（{crs}）",
        "too_far": "放大后显示底图",
        "display_only": "底图为 {datum}，仅供显示，编辑已停用",
        "display_why": "底图已按近似公式纠偏，约 1 m 以内；坐标读数与地块仍为 CGCS2000",
        "internal": "内部工作用图，公开发布前须履行地图审核",
        "not_offered": "未能启用的底图",
    },
    "en": {
        "base": "Base map",
        "none": "None",
        "kilometres": "Kilometre grid ({crs})",
        "too_far": "Zoom in to see the base map",
        "display_only": "The base map is {datum}: for display only, editing is off",
        "display_why": "Put right by an approximate formula, to about 1 m; coordinates and parcels stay CGCS2000",
        "internal": "For internal work; maps need approval before they are published",
        "not_offered": "Base maps that cannot be used",
    },
}


def words(language: str) -> dict[str, str]:
    """The texts of a language; anything unknown reads Chinese."""
    return WORDS.get(language, WORDS["zh-CN"])
