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


class NameUnknown(ChengzaiError):
    code = "name_unknown"
    says: ClassVar[dict[str, str]] = {"zh-CN": "没有这个{what}：{name}", "en": "No such {what_en}: {name}"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "写编号或名称；名称重复时写编号",
        "en": "Give the key, number or name; where a name is not unique, the key",
    }


class NameTwice(ChengzaiError):
    code = "name_twice"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "有 {count} 个{what}叫 {name}",
        "en": "{count} rows of kind {what_en} are called {name}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "写其中一个的编号：{keys}",
        "en": "Give the key of one of them: {keys}",
    }


class NoPlan(ChengzaiError):
    code = "no_plan"
    says: ClassVar[dict[str, str]] = {"zh-CN": "没有方案：{reason}", "en": "There is no plan: {reason_en}"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "放宽锁定的地块或改动数上限，或多给时间",
        "en": "Loosen locked parcels or the limit of changes, or give more time",
    }
