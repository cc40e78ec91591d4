"""What can go wrong when a balance is asked for."""

from __future__ import annotations

from typing import ClassVar

from spatial.errors import ChengzaiError


class YearUnknown(ChengzaiError):
    code = "year_unknown"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "供需平衡没有 {year} 年",
        "en": "The balance has no year {year}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "可选 {first}–{last} 年：从工作区的时点起",
        "en": "Choose {first} to {last}: from the date of the workspace on",
    }
