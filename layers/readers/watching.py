"""How far a long reading has come, and the wish to stop it."""

from __future__ import annotations

from typing import ClassVar, Literal, Protocol

from spatial.errors import ChengzaiError

Stage = Literal["open", "read", "place", "columns", "check"]
"""In the order in which a reading goes through them: copied and judged, parsed, moved, mapped, checked."""

STAGES: dict[Stage, tuple[str, str]] = {
    "open": ("打开文件", "Opening the file"),
    "read": ("读取", "Reading"),
    "place": ("确定位置", "Placing"),
    "columns": ("对应字段", "Matching columns"),
    "check": ("检查", "Checking"),
}
"""Each stage in words of both languages."""


class Cancelled(ChengzaiError):
    """Somebody asked a long reading to stop; nothing was written."""

    code = "cancelled"
    says: ClassVar[dict[str, str]] = {"zh-CN": "已取消，没有写入任何数据", "en": "Cancelled; nothing was written"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "可以重新开始导入", "en": "Start the import again"}


class Watch(Protocol):
    """What a long reading tells of itself, several times a second."""

    def step(self, stage: Stage, done: int = 0, total: int = 0) -> None:
        """Say how far a stage has come; `total` is 0 where nobody knows it.

        Raises
        ------
        Cancelled
            To stop the reading; whatever it started is ended and tidied away.
        """


class _Unwatched:
    def step(self, stage: Stage, done: int = 0, total: int = 0) -> None:
        """Nobody looks."""


UNWATCHED: Watch = _Unwatched()
