"""Rules of the house that no linter of the shelf knows."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = [
    path
    for folder in ("spatial", "layers", "views", "data", "tests")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".js"} and "__pycache__" not in path.parts
]


def imported(path: Path) -> set[str]:
    """Top-level names that a module imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_the_command_line_needs_no_screens() -> None:
    assert not imported(ROOT / "cli.py") & {"views", "app", "streamlit", "folium"}


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_one_subject(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 450


def test_no_drawer_of_helpers() -> None:
    assert not [path for path in OURS if re.fullmatch(r"(utils?|helpers?|common|misc)", path.stem)]


def test_tests_are_no_package() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py")), "it would shadow the real packages"


def test_the_server_is_set_up_for_an_intranet() -> None:
    """A file that does not parse is passed over by the server without a word, and with it all of this."""
    told = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    server = told["server"]
    assert server["address"] == "127.0.0.1" and server["allowedHosts"] == ["localhost", "127.0.0.1", "::1"]
    assert server["enableXsrfProtection"] and server["enableCORS"]
    assert not server["enableAgentApi"] and not server["enableStaticServing"] and server["maxUploadSize"] == 100
    assert told["client"]["showErrorDetails"] == "none" and not told["browser"]["gatherUsageStats"]
    assert not told["runner"]["magicEnabled"] and told["theme"]["primaryColor"] == "#0f5260"
