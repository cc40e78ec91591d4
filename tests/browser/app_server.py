"""The app on a free port of this machine, with a workspace file of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = ("Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-renderer-backgrounding",
)


@dataclass(frozen=True)
class Server:
    """A running app: where it listens, and the workspace that it writes to."""

    address: str
    workspace: Path
    log: Path


def find_browser() -> str | None:
    """A Chromium on this machine."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or next((str(path) for name in MAC if (path := Path("/Applications") / name).is_file()), None)


@contextlib.contextmanager
def serving(workspace: Path, log: Path) -> Iterator[Server]:
    """The app while the context lasts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = os.environ | {"CHENGZAI_WORKSPACE": str(workspace), "CHENGZAI_LANG": "zh-CN"}
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [*command, "--server.address", "127.0.0.1"], cwd=ROOT, env=environment, stdout=sink, stderr=sink
        )
    try:
        _wait(address, process, log)
        yield Server(address, workspace, log)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the app did not start: {log.read_text(errors='replace')[-2000:]}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError("the app did not answer within a minute")
