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


class PlaceUnknown(ChengzaiError):
    code = "place_unknown"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "“{text}”不是本工作空间里的位置",
        "en": "“{text}” is no place in this workspace",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "填两个数：平面坐标（米）或经纬度，顺序不限；@东 北 表示从上一点起的米数",
        "en": "Give two numbers: metres or degrees, in either order; @east north are metres from the last point",
    }
