"""The program of a child process with tasks that a hostile file might make of any reader."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import signal
import socket
import time
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).parents[3] / "layers" / "readers" / "_gdal_child.py"
spec = importlib.util.spec_from_file_location("_gdal_child", PROGRAM)
child = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
spec.loader.exec_module(child)  # type: ignore[union-attr]


def crash(asked: dict[str, Any], tell: Any) -> dict[str, Any]:
    ctypes.string_at(0)
    return {}


def hang(asked: dict[str, Any], tell: Any) -> dict[str, Any]:
    time.sleep(600)
    return {}


def spin(asked: dict[str, Any], tell: Any) -> dict[str, Any]:
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    while True:
        pass


def grow(asked: dict[str, Any], tell: Any) -> dict[str, Any]:
    return {"size": len(bytearray(asked["bytes"]))}


def write(asked: dict[str, Any], tell: Any) -> dict[str, Any]:
    try:
        Path("big").write_bytes(bytes(asked["bytes"]))
    except OSError as error:
        raise child.Refused(error.strerror or "") from error
    return {}


def call_home(asked: dict[str, Any], tell: Any) -> dict[str, Any]:
    try:
        socket.create_connection(("127.0.0.1", asked["port"]), timeout=2).close()
    except OSError as error:
        return {"error": type(error).__name__}
    return {"error": None}


def leave(asked: dict[str, Any], tell: Any) -> dict[str, Any]:
    os._exit(3)


def babble(asked: dict[str, Any], tell: Any) -> dict[str, Any]:
    tell([1, 2])
    return {}


def count(asked: dict[str, Any], tell: Any) -> dict[str, Any]:
    for done in range(1, 4):
        tell({"done": done, "total": 3})
    return {}


def seen(asked: dict[str, Any], tell: Any) -> dict[str, Any]:
    return {"environment": dict(os.environ), "folder": str(Path.cwd()), "pid": os.getpid()}


child._TASKS |= {
    task.__name__: task for task in (crash, hang, spin, grow, write, call_home, leave, babble, count, seen)
}
if __name__ == "__main__":
    child.main()
