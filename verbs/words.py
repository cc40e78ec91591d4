"""Words that many verbs share."""

from __future__ import annotations

import argparse
import getpass
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from layers.errors import CallWrong

if TYPE_CHECKING:
    from layers.changes import Actor

Answer = dict[str, Any]
Verb = tuple[str, Callable[[argparse.ArgumentParser], None], Callable[[argparse.Namespace], Answer]]
"""What a verb does in both languages, the words that it takes, and what runs it."""


def workspace(verb: argparse.ArgumentParser) -> None:
    """The workspace that a verb works on."""
    verb.add_argument("workspace", metavar="W", help="workspace file / 工作空间文件")


def actor(asked: argparse.Namespace) -> Actor:
    """Who asks: whoever has the file in hand is its operator; `--actor` acts with the role of that person."""
    from layers.changes import Actor

    given = getattr(asked, "actor", None)
    if given == "":  # a script's variable that was not set must not make its user the operator
        raise CallWrong(where="--actor", reason="--actor ''", verb=asked.verb)
    name = given or os.environ.get("CHENGZAI_ACTOR", "")
    return Actor(str(name), "local") if name else Actor(_login(), "operator")


def scenario(asked: argparse.Namespace) -> str:
    """The branch that a verb works on."""
    return str(getattr(asked, "scenario", "main"))


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "operator"
