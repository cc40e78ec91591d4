"""Answers about the history of a workspace as text: events, scenarios, differences, merges and backups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from layers.history import kind, line
from layers.printed.lines import Answer, Words, pick, plain, say, table

_MOST = 40
"""Rows of a list that are printed; --json has them all."""

_WORDS: Words = {
    "none": ("没有记录", "Nothing there"),
    "written": ("已写入第 {revision} 版，改动 {rows} 行：{what}", "Revision {revision}, {rows} rows changed: {what}"),
    "branch": ("已从「{parent}」建立方案「{scenario}」", "Scenario {scenario!r} was made from {parent!r}"),
    "same": ("两者相同", "They are the same"),
    "count": ("{a} → {b}：{count} 处不同", "{a} → {b}: {count} rows differ"),
    "more": ("… 另有 {count} 条（--json 可看全部）", "… and {count} more (--json has them all)"),
    "merged": ("已将「{from}」合并到「{into}」：改动 {rows} 行，第 {revision} 版",
               "{from!r} was merged into {into!r}: {rows} rows changed, revision {revision}"),
    "unmerged": ("「{from}」→「{into}」：{rows} 行可自动合并，{open} 处需要决定，尚未写入",
                 "{from!r} → {into!r}: {rows} rows need no decision, {open} conflicts do; nothing is written"),
    "conflict": ("冲突 {id}", "Conflict {id}"),
    "choice": ("  --resolve {id}={choice}   {name}：可用 {available_m2:,.0f} m²，意向 {reserved_m2:,.0f} m²，"
               "签约 {committed_m2:,.0f} m²",
               "  --resolve {id}={choice}   {name}: available {available_m2:,.0f} m², intended {reserved_m2:,.0f} m²,"
               " committed {committed_m2:,.0f} m²"),
    "cannot": ("  不可选：{name}：{why}", "  cannot be: {name}: {why}"),
    "backup": ("已备份第 {revision} 版并核验：{file}", "Revision {revision} was backed up and verified: {file}"),
    "restored": ("已恢复到 {workspace}（第 {revision} 版）", "Restored to {workspace} (revision {revision})"),
    "aside": ("原文件另存为 {aside}", "The file that was there is kept as {aside}"),
    "moved": ("已迁移到 {workspace}，逐项核对一致，链首 {chain_head}",
              "Moved to {workspace}; everything is equal, chain head {chain_head}"),
}  # fmt: skip
_HEADS: Words = {
    "revision": ("版", "revision"), "at": ("时间（UTC）", "when (UTC)"), "actor": ("操作人", "who"),
    "scenario": ("方案", "scenario"), "kind": ("操作", "what"), "facts": ("说明", "details"),
    "parent": ("来自", "from"), "locked": ("锁定", "locked"), "note": ("备注", "note"),
    "layer": ("图层", "layer"), "label": ("对象", "row"), "what": ("变化", "change"), "fields": ("字段", "columns"),
}  # fmt: skip
_WHAT: Words = {"added": ("新增", "added"), "removed": ("删除", "removed"), "changed": ("修改", "changed")}


def events(answer: Answer, language: str) -> str:
    """A table of events, newest first."""
    rows = [
        [
            str(one["revision"]),
            str(one["at"])[:19].replace("T", " "),
            str(one["actor"] or "—"),
            str(one["scenario"]),
            kind(str(one["kind"]), language),
            line(one["facts"], language),
        ]
        for one in answer["events"]
    ]
    return _table(("revision", "at", "actor", "scenario", "kind", "facts"), rows, language)


def taken_back(answer: Answer, language: str) -> str:
    """What an undo or redo did."""
    return _said("written", language, {**answer, "what": line(answer["facts"], language)})


def branch(answer: Answer, language: str) -> str:
    """One sentence."""
    return plain(say(_WORDS, "branch", language, answer))


def scenarios(answer: Answer, language: str) -> str:
    """A table of branches."""
    rows = [
        [
            str(one["scenario"]),
            str(one["parent"] or "—"),
            str(one["revision"]),
            "✓" if one["locked"] else "",
            str(one["made_by"] or "—"),
            str(one["note"]),
        ]
        for one in answer["scenarios"]
    ]
    return _table(("scenario", "parent", "revision", "locked", "actor", "note"), rows, language)


def difference(answer: Answer, language: str) -> str:
    """How many rows differ, and the first of them."""
    if not answer["changes"]:
        return _said("same", language, {})
    rows = [
        [
            str(one["layer_name"]),
            str(one["label"]),
            pick(_WHAT[one["what"]], language),
            _fields(one["fields"]) if one["what"] == "changed" else "",
        ]
        for one in answer["changes"][:_MOST]
    ]
    lines = [_said("count", language, answer), _table(("layer", "label", "what", "fields"), rows, language)]
    more = len(answer["changes"]) - len(rows)
    return "\n".join([*lines, *([_said("more", language, {"count": more})] if more else [])])


def merge(answer: Answer, language: str) -> str:
    """What was merged, or what has to be decided and what each decision comes to."""
    if answer["merged"]:
        return _said("merged", language, answer)
    lines = [_said("unmerged", language, {**answer, "open": len(answer["undecided"])})]
    for conflict in answer["conflicts"]:
        names = dict.fromkeys(row["label"] for side in ("mine", "theirs") for row in conflict[side])
        lines.append(_said("conflict", language, conflict) + f"  {plain('、'.join(names))}")
        for way in conflict["resolutions"]:
            if "refused" in way:
                lines.append(_said("cannot", language, {"name": way["name"], "why": way["refused"]["message"]}))
            else:
                lines.append(_said("choice", language, {**way, "id": conflict["id"]}))
    return "\n".join(lines)


def backup(answer: Answer, language: str) -> str:
    """One sentence."""
    return _said("backup", language, answer)


def restored(answer: Answer, language: str) -> str:
    """What was restored, and where the file that was there before is."""
    aside = [_said("aside", language, answer)] if answer.get("aside") else []
    return "\n".join([_said("restored", language, answer), *aside])


def moved(answer: Answer, language: str) -> str:
    """One sentence."""
    return _said("moved", language, answer)


def _said(word: str, language: str, facts: Answer) -> str:
    return plain(say(_WORDS, word, language, facts))


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], language: str) -> str:
    if not rows:
        return _said("none", language, {})
    return "\n".join(table([pick(_HEADS[head], language) for head in heads], rows, left=len(heads)))


def _fields(fields: Sequence[dict[str, Any]]) -> str:
    told = [f"{one['name']} {_value(one['before'])} → {_value(one['after'])}" for one in fields[:4]]
    return "；".join(told) + (" …" if len(fields) > 4 else "")


def _value(value: object) -> str:
    return "—" if value is None else str(value)[:40]
