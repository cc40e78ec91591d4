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


class DateRefused(ChengzaiError):
    code = "date_refused"
    says: ClassVar[dict[str, str]] = {"zh-CN": "不是日期：{value}", "en": "Not a date: {value}"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "写成 2026-11-23", "en": "Write it as 2026-11-23"}


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
