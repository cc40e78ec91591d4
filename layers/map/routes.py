"""The addresses of the app below `/assets` and `/map`, and who may fetch them.

The screens sign an address for the workspace and revision that they show and for whoever they show it to; anything
unsigned, too old, made for somebody else or asked for by somebody without a role is refused. Answers are compressed
once a revision, hold nothing of a user, and are kept by the browser, since the address names the revision.
"""

from __future__ import annotations

import functools
import gzip
import json
import mimetypes
import time
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from layers.map import payload
from layers.map.admission import Admission, Holder
from layers.map.bases import BASES_PATH, Bases, base_routes
from layers.map.files import ADDRESS, OWN, leaflet
from layers.map.signing import PROCESS, Signer
from layers.workspace import Workspace
from spatial.errors import ChengzaiError

Provider = Callable[[str, str], Workspace]
"""Gives the present state of a branch of a workspace, both by name."""

_KEPT = 24
_WINDOW_S = 6 * 60 * 60
"""An address holds for one to two of these. It stays the same within one, so that the browser need not ask again."""


def addresses(
    workspace: Workspace, language: str, place: str = "", holder: str = "", signer: Signer = PROCESS
) -> dict[str, str]:
    """Signed addresses of the geometry, the context, the state and the base maps of a workspace.

    Parameters
    ----------
    place
        The name under which the provider of the routes knows the workspace's file.
    holder
        Name of whoever the addresses are made for.
    """
    around, revision = payload.context_tag(workspace), str(workspace.revision)
    until = str((int(time.time()) // _WINDOW_S + 2) * _WINDOW_S)
    here = {"place": place, "scenario": workspace.scenario, "holder": holder, "until": until}
    return {
        "geometry": signer.sign("/map/geometry.json", {**here, "of": payload.tag(workspace)}),
        "context": signer.sign("/map/context.json", {**here, "of": around, "language": language}),
        "state": signer.sign("/map/state.json", {**here, "of": revision, "language": language}),
        "bases": signer.sign(BASES_PATH, {**here, "language": language}),
    }


def routes(
    provider: Provider, holder: Holder, bases: Bases | None = None, signer: Signer = PROCESS
) -> list[BaseRoute]:
    """Routes for the files of the map, for its data and for base maps."""
    admission = Admission(holder, signer)
    # Some systems call .js plain text, and a browser told not to guess then refuses the module.
    mimetypes.add_type("text/javascript", ".js")

    @functools.lru_cache(maxsize=_KEPT)
    def packed(what: str, of: str, language: str, place: str, scenario: str) -> bytes:
        del of  # names the content: another tag or revision is another entry
        made = _made(what, provider(place, scenario), language)
        text = json.dumps(made, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return gzip.compress(text.encode("utf-8"), 5)

    def answer(request: Request) -> Response:
        query = dict(request.query_params)
        if not admission.admits(request, request.url.path, query):
            return PlainTextResponse("403", status_code=403)
        try:
            told = (query.get(name, "") for name in ("of", "language", "place", "scenario"))
            body = packed(request.path_params["what"], *told)
        except ChengzaiError as error:
            return PlainTextResponse(error.code, status_code=404)
        headers = {
            "Content-Encoding": "gzip",
            "Cache-Control": "private, max-age=86400, immutable",
            "X-Content-Type-Options": "nosniff",
            "Vary": "Accept-Encoding",
        }
        return Response(body, media_type="application/json", headers=headers)

    return [
        Mount(f"{ADDRESS}/leaflet", _Fresh(directory=leaflet())),
        Mount(f"{ADDRESS}/map", _Fresh(directory=OWN)),
        *base_routes(provider, bases or Bases(), admission),
        Route("/map/{what:str}.json", answer),
    ]


def _made(what: str, workspace: Workspace, language: str) -> dict[str, Any]:
    if what == "geometry":
        return payload.geometry(workspace)
    if what == "context":
        return payload.context(workspace, language)
    return payload.state(workspace, language)


class _Fresh(StaticFiles):
    """Files that the browser asks after every time, so that an update of the app is seen at once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
