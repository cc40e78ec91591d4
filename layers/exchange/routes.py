"""The address at which a page asks how far its work is, and stops it: `/exchange/job`, signed for one person."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from layers.exchange.jobs import Job, job_of
from layers.map.admission import Admission, Holder, sealed
from layers.map.signing import PROCESS, Signer

PATH = "/exchange/job"
_MOST_BYTES = 200
_OVER: dict[str, Any] = {
    "stage": "waiting", "share": None, "seconds": 0.0, "stopping": False, "final": False, "done": True, "news": 0,
}  # fmt: skip
"""What is told of a job that nobody holds any more: its page went on, and so may whoever asks."""


def job_address(job: Job[Any], place: str, holder: str, signer: Signer = PROCESS) -> str:
    """Signed address of a job, for whoever it is done."""
    return signer.sign(PATH, sealed(place, holder, job=job.token))


def job_routes(holder: Holder, signer: Signer = PROCESS) -> list[BaseRoute]:
    """The route of jobs."""
    admission = Admission(holder, signer)

    async def answer(request: Request) -> Response:
        query = dict(request.query_params)
        if not await run_in_threadpool(admission.admits, request, PATH, query):
            return PlainTextResponse("403", status_code=403)
        job = job_of(query.get("job", ""))
        if job is not None and _wants_stop(await _body(request)):
            job.stop()
        return JSONResponse(
            told(job) if job else _OVER, headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        )

    return [Route(PATH, answer, methods=["POST"])]


def told(job: Job[Any]) -> dict[str, Any]:
    """What a page is told of a job."""
    progress = job.progress
    return {
        "stage": progress.stage,
        "share": progress.share,
        "seconds": round(job.seconds, 1),
        "stopping": progress.stopping,
        "final": progress.final,
        "done": job.done,
        "news": progress.news,
    }


async def _body(request: Request) -> bytes:
    """The body, read no further than it can say anything; a page that is closed meanwhile says nothing."""
    said = b""
    with contextlib.suppress(ClientDisconnect):
        async for piece in request.stream():
            said += piece
            if len(said) > _MOST_BYTES:
                break
    return said


def _wants_stop(body: bytes) -> bool:
    try:
        said = json.loads(body or b"{}")
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("stop") is True
