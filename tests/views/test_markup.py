"""Whatever stands in a workspace is text on the page."""

from __future__ import annotations

import html
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.matching import in_all
from tests.hostile import PAYLOADS, hostile
from views.card import card_more, card_top, parcel_at
from views.markup import Row, escape, note, table, tag
from views.parcel_map import heard
from views.sheet import sheet
from views.text import texts
from views.zones_panel import functions_view, headline, notes_view, zones_view

TAGS = re.compile(r"</?([a-z0-9]+)((?: [a-z_-]+=\"[^\"<>]*\")*)>")
OURS = {
    "div",
    "span",
    "b",
    "i",
    "p",
    "small",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "dl",
    "dt",
    "dd",
    "caption",
}


@given(st.text())
def test_text_comes_back_whole(text: str) -> None:
    made = escape(text)
    assert html.unescape(made) == text
    assert not set("<>\"'") & set(made)


@given(st.text(), st.text())
def test_attributes_cannot_be_left(title: str, body: str) -> None:
    made = tag("span", body, title=title)
    assert TAGS.sub("", made) == escape(body) or set("&") & set(made)
    assert made.count("<") == 2


def test_every_piece_of_the_first_page_is_ours() -> None:
    workspace = hostile()
    assert in_all(workspace).asked[1] > 0
    for language in ("zh-CN", "en"):
        say, found = texts(language), sheet(workspace)
        page = headline(found, say) + zones_view(workspace, found, say)
        page += functions_view(workspace, say) + notes_view(workspace, found, say)
        for row in range(len(PAYLOADS)):
            parcel = parcel_at(workspace, row)
            page += card_top(parcel, say) + card_more(parcel, say)
        assert {name for name, _ in TAGS.findall(page)} <= OURS
        assert not set("<>") & set(TAGS.sub("", page))
        assert " onerror=" not in TAGS.sub(lambda found: found.group(0), "").join(TAGS.findall(page)[0])


def test_tables_and_notes_escape_cells() -> None:
    made = table(["<a>"], [Row("<b>", ["<i>"])]) + note("hint", "<u>", "<s>")
    assert "<a>" not in made and "<i>" not in made and "<u>" not in made and "<s>" not in made


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "select",
        {"kind": "select"},
        {"kind": "select", "key": 0, "nonce": "n"},
        {"kind": "select", "key": ["p1"], "nonce": "n"},
        {"kind": "select", "key": "p4", "nonce": "n"},
        {"kind": "select", "key": "p1", "nonce": "n" * 50},
        {"kind": "select", "key": "p1", "nonce": 7},
        {"kind": "other", "key": "p1", "nonce": "n"},
    ],
)
def test_what_the_browser_sends_is_not_believed(value: object) -> None:
    assert heard(value, pd.Index(["p1", "p2"])) is None


def test_a_click_beside_every_parcel_lets_go() -> None:
    assert heard({"kind": "select", "key": None, "nonce": "n"}, pd.Index(["p1"])) == ("n", None)
