"""A map service on this machine: a WMTS that wants a key, a pyramid of tiles, and answers that are none."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.layers.map.bases.making import painted

KEY = "k&=y 1"


class Service:
    """What was asked, and how the answers go."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.address = ""

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        parts = urlsplit(path)
        picture = {"Content-Type": "image/png"}
        if parts.path.endswith("/wmts"):
            return self.wmts({name.upper(): values[0] for name, values in parse_qs(parts.query).items()})
        if parts.path.startswith("/xyz/"):
            z, x, y = (int(part) for part in parts.path.removeprefix("/xyz/").split("/"))
            return 200, picture, painted((z, x % 256, y % 256))
        if parts.path.startswith("/moved/"):
            return 302, {"Location": f"{self.address}/xyz/1/1/1"}, b""
        if parts.path.startswith("/page/"):
            return 200, {"Content-Type": "text/html"}, b"<html>sign in</html>"
        if parts.path.startswith("/lie/"):
            return 200, picture, b"<svg onload=alert(1)>"
        if parts.path.startswith("/huge/"):
            return 200, picture, painted((1, 1, 1)) + bytes(5_000_000)
        return 404, {}, b""

    def wmts(self, query: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """A tile whose colour says which: refused without the key, or where a word is missing."""
        if query.get("TK") != KEY:
            return 403, {"Content-Type": "text/plain"}, b"no key"
        wanted = {"SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", "STYLE": "default"}
        if any(query.get(name) != value for name, value in wanted.items()) or query.get("TILEMATRIXSET") not in "wc":
            return 400, {"Content-Type": "text/xml"}, b"<ExceptionReport/>"
        column, row = int(query["TILECOL"]), int(query["TILEROW"])
        return 200, {"Content-Type": "image/png"}, painted((int(query["TILEMATRIX"]), column % 256, row % 256))


@contextlib.contextmanager
def service() -> Iterator[Service]:
    """The service while the context lasts."""
    told = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            if self.path.startswith("/slow/"):
                time.sleep(1.5)
            status, headers, body = told.answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
