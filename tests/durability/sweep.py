"""Sweeps over every place at which an operation can fail; run as a program, it reports in JSON, a line an operation.

    echo "assign kill cut" | python -m tests.durability.sweep

`kill` ends the process before each system call in turn, `cut` takes the power away, `full` and `fail` make every
write from one call on fail with ENOSPC and EIO, `loose` is `cut` without any fsync: it has to lose something.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from layers.stores import geopackage, sqlite
from tests.durability import recording
from tests.durability.operations import NAME, OPERATIONS, Operation, complaints, digest, still
from tests.durability.recording import WRITES, Call, Disk, Files
from tests.durability.trial import once, start, stubbornly

_TRIES = 3
_OF_MEMORY = ("mmap", "munmap", "mremap", "brk", "mprotect", "madvise")
"""Calls whose number is not the same in every run, as memory is asked for when it is short; they write nothing."""

CUTS = 600
"""Power cuts of one operation."""

EVERY = 48
"""Of so many states one is looked at by `check` itself; the others by their pages and every row, which are all that
`check` reads: what it says of one state, it says of all that are equal to it."""

FEW, SOME = 16, 12
"""Outside of a full sweep one of so many is tried: of calls that change nothing on the disk, of writes to a draft."""


@dataclass(frozen=True)
class Bench:
    """An operation ready to be tried: the files before it, and every row before and after it."""

    name: str
    operation: Operation
    files: Files
    old: str
    new: str
    calls: tuple[Call, ...]

    def lay(self, folder: Path) -> Path:
        """Put the files of the beginning into an empty folder."""
        return lay(self.files, folder)

    def judge(self, path: Path, acked: bool, place: int) -> str:
        """``old`` or ``new``, or what is wrong with a file on which the operation was broken off."""
        path = path.with_name(self.operation.makes)
        try:
            pages, state = damage(path), digest(path)
            kept = not self.operation.keeps or self.old in (digest(one) for one in _kin(path))
        except sqlite3.Error as error:
            return f"corrupt {error}"
        if pages:
            return f"corrupt {pages[:2]}"
        if state not in (self.old, self.new):
            return "torn"
        if (acked and state != self.new) or not kept:
            return "lost"
        said = complaints(path) if place % EVERY == 0 else []
        return f"checked {said}" if said else "new" if state == self.new else "old"


def damage(path: Path) -> list[str]:
    """What is wrong with the pages of a file, if there is one."""
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as file:
        return [line for (line,) in file.execute("PRAGMA integrity_check") if line != "ok"]


def _kin(path: Path) -> list[Path]:
    """A file and those that were kept beside it when it was replaced."""
    return [one for one in path.parent.glob("*.gpkg") if not one.name.startswith(".")]


def lay(files: Files, folder: Path) -> Path:
    """Put files into a folder that is emptied first."""
    folder.mkdir(exist_ok=True)
    for left in folder.iterdir():
        left.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder / NAME


def ready(name: str, base: Path) -> Bench:
    """Do an operation once in peace and once recorded."""
    operation = OPERATIONS[name]
    path = lay({}, base / "first")
    if operation.prepare is not None:
        _apart(lambda: operation.prepare and operation.prepare(path), closes=not operation.journal, path=path)
    files = {one.name: one.read_bytes() for one in path.parent.iterdir() if not one.name.endswith("-shm")}
    made = path.with_name(operation.makes)
    old = digest(made)
    lay(files, base / "first")
    operation.do(path)
    geopackage.close(path)
    new = digest(made)
    if old == new or complaints(made):
        raise AssertionError(f"{name}: {complaints(made) or 'nothing was done'}")
    path = lay(files, base / "recorded")
    child = start(once(operation, path), recording.RECORDING, base / "log")
    said, end = child.lines(), child.ended()
    if end or said[-1:] != ["end"] or digest(path.with_name(operation.makes)) != new:
        raise AssertionError(f"{name}: {said}")
    return Bench(name, operation, files, old, new, tuple(recording.read(base / "log", path.parent)))


def _apart(do: Callable[[], object], *, closes: bool, path: Path) -> None:
    """Do something in a child, which may leave the journal of the file as a killed server does."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            do()
            if closes:
                geopackage.close(path)
            code = 0
        finally:
            os._exit(code)
    if os.waitpid(pid, 0)[1]:
        raise AssertionError(f"{path.name} could not be made")


def killed(bench: Bench, base: Path, every: bool, mine: slice) -> Iterator[str]:
    """End the process before a call, look, and do the same gesture again."""
    chosen = list(bench.calls) if every else _dense(bench.calls)
    for place, call in list(enumerate(chosen[:: bench.operation.step(every)]))[mine]:
        path = bench.lay(base)
        options = ("-e", f"trace={call.name}", "-e", f"inject={call.name}:signal=KILL:when={call.nth}")
        for _ in range(_TRIES):
            child = start(once(bench.operation, path), options, base.parent / f"{base.name}.log")
            said, end = child.lines(), child.ended()
            if end == signal.SIGKILL:
                break
            path = bench.lay(base)
        else:
            if call.name not in _OF_MEMORY:
                yield f"missed {call.name} {call.nth} {said}"
            continue
        found = bench.judge(path, any(line.startswith("ack") for line in said), place)
        bench.operation.do(path)
        geopackage.close(path)
        yield found if digest(path.with_name(bench.operation.makes)) == bench.new else f"again {call.name} {call.nth}"


def _dense(calls: Sequence[Call]) -> list[Call]:
    """Every call that changes what is on the disk, some of those that write a draft, and few of the others."""
    met: Counter[str] = Counter()
    found = []
    for call in calls:
        kind, step = ("draft", SOME) if call.draft else ("lasting", 1) if call.lasting else ("other", FEW)
        met[kind] += 1
        found += [call] if met[kind] % step == 0 else []
    return found


