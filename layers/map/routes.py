"""The addresses of the app below `/assets` and `/map`, and who may fetch them.

The screens sign addresses for the branch that they show and for whoever they show it to; anything unsigned, too old,
made for somebody else or asked for by somebody without a role is refused. Outlines are compressed once for each
version of them, hold nothing of a user, and are kept by the browser, since the address names the version.
"""

from __future__ import annotations

import functools
import gzip
import json
import mimetypes
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from layers.map.admission import Admission, Holder, sealed
from layers.map.bases import BASES_PATH, Bases, base_routes
from layers.map.board import BOARDS, Board, Boards
from layers.map.errors import MapOutdated
from layers.map.files import ADDRESS, DOORS, OWN, door_address, leaflet, own_address
from layers.map.joined import packed
from layers.map.payload import context, context_tag
from layers.map.signing import PROCESS, Signer
from layers.map.under import under
from layers.workspace import Workspace
from spatial.errors import ChengzaiError

Provider = Callable[[str, str], Workspace]
"""Gives the present state of a branch of a workspace, both by name."""

_DATA = ("outlines.bin", "names.json", "state.bin", "context.json", "parcel.json", "under.json")
_ASKED = ("parcel.json", "under.json")
"""Data of which the browser says itself what part it wants."""
_KEPT = 16
_LEVEL = 3
_FOR_EVER = "private, max-age=86400, immutable"


def addresses(
    board: Board, language: str, place: str = "", holder: str = "", signer: Signer = PROCESS
) -> dict[str, str]:
    """Signed addresses of all that a map of a board loads.

    Parameters
    ----------
    place
        The name under which the provider of the routes knows the workspace's file.
    holder
        Name of whoever the addresses are made for.
    """
    workspace, here = board.workspace, sealed_for(board, place, holder)
    mine = {**here, "epoch": board.epoch}
    return {
        "outlines": signer.sign("/map/outlines.bin", {**mine, "of": str(board.shape_version)}),
        "names": signer.sign("/map/names.json", {**mine, "of": str(board.name_version)}),
        "state": signer.sign("/map/state.bin", {**mine, "language": language}),
        "context": signer.sign("/map/context.json", {**here, "of": context_tag(workspace), "language": language}),
        "parcel": signer.sign("/map/parcel.json", mine),
        "under": signer.sign("/map/under.json", {**mine, "language": language}),
        "bases": signer.sign(BASES_PATH, {**here, "language": language}),
    }


def sealed_for(board: Board, place: str, holder: str) -> dict[str, str]:
    """What every address of a board says: where, for whom, and until when."""
    return sealed(place, holder, scenario=board.workspace.scenario)


def routes(
    provider: Provider,
    holder: Holder,
    bases: Bases | None = None,
    signer: Signer = PROCESS,
    boards: Boards = BOARDS,
) -> list[BaseRoute]:
    """Routes for the files of the map, for its data and for base maps."""
    admission = Admission(holder, signer)
    # Some systems call .js plain text, and a browser told not to guess then refuses the module.
    mimetypes.add_type("text/javascript", ".js")
    data = _Data(provider, boards)

    def answer(request: Request) -> Response:
        what = request.url.path.removeprefix("/map/")
        query = dict(request.query_params)
        if not admission.admits(request, request.url.path, query, free=("key",) if what in _ASKED else ()):
            return PlainTextResponse("403", status_code=403)
        try:
            body, kept = data.of(what, query)
        except KeyError:
            return PlainTextResponse("400", status_code=400)
        except ChengzaiError as error:
            return PlainTextResponse(error.code, status_code=410 if isinstance(error, MapOutdated) else 404)
        headers = {
            "Content-Encoding": "gzip",
            "Cache-Control": kept,
            "X-Content-Type-Options": "nosniff",
            "Vary": "Accept-Encoding",
        }
        kind = "application/json" if what.endswith(".json") else "application/octet-stream"
        return Response(body, media_type=kind, headers=headers)

    return [
        Mount(f"{ADDRESS}/leaflet", _Fresh(directory=leaflet())),
        *(Route(door_address(door), _joined) for door in DOORS),
        Mount(own_address(), _Kept(directory=OWN)),
        Mount(f"{ADDRESS}/map", _Fresh(directory=OWN)),
        *base_routes(provider, bases or Bases(), admission),
        *(Route(f"/map/{what}", answer) for what in _DATA),
    ]


class _Data:
    """What the addresses answer with, packed, and how long a browser may keep it."""

    def __init__(self, provider: Provider, boards: Boards) -> None:
        self._provider, self._boards = provider, boards
        self._context = functools.lru_cache(maxsize=_KEPT)(self._pack_context)

    def of(self, what: str, query: Mapping[str, str]) -> tuple[bytes, str]:
        """Content and how long it may be kept.

        Raises
        ------
        KeyError, MapOutdated, WorkspaceMissing, ScenarioUnknown
        """
        if what == "context.json":
            return self._context(*(query[name] for name in ("of", "language", "place", "scenario"))), _FOR_EVER
        workspace = self._provider(query["place"], query["scenario"])
        if what == "under.json":
            return _text(under(workspace, query["key"], query["language"])), "no-store"
        board = self._boards.of(query["place"], workspace)
        if board.epoch != query["epoch"]:
            raise MapOutdated(where=what)
        if what == "outlines.bin":
            return _outlines(board, board.shape_version), _FOR_EVER
        if what == "names.json":
            return _names(board, board.name_version), _FOR_EVER
        if what == "state.bin":
            return _state(board, board.revision, query["language"]), "no-store"
        return _text({"available": board.available(query["key"])}), "no-store"

    def _pack_context(self, of: str, language: str, place: str, scenario: str) -> bytes:
        del of  # names the content: another tag is another entry
        return _text(context(self._provider(place, scenario), language))


def make_ready(board: Board) -> None:
    """Pack what every map of a board begins with and what takes long, before anybody asks for it."""
    _outlines(board, board.shape_version)
    _names(board, board.name_version)


@functools.lru_cache(maxsize=_KEPT)
def _outlines(board: Board, shape_version: int) -> bytes:
    del shape_version  # names the content: after another change of an outline it is another entry
    return gzip.compress(board.outlines(), _LEVEL)


@functools.lru_cache(maxsize=_KEPT)
def _names(board: Board, name_version: int) -> bytes:
    del name_version  # names the content: after another change of a name it is another entry
    return _text(board.names())


@functools.lru_cache(maxsize=_KEPT)
def _state(board: Board, revision: int, language: str) -> bytes:
    del revision  # names the content: the next revision is another entry
    return gzip.compress(board.state(language), _LEVEL)


def _text(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return gzip.compress(text.encode("utf-8"), _LEVEL)


def _joined(request: Request) -> Response:
    door = request.url.path.rsplit("/", 1)[1].replace(".joined.js", ".js")
    headers = {"Content-Encoding": "gzip", "Cache-Control": _Kept.kept, "X-Content-Type-Options": "nosniff"}
    return Response(packed(OWN, door), media_type="text/javascript", headers=headers)


class _Kept(StaticFiles):
    """Files whose address names their content."""

    kept = "public, max-age=31536000, immutable"

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = self.kept
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


class _Fresh(_Kept):
    """Files that the browser asks after every time, so that an update of the app is seen at once."""

    kept = "no-cache"
