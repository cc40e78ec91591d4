"""What can go wrong with the ground under the parcels, one class per cure, in both languages."""

from __future__ import annotations

from typing import ClassVar

from spatial.errors import ChengzaiError


class ModelUnknown(ChengzaiError):
    code = "model_unknown"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "评价模型“{model}”没有用于“{function}”的加权因子",
        "en": "The suitability model “{model}” weighs nothing for {function}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "换一个模型或功能，或先添加因子；已有：{known}",
        "en": "Choose another model or function, or add criteria; there is: {known}",
    }


class CriterionRefused(ChengzaiError):
    code = "criterion_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "评价因子 {key} 不成立：{reason}",
        "en": "Criterion {key} cannot be used: {reason}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "给出零分值和满分值（不同），或分级“起点=得分”；列名见数据字典的 criteria",
        "en": "Give different worst and best values, or steps `from=score`; the data dictionary lists the columns",
    }


class MeasureRefused(ChengzaiError):
    code = "measure_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "因子 {key} 无法量度：{measure}，对象“{subject}”不可用",
        "en": "Criterion {key} cannot be measured: {measure} of “{subject}”",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "对象可选：{known}", "en": "It can be measured of: {known}"}


class CriteriaFileRefused(ChengzaiError):
    code = "criteria_file_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "不能读作评价因子文件：{where}（{reason}）",
        "en": "This is no file of criteria: {where} ({reason})",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": '用 UTF-8 的 JSON：{{"criteria": [{{"measure": …, "worst": …, "best": …, "weight": …}}]}}',
        "en": 'Use JSON in UTF-8: {{"criteria": [{{"measure": …, "worst": …, "best": …, "weight": …}}]}}',
    }
