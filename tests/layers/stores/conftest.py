"""A store of each kind: fresh, and one in which people have worked."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers import stores
from layers.stores.contract import Store, StoreFacts
from layers.stores.filling import First
from tests.layers.stores.kinds import KINDS, Kind
from tests.world import three_parcels


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


@pytest.fixture
def store(kind: Kind, tmp_path: Path) -> Store:
    world = three_parcels()
    return stores.found(kind.address(tmp_path), StoreFacts.of(world), First(world, "maker"))


@pytest.fixture
def lived(kind: Kind, tmp_path: Path) -> Store:
    return kind.lived_in(kind.address(tmp_path))
