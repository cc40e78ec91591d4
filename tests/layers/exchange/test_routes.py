"""The address of a job: how far it is, stopping it, and who may ask."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette

from layers.errors import Denied
from layers.exchange.jobs import Job, Progress
from layers.exchange.routes import PATH, job_address, job_routes, told
from layers.map.signing import Signer
from tests.asking import ask

SIGNER = Signer(b"a secret of the test")


class Asker:
    """Whoever asks."""

    name = "王"


@pytest.fixture
def asker() -> Asker:
    return Asker()


@pytest.fixture
def app(asker: Asker) -> Starlette:
    def holder(_: object, place: str) -> str:
        if place != "here":
            raise Denied(where=place, actor=asker.name, what="look")
        return asker.name

    return Starlette(routes=job_routes(holder, SIGNER))


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    made = threading.Event()
    yield made
    made.set()


@pytest.fixture
def job(gate: threading.Event) -> Job[bool]:
    begun = threading.Event()

    def act(progress: Progress) -> bool:
        progress.step("read", 1, 4)
        begun.set()
        gate.wait(20)
        progress.step("check")
        return True

    made = Job(act, "read").start()
    assert begun.wait(20)
    return made


def heard(app: Starlette, address: str, **said: Any) -> dict[str, Any]:
    status, headers, body = ask(app, address, body=json.dumps(said).encode())
    assert status == 200 and headers["cache-control"] == "no-store"
    return dict(json.loads(body))


def status(app: Starlette, address: str, body: bytes = b"{}") -> int:
    return ask(app, address, body=body).status


def test_it_says_how_far_it_is_and_when_it_is_over(app: Starlette, job: Job[bool], gate: threading.Event) -> None:
    address = job_address(job, "here", "王", SIGNER)
    found = heard(app, address)
    assert (found["stage"], found["share"], found["done"], found["stopping"]) == ("read", 0.25, False, False)
    gate.set()
    assert job.wait(20) and heard(app, address)["done"]


def test_it_is_stopped_by_the_same_address(app: Starlette, job: Job[bool], gate: threading.Event) -> None:
    address = job_address(job, "here", "王", SIGNER)
    assert heard(app, address, stop=True)["stopping"]
    gate.set()
    assert job.wait(20) and heard(app, address)["done"]


@pytest.mark.parametrize("body", [b" ", b"stop", b"[true]", b'{"stop": 1}', b'{"stop": "true"}', b"\xff" * 4_000])
def test_nothing_else_stops_it(app: Starlette, job: Job[bool], body: bytes) -> None:
    assert status(app, job_address(job, "here", "王", SIGNER), body) == 200
    assert not job.progress.stopping


def test_nobody_else_may_ask(app: Starlette, job: Job[bool], asker: Asker) -> None:
    address = job_address(job, "here", "王", SIGNER)
    asker.name = "李"
    assert status(app, address, b'{"stop": true}') == 403
    assert not job.progress.stopping


def test_an_address_is_of_one_job_and_sealed(app: Starlette, job: Job[bool]) -> None:
    address = job_address(job, "here", "王", SIGNER)
    assert status(app, address.replace(job.token, "0" * 16)) == 403
    assert status(app, f"{PATH}?job={job.token}") == 403
    assert status(app, job_address(job, "elsewhere", "王", SIGNER)) == 403
    assert status(app, address, b"") == 405, "it is asked by POST only"


def test_a_job_that_nobody_holds_is_over(app: Starlette) -> None:
    address = job_address(Job(lambda _: 1, "gone"), "here", "王", SIGNER)
    found = heard(app, address, stop=True)
    assert found["done"] and found.keys() == told(Job(lambda _: 1, "other")).keys()


def test_what_is_carried_through_says_so() -> None:
    job = Job(lambda _: 1, "write")
    job.progress.carry_through("write")
    job.stop()
    assert told(job)["final"] and not told(job)["stopping"]
