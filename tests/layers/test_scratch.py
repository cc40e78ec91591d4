"""Temporary folders go with their process, and those of a killed one with the next that starts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from layers import scratch
from layers.scratch import Owned, sweep

ROOT = Path(__file__).parents[2]
WORKS = """
import sys, time
from layers import scratch
from layers.exchange.inbox import Inbox
from layers.readers.registry import _opened
from layers.readers.watching import UNWATCHED
inbox = Inbox()
(file,) = inbox.take([("a.csv", b"DKBH\\n1\\n")])
with _opened(str(file.path), None, UNWATCHED) as source:
    print(scratch.home(), source.path, flush=True)
    if sys.argv[1:]:
        time.sleep(60)
"""


def run(temporary: Path, *words: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "TMPDIR": str(temporary)}
    call = [sys.executable, "-c", WORKS, *words]
    return subprocess.Popen(call, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def test_what_a_killed_process_left_goes_when_the_next_one_starts_and_nobody_elses_does(tmp_path: Path) -> None:
    """Two are at work, one is killed: a third one removes the folder of the dead and no other."""
    killed, living = run(tmp_path, "wait"), run(tmp_path, "wait")
    try:
        (dead, *files), (alive, *others) = (said(one) for one in (killed, living))
        killed.kill()
        killed.wait()
        assert all(Path(one).exists() for one in (*files, *others)), "a killed process tidies nothing"
        notes = tmp_path / "chengzai-notes.txt"
        notes.write_text("mine")
        third = run(tmp_path)
        (own, *_) = said(third)
        assert third.wait() == 0
        assert not Path(dead).exists() and all(Path(one).exists() for one in (alive, *others, str(notes)))
        assert not Path(own).exists(), "who ends by itself leaves nothing"
    finally:
        for one in (killed, living):
            one.kill()
            one.wait()
            assert one.stdout is not None
            one.stdout.close()


def said(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    return process.stdout.readline().split()


def test_a_folder_without_a_lock_is_left_alone_for_a_day(tmp_path: Path) -> None:
    young, old = tmp_path / "chengzai-young", tmp_path / "chengzai-old"
    for one in (young, old):
        one.mkdir()
    os.utime(old, (time.time() - 2 * 86_400,) * 2)
    assert sweep(tmp_path) == 1 and young.exists() and not old.exists()


def test_no_link_is_followed(tmp_path: Path) -> None:
    """Somebody else's folder behind a name of ours, or behind the name of a lock, stays as it is."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "owner.lock").touch()
    (tmp_path / "chengzai-link").symlink_to(theirs)
    trap = tmp_path / "chengzai-trap"
    trap.mkdir()
    (trap / "owner.lock").symlink_to(theirs / "owner.lock")
    assert sweep(tmp_path) == 0 and theirs.exists() and trap.exists()


def test_what_is_open_is_nobodys_to_take_and_closing_leaves_nothing(tmp_path: Path) -> None:
    made = Owned(tmp_path, "chengzai-")
    assert sweep(tmp_path) == 0 and made.path.exists()
    made.close()
    assert not list(tmp_path.iterdir())


def test_the_folder_of_the_process_is_made_anew_where_somebody_cleared_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "_home", Owned(tmp_path, "chengzai-"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    first = scratch.home()
    assert scratch.home() == first
    (first / "owner.lock").unlink()
    first.rmdir()
    with scratch.folder("x") as made:
        assert made.exists() and made.parent == scratch.home() != first
    assert not made.exists()
