"""The demo's model of suitability: only what the demo has data for, with weights and scales that are assumptions."""

from __future__ import annotations

from typing import Any

MODEL, MODEL_EN = "示意模型", "Illustrative model"
_ASSUMED = "假设：权重与分值区间为示意，未见官方规定，可改"

_FIT: dict[str, Any] = {
    "criterion_id": "S-fit",
    "name": "用地与分区允许该功能",
    "name_en": "Land use and zone allow it",
    "measure": "function_fit",
    "role": "mask",
    "source": "用地性质与功能对照表（data/reference）、分区功能；不允许的地块计 0 分",
}
_WEIGHED: tuple[dict[str, Any], ...] = (
    {
        "key": "station",
        "name": "到地铁站的直线距离",
        "name_en": "Straight-line distance to metro",
        "measure": "station_distance",
        "subject": "metro",
        "worst": 2000.0,
        "best": 300.0,
    },
    {
        "key": "partners",
        "name": "到链主企业的距离",
        "name_en": "Distance to lead enterprises",
        "measure": "partner_distance",
        "worst": 3000.0,
        "best": 0.0,
    },
    {
        "key": "size",
        "name": "用地面积",
        "name_en": "Site area",
        "measure": "parcel_value",
        "subject": "site_area_m2",
        "worst": 2000.0,
        "best": 30000.0,
    },
    {
        "key": "room",
        "name": "可供建筑规模",
        "name_en": "Available floor area",
        "measure": "parcel_value",
        "subject": "available_m2",
        "worst": 0.0,
        "best": 50000.0,
    },
)
_WEIGHTS: dict[str, tuple[float, float, float, float]] = {
    "headquarters": (5, 2, 2, 4),
    "research": (4, 4, 2, 4),
    "laboratory": (2, 4, 4, 4),
    "pilot": (1, 4, 5, 3),
    "production": (1, 3, 6, 3),
    "incubator": (5, 4, 1, 3),
}
"""Weights of the criteria by function, in their order; 0 to 10."""


def criteria() -> list[dict[str, Any]]:
    """One mask for all functions, and the criteria of each with its weights."""
    rows = [_FIT | {"model": MODEL, "model_en": MODEL_EN}]
    for function, weights in _WEIGHTS.items():
        for one, weight in zip(_WEIGHED, weights, strict=True):
            own = {name: value for name, value in one.items() if name != "key"}
            rows.append(
                own
                | {
                    "criterion_id": f"S-{function}-{one['key']}",
                    "model": MODEL,
                    "model_en": MODEL_EN,
                    "function": function,
                    "role": "weight",
                    "weight": float(weight),
                    "source": _ASSUMED,
                }
            )
    return rows
