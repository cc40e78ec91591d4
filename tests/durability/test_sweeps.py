"""Wherever an operation is broken off, the workspace is as before or as after it; nothing acknowledged is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.durability.operations import OPERATIONS
from tests.durability.sweep import CUTS

Swept = Callable[[str], dict[str, Any]]

each_operation = pytest.mark.parametrize("name", OPERATIONS)


@each_operation
def test_a_killed_process_leaves_all_or_nothing(swept: Swept, name: str) -> None:
    report = swept(name)
    found = report["kill"]
    assert found["odd"] == []
    assert found["old"] + found["new"] == found["points"], "each point was killed, sound, and done once when repeated"
    assert min(found["old"], found["new"]) > 0, "before the commit and after it"


@each_operation
def test_a_power_cut_leaves_all_or_nothing(swept: Swept, name: str) -> None:
    found = swept(name)["cut"]
    assert found["odd"] == []
    assert found["old"] + found["new"] == found["points"] >= CUTS
    assert min(found["old"], found["new"]) > 0


@each_operation
@pytest.mark.parametrize("kind", ["full", "fail"])
def test_a_disk_that_refuses_is_told_and_got_over(swept: Swept, name: str, kind: str) -> None:
    found = swept(name)[kind]
    assert found["odd"] == []
    told = found.get("disk_full", 0) + found.get("disk_failed", 0)
    assert told + found.get("saved", 0) == found["points"], "told with a code, or saved: nothing else"
    assert told > 0


def test_without_fsync_the_cuts_do_find_losses(swept: Swept) -> None:
    found = swept("assign")["loose"]
    assert found["lost"] > 0
    assert found["torn"] + found["corrupt"] > 0
