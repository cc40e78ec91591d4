"""Why something that a map sends is not taken."""

from __future__ import annotations

from typing import ClassVar

from spatial.errors import ChengzaiError


class ActRefused(ChengzaiError):
    code = "act_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "地图送来的操作无法识别：{field}（{reason}）",
        "en": "The map sent an act that cannot be read: {field} ({reason})",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "重新载入页面后再试；若仍出现，请告知管理员",
        "en": "Load the page again and repeat it; tell the administrator if it comes back",
    }
