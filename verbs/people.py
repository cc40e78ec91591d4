"""Verbs over the people of a workspace."""

from __future__ import annotations

import argparse

from layers.errors import CallWrong
from verbs.words import Answer, Verb, actor, workspace

_ROLES = ("viewer", "planner", "gis", "admin")
_NEEDS: dict[str, tuple[str, ...]] = {
    "list": (),
    "add": ("name", "role"),
    "role": ("name", "role"),
    "code": ("name",),
}
_NEEDS |= dict.fromkeys(("disable", "enable", "remove"), ("name",))


def _for_user(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("action", choices=tuple(_NEEDS), help="list, add, role, code (first password), disable …")
    workspace(verb)
    verb.add_argument("name", nargs="?", metavar="NAME", help="user name / 用户名")
    verb.add_argument("role", nargs="?", choices=_ROLES, metavar="ROLE", help=", ".join(_ROLES))
    verb.add_argument("--display", default="", metavar="TEXT", help="how the name is shown / 显示名")


def _user(asked: argparse.Namespace) -> Answer:
    from layers import people, stores

    missing = [word for word in _NEEDS[asked.action] if not getattr(asked, word)]
    if missing:
        reason = f"user {asked.action} W {' '.join(word.upper() for word in _NEEDS[asked.action])}"
        raise CallWrong(where="user", reason=reason, verb="user")
    store, who = stores.open_store(asked.workspace), actor(asked)
    more: Answer = {}
    if asked.action == "add":
        more["code"] = people.add(store, who, asked.name, asked.role, asked.display)
    elif asked.action == "role":
        people.set_role(store, who, asked.name, asked.role)
    elif asked.action == "code":
        more["code"] = people.new_code(store, who, asked.name)
    elif asked.action == "remove":
        people.remove(store, who, asked.name)
    elif asked.action in ("disable", "enable"):
        people.disable(store, who, asked.name, disabled=asked.action == "disable")
    users = [
        {"name": one.name, "role": one.role, "display": one.display, "disabled": one.disabled, "made_at": one.made_at}
        | {"password_set": bool(one.secret)}
        for one in people.listed(store)
    ]
    return {"users": users, **more}


VERBS: dict[str, Verb] = {"user": ("accounts and roles / 用户", _for_user, _user)}