def cut(bench: Bench, base: Path, every: bool, mine: slice) -> Iterator[str]:
    """Take the power away after a call, and look at what the disk may hold."""
    lasting = [place for place, call in enumerate(bench.calls) if call.lasting or call.said]
    ack = next(place for place, call in enumerate(bench.calls) if call.said.startswith("ack"))
    total = CUTS * (10 if every else 1)
    for number in range(total)[mine]:
        place = lasting[number * len(lasting) // total]
        disk, random = Disk(bench.files), Random(f"{bench.name} {number}")
        disk.take(bench.calls[: place + 1])
        path = lay(disk.cut(random), base)
        if random.random() < 0.5 and path.exists():
            path.with_name(path.name + "-shm").write_bytes(random.randbytes(32_768))
        yield bench.judge(path, place >= ack, number)


def refused(bench: Bench, base: Path, every: bool, mine: slice, error: int = errno.ENOSPC) -> Iterator[str]:
    """Let every write from one call on fail; the user is told, can read, and saves once the disk is well again."""
    calls = [call for call in bench.calls if call.name in WRITES or (call.creates and call.lasting)]
    chosen = calls if every else [call for call in _dense(calls) if error == errno.ENOSPC or call.nth % 2]
    for place, call in list(enumerate(chosen[:: bench.operation.step(every)]))[mine]:
        path = bench.lay(base)
        before = Counter(one.name for one in calls[: calls.index(call)])
        rest = sorted({one.name for one in calls if one.name in WRITES} - {call.name})
        first = {one.name: one.nth - 1 for one in reversed(calls)}
        injected = [(name, f"{first[name] + before[name] + 1}+") for name in rest]
        injected.append((call.name, str(call.nth) if call.creates else f"{call.nth}+"))
        options = ["-e", "trace=" + ",".join(name for name, _ in injected)]
        for name, when in injected:
            options += ["-e", f"inject={name}:error={errno.errorcode[error]}:when={when}"]
        child = start(stubbornly(bench.operation, path), options, base.parent / f"{base.name}.log")
        said = child.lines("(read|unread|wrong)")
        hot = path.with_name(f"{path.name}-journal").exists()  # it has to be rolled back first, which takes a write
        child.let_go()
        said += child.lines()
        end = child.ended()
        readable = not (hot or bench.operation.first)
        found = _heard(bench, path, said, end, readable)
        yield "checked" if place % EVERY == 0 and complaints(path.with_name(bench.operation.makes)) else found


def _heard(bench: Bench, path: Path, said: Sequence[str], end: int, readable: bool) -> str:
    words = [line.split()[0] for line in said]
    if end or words[-2:] != ["again", "end"]:
        return f"broken {end} {said}"
    if words[2] != "read" and readable:
        return f"unread {said}"
    made = path.with_name(bench.operation.makes)
    if damage(made) or digest(made) != bench.new:
        return f"wrong {said}"
    return said[1].split()[-1] if words[1] == "told" else "saved"


@contextmanager
def unsynced() -> Iterator[None]:
    """A store that never waits for the disk: what a test that can fail must catch."""
    connect = sqlite.connect

    def loose(path: Path, *, alone: bool = False) -> sqlite3.Connection:
        connection = connect(path, alone=alone)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    with patch.object(sqlite, "connect", loose):
        yield


SWEEPS: dict[str, Callable[[Bench, Path, bool, slice], Iterator[str]]] = {
    "kill": killed,
    "cut": cut,
    "loose": cut,
    "full": refused,
    "fail": lambda *told: refused(*told, error=errno.EIO),
}


def run(name: str, kinds: Sequence[str], *, every: bool) -> dict[str, Any]:
    """Sweeps over one operation, on every core: what came of them, by kind."""
    place = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=place) as folder, still():
        base = Path(folder)
        bench = ready(name, base)
        found = {kind: _spread(kind, bench, base, every) for kind in kinds if kind != "loose"}
        if "loose" in kinds:
            with unsynced():
                found["loose"] = _spread("loose", ready(name, base), base, every)
    return {"operation": name, "calls": len(bench.calls)} | {kind: _counted(ends) for kind, ends in found.items()}


def _spread(kind: str, bench: Bench, base: Path, every: bool) -> list[str]:
    """A sweep in as many processes as there are cores."""
    cores = os.cpu_count() or 1
    fork = get_context("fork")
    lines = [fork.Pipe(duplex=False) for _ in range(cores)]

    def work(number: int) -> None:
        mine = slice(number, None, cores)
        lines[number][1].send(list(SWEEPS[kind](bench, base / f"w{number}", every, mine)))

    workers = [fork.Process(target=work, args=(number,), daemon=True) for number in range(cores)]
    for worker in workers:
        worker.start()
    for _, end in lines:
        end.close()  # so that a worker that dies is seen
    found = [one for line, _ in lines for one in line.recv()]
    for worker in workers:
        worker.join()
    return found


def _counted(ends: Sequence[str]) -> dict[str, Any]:
    """How often a sweep came to what, and the faults themselves."""
    odd = [one for one in ends if " " in one or one in ("torn", "lost", "checked")]
    return {"points": len(ends), "odd": odd[:20]} | dict(Counter(one.split()[0] for one in ends))


if __name__ == "__main__":
    for asked in sys.stdin:
        name, *wanted = asked.split()
        print(json.dumps(run(name, wanted, every="--every" in sys.argv), ensure_ascii=False), flush=True)
