"""Every role against every act, straight at the services: who may not changes nothing, and the log says who tried."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from shapely import LineString

import layers.commands as commands
from layers import applying, keeping, people, scenarios, services, stores
from layers.changes import Actor, Asked, Command, RowChange, Scene
from layers.commands import (
    Admit,
    Advance,
    Agree,
    Allocate,
    Assign,
    AssignMany,
    Assume,
    At,
    Attach,
    AtVertex,
    Bring,
    Convert,
    CutStrip,
    Delete,
    Detach,
    Draw,
    DrawArea,
    DrawParcel,
    Drop,
    Edit,
    EditMany,
    Fulfil,
    Given,
    Leave,
    Let,
    MergeParcels,
    Moved,
    MoveVertices,
    Postpone,
    Reassign,
    Renew,
    Reshape,
    Split,
    Supply,
    TrimOverlaps,
    Unassign,
    UnassignMany,
)
from layers.demo import usual_criteria
from layers.errors import Denied
from layers.readers.wish import Wish
from layers.roles import RIGHTS, may
from layers.stores.contract import ROLES, Store
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from tests.state import refusals, state
from tests.world import X, Y, after, box, three_parcels

WORLD = after(
    three_parcels(),
    Reshape("parcels", "C", box(250, 0, 350, 100)),
    Assign("A", "p1", 100.0),
    Draw("projects", None, (("name", "丙"), ("state", "evaluated"))),
    Assign("A", "J00001", 100.0, stage="signed", supply_mode="lease_then_transfer", term_years=3.0),
    Agree("A00001", "completion", "2027-12-31"),
    Draw("projects", None, (("name", "平台"),)),
    Assign("A", "J00002", 100.0, stage="under_construction", supply_mode="self_held"),
    Edit.of("parcels", "A", held_by="J00002"),
    Edit.of("assignments", "A00002", valid_from="2024-11-23", valid_to="2027-11-22"),
)
GIVEN, LEASED, HELD = WORLD.table("assignments")["assignment_id"].astype(str)
TEXT = b"a letter"
HASH = hashlib.sha256(TEXT).hexdigest()
RAISED = WORLD.table("parcels").assign(note="new")

COMMANDS: dict[str, Command] = {
    "assign": Assign("A", "p1", 200.0),
    "reassign": Reassign(GIVEN, 50.0),
    "unassign": Unassign(GIVEN),
    "allocate": Allocate((Given("p1", "A", 10.0),), (GIVEN,), "C0DE", ("p1",)),
    "assign_many": AssignMany(("A",), "p1", 0.1),
    "unassign_many": UnassignMany(("A",)),
    "move_vertices": MoveVertices((Moved(AtVertex("A", 0, 0, 0), At(X + 100, Y - 5)),)),
    "trim": TrimOverlaps(("A",)),
    "cut_strip": CutStrip(("A",), LineString([(X - 10, Y + 50), (X + 110, Y + 50)]), 10.0),
    "draw_parcel": DrawParcel((At(X + 500, Y), At(X + 600, Y), At(X + 600, Y + 100)), (("parcel_no", "E"),)),
    "draw_area": DrawArea(
        "constraints", (At(X, Y), At(X + 50, Y), At(X + 50, Y + 50)), (("kind", "green_belt"), ("effect", "inform"))
    ),
    "edit": Edit("parcels", "A", (("note", "x"),)),
    "edit_many": EditMany("parcels", ("A", "B"), (("note", "x"),)),
    "reshape": Reshape("parcels", "C", box(250, 0, 350, 90)),
    "draw": Draw("parcels", box(500, 0, 600, 100), (("parcel_no", "D"),)),
    "delete": Delete("projects", "p2"),
    "split": Split("C", parts=2),
    "merge_parcels": MergeParcels(("B", "C"), (("classification", "DB11/996"), ("land_use", "M4"), ("far_max", 1.0))),
    "attach": Attach("parcels", "A", HASH, "letter.txt", "text/plain", len(TEXT)),
    "detach": Detach("T00001"),
    "admit": Admit("p1", "2026-11-23"),
    "advance": Advance("p1", "signed", "2026-11-23", "并步", agreement="监管 1 号"),
    "convert": Convert(LEASED, "2026-11-23", "合同 2 号", 20.0),
    "renew": Renew(LEASED, "2028-11-22", "2026-11-23", "续期 1 号"),
    "let": Let(HELD, "J00001", 50.0),
    "supply": Supply("A", "planned", "2026-11-23", 2027),
    "leave": Leave("p1", "2026-11-23", "x"),
    "agree": Agree(GIVEN, "jobs", "2028-12-31", 120.0),
    "fulfil": Fulfil("Y00001", "2027-11-30"),
    "postpone": Postpone("Y00001", "2028-06-30", "x"),
    "drop": Drop("Y00001", "x"),
    "import": Bring("parcels", RAISED),
    "import_projects": Bring("projects", WORLD.table("projects").assign(note="new"), "import_projects"),
    "import_release": Bring("parcels", RAISED, "import_release"),
    "rules": Bring("parcels", RAISED, "rules"),
    "criteria": Bring("criteria", usual_criteria(), "criteria"),
    "assumptions": Bring("assumptions", WORLD.table("assumptions").assign(value=30.0), "assumptions"),
    "assume": Assume.of("norm", value=30.0),
    "plan": Bring("assignments", WORLD.table("assignments").assign(floor_area_m2=150.0), "plan"),
}
"""A command of every class and kind; the world above can take them all but those that follow."""

SPENT = {"detach"}
"""There is no document to take off: the rules refuse it, after the role was looked at."""

Act = Callable[[Store, Actor, Path], object]


def _restore(store: Store, actor: Actor, folder: Path) -> object:
    return keeping.restore(folder / "backup.gpkg", store.address, actor, overwrite=True)


ACTS: dict[str, Act] = {
    "undo": lambda store, actor, _: done(applying.undo(store, Asked(actor, "u1"), "theirs")),
    "redo": lambda store, actor, _: done(applying.redo(store, Asked(actor, "r1"))),
    "branch": lambda store, actor, _: scenarios.branch(store, Asked(actor, "b1"), "new"),
    "rename": lambda store, actor, _: scenarios.rename(store, Asked(actor, "n1", scenario="side"), "other"),
    "lock": lambda store, actor, _: scenarios.lock(store, Asked(actor, "l1")),
    "unlock": lambda store, actor, _: scenarios.lock(store, Asked(actor, "l2"), locked=False),
    "merge": lambda store, actor, _: done(scenarios.merge(store, Asked(actor, "m1"), "side", {})),
    "people": lambda store, actor, _: people.add(store, actor, "new", "viewer"),
    "restore": _restore,
    "revert": lambda store, actor, _: done(applying.undo(store, Asked(actor, "u2"), "theirs")),
}


def done(outcome: object) -> None:
    error = getattr(outcome, "error", None)
    if error is not None:
        raise error


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one person of each role, an edit of somebody else's, and a branch."""
    folder = tmp_path_factory.mktemp("rights")
    stores.create(folder / "w.gpkg", WORLD)
    made = stores.open_store(folder / "w.gpkg")
    operator = Actor("root", "operator")
    for name, role in (("admin", "admin"), *((role, role) for role in ROLES if role != "admin"), ("gone", "admin")):
        people.add(made, operator, name, role)
    people.disable(made, operator, "gone")
    applying.apply(made, Asked(operator, "theirs"), Edit("parcels", "B", (("note", "theirs"),)))
    scenarios.branch(made, Asked(operator, "branch"), "side")
    keeping.back_up(folder / "w.gpkg", folder / "backup.gpkg")
    return folder / "backup.gpkg"


