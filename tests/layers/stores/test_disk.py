"""Where a file may be written: on disks of this machine only, and into its place whole or not at all."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import pytest

from layers import services, stores
from layers.errors import NotAWorkspace, WorkspaceExists
from layers.stores import disk, geopackage, sqlite
from layers.stores.contract import Event
from layers.stores.errors import NetworkDrive, StoreReadOnly, StoreReplaced
from spatial.errors import tell
from tests.world import three_parcels

MOUNTS = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
31 27 0:40 / /srv/plan rw,relatime shared:1 - nfs4 server:/plan rw,vers=4.2
32 27 0:41 / /srv/plan/local rw,relatime - xfs /dev/vdb rw
33 27 0:42 / /srv/win\\040dows rw - cifs //server/share rw
34 27 0:43 / /srv/usb rw - fuseblk /dev/sdb1 rw
35 27 0:44 / /srv/ssh rw - fuse.sshfs me@host:/ rw
36 27 0:45 / /srv/host rw - 9p hostshare rw
37 27 0:46 / /srv/over rw - ext4 /dev/vdc rw
38 37 0:47 / /srv/over rw - smb3 //server/over rw
broken line
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS)
    return path


@pytest.mark.parametrize(
    ("path", "kind", "remote"),
    [
        ("/home/a/w.gpkg", "ext4", False),
        ("/srv/plan/w.gpkg", "nfs4", True),
        ("/srv/planning/w.gpkg", "ext4", False),
        ("/srv/plan/local/deep/w.gpkg", "xfs", False),
        ("/srv/win dows/w.gpkg", "cifs", True),
        ("/srv/usb/w.gpkg", "fuseblk", False),
        ("/srv/ssh/w.gpkg", "fuse.sshfs", True),
        ("/srv/host/w.gpkg", "9p", True),
        ("/srv/over/w.gpkg", "smb3", True),
    ],
)
def test_the_kernel_says_on_what_a_file_lies(mounts: Path, path: str, kind: str, remote: bool) -> None:
    assert disk.file_system(Path(path), mounts) == kind
    assert disk.remote(kind) is remote


def test_a_system_that_does_not_say_is_not_refused(tmp_path: Path) -> None:
    assert disk.file_system(tmp_path, tmp_path / "none") == ""
    disk.on_local_disk(tmp_path, tmp_path / "none")


def test_a_link_is_followed_to_where_the_file_is(mounts: Path, tmp_path: Path) -> None:
    mounts.write_text(f"27 1 254:0 / / rw - ext4 /dev/vda rw\n31 27 0:40 / {tmp_path / 'share'} rw - nfs s:/ rw\n")
    (tmp_path / "share").mkdir()
    (tmp_path / "here").symlink_to(tmp_path / "share")
    assert disk.file_system(tmp_path / "here" / "w.gpkg", mounts) == "nfs"


def test_a_network_drive_is_read_and_never_written(
    mounts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.gpkg"
    geopackage.create(path, three_parcels())
    geopackage.close(path)
    mounts.write_text(f"27 1 254:0 / / rw - ext4 /dev/vda rw\n31 27 0:40 / {tmp_path} rw - cifs //s/x rw\n")
    monkeypatch.setattr(disk, "MOUNTS", mounts)
    before = sorted(one.name for one in tmp_path.iterdir())
    store = stores.open_store(path)
    with store.reading() as tx:
        assert len(tx.workspace().table("parcels")) == 3
    closed = store.closed_because()
    assert isinstance(closed, NetworkDrive)
    assert closed.facts["kind"] == "cifs"
    with pytest.raises(NetworkDrive), store.writing():
        pass
    with pytest.raises(NetworkDrive):
        services.make_new(str(tmp_path / "new.gpkg"), "EPSG:4548")
    assert sorted(one.name for one in tmp_path.iterdir()) == before, "no journal, no draft, no new file"


def test_a_folder_that_cannot_be_written_to_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "w.gpkg"
    geopackage.create(path, three_parcels())
    geopackage.close(path)
    monkeypatch.setattr(disk, "writable", lambda _: False)
    store = stores.open_store(path)
    assert len(stores.read(path).table("parcels")) == 3
    with pytest.raises(StoreReadOnly), store.writing():
        pass
    assert [one.name for one in tmp_path.iterdir()] == ["w.gpkg"]


def test_a_journal_that_is_left_beside_a_sealed_file_is_read_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.gpkg"
    store = geopackage.create(path, three_parcels())
    with store.writing() as tx:
        tx.put_blob(b"in the journal")
    assert path.with_name("w.gpkg-wal").stat().st_size > 0
    copy = tmp_path / "copy"
    copy.mkdir()
    for one in ("w.gpkg", "w.gpkg-wal"):
        (copy / one).write_bytes((tmp_path / one).read_bytes())
    monkeypatch.setattr(disk, "writable", lambda _: False)
    with stores.open_store(copy / "w.gpkg").reading() as tx:
        assert len(tx.blobs()) == 1, "a reader that ignored it would show yesterday's state"


def test_a_draft_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), disk.draft(tmp_path / "deep" / "w.gpkg") as draft:
        draft.write_text("half")
        raise ZeroDivisionError
    assert list((tmp_path / "deep").iterdir()) == []


def test_nothing_takes_the_place_of_a_file_without_it_staying(tmp_path: Path) -> None:
    path, aside = tmp_path / "w", tmp_path / "w.old"
    path.write_text("old")
    with disk.draft(path) as draft:
        draft.write_text("new")
        with pytest.raises(WorkspaceExists):
            disk.appear(draft, path)
        disk.replace(draft, path, aside)
    assert (path.read_text(), aside.read_text()) == ("new", "old")
    with disk.draft(path) as draft:
        draft.write_text("newer")
        with pytest.raises(WorkspaceExists):
            disk.replace(draft, path, aside)
    assert (path.read_text(), aside.read_text()) == ("new", "old")


def test_who_waited_while_another_file_took_the_place_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = tmp_path / "w.gpkg", tmp_path / "other.gpkg"
    store = geopackage.create(path, three_parcels())
    geopackage.create(other, three_parcels())
    for one in (path, other):
        geopackage.close(one)
    seen = geopackage._live(path)
    geopackage.close(path)  # none of its connections stands open: another program may take the place
    with sqlite.alone(path):
        disk.replace(other, path, tmp_path / "aside.gpkg")
    monkeypatch.setattr(geopackage, "_live", lambda _: seen)
    with pytest.raises(StoreReplaced), store.writing():
        pass
    monkeypatch.undo()
    with store.writing() as tx:
        assert tx.append(Event(0, "op", "", "test", "admin", "main", "edit")) == 2


def test_sqlite_itself_sees_that_its_file_has_gone(tmp_path: Path) -> None:
    path, other = tmp_path / "w.gpkg", tmp_path / "other.gpkg"
    for one in (path, other):
        geopackage.create(one, three_parcels())
        geopackage.close(one)
    sqlite.seal(path)
    with closing(sqlite.connect(path)) as waiting:
        assert waiting.execute("SELECT count(*) FROM parcels").fetchone() == (3,)
        with sqlite.alone(path):
            disk.replace(other, path, tmp_path / "aside.gpkg")
        with pytest.raises(StoreReplaced), sqlite.kindly(path):
            waiting.execute("PRAGMA journal_mode = WAL")
    assert not path.with_name("w.gpkg-wal").exists(), "a journal of the old file would be played into the new one"


def test_drafts_of_killed_processes_are_swept_after_a_day(tmp_path: Path) -> None:
    left = {".w.gpkg.12.0a1b2c.part", ".w.gpkg.12.0a1b2c.part-wal", "..w.gpkg.12.0a1b2c.part.12.ffffff.part"}
    stay = {"w.gpkg", "w.gpkg-wal", ".w.gpkg.part", ".w.gpkg.12.xyzxyz.part", "w.12.0a1b2c.part"}
    for name in left | stay:
        (tmp_path / name).write_text("x")
    now = time.time()
    assert disk.sweep(tmp_path, now + 80_000) == [], "somebody may still write to them"
    assert {one.name for one in disk.sweep(tmp_path, now + 90_000)} == left
    assert {one.name for one in tmp_path.iterdir()} == stay
    assert disk.sweep(tmp_path / "none") == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_file_that_is_no_database_is_told_in_our_words(tmp_path: Path, language: str) -> None:
    (tmp_path / "w.gpkg").write_bytes(b"no database at all, but long enough to be looked into")
    with pytest.raises(NotAWorkspace) as told:
        stores.open_store(tmp_path / "w.gpkg")
    said = tell(told.value, language)["message"]
    assert "w.gpkg" in said and "file is not a database" not in said
