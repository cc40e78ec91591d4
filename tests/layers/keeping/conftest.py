"""A workspace that people have worked in, and a clock that tests turn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from layers.stores import geopackage
from tests.lived import copied


class Clock:
    """Stands still until it is turned."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def turn(self, **by: float) -> None:
        self.time += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A workspace that people have worked in."""
    path = tmp_path / "园区.gpkg"
    copied(path)
    return path


@pytest.fixture(autouse=True)
def _alone() -> None:
    """What other tests have open is none of a keeper's business."""
    for one in geopackage.opened():
        geopackage.close(one)
