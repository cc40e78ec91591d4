"""Why a plan cannot be made or applied, one class per cure."""

from __future__ import annotations

from typing import ClassVar

from spatial.errors import ChengzaiError


class GoalsRefused(ChengzaiError):
    code = "goals_refused"
    says: ClassVar[dict[str, str]] = {"zh-CN": "目标写法不可用：{value}", "en": "Not an order of goals: {value}"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "按先后写出目标，每个一次：{known}",
        "en": "Name goals in their order, each once: {known}",
    }


class NoPlan(ChengzaiError):
    code = "no_plan"
    says: ClassVar[dict[str, str]] = {"zh-CN": "没有方案：{reason}", "en": "There is no plan: {reason_en}"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "放宽锁定的地块或改动数上限，或多给时间",
        "en": "Loosen locked parcels or the limit of changes, or give more time",
    }
