"""The verb that opens the app."""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from pathlib import Path

from layers.errors import CallWrong
from verbs.errors import NobodyYet, NotLoopback, NotReady, PortTaken
from verbs.words import Answer, Verb, workspace

_LOCAL = ("localhost", "127.0.0.1", "::1")
_IDENTITIES = ("accounts", "oidc", "proxy")
_NEEDS = {
    "oidc": ("CHENGZAI_OIDC_ISSUER", "CHENGZAI_OIDC_AUDIENCE"),
    "proxy": ("CHENGZAI_PROXY_SECRET",),
    "accounts": (),
}


def _for_serve(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    verb.add_argument("--host", default="127.0.0.1", help="this machine only by default / 默认仅本机")
    verb.add_argument("--port", type=int, default=8501)
    verb.add_argument("--open", action="store_true", help="show it in the browser once it answers / 打开浏览器")
    verb.add_argument(
        "--public", action="append", default=[], metavar="NAME", help="host that browsers use / 访问域名"
    )
    verb.add_argument("--proxy", action="store_true", help="a proxy with HTTPS stands in front / 前有 HTTPS 反向代理")
    verb.add_argument("--cert", metavar="FILE", help="certificate for HTTPS / 证书")
    verb.add_argument("--key", metavar="FILE", help="its key / 私钥")
    verb.add_argument("--identity", choices=_IDENTITIES, default="accounts", help="how people are known / 登录方式")


def _serve(asked: argparse.Namespace) -> Answer:
    """Open the app; returns when it is stopped."""
    from layers import people, stores

    path = Path(asked.workspace).absolute()
    shared = _shared(asked)
    known = people.listed(stores.open_store(path))
    if shared and not known:
        raise NobodyYet(where="serve", path=asked.workspace)
    _ready(asked.identity)
    if _answers(asked.host, asked.port):
        raise PortTaken(where="--port", port=asked.port, other=asked.port + 1)
    app = Path(__file__).parent.parent / "app.py"
    environment = os.environ | {
        "CHENGZAI_WORKSPACE": str(path),
        "CHENGZAI_LANG": asked.language,
        "CHENGZAI_IDENTITY": asked.identity,
        "CHENGZAI_SHARED": "1" if shared else "0",
        "CHENGZAI_SECURE": "1" if asked.proxy or asked.cert else "0",
    }
    address = f"https://{asked.public[0]}:{asked.port}" if asked.cert else f"http://{asked.host}:{asked.port}"
    print(address, file=sys.stderr)
    if known and asked.identity == "accounts":
        home = f"https://{asked.public[0]}" if asked.proxy else address
        word = "sign in / 登录" if asked.language == "en" else "登录 / sign in"
        print(f"{word}: {home}/sign-in", file=sys.stderr)
    if asked.open:
        threading.Thread(target=_open, args=(asked.host, asked.port, address), daemon=True).start()
    return {"exit_status": _until_it_ends(_command(app, asked), environment, app.parent)}


def _until_it_ends(command: list[str], environment: dict[str, str], folder: Path) -> int:
    """Run the server; who ends this process ends it with it."""
    import signal
    import subprocess

    with subprocess.Popen(command, env=environment, cwd=folder) as server:  # noqa: S603
        before = signal.signal(signal.SIGTERM, lambda _number, _frame: server.terminate())
        try:
            return server.wait()
        finally:
            signal.signal(signal.SIGTERM, before)


def _shared(asked: argparse.Namespace) -> bool:
    """Whether others can reach the server; only with encryption, and under names that are known."""
    if bool(asked.cert) != bool(asked.key):
        raise CallWrong(where="serve", reason="--cert FILE --key FILE", verb="serve")
    if not _loopback(asked.host):
        if not (asked.proxy or asked.cert):
            raise NotLoopback(where="--host", host=asked.host[:60])
        if asked.identity == "proxy":
            # Whoever reaches the port could write the proxy's headers.
            raise CallWrong(where="serve", reason="--identity proxy --host 127.0.0.1", verb="serve")
    shared = bool(asked.proxy or asked.cert)
    if shared and not asked.public:
        raise CallWrong(where="serve", reason="--public NAME", verb="serve")
    return shared


def _ready(identity: str) -> None:
    from layers.people import SHORTEST_SECRET

    missing = [name for name in _NEEDS[identity] if not os.environ.get(name)]
    if not missing and identity == "proxy" and len(os.environ["CHENGZAI_PROXY_SECRET"]) < SHORTEST_SECRET:
        missing = [f"CHENGZAI_PROXY_SECRET ≥ {SHORTEST_SECRET}"]
    if missing:
        raise NotReady(where="--identity", identity=identity, missing=", ".join(missing))


def _command(app: Path, asked: argparse.Namespace) -> list[str]:
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.address", asked.host]
    command += ["--server.port", str(asked.port), "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    for name in (*_LOCAL, *asked.public):
        command += ["--server.allowedHosts", name]
    if asked.cert:
        command += ["--server.sslCertFile", str(Path(asked.cert).absolute())]
        command += ["--server.sslKeyFile", str(Path(asked.key).absolute())]
    return command


def _loopback(host: str) -> bool:
    import ipaddress

    try:
        return bool(host == "localhost" or ipaddress.ip_address(host).is_loopback)
    except ValueError:
        return False


def _answers(host: str, port: int) -> bool:
    """Whether anything listens there already."""
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


def _open(host: str, port: int, address: str) -> None:
    """Show the app in the browser of a desktop; a machine without one is left alone."""
    import webbrowser

    if sys.platform != "darwin" and not {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys():
        return
    for _ in range(120):
        if _answers(host, port):
            webbrowser.open(address)
            return
        time.sleep(0.5)


VERBS: dict[str, Verb] = {"serve": ("open the app / 打开应用", _for_serve, _serve)}
