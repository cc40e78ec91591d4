"""Documents of a parcel: attached, taken unchanged, removed, undone; refused where not what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers import stores
from tests.browser.app_server import Server
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

PARCEL = "1516-66C"
NAME = "批复{{7*7}}<img src=x onerror=window.top.XSS=1>.pdf"
CONTENT = b"%PDF-1.7\n" + bytes(range(256))


def give(visit: Visit, name: str, content: bytes) -> None:
    field = visit.page.locator('[class*="st-key-new-document"] input[type=file]').first
    field.set_input_files(files=[{"name": name, "mimeType": "application/pdf", "buffer": content}])


def test_a_document_goes_in_and_comes_out_as_it_was(visit: Visit, server: Server) -> None:
    visit.open()
    visit.find(PARCEL)
    give(visit, NAME, CONTENT)
    visit.page.wait_for_selector(".cz-saved")
    rows = stores.read(server.workspace).table("attachments")
    assert rows[["layer", "name", "size_bytes"]].to_numpy().tolist() == [["parcels", NAME, len(CONTENT)]]
    button = visit.page.locator('[class*="st-key-take-document"] button')
    assert "onerror" in button.inner_text() and "49" not in button.inner_text()
    visit.idle()
    with visit.page.expect_download() as waiting:
        button.click()
    assert Path(waiting.value.path()).read_bytes() == CONTENT
    assert set(visit.frames_say("typeof window.XSS")) == {"undefined"}
    assert visit.page.evaluate("document.querySelectorAll('img[src=x]').length") == 0


def test_what_is_not_what_it_says_is_refused(visit: Visit, server: Server) -> None:
    visit.open()
    visit.find(PARCEL)
    before = stores.revision(server.workspace)
    give(visit, "扫描.pdf", b"MZ no document at all")
    visit.page.wait_for_selector(".cz-refused")
    assert "内容与扩展名不符" in visit.page.inner_text(".cz-refused")
    assert stores.revision(server.workspace) == before


def test_it_is_removed_and_the_removal_taken_back(visit: Visit, server: Server) -> None:
    visit.open()
    visit.find(PARCEL)
    visit.press('[class*="st-key-detach-"] button')
    visit.page.wait_for_selector(".cz-saved")
    assert len(stores.read(server.workspace).table("attachments")) == 0
    visit.idle()
    visit.page.keyboard.press("Control+z")
    visit.page.wait_for_selector('[class*="st-key-take-document"] button')
    assert len(stores.read(server.workspace).table("attachments")) == 1
