"""What the server does with a file of its own never drops its locks: another program comes and goes, nothing is lost.

Closing any handle of a file drops all locks that a process holds on it. A program that comes then believes itself
alone, folds the journal in and removes it, and the next commit goes into a journal that has no name any more.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from layers import services, stores
from layers.applying import apply
from layers.changes import Asked
from layers.commands import Edit
from layers.keeping import back_up
from layers.stores import geopackage
from layers.versions import written
from layers.writers.hand_out import Order
from tests.conftest import ROOT
from tests.durability.operations import ACTOR
from tests.world import three_parcels

ROUNDS = 20
Neighbour = Callable[[Path], tuple[int, int]]


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    """Has another program read a file and leave it; answers with its parcels and its last event."""
    command = [sys.executable, "-m", "tests.durability.neighbour"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:

        def reads(path: Path) -> tuple[int, int]:
            assert program.stdin is not None and program.stdout is not None
            program.stdin.write(f"{path}\n")
            program.stdin.flush()
            parcels, last = program.stdout.readline().split()
            return int(parcels), int(last)

        yield reads
        program.kill()


def _viewed(path: Path, place: Path) -> None:
    assert len(stores.read(path).table("parcels")) == 3


def _exported(path: Path, place: Path) -> None:
    services.export_layer(str(path), Order(str(place / "parcels.geojson"), "parcels"))


def _checked(path: Path, place: Path) -> None:
    assert services.check(str(path))["ok"]


def _backed_up(path: Path, place: Path) -> None:
    back_up(path, place / "copy.gpkg", whole=False)


@pytest.mark.parametrize("feature", [_viewed, _exported, _checked, _backed_up])
def test_no_commit_is_lost_between_two_visits(
    tmp_path: Path, neighbour: Neighbour, feature: Callable[[Path, Path], None]
) -> None:
    path = tmp_path / "世界.gpkg"
    geopackage.create(path, three_parcels())
    lost = 0
    for number in range(ROUNDS):
        place = tmp_path / str(number)
        place.mkdir()
        feature(path, place)
        neighbour(path)
        acked = _saved(path, number)
        lost += neighbour(path) != (3, acked)
    assert lost == 0
    assert services.check(str(path))["ok"]


def test_a_plain_copy_in_this_process_does_lose_it(tmp_path: Path, neighbour: Neighbour) -> None:
    path = tmp_path / "世界.gpkg"
    geopackage.create(path, three_parcels())
    _saved(path, 0)
    shutil.copyfile(path, tmp_path / "copy.gpkg")
    neighbour(path)
    assert _saved(path, 1) == 3, "it is acknowledged"
    assert neighbour(path) == (3, 2), "and gone: why nothing in the program may do this"


def _saved(path: Path, number: int) -> int:
    asked = Asked(ACTOR, f"edit {number}")
    return written(apply(stores.open_store(path), asked, Edit.of("parcels", "A", note=str(number)))).revision
