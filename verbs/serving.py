"""The verb that opens the app."""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from pathlib import Path

from layers.errors import NotLoopback, PortTaken
from verbs.words import Answer, Verb, workspace


def _for_serve(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    verb.add_argument("--host", default="127.0.0.1", help="this machine only / 仅本机")
    verb.add_argument("--port", type=int, default=8501)
    verb.add_argument("--open", action="store_true", help="show it in the browser once it answers / 打开浏览器")


def _serve(asked: argparse.Namespace) -> Answer:
    """Open the app on this machine; returns when it is stopped."""
    import ipaddress
    import subprocess

    from layers import stores

    try:
        local = asked.host == "localhost" or ipaddress.ip_address(asked.host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise NotLoopback(where="--host", host=asked.host[:60])
    path = Path(asked.workspace).absolute()
    stores.revision(path)
    if _answers(asked.host, asked.port):
        raise PortTaken(where="--port", port=asked.port, other=asked.port + 1)
    app = Path(__file__).parent.parent / "app.py"
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.address", asked.host]
    command += ["--server.port", str(asked.port), "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    environment = os.environ | {"CHENGZAI_WORKSPACE": str(path), "CHENGZAI_LANG": asked.language}
    address = f"http://{asked.host}:{asked.port}"
    print(address, file=sys.stderr)
    if asked.open:
        threading.Thread(target=_open, args=(asked.host, asked.port, address), daemon=True).start()
    return {"status": subprocess.call(command, env=environment, cwd=app.parent)}  # noqa: S603


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
