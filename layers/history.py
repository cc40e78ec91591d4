"""What can be taken back and done again: stacks of each actor in each branch, derived from the log alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from layers.stores.contract import Event, Reading
from layers.vocabulary import MILESTONE_KINDS, PARCEL_STATUS, PROJECT_STATES, STAGES, SUPPLY_MODES, Terms, term

STILL = frozenset(
    {"create", "refused", "sign_in", "sign_out", "people", "branch", "lock", "unlock", "rename", "restore"}
)
"""Kinds of events that no undo takes back: they change no rows, or are the beginning of all."""

SHOWN = 50
"""Gestures of a stack that are told; further ones follow as these are taken back."""

KINDS: dict[str, tuple[str, str]] = {
    "create": ("新建", "Create"), "assign": ("落位", "Assign"), "reassign": ("调整落位", "Change assignment"),
    "unassign": ("撤回落位", "Take back assignment"), "edit": ("修改属性", "Edit"),
    "edit_many": ("批量修改", "Edit many"), "reshape": ("修改图形", "Reshape"), "draw": ("绘制", "Draw"),
    "move_vertices": ("移动界址点", "Move vertices"), "trim": ("消除重叠", "Trim overlaps"),
    "cut_strip": ("切出道路", "Cut a road strip"), "assign_many": ("批量落位", "Assign many"),
    "unassign_many": ("批量撤回落位", "Take back many"), "add": ("新增", "Add"),
    "delete": ("删除", "Delete"), "split": ("分割地块", "Split parcel"),
    "merge_parcels": ("合并地块", "Merge parcels"), "admit": ("项目准入", "Admit project"),
    "leave": ("项目退出", "Project leaves"), "advance": ("项目状态", "Project state"),
    "convert": ("转为出让", "Convert to transfer"), "renew": ("续期", "Renew"),
    "let": ("出租自持空间", "Let self-held space"),
    "supply": ("土地供应", "Land supply"), "agree": ("约定义务", "Agree an obligation"),
    "fulfil": ("履行义务", "Obligation kept"), "postpone": ("义务延期", "Postpone an obligation"),
    "drop": ("解除义务", "Drop an obligation"), "import": ("导入", "Import"),
    "import_projects": ("导入项目", "Import projects"),
    "import_release": ("导入并撤回落位", "Import and release"), "rules": ("分区指标", "Limits by zone"),
    "assumptions": ("测算假设", "Assumptions"), "criteria": ("评价模型", "Suitability model"),
    "plan": ("应用方案", "Apply plan"), "allocate": ("应用落位方案", "Apply allocation"),
    "attach": ("附加文件", "Attach"),
    "detach": ("移除附件", "Detach"), "undo": ("撤销", "Undo"), "redo": ("重做", "Redo"),
    "branch": ("新建方案", "New scenario"), "rename": ("方案改名", "Rename scenario"), "lock": ("锁定", "Lock"),
    "unlock": ("解锁", "Unlock"), "merge": ("合并方案", "Merge scenarios"), "people": ("人员", "People"),
    "sign_in": ("登录", "Sign in"), "sign_out": ("退出登录", "Sign out"), "refused": ("被拒绝", "Refused"),
    "restore": ("恢复备份", "Restore"),
    "revert": ("撤销他人操作", "Take back another's act"),
}  # fmt: skip
"""What each kind of event and of right is called, Chinese and English."""


def kind(code: str, language: str = "zh-CN") -> str:
    """The name of a kind of event."""
    pair = KINDS.get(code, (code, code))
    return pair[0] if language == "zh-CN" else pair[1]


_ORDER = (
    "tried", "of", "parcel", "project", "milestone", "layer", "name", "columns", "rows", "state", "status",
    "supply_mode", "supply_year", "was", "to", "due", "until", "on", "document", "agreement", "reason",
)  # fmt: skip
_LEFT_OUT = ("revision", "at", "seq")
_LONGEST = 60
_CODES: dict[str, Terms] = {
    "stage": STAGES, "state": PROJECT_STATES, "status": PARCEL_STATUS, "supply_mode": SUPPLY_MODES
}  # fmt: skip
_WAS = {"state": "was_state", "status": "was_status"}
"""Facts that are codes, and those that say what was there before."""


def line(facts: Mapping[str, Any], language: str = "zh-CN") -> str:
    """What an event says of itself, in one line.

    >>> line({"floor_area_m2": 6000.0, "parcel": "1516-66C", "of": "assign", "revision": 5})
    '落位 · 1516-66C · 6,000 m²'
    """
    rank = {name: place for place, name in enumerate(_ORDER)}
    parts = []
    for name, value in sorted(facts.items(), key=lambda item: rank.get(item[0], len(rank))):
        if value in (None, "") or name in _LEFT_OUT or name in _WAS.values():
            continue
        if name.endswith("_m2") and isinstance(value, (int, float)):
            parts.append(f"{value:,.2f}".removesuffix(".00") + " m²")
        elif name == "milestone":
            parts.append(term(MILESTONE_KINDS, value, language))
        elif name == "was":
            parts.append(f"原定 {value}" if language == "zh-CN" else f"was {value}")
        elif name in _CODES:
            before = facts.get(_WAS.get(name, ""))
            words = [term(_CODES[name], code, language)[:_LONGEST] for code in (before, value) if code]
            parts.append(" → ".join(words))
        elif name in ("of", "tried"):
            parts.append(kind(str(value), language))
        elif name == "rows":
            parts.append(f"{value} 行" if language == "zh-CN" else f"{value} rows")
        else:
            parts.append(str(value)[:_LONGEST])
    return " · ".join(parts)


@dataclass(frozen=True)
class Stacks:
    """Gestures that the next undo and the next redo take, each last."""

    undo: tuple[str, ...] = ()
    redo: tuple[str, ...] = ()


def stacks(reading: Reading, actor: str, scenario: str) -> Stacks:
    """What an actor can take back and do again in a branch; the newest `SHOWN` of each.

    A gesture, its undo, the redo of that and so on are a line, and only its last one can be taken back: by an undo
    where it did something, by a redo where it undid. A new change empties what could be done again, as everywhere.
    Only the end of the log is read, however long it is.
    """
    mine = partial(reading.events, scenario=scenario, actor=actor, newest_first=True, rows=False)
    undo = [event.op_id for event in mine(but=(*STILL, "undo"), last=True, limit=SHOWN)]
    changed = next((event.seq for event in mine(but=(*STILL, "undo", "redo"), limit=1)), 0)
    redo = [event.op_id for event in mine(kinds=("undo",), last=True, after=changed, limit=SHOWN)]
    return Stacks(tuple(reversed(undo)), tuple(reversed(redo)))


def latest(reading: Reading, gesture: str) -> str:
    """The last of the line of a gesture, its undo, the redo of that and so on; itself where nobody took it back."""
    while (later := reading.taken_back(gesture)) is not None:
        gesture = later
    return gesture


def told(event: Event) -> dict[str, object]:
    """An event as the command line says it."""
    return {
        "revision": event.seq,
        "op_id": event.op_id,
        "at": event.at,
        "actor": event.actor,
        "role": event.role,
        "scenario": event.scenario,
        "kind": event.kind,
        "facts": dict(event.facts),
        "undoes": event.undoes,
        "hash": event.hash,
    }
