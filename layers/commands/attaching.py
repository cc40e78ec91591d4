"""Documents are attached to parcels, projects and assignments, and taken off again."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from layers.attachments import CARRIERS
from layers.changes import Key, RowChange, Scene
from layers.commands.errors import DocumentRefused, ValueUnfit
from layers.commands.values import plain
from layers.rows import added, removed, row
from layers.workspace import Workspace

LIMIT_MB = 50
"""Largest document [MB]."""

_MEDIA = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".tif": ("image/tiff", b""),
    ".tiff": ("image/tiff", b""),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ".txt": ("text/plain", b""),
}
"""Endings that may be attached, with their media type and how such a file begins."""

ENDINGS = tuple(_MEDIA)

Facts = Mapping[str, str | int | float | None]


@dataclass(frozen=True)
class Attach:
    """Attach a document to a row; its content goes to the service beside the command."""

    layer: str
    key: str
    sha256: str
    name: str
    media: str
    size_bytes: int
    note: str | None = None
    kind: str = field(default="attach", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """The row that carries it."""
        return ((self.layer, self.key),)

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        """The new row.

        Raises
        ------
        NothingSuch, DocumentRefused, ValueUnfit
        """
        if self.layer not in CARRIERS:
            reason, reason_en = (
                "只有地块、项目和落位可以附加文件",
                "only parcels, projects and assignments carry documents",
            )
            raise DocumentRefused(
                where=self.name[:40], name=self.name[:40], limit=LIMIT_MB, reason=reason, reason_en=reason_en
            )
        named = {"name": self.name, "media": self.media, "size_bytes": self.size_bytes, "note": self.note}
        plain("attachments", named)
        if not re.fullmatch("[0-9a-f]{64}", self.sha256):
            raise ValueUnfit(where="attachments sha256", column="sha256", value=self.sha256[:40])
        row(workspace, self.layer, self.key)
        values = {
            "attachment_id": scene.mint("H"),
            "layer": self.layer,
            "row_key": self.key,
            "name": self.name,
            "media": self.media,
            "size_bytes": self.size_bytes,
            "sha256": self.sha256,
            "note": self.note,
        }
        return (added("attachments", values),)

    def facts(self, workspace: Workspace) -> Facts:  # noqa: ARG002
        """Name and size of the document."""
        return {"layer": self.layer, "name": self.name, "size_bytes": self.size_bytes}


@dataclass(frozen=True)
class Detach:
    """Take a document off; the content stays in the history."""

    attachment_id: str
    kind: str = field(default="detach", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the row."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:  # noqa: ARG002
        """The row goes."""
        return (removed(workspace, "attachments", self.attachment_id),)

    def facts(self, workspace: Workspace) -> Facts:
        """Name of the document."""
        return {"name": str(row(workspace, "attachments", self.attachment_id)["name"])}


def attach(layer: str, key: str, name: str, content: bytes, note: str | None = None) -> Attach:
    """The command that attaches a document.

    Raises
    ------
    DocumentRefused
        When its name, kind or size is none that may be attached.
    """
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1].strip()[:200]
    plain = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "C")
    ending = plain[plain.rfind(".") :].lower() if "." in plain else ""
    media, start = _MEDIA.get(ending, ("", b""))

    def refused(zh: str, en: str) -> DocumentRefused:
        return DocumentRefused(where=plain, name=plain or "?", limit=LIMIT_MB, reason=zh, reason_en=en)

    if not media:
        raise refused(f"不支持的类型 {ending}", f"{ending or 'no ending'} is not a kind that can be attached")
    if not content:
        raise refused("文件为空", "it is empty")
    if len(content) > LIMIT_MB * 1_000_000:
        raise refused("文件过大", "it is too large")
    if not content.startswith(start):
        raise refused("内容与扩展名不符", "its content is not what its ending says")
    return Attach(layer, key, hashlib.sha256(content).hexdigest(), plain, media, len(content), note)