@pytest.fixture
def store(backup: Path, tmp_path: Path) -> Store:
    """A copy of it."""
    for path in backup.parent.glob(f"{backup.name}*"):
        shutil.copyfile(path, tmp_path / path.name)
    shutil.copyfile(backup, tmp_path / "w.gpkg")
    return stores.open_store(tmp_path / "w.gpkg")


def test_every_command_and_every_right_is_in_this_matrix() -> None:
    classes = {one for one in vars(commands).values() if hasattr(one, "rests_on")}
    assert classes == {type(command) for command in COMMANDS.values()}
    assert (
        {*(command.kind for command in COMMANDS.values()), *ACTS}
        == frozenset().union(*RIGHTS.values())
        == RIGHTS["admin"]
    )


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("who", [*ROLES, "gone", ""])
def test_a_command(store: Store, who: str, name: str) -> None:
    before, command = state(store), COMMANDS[name]
    outcome = applying.apply(store, Asked(Actor(who, "local"), "op"), command, [TEXT])
    if may(who, command.kind):
        assert outcome.status == ("invalid" if name in SPENT else "ok"), outcome.error
        assert refusals(store) == []
        return
    assert (outcome.status, outcome.workspace, outcome.changes) == ("denied", None, ())
    assert state(store) == before
    assert refusals(store) == [(who, command.kind, "denied")]


