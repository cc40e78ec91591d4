"""Generated documents equal what they are made from, and links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from layers import dictionary

ROOT = Path(__file__).parent.parent


def test_the_data_dictionary_is_up_to_date() -> None:
    assert (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8") == dictionary.dictionary(), (
        "run `make docs`"
    )


@pytest.mark.parametrize("page", ["README.md", *(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md"))])
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert ((ROOT / page).parent / target).exists(), f"{page} → {target}"


def test_no_page_reaches_for_the_internet() -> None:
    """Source, templates and locks name no address outside this machine; facts cite theirs in data/.

    Names of XML vocabularies look like addresses and are never asked for.
    """
    for folder in ("spatial", "layers", "views"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".js", ".css", ".html", ".toml"}:
                text = path.read_text(encoding="utf-8")
                found = re.findall(
                    r"https?://(?!127\.0\.0\.1|localhost|www\.w3\.org|www\.opengis\.net|standards\.iso\.org)[\w.-]+",
                    text,
                )
                assert not found, f"{path.relative_to(ROOT)}: {found}"
    for lock in ROOT.glob("*.lock"):
        assert "://" not in lock.read_text(encoding="utf-8")
