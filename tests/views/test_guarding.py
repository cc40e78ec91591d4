"""Beside the screens the server looks at the workspace first, and after it as long as it runs."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from layers import stores
from layers.stores import geopackage
from layers.stores.errors import StoreSick
from tests.world import three_parcels
from views import guarding, session
from views.settings import Settings, settings


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The workspace of this installation."""
    path = tmp_path / "w.gpkg"
    monkeypatch.setenv("CHENGZAI_WORKSPACE", str(path))
    settings.cache_clear()
    yield path
    geopackage.close(path)
    settings.cache_clear()


def served() -> list[bool]:
    """Whether somebody looks after the workspaces before, while and after the server runs."""

    def looks() -> bool:
        return any(one.name == "keeper" for one in threading.enumerate())

    async def run() -> list[bool]:
        found = [looks()]
        async with guarding.guarded(SimpleNamespace()):  # type: ignore[arg-type]
            found.append(looks())
        return [*found, looks()]

    return asyncio.run(run())


def test_somebody_looks_after_the_workspace_while_the_server_runs(path: Path) -> None:
    geopackage.create(path, three_parcels())
    assert served() == [False, True, False]
    assert stores.open_store(path).closed_because() is None


def test_a_broken_workspace_is_read_only_before_the_first_page(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    geopackage.create(path, three_parcels())
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE app_meta SET value = 'x' WHERE key = 'chain_head'")
        file.commit()
    assert served() == [False, True, False]
    store = stores.open_store(path)
    assert isinstance(store.closed_because(), StoreSick)
    monkeypatch.setattr(session, "store", lambda: store)
    said = session.warning()
    assert said is not None
    assert "只读" in str(said)


def test_a_server_without_a_workspace_starts_all_the_same(path: Path) -> None:
    assert served() == [False, True, False]
    path.write_text("no workspace")
    assert served() == [False, True, False]


def test_the_environment_says_where_backups_go(tmp_path: Path) -> None:
    found = Settings.read({"CHENGZAI_BACKUPS": str(tmp_path), "CHENGZAI_BACKUP_MINUTES": "30"}).backups
    assert (found.folder, found.every.total_seconds()) == (tmp_path, 1800)
