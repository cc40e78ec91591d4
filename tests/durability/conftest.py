"""Sweeps are run once for each operation; without strace they are skipped by name, never in CI."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from tests.conftest import ROOT

Report = dict[str, Any]

KINDS = ("kill", "cut", "full", "fail")
SWITCH = "CHENGZAI_EVERY_CALL"
"""Environment variable that asks for a full sweep; `make endure` sets it."""


@pytest.fixture(scope="session")
def swept() -> Callable[[str], Report]:
    """What the sweeps over an operation came to."""
    if shutil.which("strace") is None:
        _missing("NO STRACE: install strace to run the sweeps over kills, power cuts and full disks")

    @cache
    def of(name: str) -> Report:
        kinds = (*KINDS, "loose") if name == "assign" else KINDS
        every = ["--every"] if os.environ.get(SWITCH) else []
        command = [sys.executable, "-m", "tests.durability.sweep", name, *kinds, *every]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if "NoStrace" in done.stderr:
            _missing("strace may not take hold of a process here: " + done.stderr.splitlines()[-1])
        assert done.returncode == 0, done.stderr
        report: Report = json.loads(done.stdout)
        print(report)  # the figures, with `pytest -s`
        return report

    return of


def _missing(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
