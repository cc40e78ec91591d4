"""Restoring is drilled: what comes back is what was backed up, and what stood there before stays."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from layers import keeping, stores
from layers.changes import Actor
from layers.commands import Edit
from layers.commands.editing import frozen
from layers.errors import CallWrong, Denied, NotAWorkspace
from layers.keeping import manifests
from layers.keeping.errors import BackupChanged, BackupMissing, BackupUnsound, WorkspaceInPlace
from layers.stores import disk, geopackage, sqlite
from layers.stores.errors import NewerWorkspace, StoreBusy
from layers.stores.schema import VERSION
from tests.layers.stores.test_migrations import FIXTURES
from tests.lived import OPERATOR, PLANNER, did

BOSS = Actor("boss", "local")


@pytest.fixture
def backup(path: Path, tmp_path: Path) -> Path:
    """A backup at revision 18; the workspace goes on to 19."""
    made = Path(keeping.back_up(path, f"{tmp_path / 'backups'}/")["file"])
    did(stores.open_store(path), Edit("parcels", "A", frozen({"note": "after the backup"})))
    return made


def told(path: Path) -> tuple[int, str | None]:
    """Revision, and the note of parcel A."""
    with stores.open_store(path).reading() as tx:
        table = tx.workspace().table("parcels").set_index("parcel_id")
        note = table["note"].get("A")
        return tx.revision(), note if isinstance(note, str) else None


def test_a_backup_comes_back_as_a_workspace_to_work_in(backup: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.gpkg"
    answer = keeping.restore(backup, new, PLANNER)
    assert (answer["revision"], answer["restored_revision"], answer["aside"]) == (19, 18, None)
    store = stores.open_store(new)
    assert store.faults() == []
    with store.reading() as tx:
        (event,) = tx.events(after=18)
        assert (event.kind, event.actor, event.facts["of_revision"]) == ("restore", "planner", 18)
        assert answer["chain_head"] == tx.chain_head()
    assert did(store, Edit("parcels", "A", frozen({"note": "x"}))) == 20
    assert manifests.read(backup) is not None, "the backup itself is not touched"
    assert disk.sha256(backup) == manifests.read(backup).sha256


def test_a_workspace_is_only_replaced_when_told_so_and_stays(backup: Path, path: Path) -> None:
    with pytest.raises(WorkspaceInPlace):
        keeping.restore(backup, path, OPERATOR)
    assert told(path) == (19, "after the backup")
    answer = keeping.restore(backup, path, OPERATOR, overwrite=True)
    assert told(path) == (19, "方案二 {{7*7}}")
    aside = Path(answer["aside"])
    assert aside.parent == path.parent
    assert told(aside) == (19, "after the backup")
    assert stores.open_store(aside).faults() == stores.open_store(path).faults() == []


def test_whoever_has_it_open_in_this_process_sees_what_was_restored(backup: Path, path: Path) -> None:
    store = stores.open_store(path)
    keeping.restore(backup, path, OPERATOR, overwrite=True)
    with store.reading() as tx:
        assert [event.kind for event in tx.events(after=18)] == ["restore"]
    assert did(store, Edit("parcels", "A", frozen({"note": "on"}))) == 20


def test_a_workspace_that_another_program_has_open_is_not_replaced(
    backup: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "WAIT", 0.2)
    with closing(sqlite3.connect(path)) as other:
        other.execute("SELECT count(*) FROM parcels").fetchone()
        with pytest.raises(StoreBusy):
            keeping.restore(backup, path, OPERATOR, overwrite=True)
    assert told(path) == (19, "after the backup")
    assert not list(path.parent.glob("*.replaced-*"))


@pytest.mark.parametrize("actor", [PLANNER, Actor("visitor", "local"), Actor("nobody", "local"), Actor("", "single")])
def test_only_an_admin_replaces_a_workspace(backup: Path, path: Path, actor: Actor) -> None:
    with pytest.raises(Denied):
        keeping.restore(backup, path, actor, overwrite=True)
    with stores.open_store(path).reading() as tx:
        (event,) = tx.events(after=19)
        assert (event.kind, event.facts["tried"], event.actor) == ("refused", "restore", actor.name)
    assert keeping.restore(backup, path, BOSS, overwrite=True)["revision"] == 19


def test_a_workspace_that_cannot_be_read_any_more_is_replaced_by_its_operator(backup: Path, path: Path) -> None:
    geopackage.close(path)
    path.write_bytes(b"torn" * 5000)
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).write_bytes(b"left over")
    with pytest.raises(NotAWorkspace):
        stores.read(path)
    with pytest.raises(Denied):
        keeping.restore(backup, path, BOSS, overwrite=True)
    answer = keeping.restore(backup, path, OPERATOR, overwrite=True)
    assert told(path)[0] == 19
    assert stores.open_store(path).faults() == []
    assert Path(answer["aside"]).read_bytes() == b"torn" * 5000


def test_what_is_no_sound_backup_is_refused(backup: Path, path: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.gpkg"
    with pytest.raises(BackupMissing):
        keeping.restore(tmp_path / "none.gpkg", new, OPERATOR)
    with pytest.raises(CallWrong):
        keeping.restore(path, path, OPERATOR, overwrite=True)
    text = tmp_path / "text.gpkg"
    text.write_text("hello " * 500)
    with pytest.raises(NotAWorkspace):
        keeping.restore(text, new, OPERATOR)
    with closing(sqlite3.connect(backup)) as file:
        file.execute("UPDATE parcels SET far_max = 9 WHERE parcel_id = 'A'")
        file.commit()
    with pytest.raises(BackupChanged):
        keeping.restore(backup, new, OPERATOR)
    manifests.place(backup).unlink()
    with pytest.raises(BackupUnsound):
        keeping.restore(backup, new, OPERATOR)
    with closing(sqlite3.connect(backup)) as file:
        file.execute("UPDATE app_meta SET value = ? WHERE key = 'schema_version'", (str(VERSION + 1),))
        file.commit()
    with pytest.raises(NewerWorkspace):
        keeping.restore(backup, new, OPERATOR)
    assert not new.exists()
    assert not [one for one in tmp_path.iterdir() if one.name.endswith(".part")]


def test_another_file_under_the_name_of_a_backup_is_seen(backup: Path, path: Path, tmp_path: Path) -> None:
    other = Path(keeping.back_up(path, tmp_path / "other.gpkg")["file"])
    shutil.copy(other, backup)
    with pytest.raises(BackupChanged):
        keeping.restore(backup, tmp_path / "new.gpkg", OPERATOR)


def test_a_backup_of_an_older_version_comes_back_in_the_present_form(tmp_path: Path) -> None:
    old = FIXTURES / "workspace-v1.gpkg"
    before = old.read_bytes()
    keeping.restore(old, tmp_path / "new.gpkg", OPERATOR)
    store = stores.open_store(tmp_path / "new.gpkg")
    assert store.faults() == []
    with store.reading() as tx:
        assert [event.kind for event in tx.events()] == ["create", "restore"]
    assert old.read_bytes() == before


def test_the_anchors_of_what_came_after_are_void_once_an_earlier_backup_is_restored(backup: Path, path: Path) -> None:
    from layers import services

    later = keeping.back_up(path, backup.parent)
    keeping.restore(backup, path, OPERATOR, overwrite=True)
    found = services.check(str(path), backups=keeping.Backups())
    assert found["ok"], found["problems"]
    assert later["revision"] == found["events"] == 19


def test_a_locked_scenario_does_not_keep_an_admin_from_restoring(backup: Path, path: Path) -> None:
    from layers import scenarios
    from layers.changes import Asked

    scenarios.lock(stores.open_store(path), Asked(BOSS, "lock main"))
    assert keeping.restore(backup, path, BOSS, overwrite=True)["revision"] == 19


def test_what_is_restored_beside_its_workspace_is_another_store_with_the_same_past(backup: Path, path: Path) -> None:
    other = path.with_name("另一个.gpkg")
    keeping.restore(backup, other, OPERATOR)
    with stores.open_store(path).reading() as mine, stores.open_store(other).reading() as theirs:
        assert mine.identity() != theirs.identity()
        past = [event.hash for event in mine.events(until=18)]
        assert [event.hash for event in theirs.events()][: len(past)] == past
    assert stores.open_store(other).faults() == []


def test_what_comes_back_to_its_own_place_stays_the_same_store(backup: Path, path: Path) -> None:
    with stores.open_store(path).reading() as tx:
        was = tx.identity()
    geopackage.close(path)
    path.unlink()
    keeping.restore(backup, path, OPERATOR)
    with stores.open_store(path).reading() as tx:
        assert tx.identity() == was, "its other backups are still its own"
