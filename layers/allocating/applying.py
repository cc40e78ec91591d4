"""A plan made for a store and written into a scenario as one command."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from layers import applying, stores
from layers.allocating.answering import plan, told
from layers.allocating.wishes import Wish
from layers.changes import Actor, Asked
from layers.versions import written
from spatial.allocation import Stop


def allocate(
    address: str,
    wish: Wish,
    seconds: float,
    seed: int = 0,
    *,
    actor: Actor | None,
    state: tuple[str, str] = ("main", "zh-CN"),
) -> dict[str, Any]:
    """Make a plan and apply it.

    Parameters
    ----------
    actor
        Who applies it; None only proposes.
    state
        The scenario, and the language of reasons.

    Raises
    ------
    StoreDamaged, Denied, Conflict, ChengzaiError
        What stands in the way of writing it; nothing is written then.
    """
    scenario, language = state
    workspace = stores.read(address, scenario)
    found = plan(workspace, wish, Stop(seconds), seed)
    answer = told(found, language) | {"applied": False, "dry_run": actor is None}
    if actor is None or not found.verified:
        return answer
    command = found.command
    if command.given or command.taken:
        asked = Asked(actor, uuid4().hex, workspace.revision, scenario)
        answer["revision"] = written(applying.apply(stores.open_store(address), asked, command)).revision
    return answer | {"applied": True}
