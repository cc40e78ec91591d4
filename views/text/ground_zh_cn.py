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
    # rasters and terrain
    # stations and facilities
}
