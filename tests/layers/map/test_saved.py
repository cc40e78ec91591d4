"""The saved map holds everything and asks nobody, and nothing in it is rendered a second time."""

from __future__ import annotations

import base64
import gzip
import json
import re
from dataclasses import replace

import pytest
from branca.element import Element

from layers.map.blob import decode
from layers.map.files import OWN
from layers.map.joined import joined
from layers.map.saved import saved
from layers.workspace import Workspace
from tests.hostile import PAYLOADS, hostile


def carried(page: str, name: str) -> bytes:
    found = re.search(rf'id="chengzai-{name}">([A-Za-z0-9+/=]+)<', page)
    assert found is not None
    return gzip.decompress(base64.b64decode(found[1]))


def test_it_carries_outlines_names_and_what_parcels_can_give(world: Workspace) -> None:
    page = saved(world, "zh-CN").decode()
    assert len(decode(carried(page, "outlines"))) == 3
    assert json.loads(carried(page, "names")) == {"keys": ["A", "B", "C"], "labels": ["A", "B", "C"]}
    assert len(carried(page, "available")) == 12
    assert "<title>三地块</title>" in page


def test_nothing_is_fetched(world: Workspace) -> None:
    page = saved(world, "en").decode()
    plain = re.sub(r"<!--.*?-->|https?://(?:www\.w3\.org|leafletjs\.com)[^\s\"'<]*", "", page)
    assert not re.findall(r"(?:src|href)=\"(?!data:)[^\"]+\"", plain)
    assert "url(" not in plain


def test_its_one_script_needs_no_other(world: Workspace) -> None:
    page = saved(world, "en").decode()
    found = re.search(r'<script type="importmap">(.*?)</script>', page)
    assert found is not None
    ((name, address),) = json.loads(found[1])["imports"].items()
    assert f'import("{name}")' in page
    source = base64.b64decode(address.partition(",")[2]).decode()
    assert source == joined(OWN, "saved.js") and not re.findall(r"^import\b", source, re.MULTILINE)


@pytest.mark.parametrize("payload", [*PAYLOADS, "{{7*7}}", "{% raw %}", "{#"])
def test_branca_renders_nothing_a_second_time(payload: str) -> None:
    """The guard: branca renders the output of elements as a template again; what we put into pages must not be."""
    page = saved(replace(hostile(), name=payload, name_en=""), "zh-CN").decode()
    found = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert found is not None
    title = found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&#x27;", "'")
    assert title.replace("&amp;", "&") == payload
    assert page.count("{{") == page[: page.index("</title>")].count("{{")


def test_the_guard_would_see_a_second_rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layers.map.saved._Literal", Element)
    page = saved(replace(hostile(), name="{{7*7}}", name_en=""), "zh-CN").decode()
    assert "<title>49</title>" in page
