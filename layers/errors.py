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
        "zh-CN": "外部数据请先 new 再 import；损坏的工作空间用 restore 从备份恢复",
        "en": "Outside data: make a workspace with `new` and `import` into it; a damaged one: `restore` a backup",
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
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "核对编号；在页面上请刷新后重选",
        "en": "Check the number; on a page, reload and choose again",
    }


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


class StateUnknown(ChengzaiError):
    """A call names a state that no project can have."""

    code = "state_unknown"
    says: ClassVar[dict[str, str]] = {"zh-CN": "没有这个项目状态：{value}", "en": "No state of a project: {value}"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "可选：{known}", "en": "Choose one of {known}"}


class NotYet(ChengzaiError):
    """Something that is promised and not built."""

    code = "not_yet"
    says: ClassVar[dict[str, str]] = {"zh-CN": "「{what}」尚未提供", "en": "{what} is not there yet"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "此功能在后续版本提供；现在可用的命令见 --help",
        "en": "It comes with a later version; --help lists what is there now",
    }


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


class Denied(ChengzaiError):
    code = "denied"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{actor} 没有权限：{what}",
        "en": "{actor} has no right to do this: {what}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "请管理员在“人员与角色”中授权；这次尝试已记入日志",
        "en": "An admin can grant it under People and roles; this try is in the log",
    }


class Locked(ChengzaiError):
    code = "scenario_locked"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "方案“{scenario}”已锁定，不能修改",
        "en": "Scenario “{scenario}” is locked and cannot be changed",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "另建方案后修改，或请管理员解锁",
        "en": "Branch a new scenario from it, or ask an admin to unlock it",
    }


class OpIdTaken(ChengzaiError):
    code = "op_id_taken"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "操作编号 {where} 已被另一操作使用",
        "en": "The operation id {where} belongs to another operation",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "刷新页面后重做", "en": "Reload the page and do it again"}


class NothingToUndo(ChengzaiError):
    code = "nothing_to_undo"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "没有可以撤销或重做的操作",
        "en": "There is nothing to undo or redo",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "用 history 查看已有操作",
        "en": "`history` lists what was done",
    }


class ChangedSince(ChengzaiError):
    """Somebody changed a row between what was seen and what was asked; the clashes say which."""

    code = "conflict"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{by} 在此期间修改了 {what}，没有写入",
        "en": "{by} changed {what} meanwhile; nothing was written",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "查看双方的修改后再决定",
        "en": "Look at both changes and decide",
    }


class RowRefused(ChengzaiError):
    """A row breaks the contract of its layer; `complaints` has every reason."""

    code = "row_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{layer} {key} 的取值不符合要求：{said}",
        "en": "{layer} {key} breaks its contract: {reason}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "改正取值后重试；没有写入",
        "en": "Correct the value; nothing was written",
    }


class ReferenceDangling(ChengzaiError):
    code = "reference_dangling"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{where} 引用的{what} {key} 不存在",
        "en": "{where} refers to {key}, which does not exist",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "先建立被引用的对象", "en": "Make what it refers to first"}


class StillReferred(ChengzaiError):
    code = "still_referred"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{what} {key} 还有 {count} 条{by}，不能删除",
        "en": "{key} cannot go: {count} rows ({by}) still refer to it",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "先撤回或改派这些{by}",
        "en": "Take those rows back or move them first",
    }


class RoomGone(ChengzaiError):
    code = "room_gone"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "地块 {parcel} 上已落位的面积将有 {lack} m² 无处可放",
        "en": "{lack} m² that are assigned on parcel {parcel} would have no room",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "先撤回或减少该地块的落位",
        "en": "Take assignments there back or make them smaller first",
    }


class CapGone(ChengzaiError):
    code = "cap_gone"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "分区「{zone}」的建筑规模将超出上限 {cap} m² 共 {lack} m²",
        "en": "Zone {zone} would exceed its cap of {cap} m² by {lack} m²",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "减少落位面积，或换到其他分区",
        "en": "Assign less, or in another zone",
    }


class NameRefused(ChengzaiError):
    code = "name_refused"
    says: ClassVar[dict[str, str]] = {"zh-CN": "用户名不可用：{name}", "en": "This cannot be a user name: {name}"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "1–64 个字符，不含控制字符",
        "en": "Use 1 to 64 characters without control characters",
    }


class RoleUnknown(ChengzaiError):
    code = "role_unknown"
    says: ClassVar[dict[str, str]] = {"zh-CN": "没有角色 {role}", "en": "There is no role {role}"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "可选：{known}", "en": "Choose one of {known}"}


class PersonExists(ChengzaiError):
    code = "person_exists"
    says: ClassVar[dict[str, str]] = {"zh-CN": "已有用户 {name}", "en": "There is a user {name} already"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "换一个用户名", "en": "Give another name"}


class PersonUnknown(ChengzaiError):
    code = "person_unknown"
    says: ClassVar[dict[str, str]] = {"zh-CN": "没有用户 {name}", "en": "There is no user {name}"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "用 user list 查看", "en": "`user list` shows who there is"}


class LastAdmin(ChengzaiError):
    code = "last_admin"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "工作空间至少要有一名可用的管理员",
        "en": "A workspace needs at least one administrator",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "先为他人授予管理员角色；第一位用户须是管理员",
        "en": "Make somebody else an administrator first; the first user has to be one",
    }


class PasswordRefused(ChengzaiError):
    code = "password_refused"
    says: ClassVar[dict[str, str]] = {"zh-CN": "密码不符合要求", "en": "The password is not strong enough"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "至少 {shortest} 个字符，不同于用户名和一次性口令，且不要只用几个字符",
        "en": "Use at least {shortest} characters, not the user name or the code, and not a few signs only",
    }


class SignInRefused(ChengzaiError):
    code = "sign_in_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "用户名或密码不正确，或暂时不能登录",
        "en": "Name or password is wrong, or signing in has to wait",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "核对后稍候重试；忘记密码请管理员重新发放一次性口令",
        "en": "Check them and try again in a while; an administrator can give a new one-time code",
    }


class CodeRefused(ChengzaiError):
    code = "code_refused"
    says: ClassVar[dict[str, str]] = {"zh-CN": "一次性口令已失效", "en": "The one-time code is spent"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "请管理员重新发放", "en": "Ask an administrator for a new one"}


class DateRefused(ChengzaiError):
    code = "date_refused"
    says: ClassVar[dict[str, str]] = {"zh-CN": "不是日期：{value}", "en": "Not a date: {value}"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "写成 2026-11-23", "en": "Write it as 2026-11-23"}
