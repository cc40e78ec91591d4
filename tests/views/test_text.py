"""Both languages say the same things, and the screens hold no text of their own."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from views.text import LANGUAGES, texts

VIEWS = Path(__file__).parent.parent.parent / "views"
SOURCES = [path for path in VIEWS.rglob("*.py") if path.parent.name != "text" and path.name != "errors.py"]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_keys_are_equal() -> None:
    assert LANGUAGES["zh-CN"].keys() == LANGUAGES["en"].keys()


@pytest.mark.parametrize("key", LANGUAGES["en"])
def test_both_mention_the_same_facts(key: str) -> None:
    chinese, english = LANGUAGES["zh-CN"][key], LANGUAGES["en"][key]
    assert places(chinese) == places(english)
    assert not re.search(r"[\u4e00-\u9fff]", english) or key == "other_language"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_chinese_in_the_code_of_the_screens(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    found = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docs
    ]
    assert not [text for text in found if re.search(r"[\u4e00-\u9fff]", text)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_key_that_is_asked_for_exists(path: Path) -> None:
    asked = re.findall(r"\b(?:say|text)\(\s*[\"']([a-z0-9_]+)[\"']", path.read_text(encoding="utf-8"))
    assert not [key for key in asked if key not in LANGUAGES["en"]]


def test_every_key_is_used() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    composed = ("tab_", "limit_", "how_", "because_", "layer_", "format_", "page_", "act_", "what_")
    composed += ("field_", "identity_", "right_", "compare_", "way_", "conflict_")
    composed += ("out_crs_", "crs_", "encoding_", "step_", "about_", "for_", "keeps_", "files_")
    composed += (
        "kind_",
        "shape_",
        "basis_",
        "weight_",
        "set_",
        "unit_",
        "rule_",
        "job_",
        "bound_",
        "commit_",
        "done_",
    )
    composed += (
        "reach_",
        "support_",
        "stat_",
        "balance_",
        "ground_",
        "match_",
        "removed_",
        "assigned_",
        "take_",
        "fact_",
        "holds_",
        "rate_way_",
        "rate_view_",
        "assume_",
        "place_",
        "pack_",
        "sift_",
        "lamp_",
        "term_",
        "table_",
        "side_",
        "asked_",
        "light_",
        "view_",
        "reason_",
        "idle_",
        "renewal_",
        "remaining_view_",
        "supply_",
    )
    unused = [
        key for key in LANGUAGES["en"] if not re.search(f"[\"']{key}[\"']", sources) and not key.startswith(composed)
    ]
    assert not unused


def test_an_unknown_language_reads_chinese() -> None:
    assert texts("fr").language == "zh-CN"
