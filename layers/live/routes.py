"""The addresses of a map that is worked on: acts go to `/map/acts`, `/map/feed` says what others changed,
`/map/ask` answers questions, and `/map/head` tells a page that anything changed at all.

Both are signed like the other addresses of the map and asked for as whoever they were made for. Who may do what is
decided by the service alone, in the transaction of each act.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from layers import applying
from layers.catalogue import LAYERS
from layers.changes import Actor, Asked, Clash, Outcome, Row
from layers.comparing import label, plain
from layers.live import acts, asking
from layers.live.acts import Act, Batch
from layers.live.errors import ActRefused
from layers.live.presence import Presence
from layers.live.reading import Field, fields, text, whole
from layers.map.admission import Admission, sealed
from layers.map.board import BOARDS, Board, Boards
from layers.map.payload import AROUND
from layers.map.routes import sealed_for
from layers.map.signing import PROCESS, Signer
from layers.stores.contract import Store
from layers.workspace import Workspace
from spatial.errors import ChengzaiError, tell

Figures = Callable[[Workspace, str], list[dict[str, str]]]
"""Figures of a workspace in a language, as a page shows them over its map; see `Figure` in `assets/strip.js`."""

Tops = Callable[[Store, str, str, str], dict[str, str]]
"""What the next undo and redo would take, in words: told store, actor, branch and language."""

BY_THEMSELVES = ("/map/feed", "/map/head")
"""Addresses that pages ask again and again without anybody doing anything."""

_MOST_CAME = 200
"""Parcels that an act made and its answer names."""

_Reply = Callable[[Request, dict[str, str], bytes], dict[str, Any]]
_BACK = {"undo": applying.undo, "redo": applying.redo}
_HEARD = {
    "epoch": Field(text(40, "[a-z0-9-]+", least=1)),
    "revision": Field(whole(0, 2**53)),
    "client": Field(text(40, "[a-z0-9]+", least=1)),
}


@dataclass(frozen=True)
class House:
    """Where the routes find what they need.

    Parameters
    ----------
    store
        The store of a place.
    asker
        Whoever asks, where they have a role there; raises an error of ours for anybody else.
    figures
        What the page shows over the map; answered with every act and every change, where its addresses say so.
    tops
        What its buttons of undo and redo say; answered with them.
    """

    store: Callable[[str], Store]
    asker: Callable[[HTTPConnection, str], Actor]
    figures: Figures = field(default=lambda _workspace, _language: [])
    boards: Boards = BOARDS
    presence: Presence = field(default_factory=Presence)
    tops: Tops = field(default=lambda _store, _actor, _scenario, _language: {})

    def holder(self, connection: HTTPConnection, place: str) -> str:
        """Name of whoever asks."""
        return self.asker(connection, place).name


def addresses(
    board: Board, language: str, place: str, holder: str, *, figures: bool = False, signer: Signer = PROCESS
) -> dict[str, str]:
    """Signed addresses of the acts, the feed and the questions of a board.

    Parameters
    ----------
    figures
        Whether the page shows figures over the map.
    """
    here = sealed_for(board, place, holder) | {"language": language}
    if figures:
        here["figures"] = "yes"
    return {name: signer.sign(f"/map/{name}", here) for name in ("acts", "feed", "ask")}


def head_address(place: str, holder: str, signer: Signer = PROCESS) -> str:
    """Signed address at which a page asks for the last revision of a store."""
    return signer.sign("/map/head", sealed(place, holder))


def routes(house: House, signer: Signer = PROCESS) -> list[BaseRoute]:
    """The routes of acts, feed and questions."""
    admission = Admission(house.holder, signer)

    async def answer(request: Request, reply: _Reply) -> Response:
        query = dict(request.query_params)
        if not await run_in_threadpool(admission.admits, request, request.url.path, query):
            return PlainTextResponse("403", status_code=403)
        try:
            body = await _body(request)
            told = await run_in_threadpool(reply, request, query, body)
        except ChengzaiError as error:
            return JSONResponse(tell(error, query.get("language", "")), status_code=400)
        return JSONResponse(told, headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})

    def act(request: Request, query: dict[str, str], body: bytes) -> dict[str, Any]:
        return done(house, house.asker(request, query["place"]), query, acts.read(body))

    def feed(request: Request, query: dict[str, str], body: bytes) -> dict[str, Any]:
        return heard(house, house.holder(request, query["place"]), query, body)

    def question(request: Request, query: dict[str, str], body: bytes) -> dict[str, Any]:
        house.asker(request, query["place"])
        present = _present(house.store(query["place"]), query["scenario"])
        return _answer(present, acts.parsed(body, acts.MOST_BYTES), query["language"])

    def head(_request: Request, query: dict[str, str], _body: bytes) -> dict[str, Any]:
        with house.store(query["place"]).reading() as tx:
            return {"revision": tx.revision()}

    async def on_acts(request: Request) -> Response:
        return await answer(request, act)

    async def on_feed(request: Request) -> Response:
        return await answer(request, feed)

    async def on_ask(request: Request) -> Response:
        return await answer(request, question)

    async def on_head(request: Request) -> Response:
        return await answer(request, head)

    every = (("acts", on_acts), ("feed", on_feed), ("ask", on_ask), ("head", on_head))
    return [Route(f"/map/{name}", on, methods=["POST"]) for name, on in every]


def done(house: House, actor: Actor, query: Mapping[str, str], batch: Batch) -> dict[str, Any]:
    """Do the acts of a batch, each as a command of its own, and say what became of them and what changed."""
    store, language = house.store(query["place"]), query["language"]
    workspace: Workspace | None = None
    results = []
    for act in batch.acts:
        if not isinstance(act, Act):
            results.append({"op": act[0], "status": "invalid", "revision": 0} | tell(act[1], language))
            continue
        outcome = _apply(store, actor, query["scenario"], act, workspace)
        workspace = outcome.workspace or workspace
        results.append({"op": act.op} | _told(outcome, actor.name, language))
    if workspace is None:
        workspace = _present(store, query["scenario"])
    board = house.boards.of(query["place"], workspace)
    changes = _since(board, batch.epoch, batch.revision, language)
    told = {"results": results, "revision": workspace.revision, "changes": changes}
    return told | _beside(house, query, workspace, actor.name)


def heard(house: House, name: str, query: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """What a map is told that asks what is new."""
    said = fields(acts.parsed(body, 2_000), _HEARD, "body")
    place, scenario = query["place"], query["scenario"]
    people = house.presence.heard(place, scenario, said["client"], name)
    with house.store(place).reading() as tx:
        head = tx.scenario(scenario).head
        workspace = tx.workspace(scenario) if head != said["revision"] else None
    told: dict[str, Any] = {"revision": head, "changes": None}
    told["people"] = [{"name": one.name, "own": one.name == name, "ago": round(one.ago)} for one in people]
    if workspace is None:
        return told
    board = house.boards.of(place, workspace)
    told["changes"] = _since(board, said["epoch"], said["revision"], query["language"])
    return told | _beside(house, query, workspace, name)


def _beside(house: House, query: Mapping[str, str], workspace: Workspace, name: str) -> dict[str, Any]:
    """What stands beside the map, where the page shows it."""
    if not query.get("figures"):
        return {}
    language = query["language"]
    tops = house.tops(house.store(query["place"]), name, query["scenario"], language)
    return {"figures": house.figures(workspace, language), "tops": tops}


def _apply(store: Store, actor: Actor, scenario: str, act: Act, workspace: Workspace | None) -> Outcome:
    # the name of a gesture is the browser's; with that of its actor nobody can take another's
    op_id = hashlib.blake2b(f"{actor.name}|{act.op}".encode(), digest_size=16).hexdigest()
    asked = Asked(actor, op_id, act.seen, scenario)
    try:
        command = act.command(workspace or _present(store, scenario))
        if isinstance(command, str):
            return _BACK[command](store, asked)
        return applying.apply(store, asked, command)
    except ActRefused as error:
        return Outcome("invalid", 0, error=error)


def _answer(present: Workspace, given: Any, language: str) -> dict[str, Any]:
    """The answer to a question; where it was rightly asked and there is none, why: no error that a browser logs."""
    try:
        return asking.answered(present, given, language)
    except ActRefused:
        raise
    except ChengzaiError as error:
        return {"refused": tell(error, language)}


def _present(store: Store, scenario: str) -> Workspace:
    with store.reading() as tx:
        return tx.workspace(scenario)


def _told(outcome: Outcome, name: str, language: str) -> dict[str, Any]:
    said: dict[str, Any] = {"status": outcome.status, "revision": outcome.revision}
    came = [change.key for change in outcome.changes if change.layer == "parcels" and change.before is None]
    if came:
        said["came"] = came[:_MOST_CAME]
    if any(change.layer in AROUND for change in outcome.changes):
        said["around"] = True
    if outcome.error is not None:
        said |= tell(outcome.error, language)
    if outcome.clashes:
        said["clashes"] = [_clash(one, language) | {"own": one.by == name} for one in outcome.clashes]
    return said


def _clash(clash: Clash, language: str) -> dict[str, Any]:
    """The three forms of a row that somebody else changed first; outlines as areas, and to be drawn small."""
    rows = {side: getattr(clash, side) for side in ("mine", "theirs", "ancestor")}
    known: Row = next((row for row in rows.values() if row is not None), {})
    names = sorted({name for row in rows.values() for name in row or {}})
    differ = [name for name in names if len({repr((row or {}).get(name)) for row in rows.values()}) > 1]
    return {
        "layer": clash.layer,
        "key": clash.key,
        "label": label(known, clash.key),
        "by": clash.by,
        "at": clash.at,
        "revision": clash.revision,
        "columns": {
            one.name: asking.column_name(one, language) for one in LAYERS[clash.layer].columns if one.name in differ
        },
        "outlines": _outlines(rows) if "geometry" in differ else {},
        **{
            side: None if row is None else {name: plain(row, name) for name in differ if name in row}
            for side, row in rows.items()
        },
    }


def _outlines(rows: Mapping[str, Row | None]) -> dict[str, list[list[list[float]]]]:
    """Rings of each form of a row, in metres from a corner of all of them: enough to see how they differ."""
    shapes = {side: row["geometry"] for side, row in rows.items() if row is not None and "geometry" in row}
    west, south = (min(shape.bounds[i] for shape in shapes.values()) for i in (0, 1))
    return {
        side: [
            (shapely.get_coordinates(ring) - (west, south)).round(2).tolist()
            for part in shapely.get_parts(shape)
            for ring in shapely.get_rings(part)
        ]
        for side, shape in shapes.items()
    }


def _since(board: Board, epoch: str, revision: int, language: str) -> dict[str, Any]:
    changes = board.since(revision, language) if epoch == board.epoch else None
    return {"whole": True} if changes is None else changes


async def _body(request: Request) -> bytes:
    """The body, read no further than is allowed."""
    whole_ = bytearray()
    with contextlib.suppress(ClientDisconnect):  # a page that is closed while it asks hears no answer
        async for piece in request.stream():
            whole_ += piece
            if len(whole_) > acts.MOST_BYTES:
                break
    return bytes(whole_)
