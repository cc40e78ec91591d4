"""Files that a viewer takes away: made in a folder of the session, opened again and compared, told of, then taken."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from layers import scratch
from layers.catalogue import LAYERS
from layers.field_names import SHEETS
from layers.workspace import Workspace
from layers.writers.draft import Told, nobody
from layers.writers.formats import FORMATS
from layers.writers.hand_out import Handed, Order, hand_out
from layers.writers.losses import Loss
from layers.writers.packing import ascii_name
from views.documents import size
from views.markup import Markup, Row, join, note, table, tag
from views.rows import in_words
from views.text import Text

_MOST_COLUMNS = 6


@dataclass(frozen=True)
class Bundle:
    """One archive, or one workbook, that is ready to be taken.

    Parameters
    ----------
    folder
        Lives as long as the bundle does.
    """

    path: Path
    layer: str
    revision: int
    handed: Handed
    folder: tempfile.TemporaryDirectory[str] = field(repr=False)

    @property
    def name(self) -> str:
        """What the file is called where it arrives: letters of ASCII only."""
        return self.path.name

    def content(self) -> bytes:
        """The file, read when it is asked for."""
        return self.path.read_bytes()

    @property
    def size(self) -> str:
        """Its size as people read it."""
        return size(self.path.stat().st_size)


def bundled(workspace: Workspace, order: Order, tell: Told = nobody) -> Bundle:
    """Make the files of an order; where they go is not for the order to say.

    Raises
    ------
    ChengzaiError
        Nothing is left behind then.
    """
    folder = tempfile.TemporaryDirectory(prefix="out-", dir=scratch.home())
    format_ = order.format or "gpkg"
    branch = "" if workspace.scenario == "main" else f"-{ascii_name(workspace.scenario)}"
    part = "" if order.only is None else "-part"  # nobody is to take some parcels for all
    stem = f"{order.layer}{part}{branch}-r{workspace.revision}"
    name = f"{stem}.xlsx" if format_ == "xlsx" else f"{stem}-{format_}.zip"
    path = Path(folder.name) / name
    try:
        handed = hand_out(workspace, replace(order, out=str(path), format=format_), tell)
    except BaseException:
        folder.cleanup()
        raise
    return Bundle(path, order.layer, workspace.revision, handed, folder)


def report(made: Bundle, say: Text) -> Markup:
    """What was made and what the format could not carry, in words, before it is taken."""
    handed = made.handed
    facts = [say("count_rows", count=handed.written), handed.crs[:40], made.size]
    first = note("done", f"{say('export_verified')} · {' · '.join(fact for fact in facts if fact)}")
    gone = [loss for loss in handed.losses if loss.severity == "loss"]
    told = [loss for loss in handed.losses if loss.severity != "loss"]
    parts: list[Markup] = [first]
    if gone:
        parts.append(tag("div", say("losses_heading"), css="cz-h cz-short"))
        parts.append(_lines(gone, made.layer, say))
    elif not told:
        parts.append(tag("p", say("losses_none"), css="cz-hint"))
    if told:
        parts.append(tag("div", say("notes_heading"), css="cz-h"))
        parts.append(_lines(told, made.layer, say))
    return join(parts)


def _lines(lost: Iterable[Loss], layer: str, say: Text) -> Markup:
    """One line a kind of loss, with the columns that it is about."""
    by_message: dict[str, list[Loss]] = {}
    for loss in lost:
        by_message.setdefault(loss.message(say.language), []).append(loss)
    rows = []
    for message, those in by_message.items():
        names = [shown_name(layer, loss.column, say) for loss in those]
        listed = say("list_sign").join(names[:_MOST_COLUMNS])
        if len(names) > _MOST_COLUMNS:
            listed = say("and_more", names=listed, count=len(names))
        rows.append(Row(listed, (message, f"{max(loss.rows for loss in those):,}")))
    return table((say("loss_column"), say("loss_what"), say("loss_rows")), rows, css="cz-losses")


def shown_name(layer: str, column: str, say: Text) -> str:
    """A column as people call it, also where it is one that goes out only."""
    if column == "geometry":
        return say("loss_geometry")
    known = next((one for one in SHEETS[layer] if one.name == column), None)
    if known is None:
        return column
    return known.zh if say.language == "zh-CN" else in_words(column)


def formats_for(layer: str) -> list[str]:
    """Formats that a layer can go out in."""
    if layer in ("remaining", "assignments", "catchments"):
        return list(FORMATS)
    geometry = LAYERS[layer].geometry
    return [
        key
        for key, form in FORMATS.items()
        if not form.needs or (geometry and (form.needs == "geometry" or "Polygon" in geometry))
    ]
