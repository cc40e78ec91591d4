"""A project's next state asked for by name, and what moved with it, in the words of the command line."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pandas as pd

from layers import applying, stores
from layers.changes import Actor, Asked, Outcome
from layers.commands import Advance
from layers.errors import StateUnknown
from layers.naming import project_row
from layers.versions import written
from layers.vocabulary import PROJECT_STATES
from layers.workspace import Workspace


def advance(address: str, step: Advance, *, actor: Actor, scenario: str = "main") -> dict[str, Any]:
    """Move a project to another state.

    Parameters
    ----------
    step
        Its project is a key or a name, its state a code or either word for it.

    Raises
    ------
    NameUnknown, NameTwice, StateUnknown, StepRefused, ReasonMissing, AgreementMissing, DateRefused, DayBeforeStep
    """
    store = stores.open_store(address)
    with store.reading() as tx:
        workspace = tx.workspace(scenario)
    key = str(workspace.table("projects")["project_id"].iloc[project_row(workspace, step.project_id)])
    command = Advance(key, state_code(step.to), step.on, step.reason, step.document, step.agreement)
    asked = Asked(actor, uuid4().hex, workspace.revision, scenario)
    done = written(applying.apply(store, asked, command))
    return _told(done, workspace, key)


def state_code(word: str) -> str:
    """The code of a state by its code or either word for it.

    >>> state_code("签约"), state_code("at_capacity"), state_code("Renewed")
    ('signed', 'at_capacity', 'renewed')

    Raises
    ------
    StateUnknown
    """
    for code, words in PROJECT_STATES.items():
        if word.casefold() in (code, *(one.casefold() for one in words)):
            return code
    raise StateUnknown(where="--to", value=word[:40], known=", ".join(PROJECT_STATES))


def _told(done: Outcome, before: Workspace, key: str) -> dict[str, Any]:
    parcels = before.table("parcels").set_index("parcel_id")["parcel_no"]
    moved, step = [], {}
    for change in done.changes:
        if change.layer == "moves" and change.after:
            step = dict(change.after)
        if change.layer != "assignments" or not change.before:
            continue
        parcel = str(change.before["parcel_id"])
        number = parcels.get(parcel)
        moved.append(
            {
                "assignment_id": change.key,
                "parcel_no": parcel if number is None or pd.isna(number) else str(number),
                "floor_area_m2": change.before["floor_area_m2"],
                "stage_before": change.before["stage"],
                "stage": None if change.after is None else change.after["stage"],
            }
        )
    projects = before.table("projects").set_index("project_id")
    names = [projects[column].get(key) for column in ("name", "name_en")]
    return {
        "project_id": key,
        "project": str(next((name for name in names if isinstance(name, str)), key)),
        "state_before": step.get("from_state"),
        "state": step.get("to_state"),
        "on": step.get("moved_on"),
        "move_id": step.get("move_id"),
        "assignments": moved,
        "floor_area_m2": float(sum(one["floor_area_m2"] for one in moved)),
        "revision": done.revision,
    }
