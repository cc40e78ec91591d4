"""Sweeps are run once for each operation; without strace they are skipped by name, never in CI."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from tests.conftest import ROOT

Report = dict[str, Any]

KINDS = ("kill", "cut", "full", "fail")
SWITCH = "CHENGZAI_EVERY_CALL"
"""Environment variable that asks for a full sweep; `make endure` sets it."""


@pytest.fixture(scope="session")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Report]]:
    """What the sweeps over an operation came to; one process does all of them, as its imports take seconds."""
    if shutil.which("strace") is None:
        _missing("NO STRACE: install strace to run the sweeps over kills, power cuts and full disks")

    every = ["--every"] if os.environ.get(SWITCH) else []
    command = [sys.executable, "-m", "tests.durability.sweep", *every]
    log = tmp_path_factory.mktemp("sweeps") / "stderr"
    with log.open("w") as sink:
        sweeper = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sink, text=True
        )

    @cache
    def of(name: str) -> Report:
        assert sweeper.stdin is not None and sweeper.stdout is not None
        kinds = (*KINDS, "loose") if name == "assign" else KINDS
        with contextlib.suppress(BrokenPipeError):  # it went wrong at the operation before, and says so again
            sweeper.stdin.write(" ".join((name, *kinds)) + "\n")
            sweeper.stdin.flush()
        answer, said = sweeper.stdout.readline(), log.read_text("utf-8")
        if "NoStrace" in said:
            _missing("strace may not take hold of a process here: " + said.splitlines()[-1])
        assert answer, said
        report: Report = json.loads(answer)
        print(report)  # the figures, with `pytest -s`
        return report

    yield of
    with sweeper:
        sweeper.terminate()


def _missing(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
