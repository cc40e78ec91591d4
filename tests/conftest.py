"""A world of three parcels that can be worked out by hand, and where the shared material lies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from layers.workspace import Workspace
from tests.world import three_parcels

ROOT = Path(__file__).parent.parent

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")  # how long anything takes is measured in tests/bench, on a quiet machine


@pytest.fixture
def world() -> Workspace:
    """The world of three parcels."""
    return three_parcels()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The material beside the checkout; a clone without it skips by name, CI does not."""
    path = ROOT.parent / "shared"
    if not path.is_dir():
        reason = "../shared is not beside this clone"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path
