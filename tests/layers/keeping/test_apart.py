"""A large copy is tried out elsewhere, with the same answer."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from layers.errors import NotAWorkspace
from layers.keeping import apart
from layers.stores import geopackage
from layers.stores.examining import examine


@pytest.fixture
def copy(path: Path, tmp_path: Path) -> Path:
    """A copy of a workspace with a history, which nobody has open."""
    made = tmp_path / "copy.gpkg"
    geopackage.GeoPackage(path).backup(made)
    return made


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as large."""
    monkeypatch.setattr(apart, "LARGE", 0)


@pytest.mark.usefixtures("large")
def test_a_process_of_its_own_says_the_same(copy: Path) -> None:
    found = apart.examined(copy)
    assert found == replace(examine(copy), main=None)
    assert found.faults == () and found.revision == 18


@pytest.mark.usefixtures("large")
def test_it_finds_what_is_wrong(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as file:
        file.execute("UPDATE parcels SET note = 'x'")
        file.commit()
    found = apart.examined(copy)
    assert found == replace(examine(copy), main=None)
    assert found.faults


@pytest.mark.usefixtures("large")
def test_what_is_no_workspace_is_said_here(tmp_path: Path) -> None:
    other = tmp_path / "other.gpkg"
    with closing(sqlite3.connect(other)) as file:
        file.execute("CREATE TABLE t (a)")
    with pytest.raises(NotAWorkspace):
        apart.examined(other)


@pytest.mark.parametrize("said", [b"", b"{}", b"killed", b'{"faults": []}'])
def test_a_process_that_ends_without_an_answer_is_not_trusted(
    copy: Path, said: bytes, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subprocess.run", lambda *_given, **_more: SimpleNamespace(stdout=said))
    assert apart.examined(copy) == replace(examine(copy), main=None)


def test_a_small_file_starts_none(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.run", lambda *_given, **_more: pytest.fail("a process was started"))
    assert apart.examined(copy).faults == ()
