"""Documents on rows: only kinds that are known, under a plain name, on rows that are there."""

from __future__ import annotations

import hashlib

import pytest

from layers.changes import Command
from layers.commands import Assign, Attach, Delete, Detach, Leave, Unassign, attach
from layers.commands.attaching import ENDINGS, LIMIT_MB
from layers.commands.errors import DocumentRefused, ValueUnfit
from layers.errors import NothingSuch, StillReferred
from layers.workspace import Workspace
from spatial.errors import tell
from tests.layers.commands.doing import changes, did, every_row, undone

PDF = b"%PDF-1.7 \xe6\x89\xb9\xe5\xa4\x8d"


@pytest.mark.parametrize(("layer", "key"), [("parcels", "A"), ("projects", "p1"), ("assignments", "A00001")])
def test_a_document_is_attached_and_taken_off(world: Workspace, layer: str, key: str) -> None:
    here = did(world, Assign("A", "p1", 100.0))
    command = attach(layer, key, "批复.PDF", PDF, "原件")
    after = did(here, command)
    row = after.table("attachments").iloc[0].to_dict()
    assert row == {
        "attachment_id": "H00001",
        "layer": layer,
        "row_key": key,
        "name": "批复.PDF",
        "media": "application/pdf",
        "size_bytes": len(PDF),
        "sha256": hashlib.sha256(PDF).hexdigest(),
        "note": "原件",
    }
    assert every_row(did(after, Detach("H00001"))) == every_row(here)
    assert every_row(undone(after, changes(here, command))) == every_row(here)


def test_a_row_that_goes_takes_its_documents_along(world: Workspace) -> None:
    after = did(world, attach("projects", "p1", "a.pdf", PDF), attach("projects", "p2", "b.pdf", PDF))
    assert did(after, Delete("projects", "p1")).table("attachments")["name"].tolist() == ["b.pdf"]


@pytest.mark.parametrize("act", [Unassign("A00001"), Leave("p1", "2026-11-20", "")])
def test_an_assignment_that_goes_takes_its_documents_along(world: Workspace, act: Command) -> None:
    after = did(world, Assign("A", "p1", 100.0), attach("assignments", "A00001", "a.pdf", PDF))
    assert len(did(after, act).table("attachments")) == 0
    assert every_row(undone(did(after, act), changes(after, act))) == every_row(after)


def test_an_act_is_not_taken_back_from_under_a_document(world: Workspace) -> None:
    act = Assign("A", "p1", 100.0)
    after = did(world, act, attach("assignments", "A00001", "a.pdf", PDF))
    with pytest.raises(StillReferred):
        undone(after, changes(world, act))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/a.pdf", "a.pdf"),
        ("C:\\scans\\a.pdf", "a.pdf"),
        ("a\x00\n.pdf", "a.pdf"),
        ("a\u202efdp.pdf", "afdp.pdf"),
        ("ſ".join(["a", ".pdf"]), "aſ.pdf"),
    ],
)
def test_a_name_is_only_a_name(name: str, kept: str) -> None:
    assert attach("parcels", "A", name, PDF).name == kept


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a.svg", b"<svg/>"),
        ("a.html", b"<p>"),
        ("a", PDF),
        ("", PDF),
        ("a.pdf", b""),
        ("a.pdf", b"MZ\x90"),
        ("a.png", PDF),
        ("a.txt", b"x" * (LIMIT_MB * 1_000_000 + 1)),
    ],
)
def test_what_cannot_be_attached(name: str, content: bytes) -> None:
    with pytest.raises(DocumentRefused) as refused:
        attach("parcels", "A", name, content)
    for language in ("zh-CN", "en"):
        said = tell(refused.value, language)
        assert "{" not in said["message"] + said["cure"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_that_begins_as_its_ending_says_is_taken(ending: str) -> None:
    starts = {".pdf": PDF, ".png": b"\x89PNG\r\n\x1a\n", ".docx": b"PK\x03\x04", ".xlsx": b"PK\x03\x04"}
    starts |= dict.fromkeys((".jpg", ".jpeg"), b"\xff\xd8\xff\xe0")
    starts |= dict.fromkeys((".tif", ".tiff"), b"II*\x00")
    assert attach("parcels", "A", f"a{ending}", starts.get(ending, b"text")).media


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (Attach("zones", "east", "a" * 64, "a.pdf", "application/pdf", 3), DocumentRefused),
        (Attach("streets", "x", "a" * 64, "a.pdf", "application/pdf", 3), DocumentRefused),
        (Attach("parcels", "Z", "a" * 64, "a.pdf", "application/pdf", 3), NothingSuch),
        (Attach("parcels", "A", "../" * 21 + "x", "a.pdf", "application/pdf", 3), ValueUnfit),
        (Attach("parcels", "A", "A" * 64, "a.pdf", "application/pdf", 3), ValueUnfit),
        (Attach("parcels", "A", "a" * 64, "a\ud800.pdf", "application/pdf", 3), ValueUnfit),
        (Attach("parcels", "A", "a" * 64, "a.pdf", "application/pdf", True), ValueUnfit),
        (Detach("H00001"), NothingSuch),
    ],
)
def test_a_forged_document_is_refused(world: Workspace, command: Attach, reason: type[Exception]) -> None:
    with pytest.raises(reason):
        changes(world, command)
