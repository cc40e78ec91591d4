"""Answers about people as text."""

from __future__ import annotations

from layers.printed.lines import Answer, Words, pick, plain, say, table
from layers.roles import NAMES

_WORDS: Words = {
    "nobody": ("还没有用户：由一人使用，不需要登录。添加第一位管理员：user add W NAME admin",
               "No users yet: one person uses it without signing in. The first one: user add W NAME admin"),
    "code": ("一次性口令（只显示这一次，用它设置第一个密码）：{code}",
             "One-time code (shown only now; it sets the first password): {code}"),
    "disabled": ("已停用", "shut out"),
    "no_password": ("尚未设密码", "no password yet"),
}  # fmt: skip
_HEADS = (("用户", "user"), ("角色", "role"), ("显示名", "shown as"), ("状态", "state"))


def users(answer: Answer, language: str) -> str:
    """A table of users, and a code where one was made."""
    rows = [
        [
            str(one["name"]),
            pick(NAMES[one["role"]], language),
            str(one["display"]),
            _state(one, language),
        ]
        for one in answer["users"]
    ]
    lines = (
        table([pick(head, language) for head in _HEADS], rows, left=4) if rows else [_said("nobody", language, {})]
    )
    return "\n".join([*lines, *([_said("code", language, answer)] if "code" in answer else [])])


def _state(one: Answer, language: str) -> str:
    if one["disabled"]:
        return _said("disabled", language, {})
    return "" if one["password_set"] else _said("no_password", language, {})


def _said(word: str, language: str, facts: Answer) -> str:
    return plain(say(_WORDS, word, language, facts))
