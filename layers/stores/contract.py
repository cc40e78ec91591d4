"""What a store promises, whatever keeps it: one writer at a time, state and event in one durable transaction.

The embedded GeoPackage file is the first store; a database server is to be the second. One test suite holds both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol

from spatial.errors import ChengzaiError

from layers.changes import Key, RowChange
from layers.workspace import Workspace

MAIN = "main"

Role = Literal["viewer", "planner", "gis", "admin"]
ROLES: tuple[Role, ...] = ("viewer", "planner", "gis", "admin")


@dataclass(frozen=True)
class Event:
    """One gesture of one actor, for ever.

    Parameters
    ----------
    seq
        Number of the event in its store, from 1 without a gap; the revision that it made.
    op_id
        Name of the gesture, unique in the store.
    at
        When, by the clock of the store, UTC, ISO 8601.
    kind
        What was done: the kind of a command, or ``undo``, ``redo``, ``branch``, ``refused`` …
    facts
        What the history says of it.
    changes
        Rows before and after; none where no state changed.
    parent_op
        Gesture that this one is a part of (a large import is written in several events).
    undoes
        Gesture that this one takes back: that of an ``undo``, or of the ``undo`` that a ``redo`` takes back.
    """

    seq: int
    op_id: str
    at: str
    actor: str
    role: str
    scenario: str
    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    changes: Sequence[RowChange] = ()
    parent_op: str | None = None
    undoes: str | None = None
    hash: str = ""

    @property
    def gesture(self) -> str:
        """The op id that undo and redo go by."""
        return self.parent_op or self.op_id


@dataclass(frozen=True)
class Logged:
    """An event as the log has it, for another store to take over bit by bit.

    Parameters
    ----------
    values
        The columns that its hash covers (`layers.stores.chain.COLUMNS`); `scenario` is the number of the branch.
    changes
        Its rows before and after, as they are packed.
    """

    values: Mapping[str, Any]
    changes: bytes
    hash: str


@dataclass(frozen=True)
class StoreFacts:
    """What a store says of itself: the workspace but for its layers."""

    name: str
    crs: str
    name_en: str = ""
    as_of: str = ""
    note: str = ""
    note_en: str = ""

    @classmethod
    def of(cls, workspace: Workspace) -> StoreFacts:
        """Those of a workspace."""
        return cls(**{key: str(getattr(workspace, key)) for key in cls.__dataclass_fields__})

    def told(self) -> dict[str, str]:
        """By name."""
        return asdict(self)


@dataclass(frozen=True)
class Scenario:
    """A branch (方案) of a workspace.

    Parameters
    ----------
    parent, forked_at
        The branch that it started from, and the revision at which; None and 0 for the first.
    head
        Revision of its last change; its own start where it has none.
    locked
        Nothing may change it while it is locked.
    """

    name: str
    parent: str | None = None
    forked_at: int = 0
    head: int = 0
    locked: bool = False
    made_by: str = ""
    made_at: str = ""
    note: str = ""


@dataclass(frozen=True)
class Joined:
    """A merge that was made: `target` took in what `source` was at `source_seq`, by the event `seq`."""

    seq: int
    source: str
    source_seq: int
    target: str


@dataclass(frozen=True)
class Person:
    """Somebody with a role in a workspace.

    Parameters
    ----------
    secret
        Argon2id hash of the password; empty until one is set.
    code
        Argon2id hash of the one-time code with which the first password is set; empty once it is used.
    failed, wait_until
        Wrong passwords since the last right one, and when the next try is looked at (UTC, ISO 8601).
    """

    name: str
    role: Role
    display: str = ""
    secret: str = ""
    code: str = ""
    failed: int = 0
    wait_until: str = ""
    disabled: bool = False
    made_at: str = ""


class Reading(Protocol):
    """One consistent view of a store."""

    def revision(self) -> int:
        """The last event of the store."""
        ...

    def chain_head(self) -> str:
        """Hash of the last event."""
        ...

    def identity(self) -> str:
        """A name that no other store has; copies of this one have it too."""
        ...

    def facts(self) -> StoreFacts:
        """What the store says of itself."""
        ...

    def scenario(self, name: str = MAIN) -> Scenario:
        """A branch by its name.

        Raises
        ------
        ScenarioUnknown
        """
        ...

    def scenarios(self) -> tuple[Scenario, ...]:
        """Every branch, in the order in which they were made."""
        ...

    def joins(self) -> tuple[Joined, ...]:
        """Every merge, oldest first."""
        ...

    def workspace(self, scenario: str = MAIN, revision: int | None = None) -> Workspace:
        """A branch now, or as it was at a revision.

        Raises
        ------
        ScenarioUnknown, RevisionUnknown
        """
        ...

    def row_revision(self, scenario: str, layer: str, key: str) -> int:
        """Event that changed or took a row last in a branch; 0 for one that it never had."""
        ...

    def row_revisions(self, scenario: str, layer: str, keys: Sequence[str]) -> Mapping[str, int]:
        """The same for many rows of a layer."""
        ...

    def events(  # noqa: PLR0913 each is one more way to narrow the same list
        self,
        *,
        after: int = 0,
        until: int | None = None,
        scenario: str | None = None,
        actor: str | None = None,
        kinds: Sequence[str] = (),
        but: Sequence[str] = (),
        last: bool = False,
        newest_first: bool = False,
        limit: int | None = None,
        rows: bool = True,
    ) -> Iterable[Event]:
        """Events in their order.

        Parameters
        ----------
        kinds, but
            Only these kinds; all kinds but these.
        last
            Only the first event of each gesture, and only of gestures that no later one takes back.
        rows
            Whether their changes are read.
        """
        ...

    def taken_back(self, gesture: str) -> str | None:
        """The newest gesture that takes one back, whether or not it was taken back itself; None where none does."""
        ...

    def events_of(self, gesture: str) -> tuple[Event, ...]:
        """The events of a gesture, oldest first; none where it is unknown."""
        ...

    def events_at(self, scenario: str, at: Key, *, after: int = 0) -> tuple[Event, ...]:
        """The events that changed a row in a branch, oldest first."""
        ...

    def log(self) -> Iterable[Logged]:
        """Every event in its order, as the log has it."""
        ...

    def people(self) -> tuple[Person, ...]:
        """Everybody who has a role, by name."""
        ...

    def person(self, name: str) -> Person | None:
        """One of them."""
        ...

    def blob(self, sha256: str) -> bytes | None:
        """A document by its hash."""
        ...

    def blobs(self) -> tuple[str, ...]:
        """The hashes of all documents."""
        ...


class Writing(Reading, Protocol):
    """A store inside a transaction that nobody else can write beside; it is kept whole or not at all."""

    def now(self) -> str:
        """Time of the store, UTC, ISO 8601."""
        ...

    def mint(self, prefix: str) -> str:
        """A key that no row of any branch has had."""
        ...

    def append(self, event: Event) -> int:
        """Write an event, and its rows into the branch; answers with its number.

        `seq`, `at` and `hash` are the store's to give.
        """
        ...

    def take_over(self, logged: Logged) -> None:
        """Write an event of another store as it is there, and its rows into the branch.

        Branches are made in the order in which they were made there, each before its first event, so that they
        have the numbers that the events go by.

        Raises
        ------
        StoreDamaged
            When it does not follow the last event here, or its hash is not that of its content.
        """
        ...

    def keep(self, workspace: Workspace) -> None:
        """Remember a state that was made by what this transaction wrote, so that it need not be read again."""
        ...

    def put_scenario(self, name: str, scenario: Scenario) -> None:
        """Make a branch, or change what is known of the one called `name`."""
        ...

    def put_join(self, joined: Joined) -> None:
        """Remember a merge."""
        ...

    def put_person(self, person: Person) -> None:
        """Write somebody with their role."""
        ...

    def remove_person(self, name: str) -> None:
        """Take somebody's role and password away."""
        ...

    def put_blob(self, content: bytes) -> str:
        """Keep a document; answers with its SHA-256."""
        ...


class Store(Protocol):
    """A place that keeps a workspace with all its branches and their history."""

    @property
    def address(self) -> str:
        """Where it is, as the command line names it."""
        ...

    def reading(self) -> AbstractContextManager[Reading]:
        """One consistent view."""
        ...

    def writing(self) -> AbstractContextManager[Writing]:
        """One transaction; an exception leaves nothing behind."""
        ...

    def closed_because(self) -> ChengzaiError | None:
        """Why nothing can be written to it, None where it can: a failed check, a folder or drive that forbids it."""
        ...

    def faults(self) -> Sequence[tuple[str, Mapping[str, str]]]:
        """What is wrong with the store itself: codes of `layers.checks` with what they are filled with."""
        ...
