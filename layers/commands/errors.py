"""Why a command cannot be, one class per cure."""

from __future__ import annotations

from typing import ClassVar

from spatial.errors import ChengzaiError


class ColumnRefused(ChengzaiError):
    code = "column_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "列 {column} 不能这样修改",
        "en": "Column {column} cannot be edited in this way",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "编号、图形与来源地块由专门的操作修改",
        "en": "Keys, outlines and parents change by acts of their own",
    }


class MovedByAct(ChengzaiError):
    code = "moved_by_act"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "列 {column} 不能直接修改：每一步都要登记日期、依据并核对条件",
        "en": "Column {column} is not edited: each step has its day and document, and is checked",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "在项目卡片上推进、退回或退出，或用命令 project",
        "en": "Move the project on its card, or with the verb project",
    }


class ValueUnfit(ChengzaiError):
    code = "value_unfit"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "列 {column} 不能填 {value}",
        "en": "Column {column} cannot hold {value}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "按该列的要求填写有限的数字、文本或是/否，或留空",
        "en": "Give a finite number, a text or yes/no as the column asks, or leave it empty",
    }


class FiguresDiffer(ChengzaiError):
    """Parcels that are merged and differ in figures that must agree; `names` among the facts names these columns."""

    code = "figures_differ"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "合并的地块在以下各列取值不同：{columns}",
        "en": "The parcels that are merged differ in: {columns}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "为合并后的地块填写这些列的取值",
        "en": "Say what the merged parcel is to have in these columns",
    }


class FiguresRefused(ChengzaiError):
    code = "figures_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "给出的数据与图形的份数不符或取值不可用：{reason}",
        "en": "The figures given do not fit the parts: {reason}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "每一部分给出一组数据，并与分割后的顺序一致",
        "en": "Give one set of figures for each part, in the order of the parts",
    }


class StateRefused(ChengzaiError):
    code = "project_state"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "项目「{project}」当前为“{state}”，不能{act}",
        "en": "Project {project} is in state {state_en} and cannot {act_en}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "先核对项目状态",
        "en": "Look at the state of the project first",
    }


class MilestoneRefused(ChengzaiError):
    code = "milestone_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "“{milestone}”不能这样登记：{reason}",
        "en": "“{milestone_en}” cannot be put down like this: {reason_en}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "核对约定的日期和数量后再填",
        "en": "Look at the agreed day and quantity first",
    }


class DocumentRefused(ChengzaiError):
    code = "document_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "文件 {name} 不能附加：{reason}",
        "en": "{name} cannot be attached: {reason_en}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "可附加 PDF、图片、Word、Excel 与文本，每个不超过 {limit} MB",
        "en": "PDF, pictures, Word, Excel and text up to {limit} MB each can be attached",
    }


class PointRefused(ChengzaiError):
    code = "point_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "所指的点不存在或坐标不可用：{value}",
        "en": "There is no such point, or it has no coordinates: {value}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "刷新地图后重新选点",
        "en": "Reload the map and choose the point again",
    }


class ShareRefused(ChengzaiError):
    code = "share_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "落位比例不可用：{value}",
        "en": "Not a share to assign: {value}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "选择地块，并给出大于 0、不超过 1 的比例，或不填比例",
        "en": "Choose parcels, and give a share above 0 and up to 1, or none",
    }


class EnoughAlready(ChengzaiError):
    code = "project_has_enough"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "项目 {project} 的需求已经满足，或未填写需求",
        "en": "Project {project} has what it asks for, or asks for nothing",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "给出比例，或先修改项目的需求面积",
        "en": "Give a share, or change what the project asks for first",
    }


class AssumptionRefused(ChengzaiError):
    code = "assumption_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "假设「{name}」不能这样取：{reason}",
        "en": "The assumption {name} cannot be so: {reason_en}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "取值要在低值与高值之间，并在该数的意义之内；要越出区间，请同时改低值或高值",
        "en": "The value lies between low and high and within what the number means; to go beyond, change these too",
    }


class StepRefused(ChengzaiError):
    """There is no step between two states of a project, a parcel or a term, whatever the reason."""

    code = "step_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "「{name}」当前为“{state}”，不能变为“{to}”",
        "en": "{name} is in state {state_en} and cannot become {to_en}",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "可以变为：{known}", "en": "It can become: {known_en}"}


class ReasonMissing(ChengzaiError):
    """A step is skipped or taken back, and nobody said why."""

    code = "reason_missing"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "「{name}」从“{state}”变为“{to}”须说明理由",
        "en": "{name} goes from {state_en} to {to_en}: a reason has to be given",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "跳过、退回或退出须填写理由；逐步变动不需要",
        "en": "Say why a step is skipped or taken back, or why it leaves; the next step in order needs no reason",
    }


class DayBeforeStep(ChengzaiError):
    code = "day_before_step"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "「{name}」的日期 {on} 早于上一次变动 {before}",
        "en": "{name}: {on} lies before its last step of {before}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "填写上一次变动之后的日期，或先撤销那次变动",
        "en": "Give a later day, or undo that step first",
    }


class AgreementMissing(ChengzaiError):
    code = "agreement_missing"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "项目「{project}」没有履约监管协议，不能变为“{to}”",
        "en": "Project {project} has no supervision agreement and cannot become {to_en}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "填写履约监管协议编号",
        "en": "Give the number of the supervision agreement",
    }


class TermNotOpen(ChengzaiError):
    """The term of an assignment cannot be converted or renewed as it is."""

    code = "term_not_open"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "落位 {name} 不能{act}：{reason}",
        "en": "Assignment {name} cannot be {act_en}: {reason_en}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "核对供应方式、起止日期与项目状态",
        "en": "Look at its supply mode, its days and the state of the project",
    }


class LeaseTooLong(ChengzaiError):
    code = "lease_too_long"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "落位 {name} 的先租期自 {since} 起 {years} 年，止于 {last}",
        "en": "The lease of {name} began on {since}; it may last {years} years, to {last}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "依据 {basis}；先租期内方可转为出让，逾期按约定处理",
        "en": "By {basis_en}: it can be converted only while the lease lasts",
    }


class TermBeyondRule(ChengzaiError):
    code = "term_beyond_rule"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "落位 {name} 的年期 {value} 年不符合 {pack} 的限值 {limit} 年",
        "en": "A term of {value} years for {name} breaks {pack}: the limit is {limit} years",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "改为限值以内的年期",
        "en": "Give a term within the limit",
    }


class SupplyRefused(ChengzaiError):
    """A parcel cannot take a step of land supply as it is."""

    code = "supply_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "地块 {parcel} 不能变为“{to}”：{reason}",
        "en": "Parcel {parcel} cannot become {to_en}: {reason_en}",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "{cure}", "en": "{cure_en}"}


class LetRefused(ChengzaiError):
    """Self-held floor area cannot be let as it was asked."""

    code = "let_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "地块 {parcel} 的自持空间不能这样出租：{reason}",
        "en": "What is held on parcel {parcel} cannot be let like this: {reason_en}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "核对自持平台、面积与使用项目",
        "en": "Look at the platform that holds it, the floor area and the project that is to use it",
    }
