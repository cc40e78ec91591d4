"""Files of every version that was released: they open, keep every row, and the old file stays."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from layers import services, stores
from layers.stores import disk, geopackage, migrations, sqlite
from layers.stores.contract import Store
from layers.stores.errors import MigrationFailed, NetworkDrive, NewerWorkspace, OldWorkspace, StoreBusy
from layers.stores.schema import VERSION
from tests.lived import PDF, did, lived_in

FIXTURES = Path(__file__).parent / "fixtures"
EVERY = sorted(FIXTURES.glob("workspace-v*.gpkg"))
OWN = {"fid", "rev", "extra"}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A file of version 1."""
    return Path(shutil.copy(FIXTURES / "workspace-v1.gpkg", tmp_path / "old.gpkg"))


def tables(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of every layer as the database has it, read without any code of the product."""
    found = {}
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as file:
        file.row_factory = sqlite3.Row
        for (name,) in file.execute("SELECT table_name FROM gpkg_contents").fetchall():
            rows = [dict(row) for row in file.execute(f'SELECT * FROM "{name}" ORDER BY fid')]
            whole = [row | json.loads(row.get("extra") or "{}") for row in rows]
            found[name] = [
                {key: value for key, value in row.items() if key not in OWN and value is not None} for row in whole
            ]
    return found


def closed(path: Path) -> Path:
    """The file in one piece, with nobody having it open."""
    geopackage.close(path)
    sqlite.seal(path)
    return path


def beside(path: Path) -> list[Path]:
    return sorted(one for one in path.parent.iterdir() if one != path)


def test_there_is_a_file_of_every_version() -> None:
    assert [path.stem for path in EVERY] == [f"workspace-v{number}" for number in range(1, VERSION + 1)]
    assert set(migrations.STEPS) == set(range(1, VERSION))


@pytest.mark.parametrize("fixture", EVERY, ids=lambda path: path.stem)
def test_every_released_file_opens_keeps_every_row_and_stands_the_check(fixture: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(fixture, tmp_path / "w.gpkg"))
    before = {name: rows for name, rows in tables(path).items() if rows}
    assert before["parcels"]
    stores.read(path)
    found = services.check(str(path))
    assert found["ok"], found["problems"]
    after = {name: rows for name, rows in tables(closed(path)).items() if rows}
    assert after == before, "to the last bit of every geometry"


def test_the_old_file_is_kept_as_it_was_and_the_new_one_is_not_migrated_again(old: Path) -> None:
    before = old.read_bytes()
    assert stores.read(old).table("assignments")["floor_area_m2"].tolist() == [8000.0, 1 / 3]
    (aside,) = [one for one in beside(old) if one.suffix == ".gpkg"]
    assert aside.name.startswith("old.v1-")
    assert tables(aside)
    assert aside.read_bytes()[100:] == before[100:], "only the head tells that its journal is folded in"
    geopackage.close(old)
    stores.read(old)
    assert [one for one in beside(old) if one.suffix == ".gpkg"] == [aside]


def test_history_begins_with_what_the_old_file_held(old: Path) -> None:
    store = stores.open_store(old)
    with store.reading() as tx:
        (event,) = tx.events()
    assert (event.kind, event.facts["from_format"], event.facts["was_revision"]) == ("create", 1, 2)
    assert len(event.changes) == 2 + 3 + 2 + 2 + 1
    assert store.faults() == []


def test_a_migrated_workspace_is_one_to_work_in(old: Path) -> None:
    from layers.commands import Edit
    from layers.commands.editing import frozen

    assert did(stores.open_store(old), Edit("parcels", "C", frozen({"note": "x"}))) == 2
    assert stores.open_store(old).faults() == []


def test_the_version_of_today_has_everything_that_a_store_keeps(tmp_path: Path) -> None:
    store: Store = stores.open_store(shutil.copy(FIXTURES / f"workspace-v{VERSION}.gpkg", tmp_path / "w.gpkg"))
    fresh = lived_in(tmp_path / "fresh.gpkg")
    with store.reading() as tx, fresh.reading() as other:
        assert [one.kind for one in tx.events()] == [one.kind for one in other.events()]
        assert [one.name for one in tx.people()] == ["boss", "planner", "visitor"]
        assert [tx.blob(name) for name in tx.blobs()] == [PDF]
        assert [(one.name, one.parent, one.locked) for one in tx.scenarios()] == [
            ("main", None, False),
            ("方案二", "main", False),
            ("定稿", "方案二", True),
        ]
        assert len(tx.joins()) == 1


def test_a_file_that_cannot_be_brought_up_to_date_stays_as_it_is(old: Path) -> None:
    with closing(sqlite3.connect(old)) as file:
        file.execute("PRAGMA journal_mode = DELETE")
        file.execute("INSERT INTO parcels (parcel_id) SELECT parcel_id FROM parcels LIMIT 1")
        file.commit()
    before = old.read_bytes()
    with pytest.raises(MigrationFailed, match="format 1"):
        stores.open_store(old)
    assert old.read_bytes() == before
    assert beside(old) == []


def test_a_result_that_does_not_stand_the_check_is_not_taken(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(copy: Path, made: Path) -> None:
        lived_in(made)
        closed(made)
        with closing(sqlite3.connect(made)) as file:
            file.execute("UPDATE parcels SET far_max = 9 WHERE parcel_id = 'A'")
            file.commit()

    monkeypatch.setitem(migrations.STEPS, 1, migrations.Step(1, VERSION, careless))
    with pytest.raises(MigrationFailed, match="state_disagrees"):
        stores.open_store(old)
    assert migrations.version(old) == 1
    assert [one for one in beside(old) if not one.name.endswith(("-wal", "-shm"))] == []


def test_a_file_in_a_folder_that_cannot_be_written_to_says_so(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "writable", lambda _: False)
    before = old.read_bytes()
    with pytest.raises(OldWorkspace):
        stores.read(old)
    monkeypatch.undo()
    monkeypatch.setattr(disk, "file_system", lambda *_: "nfs4")
    with pytest.raises(NetworkDrive):
        stores.read(old)
    assert old.read_bytes() == before


def test_a_file_that_another_program_has_open_waits(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "WAIT", 0.2)
    with closing(sqlite3.connect(old)) as other:
        other.execute("SELECT count(*) FROM parcels").fetchone()
        with pytest.raises(StoreBusy):
            stores.read(old)
    assert len(stores.read(old).table("parcels")) == 3


def test_a_newer_file_is_refused(tmp_path: Path, old: Path) -> None:
    stores.read(old)
    with closing(sqlite3.connect(closed(old))) as file:
        file.execute("UPDATE app_meta SET value = ? WHERE key = 'schema_version'", (str(VERSION + 1),))
        file.commit()
    with pytest.raises(NewerWorkspace):
        stores.read(old)


def test_two_that_open_it_at_once_migrate_it_once(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = migrations.STEPS[1].run
    calls = []

    def counted(copy: Path, made: Path) -> None:
        calls.append(copy)
        run(copy, made)

    monkeypatch.setitem(migrations.STEPS, 1, migrations.Step(1, VERSION, counted))
    migrations.migrate(old)
    assert migrations.migrate(old) == old, "the second one finds it done"
    assert len(calls) == 1
