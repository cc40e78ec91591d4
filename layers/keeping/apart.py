"""Trying a large copy out in a process of its own: playing a long history through would hold up every page meanwhile.

``python -m layers.keeping.apart FILE`` looks at a file that nobody has open and says what it found as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

from layers.stores.examining import Examined, examine
from spatial.errors import ChengzaiError

LARGE = 10_000_000
"""Size [bytes] from which a process of its own is worth its start."""

_ROOT = Path(__file__).parent.parent.parent
_YIELDS = 15
"""How far it steps back behind the server, as `nice` counts it."""


def examined(path: Path) -> Examined:
    """What `examine` says of a whole file, without the present state; large ones are looked at elsewhere.

    Raises
    ------
    NotAWorkspace
    """
    if path.stat().st_size < LARGE:
        return replace(examine(path), main=None)
    command = [sys.executable, "-m", "layers.keeping.apart", str(path)]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, check=False)  # noqa: S603 our own module
    try:
        told = json.loads(done.stdout)
        faults = tuple((code, facts) for code, facts in told.pop("faults"))
        return Examined(**told, faults=faults)
    except (ValueError, KeyError, TypeError):  # it ended without an answer: no memory, say
        return replace(examine(path), main=None)


def main() -> None:
    """Look at the file that is named; an error of ours ends it without an answer, and is met again by who asked."""
    if hasattr(os, "nice"):
        os.nice(_YIELDS)
    try:
        print(json.dumps(asdict(replace(examine(Path(sys.argv[1])), main=None))))
    except ChengzaiError as error:
        print(error, file=sys.stderr)


if __name__ == "__main__":
    main()
