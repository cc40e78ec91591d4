"""A file that makes its reader crash, hang or grow is a refused file, and nothing of it is left."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyogrio
import pytest

from layers.readers import children
from layers.readers.children import MOST_IDLE, Child, Pool
from layers.readers.errors import FileBroken, FileRefused, FileTooLarge, ReaderDied, ReaderMissing, ReaderTooSlow
from layers.readers.isolation import DRIVERS, Limits, environment, limits_for
from layers.readers.registry import read_source
from layers.readers.watching import UNWATCHED, Cancelled, Watch
from spatial.errors import tell
from tests.files import geojson, parcels, shapefile

LIMITS = Limits(cpu_s=2, wall_s=20, file_bytes=1 << 20)
SHORT = Limits(cpu_s=2, wall_s=1, file_bytes=1 << 20)


class Listening:
    """A watch that keeps what it is told, and stops the reading when it is asked to."""

    def __init__(self, stop: bool = False) -> None:
        self.told: list[tuple[str, int, int]] = []
        self.stop = stop

    def step(self, stage: str, done: int = 0, total: int = 0) -> None:
        self.told.append((stage, done, total))
        if self.stop:
            raise Cancelled


@pytest.fixture
def pool() -> Iterator[Pool]:
    """Children that do what hostile files would have them do."""
    made = Pool(Path(__file__).with_name("misbehaving.py"))
    yield made
    made.close()


def do(pool: Pool, task: str, folder: Path, limits: Limits = LIMITS, watch: Watch = UNWATCHED, **more: Any) -> Any:
    return pool.ask("GeoJSON", {"do": task, "path": "x", "out": str(folder), **more}, limits, "甲.geojson", watch)


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize(
    ("task", "limits", "error"),
    [
        ("crash", LIMITS, ReaderDied),
        ("leave", LIMITS, ReaderDied),
        ("babble", LIMITS, ReaderDied),
        ("hang", SHORT, ReaderTooSlow),
        ("spin", LIMITS, ReaderTooSlow),
    ],
)
def test_what_kills_a_reader_is_a_refused_file(
    pool: Pool, tmp_path: Path, task: str, limits: Limits, error: type[FileRefused]
) -> None:
    with pytest.raises(error) as caught:
        do(pool, task, tmp_path, limits)
    for language in ("zh-CN", "en"):
        said = tell(caught.value, language)
        assert "甲.geojson" in said["message"]
        assert said["cure"]
    assert do(pool, "count", tmp_path) == {}


def test_a_crash_names_its_signal(pool: Pool, tmp_path: Path) -> None:
    with pytest.raises(ReaderDied, match="SIGSEGV"):
        do(pool, "crash", tmp_path)


def test_memory_and_files_have_an_end(pool: Pool, tmp_path: Path) -> None:
    with pytest.raises(FileTooLarge):
        do(pool, "grow", tmp_path, bytes=5 << 30)
    assert do(pool, "grow", tmp_path, bytes=1 << 20) == {"size": 1 << 20}
    with pytest.raises(FileBroken, match="too large"):
        do(pool, "write", tmp_path, bytes=2 << 20)


def test_a_reader_has_no_network_no_secret_and_a_folder_of_its_own(
    pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHENGZAI_SECRET", "x")
    found = do(pool, "seen", tmp_path)
    assert found["folder"] == str(tmp_path)
    assert not {"CHENGZAI_SECRET", "PYTHONPATH"} & set(found["environment"])
    assert found["environment"]["HOME"] == "/nonexistent"
    child = Child("GeoJSON")
    child.end()
    if not child.offline:
        pytest.skip("this kernel lets nobody leave the network")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        assert do(pool, "call_home", tmp_path, port=listener.getsockname()[1])["error"] is not None
        with pytest.raises(TimeoutError):
            listener.accept()


def test_every_file_is_opened_in_a_process_of_its_own(pool: Pool, tmp_path: Path) -> None:
    one, two = (do(pool, "seen", tmp_path)["pid"] for _ in range(2))
    assert one != two
    assert gone(one)
    assert gone(two)
    assert len(pool.idle) == 1


@pytest.mark.parametrize("kind", sorted(DRIVERS))
def test_a_child_has_one_driver(kind: str) -> None:
    child = Child(DRIVERS[kind])
    assert not gone(child.pid)
    child.end()
    assert gone(child.pid)


def test_a_child_with_another_driver_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "environment", lambda _: environment("GPKG"))
    with pytest.raises(ReaderMissing):
        Child("ESRI Shapefile")


def test_drivers_that_this_process_has_switched_off_are_off_in_a_child_too() -> None:
    skipped = set(environment("GPKG")["GDAL_SKIP"].split(","))
    assert skipped == set(pyogrio.list_drivers()) - {"GPKG"}
    assert {"OGR_VRT", "GDALG", "HTTP", "SQLite", "CSV", "WFS"} <= skipped


def test_idle_children_are_few_and_end_with_the_pool(tmp_path: Path) -> None:
    made = Pool()
    for driver in DRIVERS.values():
        request = {"do": "names", "path": "/nonexistent", "out": str(tmp_path)}
        with pytest.raises(FileRefused):
            made.ask(driver, request, LIMITS, "x", UNWATCHED)
    waiting = made.idle
    assert len(waiting) == MOST_IDLE
    made.close()
    assert all(gone(pid) for pid in waiting)


def test_a_child_that_died_while_it_waited_is_replaced(pool: Pool, tmp_path: Path) -> None:
    do(pool, "count", tmp_path)
    (waiting,) = pool.idle
    os.kill(waiting, 9)
    assert do(pool, "count", tmp_path) == {}
    assert gone(waiting)


def test_progress_is_told_and_a_reading_is_stopped(pool: Pool, tmp_path: Path) -> None:
    watch = Listening()
    do(pool, "count", tmp_path, watch=watch)
    assert [step for step in watch.told if step[1]] == [("read", done, 3) for done in (1, 2, 3)]
    before = pool.idle
    with pytest.raises(Cancelled):
        do(pool, "hang", tmp_path, watch=Listening(stop=True))
    assert pool.idle == ()
    assert all(gone(pid) for pid in before)


def test_others_are_served_while_a_reader_hangs(pool: Pool, tmp_path: Path) -> None:
    done = threading.Event()
    started = Listening()

    def hanging() -> None:
        with pytest.raises(ReaderTooSlow):
            do(pool, "hang", tmp_path, Limits(2, 6, 1 << 20), started)
        done.set()

    thread = threading.Thread(target=hanging)
    thread.start()
    assert do(pool, "count", tmp_path) == {}
    assert not done.is_set()
    thread.join()


def test_nothing_is_left_of_good_and_bad_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    good = shapefile(tmp_path / "a.shp", parcels(2, DKBH=["1", "2"]))
    bad = tmp_path / "b.geojson"
    bad.write_text('{"type": "FeatureCollection", "features": [')
    read_source(str(good))
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        read_source(str(good))
        with pytest.raises(FileBroken):
            read_source(str(bad))
        with pytest.raises(Cancelled):
            read_source(str(good), watch=Listening(stop=True))
    idle = 2 * len(children.POOL.idle)  # a pipe to each, and one from it
    assert len(list(Path("/proc/self/fd").iterdir())) <= open_before + idle
    assert list(scratch.iterdir()) == []


def test_what_a_reader_says_of_a_file_names_the_users_file(tmp_path: Path) -> None:
    path = geojson(tmp_path / "地块.geojson", parcels(1))
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(FileBroken) as caught:
        read_source(str(path))
    assert "chengzai-" not in tell(caught.value, "en")["message"]


def test_huge_files_have_more_time() -> None:
    assert limits_for(0) == limits_for(100 << 20)
    assert limits_for(1 << 30).wall_s == 60 + (1024 - 100) // 4
