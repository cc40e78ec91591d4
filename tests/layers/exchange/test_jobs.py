"""Long work: how far it is, stopping it in time and too late, and what comes of it."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest

from layers.exchange import jobs
from layers.exchange.jobs import AT_ONCE, Job, Progress, job_of
from layers.readers.watching import Cancelled

LONG = 20.0


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    made = threading.Event()
    yield made
    made.set()


def test_what_comes_of_it_is_kept() -> None:
    job = Job(lambda _: 7, "sum").start()
    assert job.wait(LONG) and job.done and job.result() == 7


def test_what_goes_wrong_is_raised_for_whoever_asks() -> None:
    def act(_: Progress) -> None:
        raise KeyError("lost")

    job = Job(act, "sum").start()
    assert job.wait(LONG)
    with pytest.raises(KeyError, match="lost"):
        job.result()


def test_asking_before_the_end_is_a_mistake(gate: threading.Event) -> None:
    job = Job(lambda _: gate.wait(LONG), "wait").start()
    with pytest.raises(RuntimeError):
        job.result()


@pytest.mark.parametrize(
    ("done", "total", "share"), [(0, 0, None), (0, 4, 0.0), (1, 4, 0.25), (9, 4, 1.0), (3, 0, None)]
)
def test_the_share_of_a_stage_is_known_or_it_is_not(done: int, total: int, share: float | None) -> None:
    progress = Progress()
    progress.step("read", done, total)
    assert (progress.stage, progress.share) == ("read", share)


def test_who_stops_it_need_not_wait_and_it_ends_at_its_next_step(gate: threading.Event) -> None:
    reached, ended = threading.Event(), threading.Event()

    def act(progress: Progress) -> None:
        progress.step("read")
        reached.set()
        gate.wait(LONG)
        try:
            progress.step("check")
        finally:
            ended.set()
        raise AssertionError("it went on")

    job = Job(act, "read").start()
    assert reached.wait(LONG) and not job.done
    job.stop()
    assert job.progress.stopping and job.done and not ended.is_set()
    with pytest.raises(Cancelled) as error:
        job.result()
    assert error.value.where == "read"
    gate.set()
    assert ended.wait(LONG)


def test_who_stops_it_a_moment_too_late_does_not_get_what_they_did_not_want() -> None:
    job = Job(lambda _: 7, "read").start()
    assert job.wait(LONG)
    job.stop()
    with pytest.raises(Cancelled):
        job.result()


def test_what_is_carried_through_is_not_stopped(gate: threading.Event) -> None:
    reached = threading.Event()

    def act(progress: Progress) -> str:
        progress.carry_through("write")
        reached.set()
        gate.wait(LONG)
        progress.step("after")
        return "written"

    job = Job(act, "write").start()
    assert reached.wait(LONG)
    job.stop()
    assert not job.progress.stopping
    gate.set()
    assert job.wait(LONG) and job.result() == "written"


def test_whoever_asked_before_it_was_final_is_heard() -> None:
    progress = Progress()
    progress.stop()
    with pytest.raises(Cancelled):
        progress.carry_through("write")
    assert not progress.final


def test_only_so_many_run_at_once_and_who_waits_can_be_stopped(gate: threading.Event) -> None:
    begun = threading.Semaphore(0)

    def act(progress: Progress) -> bool:
        progress.step("read")
        begun.release()
        return gate.wait(LONG)

    running = [Job(act, "read").start() for _ in range(AT_ONCE)]
    assert all(begun.acquire(timeout=LONG) for _ in running)
    waiting, stopped = Job(act, "read").start(), Job(act, "read").start()
    stopped.stop()
    assert stopped.wait(LONG) and waiting.progress.stage == "waiting" and not waiting.done
    with pytest.raises(Cancelled):
        stopped.result()
    gate.set()
    assert all(job.wait(LONG) for job in (*running, waiting)) and waiting.result()


def test_turns_are_given_back_whatever_happens() -> None:
    def act(_: Progress) -> None:
        raise ValueError("no")

    for _ in range(3 * AT_ONCE):
        assert Job(act, "fail").start().wait(LONG)
    assert Job(lambda _: 1, "last").start().wait(LONG)
    assert jobs._turns.acquire(blocking=False)
    jobs._turns.release()


def test_a_job_is_found_by_its_token_for_as_long_as_it_is_held() -> None:
    job = Job(lambda _: 1, "one").start()
    token = job.token
    assert job_of(token) is job and job_of("another") is None
    assert job.wait(LONG)
    del job
    gc.collect()
    assert job_of(token) is None


def test_what_nobody_holds_any_more_ends_at_its_next_step(gate: threading.Event) -> None:
    """A tab was closed: its session goes, and with it the job."""
    ended = work_of_nobody(gate, unheld=False)
    assert ended == ["stopped"]


def test_what_is_to_be_written_is_written_though_its_viewer_left(gate: threading.Event) -> None:
    assert work_of_nobody(gate, unheld=True) == ["written"]


def work_of_nobody(gate: threading.Event, *, unheld: bool) -> list[str]:
    """What becomes of a job after it was let go in the middle."""
    reached, over, said = threading.Event(), threading.Event(), []

    def act(progress: Progress) -> None:
        progress.step("write")
        reached.set()
        gate.wait(LONG)
        try:
            progress.step("write")
            said.append("written")
        except Cancelled:
            said.append("stopped")
        over.set()

    job = Job(act, "write", unheld=unheld).start()
    assert reached.wait(LONG)
    del job
    gc.collect()
    gate.set()
    assert over.wait(LONG)
    return said


def test_who_comes_too_late_is_not_heard_and_the_job_is_not_over_before_it_is() -> None:
    progress = Progress()
    progress.carry_through("commit")
    progress.stop()
    assert not progress.stopping
    progress.step("commit")
