"""What can go wrong with tables, files and workspaces, one class per cure."""

from __future__ import annotations

from typing import ClassVar

from spatial.errors import ChengzaiError


class WorkspaceMissing(ChengzaiError):
    code = "workspace_missing"
    says: ClassVar[dict[str, str]] = {"zh-CN": "没有工作空间 {path}", "en": "No workspace at {path}"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "检查路径，或用 new / demo 新建",
        "en": "Check the path, or make one with `new` or `demo`",
    }


class WorkspaceExists(ChengzaiError):
    code = "workspace_exists"
    says: ClassVar[dict[str, str]] = {"zh-CN": "{path} 已存在", "en": "{path} exists already"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "换一个文件名；已有文件不会被覆盖",
        "en": "Give another name; an existing file is never overwritten",
    }


class NotAWorkspace(ChengzaiError):
    code = "workspace_unreadable"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 不是承载的工作空间：{reason}",
        "en": "{path} is not a workspace of Chengzai: {reason}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "外部数据请先 new 再 import",
        "en": "To use outside data, make a workspace with `new` and `import` into it",
    }


class Stale(ChengzaiError):
    code = "revision_conflict"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "工作空间已被他人更新到第 {found} 版（你看到的是第 {expected} 版）",
        "en": "The workspace is at revision {found}; this change was made on revision {expected}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "刷新后重做这一步，你的修改没有写入",
        "en": "Reload and do this step again; nothing was written",
    }


class UnknownLayer(ChengzaiError):
    code = "layer_unknown"
    says: ClassVar[dict[str, str]] = {"zh-CN": "没有名为 {layer} 的图层", "en": "No layer called {layer}"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "可用图层：{known}", "en": "Layers are: {known}"}


class TableRefused(ChengzaiError):
    """A table breaks its contract; `complaints` has every reason."""

    code = "table_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{layer} 有 {count} 处不符合要求，例如第 {row} 行 {column}：{first}",
        "en": "{layer} breaks its contract in {count} places, such as row {row}, {column}: {first}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "按列出的行和列修正后重试；数据没有写入",
        "en": "Mend the rows and columns that are listed and try again; nothing was written",
    }


class FunctionMixRefused(ChengzaiError):
    code = "function_mix_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "功能构成无法识别：{text}",
        "en": "Cannot read the function mix: {text}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "写成 research=0.6; headquarters=0.4，功能可选：{known}",
        "en": "Write it as research=0.6; headquarters=0.4; functions are: {known}",
    }


class AssignmentRefused(ChengzaiError):
    """Base of the reasons for which floor area of a parcel cannot go to a project."""

    code = "assignment_refused"


class NothingSuch(AssignmentRefused):
    code = "assignment_unknown_row"
    says: ClassVar[dict[str, str]] = {"zh-CN": "没有编号为 {key} 的{what}", "en": "No {what} called {key}"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "刷新页面后重选", "en": "Reload and choose again"}


class NotAFloorArea(AssignmentRefused):
    code = "assignment_not_a_number"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "落位面积必须是大于 0 的数，收到 {value}",
        "en": "The floor area must be a number above 0, not {value}",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "填写平方米数", "en": "Give it in square metres"}


class LandUseForbids(AssignmentRefused):
    code = "assignment_land_use"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "地块 {parcel} 的用地性质（{land_use}）或所在分区功能不容纳「{functions}」",
        "en": "Land use {land_use} of parcel {parcel}, or its zone, does not hold {functions}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "换一个允许该功能的地块，或先调整用地性质",
        "en": "Choose a parcel that may hold it, or change the land use first",
    }


class ZoneForbids(AssignmentRefused):
    code = "assignment_zone"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "「{project}」只能落在{zones}，地块 {parcel} 不在其中",
        "en": "{project} may only go to {zones}, where parcel {parcel} does not lie",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "在允许的分区内选地块，或先修改项目的分区要求",
        "en": "Choose a parcel there, or change the project's zones first",
    }


