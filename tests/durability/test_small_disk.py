"""A disk that is really full: a file system of a few megabytes in memory, where one can be mounted."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from layers import services, stores
from layers.applying import apply
from layers.changes import Asked
from layers.commands import Assign
from layers.keeping import back_up
from layers.stores import geopackage
from layers.stores.errors import StoreFull
from layers.versions import written
from tests.durability.operations import ACTOR
from tests.world import three_parcels

_BLOCK = 4096


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("NO MOUNT: this system has no mount command")
    if done.returncode:
        pytest.skip(f"NO MOUNT: a small disk cannot be mounted here ({done.stderr.strip()})")
    yield place
    geopackage.close(place / "世界.gpkg")
    subprocess.run(["umount", str(place)], check=True)


def test_every_way_to_fill_it_is_told_and_got_over(disk: Path) -> None:
    path = disk / "世界.gpkg"
    geopackage.create(path, three_parcels())
    store, told = stores.open_store(path), 0
    for left in range(24):
        before = stores.revision(path)
        asked = Asked(ACTOR, f"assign {left}")
        _fill(disk, leaving=left)
        try:
            written(apply(store, asked, Assign("A", "p1", 10.0)))
        except StoreFull:
            told += 1
            assert stores.revision(path) == before, "it can be read, and shows what was there"
            geopackage.close(path)
            assert stores.read(path).revision == before, "opened anew as well"
        (disk / "filler").unlink()
        assert written(apply(store, asked, Assign("A", "p1", 10.0))).revision == before + 1
    assert told > 0
    assert services.check(str(path))["ok"]
    assert len(stores.read(path).table("assignments")) == 24


def test_a_backup_and_a_new_workspace_leave_nothing_on_a_full_disk(disk: Path) -> None:
    path = disk / "世界.gpkg"
    geopackage.create(path, three_parcels())
    stores.read(path)
    _fill(disk, leaving=3)
    there = sorted(disk.iterdir())
    with pytest.raises(StoreFull):
        back_up(path, disk / "copy.gpkg")
    with pytest.raises(StoreFull):
        geopackage.create(disk / "new.gpkg", three_parcels())
    assert sorted(disk.iterdir()) == there


def _fill(place: Path, leaving: int) -> None:
    """Leave so many blocks of a disk free."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(_BLOCK)) == _BLOCK:
                pass
        except OSError:
            pass
        file.truncate(max(0, file.tell() // _BLOCK - leaving) * _BLOCK)
