"""A backup counts once it was tried out; what does not stand the trial is not kept."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from layers import keeping, stores
from layers.commands import Edit
from layers.commands.editing import frozen
from layers.errors import WorkspaceExists, WorkspaceMissing
from layers.keeping import Backups, manifests
from layers.keeping.errors import BackupUnsound
from layers.stores import disk, examining, geopackage, sqlite
from layers.stores.errors import StoreFull, StoreUnwritable
from tests.lived import did


def noted(path: Path, text: str) -> int:
    return did(stores.open_store(path), Edit("parcels", "A", frozen({"note": text})))


def test_a_backup_is_the_workspace_at_one_moment(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "copy.gpkg"
    answer = keeping.back_up(path, out)
    noted(path, "later")
    found = examining.examine(out)
    assert (found.revision, found.chain_head, found.faults) == (18, answer["chain_head"], ())
    assert answer["revision"] == 18
    with stores.open_store(path).reading() as tx, stores.open_store(out).reading() as copy:
        assert tx.revision() == 19
        assert copy.identity() == tx.identity()
        assert [one.name for one in copy.people()] == ["boss", "planner", "visitor"]
        assert [one.name for one in copy.scenarios()] == ["main", "方案二", "定稿"]
        assert len(copy.blobs()) == 1


def test_it_is_in_one_piece_and_says_what_it_is(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "backups"
    when = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
    answer = keeping.back_up(path, f"{folder}/", now=when)
    assert sorted(one.name for one in folder.iterdir()) == [
        "园区-20261125T080000Z.gpkg",
        "园区-20261125T080000Z.gpkg.json",
    ]
    out = Path(answer["file"])
    assert out.read_bytes()[18:20] == b"\x01\x01", "no journal beside it is needed to read it"
    manifest = json.loads(Path(answer["manifest"]).read_text(encoding="utf-8"))
    assert manifest["sha256"] == answer["sha256"] == disk.sha256(out)
    assert (manifest["workspace"], manifest["revision"], manifest["tried"]) == ("园区.gpkg", 18, "whole")
    assert manifest["chain_head"] == answer["chain_head"]
    again = keeping.back_up(path, folder, now=when)
    assert Path(again["file"]).name == "园区-20261125T080000Z-2.gpkg"


def test_nothing_is_written_over(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "there.gpkg"
    out.write_text("somebody's")
    for place in (out, path):
        with pytest.raises(WorkspaceExists):
            keeping.back_up(path, place)
    assert out.read_text() == "somebody's"
    with pytest.raises(WorkspaceMissing):
        keeping.back_up(tmp_path / "none.gpkg", tmp_path / "x.gpkg")
    assert not (tmp_path / "x.gpkg").exists()


def test_what_does_not_stand_the_trial_is_no_backup(path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE parcels SET far_max = 9 WHERE parcel_id = 'A'")
        file.commit()
    folder = tmp_path / "backups"
    with pytest.raises(BackupUnsound) as told:
        keeping.back_up(path, f"{folder}/")
    assert "parcels A" in str(told.value)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("code", "error"), [("SQLITE_FULL", StoreFull), ("SQLITE_IOERR_WRITE", StoreUnwritable)])
def test_a_disk_that_is_full_or_fails_leaves_nothing(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, error: type[Exception]
) -> None:
    def fail(_: Path, to: Path) -> None:
        to.write_text("half")
        cause = sqlite3.OperationalError(code)
        cause.sqlite_errorname = code
        raise cause

    monkeypatch.setattr(sqlite, "copy", fail)
    folder = tmp_path / "backups"
    with pytest.raises(error) as told:
        keeping.back_up(path, f"{folder}/")
    assert ".part" not in str(told.value), "of the file that was asked for, not of the draft that it was to be"
    assert list(folder.iterdir()) == []


def test_others_go_on_writing_while_a_backup_is_made(path: Path, tmp_path: Path) -> None:
    stop, faults = threading.Event(), []

    def work() -> None:
        number = 0
        try:
            while not stop.is_set():
                number += 1
                noted(path, str(number))
        except Exception as error:  # noqa: BLE001 it is shown by the test
            faults.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    answers = [keeping.back_up(path, tmp_path / f"{number}.gpkg") for number in range(3)]
    stop.set()
    thread.join()
    assert faults == []
    with stores.open_store(path).reading() as tx:
        heads = {event.seq: event.hash for event in tx.events(rows=False)}
    assert [heads[answer["revision"]] for answer in answers] == [answer["chain_head"] for answer in answers]
    assert stores.open_store(path).faults() == []


def test_before_something_large_only_work_that_no_backup_has_is_backed_up(path: Path, tmp_path: Path) -> None:
    backups = Backups()
    fresh = tmp_path / "fresh.gpkg"
    geopackage.create(fresh, stores.read(path))
    assert keeping.before(fresh, backups) is None, "there is nothing but what was brought"
    assert keeping.before(path, Backups(every=timedelta())) is None, "they are switched off"
    made = keeping.before(path, backups)
    assert made is not None
    kept = manifests.read(Path(made["file"]))
    assert kept is not None
    assert (kept.tried, Path(made["file"]).parent) == ("first_look", tmp_path / "backups")
    assert keeping.before(path, backups) is None
    noted(path, "x")
    assert keeping.before(path, backups) is not None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "other"}', "null", "7"])
def test_a_manifest_that_is_none_is_passed_over(tmp_path: Path, text: str) -> None:
    manifests.place(tmp_path / "b.gpkg").write_text(text)
    assert manifests.read(tmp_path / "b.gpkg") is None
    assert manifests.read(tmp_path / "none.gpkg") is None
