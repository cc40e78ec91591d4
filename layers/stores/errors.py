"""What can go wrong with a place that keeps a workspace, one class per cure."""

from __future__ import annotations

from typing import ClassVar

from spatial.errors import ChengzaiError


class RevisionUnknown(ChengzaiError):
    code = "revision_unknown"
    says: ClassVar[dict[str, str]] = {"zh-CN": "没有第 {revision} 版", "en": "There is no revision {revision}"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "现有第 1 至第 {last} 版，用 history 查看",
        "en": "Revisions go from 1 to {last}; `history` lists them",
    }


class StoreBusy(ChengzaiError):
    code = "workspace_busy"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 正被其他程序写入，等候超时，没有写入",
        "en": "{path} is being written by another program; waited too long, nothing was written",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "稍后重试", "en": "Try again in a moment"}


class StoreFull(ChengzaiError):
    code = "disk_full"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "磁盘已满，{path} 未能保存；此前保存的内容完好",
        "en": "The disk is full and {path} was not saved; everything saved before is intact",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "腾出磁盘空间后重做这一步",
        "en": "Free some space and do this step again",
    }


class StoreUnwritable(ChengzaiError):
    code = "disk_failed"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "读写 {path} 时磁盘出错（{reason}），这一步没有保存",
        "en": "The disk failed while using {path} ({reason}); this step was not saved",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "检查磁盘与权限后重试，必要时用 restore 从备份恢复",
        "en": "Check the disk and its permissions and try again; `restore` brings a backup back",
    }


class StoreDamaged(ChengzaiError):
    code = "workspace_damaged"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "工作空间与其历史不一致（{reason}），没有写入",
        "en": "The workspace and its history disagree ({reason}); nothing was written",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "运行 check 查看详情，用 restore 从备份恢复",
        "en": "`check` tells more; `restore` brings a backup back",
    }


class ValueRefused(ChengzaiError):
    """The database itself refused a value: the last guard behind the contract."""

    code = "value_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "有不允许的取值，没有写入：{reason}",
        "en": "A value is not allowed, nothing was written: {reason}",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "改正取值后重试", "en": "Correct the value and try again"}


class NewerWorkspace(ChengzaiError):
    code = "workspace_newer"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 由更新版本的承载写成（格式 {found}，本程序支持到 {known}）",
        "en": "{path} was written by a newer Chengzai (format {found}; this one knows up to {known})",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "升级本程序", "en": "Upgrade this program"}


class ScenarioExists(ChengzaiError):
    code = "scenario_exists"
    says: ClassVar[dict[str, str]] = {"zh-CN": "已有名为“{name}”的方案", "en": "There is a scenario “{name}” already"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "换一个名称", "en": "Give another name"}


class ScenarioNameRefused(ChengzaiError):
    code = "scenario_name"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "方案名称不可用：{name}",
        "en": "A scenario cannot be called “{name}”",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "1–{longest} 个字符，不含控制字符，不以“-”开头",
        "en": "Use 1 to {longest} characters, no control characters, not starting with “-”",
    }


class MainStays(ChengzaiError):
    code = "main_stays"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "主方案 main 不能改名",
        "en": "The first scenario is always called main",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "另建方案并命名",
        "en": "Branch a scenario from it and give that one a name",
    }


class ScenarioUnknown(ChengzaiError):
    code = "scenario_unknown"
    says: ClassVar[dict[str, str]] = {"zh-CN": "没有名为「{name}」的方案", "en": "No scenario called {name!r}"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "现有方案：{known}", "en": "Scenarios are: {known}"}
