"""What can go wrong with backups, one class per cure."""

from __future__ import annotations

from typing import ClassVar

from layers.errors import WorkspaceExists
from spatial.errors import ChengzaiError


class WorkspaceInPlace(WorkspaceExists):
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "恢复到另一个文件名，或加 --overwrite（原文件会另存，不会丢失）",
        "en": "Restore under another name, or add --overwrite (the file that is there is kept under another name)",
    }


class BackupMissing(ChengzaiError):
    code = "backup_missing"
    says: ClassVar[dict[str, str]] = {"zh-CN": "没有备份文件 {path}", "en": "No backup at {path}"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "检查路径", "en": "Check the path"}


class BackupChanged(ChengzaiError):
    code = "backup_changed"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "备份 {path} 与其清单不符（{what}）：备份之后被改动过",
        "en": "The backup {path} is not what its manifest says ({what}): it was changed since",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "改用另一份备份；确要使用，先移走旁边的 .json 清单",
        "en": "Use another backup; to use this one all the same, move the .json manifest beside it away first",
    }


class BackupUnsound(ChengzaiError):
    code = "backup_unsound"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 未通过核验：{reason}",
        "en": "{path} did not stand the trial: {reason}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "用 check 检查工作空间；恢复时改用更早的备份",
        "en": "Run `check` on the workspace; to restore, use an earlier backup",
    }


class MoveUnequal(ChengzaiError):
    code = "move_unequal"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "迁移后两处不一致（{what}），目标没有建立",
        "en": "What was moved differs from its source in {what}; nothing was kept at the target",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "用 check 检查源工作空间",
        "en": "Run `check` on the workspace that is to be moved",
    }