@pytest.mark.parametrize("kind", ACTS)
@pytest.mark.parametrize("who", [*ROLES, "gone", ""])
def test_an_act(store: Store, tmp_path: Path, who: str, kind: str) -> None:
    before = state(store)
    error: ChengzaiError | None = None
    try:
        ACTS[kind](store, Actor(who, "local"), tmp_path)
    except ChengzaiError as refusal:
        error = refusal
    allowed = may(who, "revert") if kind in ("undo", "revert") else may(who, kind)
    assert isinstance(error, Denied) is not allowed, error
    if not allowed:
        assert state(store) == before
        tried = "undo" if kind == "revert" else kind
        assert [(name, what) for name, what, _ in refusals(store)] == [(who, tried)]


@pytest.mark.parametrize("how", ["oidc", "proxy", "single"])
def test_a_name_means_nothing_where_nobody_vouches_for_it(store: Store, how: str) -> None:
    """Single-user mode is over as soon as there are people; other houses vouch for names that the table knows."""
    command = COMMANDS["edit"]
    outcome = applying.apply(store, Asked(Actor("admin", how), "op"), command)  # type: ignore[arg-type]
    assert outcome.status == ("denied" if how == "single" else "ok")


@dataclass(frozen=True)
class Unheard:
    """A command that no row of the table of rights names."""

    kind: str = field(default="format_disk", init=False)

    def rests_on(self) -> tuple[tuple[str, str], ...]:
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        return Edit("parcels", "A", (("note", "x"),)).changes(workspace, scene)

    def facts(self, workspace: Workspace) -> dict[str, str]:
        return {}


@pytest.mark.parametrize("actor", [Actor("admin", "local"), Actor("root", "operator")])
def test_what_is_in_no_row_of_the_table_is_nobody_s_to_do(store: Store, actor: Actor) -> None:
    before = state(store)
    assert applying.apply(store, Asked(actor, "op"), Unheard()).status == "denied"
    assert state(store) == before and refusals(store) == [(actor.name, "format_disk", "denied")]


def test_a_role_that_is_taken_away_is_gone_for_the_next_command(store: Store) -> None:
    planner = Actor("planner", "local")
    assert applying.apply(store, Asked(planner, "one"), COMMANDS["edit"]).status == "ok"
    people.set_role(store, Actor("admin", "local"), "planner", "viewer")
    before = state(store)
    assert applying.apply(store, Asked(planner, "two"), COMMANDS["assign"]).status == "denied"
    assert applying.apply(store, Asked(planner, "one"), COMMANDS["edit"]).status == "denied"
    assert state(store) == before


def test_who_keeps_the_library_fills_it_from_a_file_and_nothing_else(store: Store, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("project_id,name\nXM-9,新来的\n", encoding="utf-8")
    (tmp_path / "z.csv").write_text("zone_id,name\nnorth,北区\n", encoding="utf-8")
    planner = Actor("planner", "local")
    services.import_file(store.address, Wish(str(tmp_path / "p.csv"), layer="projects"), actor=planner)
    before = state(store)
    with store.reading() as tx:
        assert "XM-9" in set(tx.workspace("main").table("projects")["project_id"])
    with pytest.raises(Denied):
        services.import_file(store.address, Wish(str(tmp_path / "z.csv"), layer="zones"), actor=planner)
    assert state(store) == before
    with pytest.raises(ValueError, match="import_projects into parcels"):
        Bring("parcels", RAISED, "import_projects")
