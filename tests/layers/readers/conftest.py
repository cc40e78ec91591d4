"""What the tests of reading share."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers import stores
from layers.workspace import Workspace


@pytest.fixture
def w(tmp_path: Path) -> Path:
    """A workspace that holds nothing."""
    path = tmp_path / "w.gpkg"
    stores.create(path, Workspace("w", "EPSG:4548"))
    return path
