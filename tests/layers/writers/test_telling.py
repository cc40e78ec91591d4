"""An export says how far it is, and can be ended wherever it says so: nothing is left then."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.readers.watching import Cancelled
from layers.workspace import Workspace
from layers.writers.formats import FORMATS
from layers.writers.hand_out import Order, hand_out
from tests.world import demo


@pytest.fixture(scope="module")
def many() -> Workspace:
    return demo()


class Listener:
    """Hears everything new; at one such saying it wants no more."""

    def __init__(self, last: int = -1) -> None:
        self.heard: list[tuple[str, int, int]] = []
        self._last = last

    def __call__(self, step: str, done: int = 0, total: int = 0, /) -> None:
        if self.heard[-1:] == [(step, done, total)]:
            return
        if len(self.heard) == self._last:
            raise Cancelled(where=step)
        self.heard.append((step, done, total))


@pytest.mark.parametrize("key", FORMATS)
def test_every_step_is_told_with_the_rows_and_can_be_the_last(many: Workspace, tmp_path: Path, key: str) -> None:
    order = Order(f"{tmp_path / 'out'}/{key}.zip", "parcels", key)
    (tmp_path / "out").mkdir()
    listener = Listener()
    hand_out(many, order, listener)
    steps = list(dict.fromkeys(step for step, _, _ in listener.heard))
    assert steps == ["collecting", "writing", "checking"]
    assert key == "parquet" or ("writing", 0, 271) in listener.heard, "how many rows there are is known"
    for path in (tmp_path / "out").iterdir():
        path.unlink()
    for last in range(len(listener.heard)):
        with pytest.raises(Cancelled):
            hand_out(many, order, Listener(last))
        assert list((tmp_path / "out").iterdir()) == []


def test_a_long_table_is_told_portion_by_portion(
    many: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.writers.arrow._PORTION", 100)
    listener = Listener()
    hand_out(many, Order(str(tmp_path / "a.gpkg"), "parcels"), listener)
    assert [done for step, done, total in listener.heard if step == "writing" and total == 271] == [0, 100, 200]
