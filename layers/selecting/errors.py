"""Why a query cannot be read."""

from __future__ import annotations

from typing import ClassVar

from spatial.errors import ChengzaiError


class QueryRefused(ChengzaiError):
    code = "query_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "看不懂筛选条件“{part}”",
        "en": "Cannot read the condition “{part}”",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "用逗号分开各条件，例如：东区三期，M4，可供 > 10000。{known}",
        "en": "Separate conditions by commas, for example: East III, M4, available > 10,000 m². {known_en}",
    }
