"""The addresses of base maps: the list of them, and their tiles. Both are sealed like the rest of the map's data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from layers.map.admission import Admission
from layers.map.bases.catalogue import Base, Bases
from layers.map.bases.rasters import PREFIX, bases_of
from layers.map.bases.redraw import redrawn
from layers.map.bases.tile import Memory, Tile
from layers.map.bases.words import words
from layers.workspace import Workspace
from spatial import crs as crs_
from spatial import tiles
from spatial.datum import NAMES
from spatial.errors import ChengzaiError, tell
from spatial.gauss import gauss

BASES_PATH = "/map/bases.json"

Sign = Callable[[str, str], str]
_MEMORY = 96 * 1024 * 1024
_SECURITY = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'"}


def base_routes(provider: Callable[[str, str], Workspace], bases: Bases, admission: Admission) -> list[BaseRoute]:
    """Routes for the list of base maps of a workspace and for their tiles."""
    memory, sign = Memory(_MEMORY), admission.signer.sign

    def listed(request: Request) -> Response:
        query = dict(request.query_params)
        if not admission.admits(request, BASES_PATH, query):
            return PlainTextResponse("403", status_code=403)
        try:
            workspace = provider(query.get("place", ""), query.get("scenario", ""))
        except ChengzaiError as error:
            return PlainTextResponse(error.code, status_code=404)
        here = {name: query.get(name, "") for name in ("place", "holder", "until", "scenario")}
        made = payload(bases, workspace, query.get("language", ""), lambda path, of: sign(path, {**here, "of": of}))
        return JSONResponse(made, headers={**_SECURITY, "Cache-Control": "no-store"})

    def _of_workspace(key: str, query: Mapping[str, str]) -> Base | None:
        if not key.startswith(PREFIX):
            return None
        try:
            return bases_of(provider(query.get("place", ""), query.get("scenario", ""))).get(key)
        except ChengzaiError:
            return None

    def tile(request: Request) -> Response:
        place: dict[str, Any] = request.path_params
        query = dict(request.query_params)
        if not admission.admits(request, _path(place["key"]), query):
            return PlainTextResponse("403", status_code=403)
        base = bases.get(place["key"]) or _of_workspace(place["key"], query)
        at = place["z"], place["x"], place["y"]
        if base is None or place["part"] >= len(base.parts) or not tiles.inside(*at):
            return _absent()
        found = drawn(base, place["part"], *at, memory)
        if found is None:
            return _absent()
        headers = {**_SECURITY, "Cache-Control": "private, max-age=86400"}
        if found.encoding:
            headers["Content-Encoding"] = found.encoding
        return Response(found.data, media_type=found.media, headers=headers)

    return [
        Route(BASES_PATH, listed),
        Route("/map/base/{key:str}/{part:int}/{z:int}/{x:int}/{y:int}", tile),
    ]


def drawn(base: Base, part: int, z: int, x: int, y: int, memory: Memory) -> Tile | None:
    """A tile of a base map as the map shows it, in Web Mercator and true coordinates."""
    source = base.parts[part]
    again = base.datum != "wgs84" or source.grid != "mercator"

    def look(z: int, x: int, y: int) -> Tile | None:
        name = (base.tag, part, "found", z, x, y)
        known = memory.get(name)
        if known is None:
            known = source.tile(z, x, y)
            if known is not None and again:
                memory.put(name, known)
        return known

    if not source.zooms[0] <= z <= source.zooms[1]:
        return None
    name = (base.tag, part, "drawn", z, x, y)
    known = memory.get(name)
    if known is not None:
        return known
    made = redrawn(look, source.grid, base.datum, z, x, y) if again else look(z, x, y)
    if made is not None:
        memory.put(name, made)
    return made


def payload(bases: Bases, workspace: Workspace, language: str, sign: Sign) -> dict[str, Any]:
    """What the chooser of base maps needs. See `BaseList` in `assets/bases.js`.

    Parameters
    ----------
    sign
        Seals the path of a base map for its tag.
    """
    found, problems = bases.all()
    found = (*found, *bases_of(workspace).values())
    said = words(language)
    grid, name = gauss(workspace.pyproj_crs), crs_.label(workspace.pyproj_crs)[:24]
    told, stop = [tell(problem, language) for problem in problems], ". " if language == "en" else "。"
    return {
        "bases": [_row(base, said, language, sign) for base in found],
        "problems": [f"{one['message']}{stop}{one['cure']}" for one in told],
        "grid": asdict(grid) if grid else None,
        "words": said | {"language": language, "kilometres": said["kilometres"].format(crs=name)},
    }


def _row(base: Base, said: dict[str, str], language: str, sign: Sign) -> dict[str, Any]:
    front, _, query = sign(_path(base.key), base.tag).partition("?")
    bounds = base.bounds
    return {
        "key": base.key,
        "title": base.title["en" if language == "en" else "zh-CN"],
        "kind": base.kind,
        "datum": base.datum,
        "edits": base.edits,
        "note": said["display_only"].format(datum=NAMES[base.datum]) if base.edits == "blocked" else "",
        "credit": base.credit,
        "tiles": [f"{front}/{part}/{{z}}/{{x}}/{{y}}?{query}" for part in range(len(base.parts))],
        "zooms": list(base.zooms),
        "bounds": [[bounds[1], bounds[0]], [bounds[3], bounds[2]]] if bounds else None,
    }


def _path(key: str) -> str:
    """What an address of a base map is sealed for, whichever of its tiles is asked for."""
    return f"/map/base/{key}"


def _absent() -> Response:
    """No tile: not an error of the page, and worth asking again soon."""
    return Response(status_code=204, headers={**_SECURITY, "Cache-Control": "private, max-age=60"})
