"""Work beside the page: it is waited for, told of step by step, stopped, and fails where it is waited for."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from views.working import Work


def test_work_gives_what_it_made() -> None:
    steps: list[str] = []
    gate = threading.Event()

    def do(tell: Callable[[str], None]) -> int:
        tell("first")
        gate.wait(20)
        return 42

    work = Work.begun("wish", do)

    def seen(step: str) -> None:
        steps.append(step)
        gate.set()

    assert work.result(seen) == 42
    assert work.done and work.wish == "wish"
    assert set(steps) <= {"", "first"} and steps


def test_who_waits_again_gets_the_same() -> None:
    """A page that was drawn anew waits for the work that it began before."""
    work = Work.begun("wish", lambda _tell: 7)
    assert [work.result(lambda _step: None) for _ in range(2)] == [7, 7]


def test_stopped_work_makes_nothing() -> None:
    begun, go_on, after = threading.Event(), threading.Event(), []

    def do(tell: Callable[[str], None]) -> int:
        begun.set()
        go_on.wait(20)
        tell("second")
        after.append(True)
        return 1

    work = Work.begun("wish", do)
    assert begun.wait(20)
    work.stop()
    go_on.set()
    assert work.result(lambda _step: None) is None
    assert after == []


def test_what_went_wrong_is_raised_where_it_is_waited_for() -> None:
    def do(_tell: Callable[[str], None]) -> int:
        raise ValueError("no room")

    with pytest.raises(ValueError, match="no room"):
        Work.begun("wish", do).result(lambda _step: None)


def test_whoever_looks_may_leave_and_the_work_goes_on() -> None:
    gate = threading.Event()
    work = Work.begun("wish", lambda _tell: gate.wait(20))

    def leave(_step: str) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        work.result(leave)
    gate.set()
    assert work.result(lambda _step: None) is True
