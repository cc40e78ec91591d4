"""What was promised, as text: how it stands, what is due or overdue, idle land, terms that end."""

from __future__ import annotations

from typing import Any

from layers.printed.lines import Answer, Words, pick, plain, say, table
from layers.vocabulary import MILESTONE_KINDS, term

_WORDS: Words = {
    "head": ("截至 {on}，{within_days} 天内到期算临近", "On {on}; what falls due within {within_days} days is soon"),
    "counts": ("逾期或未达承诺 {red} · 临近 {amber} · 待补数据 {unknown} · 正常 {green} · 合计 {total}",
               "Overdue or below promise {red} · soon {amber} · no data {unknown} · sound {green} · total {total}"),
    "overdue": ("逾期或未达承诺", "Overdue or below promise"),
    "due": ("临近到期", "Due soon"),
    "idle": ("闲置预警", "Idle land"),
    "renewals": ("期满与转出让", "Terms that end"),
}  # fmt: skip
_STATES: Words = {
    "approaching": ("计时中", "counting"), "suspected": ("疑似闲置", "suspected idle"),
    "withdrawable": ("满收回年限", "may be withdrawn"), "incomplete": ("缺数据", "no data"),
    "suspended": ("暂停计算", "suspended"),
}  # fmt: skip
_ENDS: Words = {
    "renewal": ("期满续期", "term ends"), "conversion": ("先租后让转出让", "lease becomes a transfer"),
}  # fmt: skip
_HEADS: Words = {
    "date": ("日期", "date"), "project": ("项目", "project"), "parcel_no": ("地块", "parcel"),
    "what": ("事项", "what"), "days": ("天数", "days"),
}  # fmt: skip


def obligations(answer: Answer, language: str) -> str:
    """How everything stands, and a list of each kind that has anything in it; days are those still to go."""
    told = [say(_WORDS, "head", language, answer), say(_WORDS, "counts", language, answer["counts"])]
    for name in ("overdue", "due", "idle", "renewals"):
        rows = [_row(name, one, language) for one in answer[name]]
        if rows:
            heads = [pick(head, language) for head in _HEADS.values()]
            told += ["", pick(_WORDS[name], language), *table(heads, rows, left=4)]
    return "\n".join(told)


def _row(name: str, one: dict[str, Any], language: str) -> list[str]:
    chinese = language == "zh-CN"
    if name == "idle":
        names = "、".join(one["projects"]) if chinese else ", ".join(one["projects_en"])
        state = pick(_STATES[one["state"]], language)
        return [one["since"], names, _text(one["parcel_no"]), state, str(-one["days"])]
    project = one["project"] if chinese else one["project_en"] or one["project"]
    if name == "renewals":
        what = pick(_ENDS[one["what"]], language)
        return [one["date"], _text(project), _text(one["parcel_no"]), what, str(one["days"])]
    what = term(MILESTONE_KINDS, one["kind"], language)
    days = "—" if one["days"] is None else str(one["days"])
    return [_text(one["due"]), _text(project), _text(one["parcel_no"]), what, days]


def _text(value: object) -> str:
    return plain(str(value)) if value else "—"
