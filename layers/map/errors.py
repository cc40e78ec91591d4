"""What an open map may be told, one class per cure."""

from __future__ import annotations

from typing import ClassVar

from spatial.errors import ChengzaiError


class MapOutdated(ChengzaiError):
    code = "map_outdated"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "地图数据已过期",
        "en": "The map holds data of an earlier start of the server",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "页面会重新载入地图", "en": "The page loads the map again"}
