"""What strace saw: every system call of an operation, and the files as they could be after a power cut.

A write is on the disk for certain only after an fsync of its file, and a name only after an fsync of its folder. What
was not synced may be there, may not, and may be there in part, sector by sector, in any order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SECTOR = 512
RECORDING = ("-y", "-xx", "-s", "100000000", "-e", "trace=%file,%desc")

Files = dict[str, bytes]
"""Content of the files of a folder by name."""

WRITES = frozenset({"pwrite64", "pwritev", "write", "ftruncate", "fallocate", "fsync", "fdatasync"})
"""Calls that a full or failing disk refuses."""

NAMES = frozenset({"unlink", "unlinkat", "rename", "renameat", "renameat2", "link", "linkat"})

_CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+|\?)(.*)$")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_HANDLE = re.compile(r"(\d+)<((?:\\x[0-9a-f]{2})*)>")


@dataclass(frozen=True)
class Call:
    """One system call.

    Parameters
    ----------
    nth
        Which call of this name it was, from 1.
    files
        Files of the workspace's folder that it names or holds open; ``.`` is the folder.
    data
        What it wrote.
    numbers
        Its plain numbers, in their order, and what it answered, last.
    """

    name: str
    nth: int
    files: tuple[str, ...] = ()
    data: bytes = b""
    numbers: tuple[int, ...] = ()
    creates: bool = False
    said: str = ""

    @property
    def lasting(self) -> bool:
        """Whether it changes what is, or is to be, on the disk."""
        mine = [name for name in self.files if not name.endswith("-shm")]
        return bool(mine) and (self.name in WRITES | NAMES or self.creates)

    @property
    def draft(self) -> bool:
        """Whether it writes to a file that has no name of its own yet, and that a failure simply throws away."""
        return self.name in ("pwrite64", "write") and any(".part" in name for name in self.files)


def read(log: Path, folder: Path) -> list[Call]:
    """The calls of an operation that touch the file system, from its beginning to its end."""
    counts: Counter[str] = Counter()
    found: list[Call] = []
    begun = False
    for line in log.read_text("ascii").splitlines():
        match = _CALL.match(line)
        if match is None:
            continue
        name, inside, answer = match[1], match[2], match[3]
        counts[name] += 1
        call = _call(name, counts[name], inside, answer, folder)
        begun = begun or call.said == "begin"
        if begun and (call.files or call.said):
            found.append(call)
    return found


def _call(name: str, nth: int, inside: str, answer: str, folder: Path) -> Call:
    texts = [_bytes(text) for text in _TEXT.findall(inside)]
    if name == "writev":
        return Call(name, nth, said=texts[0].decode().strip())
    holds = [_bytes(path) for _, path in _HANDLE.findall(inside)]
    data = texts[-1] if name in ("pwrite64", "write") and texts else b""
    paths = [*holds, *(text for text in texts if text is not data)]
    files = tuple(dict.fromkeys(one for one in (_inside(path, folder) for path in paths) if one))
    bare = _TEXT.sub("", _HANDLE.sub("", inside))
    numbers = [int(one) for one in re.findall(r"(?<![\w.])-?\d+(?![\w.])", bare)]
    creates = name in ("openat", "open") and "O_CREAT" in inside
    return Call(name, nth, files, data, (*numbers, int(answer) if answer != "?" else -1), creates)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _inside(path: bytes, folder: Path) -> str:
    own = str(folder).encode()
    if path == own:
        return "."
    return path[len(own) + 1 :].decode() if path.startswith(own + b"/") else ""


@dataclass(eq=False)
class _Inode:
    synced: bytearray = field(default_factory=bytearray)
    waiting: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Writes by their place; None in the place of data: the file is cut, or filled, to that length."""

    @property
    def length(self) -> int:
        """How long the file is for those who use it."""
        found = len(self.synced)
        for place, data in self.waiting:
            found = place if data is None else max(found, place + len(data))
        return found


class Disk:
    """A folder on a disk that keeps only what it was made to keep."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._synced = {name: _Inode(bytearray(content)) for name, content in files.items()}
        self._names = dict(self._synced)
        self._waiting: list[tuple[str, _Inode | None]] = []

    def take(self, calls: Iterable[Call]) -> None:
        """Let calls happen."""
        for call in calls:
            if call.lasting and call.numbers[-1] >= 0:
                self._take(call)

    def _take(self, call: Call) -> None:
        name = call.files[0]
        node = self._names.get(name)
        if call.creates:
            if node is None:
                self._name(name, _Inode())
        elif call.name in ("unlink", "unlinkat"):
            self._name(name, None)
        elif call.name in ("rename", "renameat", "renameat2", "link", "linkat"):
            self._name(call.files[1], node)
            if call.name.startswith("rename"):
                self._name(name, None)
        elif call.name in ("fsync", "fdatasync"):
            self._sync(name, node)
        elif node is not None:  # else it was deleted while it was open
            if call.name == "pwrite64":
                node.waiting.append((call.numbers[-2], call.data))
            elif call.name == "write":  # small texts are written so, new files from their beginning
                node.waiting.append((node.length, call.data))
            elif call.name == "ftruncate":
                node.waiting.append((call.numbers[-2], None))
            else:
                raise NotImplementedError(call.name)

    def _name(self, name: str, node: _Inode | None) -> None:
        self._waiting.append((name, node))
        _put(self._names, name, node)

    def _sync(self, name: str, node: _Inode | None) -> None:
        if name == ".":
            for one in self._waiting:
                _put(self._synced, *one)
            self._waiting.clear()
        elif node is not None:
            for write in node.waiting:
                _write(node.synced, write)
            node.waiting.clear()

    def cut(self, random: Random) -> Files:
        """The files after a power cut: of what was not synced some is there, some is not, some is torn."""
        names = dict(self._synced)
        for one in self._waiting[: random.randint(0, len(self._waiting))]:  # a folder's journal is kept in order
            _put(names, *one)
        how, share = random.choice(("nothing", "first", "some", "torn")), random.choice((0.1, 0.5, 0.9))
        contents: dict[_Inode, bytes] = {}
        for node in names.values():
            content = bytearray(node.synced)
            for write in _survivors(node.waiting, how, share, random):
                _write(content, write)
            contents[node] = bytes(content)
        return {name: contents[node] for name, node in names.items()}


def _put(names: dict[str, _Inode], name: str, node: _Inode | None) -> None:
    if node is None:
        names.pop(name, None)
    else:
        names[name] = node


def _survivors(
    waiting: Sequence[tuple[int, bytes | None]], how: str, share: float, random: Random
) -> list[tuple[int, bytes | None]]:
    if how == "nothing":
        return []
    if how == "first":
        return list(waiting[: random.randint(0, len(waiting))])
    found: list[tuple[int, bytes | None]] = []
    for place, data in waiting:
        if how == "some" or data is None:
            found += [(place, data)] if random.random() < share else []
            continue
        start = 0
        while start < len(data):
            end = min(len(data), start + SECTOR - (place + start) % SECTOR)
            found += [(place + start, data[start:end])] if random.random() < share else []
            start = end
    return found


def _write(content: bytearray, write: tuple[int, bytes | None]) -> None:
    place, data = write
    end = place if data is None else place + len(data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if data is None:
        del content[place:]
    else:
        content[place:end] = data