class NotEnoughFloorArea(AssignmentRefused):
    code = "assignment_floor_area"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "地块 {parcel} 只剩 {left} m²，不够 {asked} m²",
        "en": "Parcel {parcel} has {left} m² left, less than {asked} m²",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "减少面积，或换用其他地块",
        "en": "Take less, or choose another parcel",
    }


class CapacityUnknown(AssignmentRefused):
    code = "assignment_unknown_capacity"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "地块 {parcel} 没有容积率等任何规划条件，承载未知",
        "en": "Parcel {parcel} has no limit at all, so its capacity is unknown",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "先补充容积率、建筑规模或高度密度",
        "en": "Enter its floor area ratio, floor area, or coverage and height first",
    }


class ExclusiveUse(AssignmentRefused):
    code = "assignment_exclusive"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "地块 {parcel} 不能由「{project}」与「{other}」共用：其中一方要求独占",
        "en": "Parcel {parcel} cannot be shared by {project} and {other}: one of them wants it alone",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "换一个地块，或取消独占要求",
        "en": "Choose another parcel, or drop the wish to be alone",
    }


class NotAnOption(AssignmentRefused):
    code = "assignment_not_an_option"
    says: ClassVar[dict[str, str]] = {"zh-CN": "{column} 不能是 {value}", "en": "{column} cannot be {value}"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "可选：{known}", "en": "Choose one of {known}"}


class NotYet(ChengzaiError):
    """Something that is promised and not built."""

    code = "not_yet"
    says: ClassVar[dict[str, str]] = {"zh-CN": "「{what}」尚未提供", "en": "{what} is not there yet"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "此功能在后续版本提供；现在可用的命令见 --help",
        "en": "It comes with a later version; --help lists what is there now",
    }


class ScenarioUnknown(ChengzaiError):
    code = "scenario_unknown"
    says: ClassVar[dict[str, str]] = {"zh-CN": "没有名为「{name}」的方案", "en": "No scenario called {name!r}"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "现有方案：{known}", "en": "Scenarios are: {known}"}


class CallWrong(ChengzaiError):
    code = "call_wrong"
    says: ClassVar[dict[str, str]] = {"zh-CN": "命令写法有误：{reason}", "en": "The call is wrong: {reason}"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "用 {verb} --help 查看写法",
        "en": "See {verb} --help",
    }


class Unforeseen(ChengzaiError):
    code = "unforeseen"
    says: ClassVar[dict[str, str]] = {"zh-CN": "出现未预料的问题：{reason}", "en": "Something unforeseen: {reason}"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "设 CHENGZAI_DEBUG=1 重试可看到细节，并请报告给维护者",
        "en": "Try again with CHENGZAI_DEBUG=1 for the details, and report it",
    }


class NotLoopback(ChengzaiError):
    code = "host_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "不在 {host} 上开放服务：还没有用户和权限，任何人都能修改数据",
        "en": "The app is not opened on {host}: without accounts anybody could change the data",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "用 --host 127.0.0.1（仅本机），或经带登录的反向代理访问",
        "en": "Use --host 127.0.0.1 (this machine only), or a reverse proxy with log-in in front of it",
    }


class PortTaken(ChengzaiError):
    code = "port_taken"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "端口 {port} 已被占用，可能应用已经打开",
        "en": "Port {port} is taken; the app may be open already",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "关闭占用它的程序，或加 --port {other}（make run PORT={other}）",
        "en": "Stop what uses it, or add --port {other} (make run PORT={other})",
    }


class FolderIsReadOnly(ChengzaiError):
    code = "folder_read_only"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 是 GeoParquet 文件夹，只能读取",
        "en": "{path} is a folder of GeoParquet, which is read-only",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "要修改请用 new 建工作空间文件再 import",
        "en": "To change it, make a workspace file with `new` and `import` into it",
    }
