"""What can go wrong with a place that keeps a workspace, one class per cure."""

from __future__ import annotations

from typing import ClassVar

from spatial.errors import ChengzaiError

from layers.errors import NotAWorkspace


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


class NotADatabase(NotAWorkspace):
    """What the database itself says of the file is for the log: it is in English only, and no planner's word."""

    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 不是承载的工作空间：文件内容不是数据库，或者已经损坏",
        "en": "{path} is not a workspace of Chengzai: what is in the file is no database, or it is damaged",
    }


class ValueRefused(ChengzaiError):
    """The database itself refused a value: the last guard behind the contract."""

    code = "value_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "有不允许的取值，没有写入：{reason}",
        "en": "A value is not allowed, nothing was written: {reason}",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "改正取值后重试", "en": "Correct the value and try again"}


class NetworkDrive(ChengzaiError):
    """A drive on which a journal in shared memory loses what was answered as saved."""

    code = "network_drive"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 在网络盘上（{kind}），多机同时写入会丢失数据，只能读取",
        "en": "{path} lies on a network drive ({kind}), where writing from several hosts loses data; it is read only",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "把工作空间放到本机磁盘，用 backup 把备份放到网络盘",
        "en": "Keep the workspace on a disk of this machine, and put backups of it on the network drive",
    }


class StoreReadOnly(ChengzaiError):
    code = "workspace_read_only"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 只能读取：{reason}",
        "en": "{path} is read only: {reason}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "取得文件与文件夹的写权限，或复制到可写的文件夹",
        "en": "Get the right to write to the file and its folder, or copy it to where you have it",
    }


class StoreSick(ChengzaiError):
    """The file failed its check; nothing is written over what can still be saved."""

    code = "workspace_sick"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 未通过完整性检查（{reason}），已改为只读，没有写入",
        "en": "{path} failed its integrity check ({reason}) and is read only now; nothing was written",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "运行 check 查看详情，用 restore --overwrite 恢复最近的备份，然后重新打开应用",
        "en": "`check` tells more; bring the last backup back with `restore --overwrite`, then open the app again",
    }


class StoreReplaced(ChengzaiError):
    code = "workspace_replaced"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 刚刚被另一个文件替换，没有写入",
        "en": "{path} was replaced by another file just now; nothing was written",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "重新打开后重试", "en": "Reload and try again"}


class MigrationFailed(ChengzaiError):
    """The older file stays as it is."""

    code = "migration_failed"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 由旧版本写成（格式 {found}），未能升级到格式 {known}：{reason}；原文件未改动",
        "en": "{path} was written by an older version (format {found}) and could not be brought to format {known}: "
        "{reason}; the file is unchanged",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "处理所述原因后重新打开；也可以新建工作空间并把各图层 import 进去",
        "en": "Deal with the reason and open it again; or make a new workspace and `import` the layers of this one",
    }


class OldWorkspace(ChengzaiError):
    code = "workspace_old"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 由旧版本写成（格式 {found}），需要升级，但所在文件夹不可写",
        "en": "{path} was written by an older version (format {found}); it has to be brought up to date, "
        "but its folder cannot be written to",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "把文件复制到本机可写的文件夹再打开",
        "en": "Copy it to a folder of this machine that can be written to, and open it there",
    }


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
