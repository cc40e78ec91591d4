"""What can go wrong with a merge."""

from __future__ import annotations

from typing import ClassVar

from spatial.errors import ChengzaiError


class ConflictsOpen(ChengzaiError):
    code = "conflicts_open"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "还有 {count} 处冲突没有决定：{ids}",
        "en": "{count} conflicts are not decided yet: {ids}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "在合并页逐一选择，或用 --resolve ID=CHOICE",
        "en": "Decide them on the merge page, or with --resolve ID=CHOICE",
    }


class ChoiceUnknown(ChengzaiError):
    code = "choice_unknown"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "冲突 {id} 没有“{choice}”这一选择",
        "en": "Conflict {id} has no choice “{choice}”",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "可选：{known}", "en": "Choose one of: {known}"}


class ConflictUnknown(ChengzaiError):
    code = "conflict_unknown"
    says: ClassVar[dict[str, str]] = {"zh-CN": "这次合并没有冲突 {id}", "en": "This merge has no conflict {id}"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "待决定的冲突：{known}；用 merge --dry-run 查看",
        "en": "Conflicts to decide: {known}; `merge --dry-run` shows them",
    }
