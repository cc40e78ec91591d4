"""What can go wrong with the ground under the parcels, one class per cure, in both languages."""

from __future__ import annotations

from typing import ClassVar

from spatial.errors import ChengzaiError


class ModelUnknown(ChengzaiError):
    code = "model_unknown"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "没有评价模型“{model}”",
        "en": "There is no suitability model “{model}”",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "可选：{known}", "en": "Choose one of: {known}"}
