"""States that stay in memory: whoever began to read before others wrote finds the state of then."""

from __future__ import annotations

from layers.stores.kept import Kept
from layers.workspace import Workspace


def test_the_state_of_a_head_is_found_and_else_the_newest(world: Workspace) -> None:
    kept, (one, two, three) = Kept(), (world.at(n) for n in (1, 2, 3))
    assert kept.get(1, "a") is None
    kept.put(1, "a", one)
    kept.put(1, "c", three)
    kept.put(1, "b", two)
    assert [kept.get(1, head) for head in "abc"] == [("a", one), ("b", two), ("c", three)]
    assert kept.get(1, "unheard of") == ("c", three), "what was read late does not stand before what is newer"


def test_a_write_that_was_broken_off_is_shadowed_by_the_one_that_was_not(world: Workspace) -> None:
    kept = Kept()
    kept.put(1, "never written", world.at(2))
    kept.put(1, "written", world.at(2))
    found = kept.get(1, "other")
    assert found is not None and found[0] == "written"
