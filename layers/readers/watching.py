"""How far a long reading has come, and the wish to stop it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal, Protocol

from spatial.errors import ChengzaiError

Stage = Literal["open", "read", "take", "place", "columns", "match", "check", "doubt"]
"""In the order in which a reading goes through them: copied and judged, parsed, taken over, moved, mapped, matched
with what is there, checked row by row and as a whole."""

STAGES: dict[Stage, tuple[str, str]] = {
    "open": ("打开文件", "Opening the file"),
    "read": ("读取", "Reading"),
    "take": ("取出图形和字段", "Taking outlines and columns over"),
    "place": ("确定位置", "Placing"),
    "columns": ("对应字段", "Matching columns"),
    "match": ("与现有内容对应", "Matching with what is there"),
    "check": ("逐行检查", "Checking row by row"),
    "doubt": ("查找疑点", "Looking for doubts"),
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

_PORTION = 65_536


def portions(count: int, watch: Watch, stage: Stage) -> Iterator[slice]:
    """So many rows, some ten thousand at a time; before each portion it is told how many were done.

    Raises
    ------
    Cancelled

    Examples
    --------
    >>> list(portions(70_000, UNWATCHED, "check"))
    [slice(0, 65536, None), slice(65536, 70000, None)]
    """
    for first in range(0, count, _PORTION):
        watch.step(stage, first, count)
        yield slice(first, min(first + _PORTION, count))
