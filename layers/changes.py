"""What a change is: rows before and after, who asks for it, and how it ends.

A command says what a user means; on a workspace it becomes row changes. Everything that is written, undone, merged
or shown in the history is made of these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import shapely

from layers.workspace import Workspace
from spatial.errors import ChengzaiError

Row = Mapping[str, Any]
"""The values of a row that are not missing: Python numbers, text and booleans; `geometry` is a shapely geometry."""

Key = tuple[str, str]
"""A layer and the key of one of its rows."""

FREE = frozenset({"name", "name_en", "note", "note_en", "source", "geometry_basis", "geometry_error_m"})
"""Columns that describe and that no account, rule or cap reads; any extra column is free as well."""

Status = Literal["ok", "duplicate", "conflict", "denied", "invalid"]


@dataclass(frozen=True)
class RowChange:
    """One row before and after a change; None where the row does not exist.

    Raises
    ------
    ValueError
        When it exists neither before nor after.
    """

    layer: str
    key: str
    before: Row | None
    after: Row | None

    def __post_init__(self) -> None:
        if self.before is None and self.after is None:
            raise ValueError(f"{self.layer} {self.key}: a row that is neither before nor after")

    @property
    def at(self) -> Key:
        """The row that is changed."""
        return self.layer, self.key

    @property
    def fields(self) -> frozenset[str]:
        """Columns that differ; all of them where the row comes or goes."""
        return differing(self.before, self.after)

    @property
    def idle(self) -> bool:
        """Whether nothing differs."""
        return self.before is not None and self.after is not None and not self.fields

    def reversed(self) -> RowChange:
        """The change that takes this one back."""
        return RowChange(self.layer, self.key, self.after, self.before)


def differing(one: Row | None, other: Row | None) -> frozenset[str]:
    """Columns in which two forms of a row differ; geometries are the same where every vertex is.

    >>> sorted(differing({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}))
    ['b', 'c']
    """
    if one is None or other is None:
        return frozenset({*(one or {}), *(other or {})})
    return frozenset(name for name in {*one, *other} if not _same(one.get(name), other.get(name)))


def clash(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether two changes of one row share a column, or touch two that an account, rule or cap binds together.

    >>> clash(frozenset({"note"}), frozenset({"far_max"})), clash(frozenset({"far_max"}), frozenset({"land_use"}))
    (False, True)
    """
    return bool(mine & theirs) or (binding(mine) and binding(theirs))


def binding(fields: frozenset[str]) -> bool:
    """Whether any column is one that accounts, rules or caps may read."""
    return bool(fields - FREE)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, shapely.Geometry) and isinstance(other, shapely.Geometry):
        return one is other or bool(shapely.equals_identical(one, other))
    return type(one) is type(other) and bool(one == other)


@dataclass(frozen=True)
class Scene:
    """What a command is told when it becomes row changes.

    Parameters
    ----------
    actor, at
        Who asks, and the time of the store, UTC, ISO 8601.
    mint
        Gives a new key with a prefix (``mint("A")`` → ``A00013``) that no row of any scenario has had.
    """

    actor: str
    at: str
    mint: Callable[[str], str]


class Command(Protocol):
    """A change that a user can make, as one frozen value.

    Attributes
    ----------
    kind
        Its name in the history, in roles and in texts: ``assign``, ``split`` …
    """

    @property
    def kind(self) -> str: ...

    def rests_on(self) -> tuple[Key, ...]:
        """Rows that the user looked at and that it does not change itself: a parcel that is assigned, say."""
        ...

    def changes(self, workspace: Workspace, scene: Scene) -> Sequence[RowChange]:
        """The rows that it changes in a workspace.

        Raises
        ------
        ChengzaiError
            When the rules forbid it or a value cannot be; nothing is written then.
        """
        ...

    def facts(self, workspace: Workspace) -> Mapping[str, str | int | float | None]:
        """What the history says of it, by name: parcel, project, floor_area_m2 …"""
        ...


@dataclass(frozen=True)
class Actor:
    """Who asks, and how that is known; what they may do is looked up anew for every command.

    Parameters
    ----------
    how
        ``single``: the one person of a workspace without accounts. ``operator``: at the command line of the machine.
        ``local``, ``oidc``, ``proxy``: signed in, by our own accounts or by another house's.
    """

    name: str
    how: Literal["single", "operator", "local", "oidc", "proxy"] = "single"


@dataclass(frozen=True)
class Asked:
    """A gesture as it reaches the service.

    Parameters
    ----------
    op_id
        Names this gesture; the same twice is done once.
    seen
        Revision that the actor had before them. A row that changed after it is a conflict. None: the present one.
    """

    actor: Actor
    op_id: str
    seen: int | None = None
    scenario: str = "main"


@dataclass(frozen=True)
class Clash:
    """A row that somebody else changed meanwhile: the three forms of it, and who was faster when."""

    layer: str
    key: str
    mine: Row | None
    theirs: Row | None
    ancestor: Row | None
    by: str = ""
    at: str = ""
    revision: int = 0


@dataclass(frozen=True)
class Outcome:
    """How a command ended.

    Parameters
    ----------
    status
        ``ok``: written. ``duplicate``: it was written before, under the same op id. ``conflict``: `clashes` says
        what. ``denied`` and ``invalid``: `error` says why. Only ``ok`` wrote rows.
    revision
        Revision that it made, or the present one.
    workspace
        The workspace as it is now.
    """

    status: Status
    revision: int
    workspace: Workspace | None = None
    changes: Sequence[RowChange] = ()
    clashes: tuple[Clash, ...] = ()
    error: ChengzaiError | None = None
    facts: Mapping[str, str | int | float | None] = field(default_factory=dict)
