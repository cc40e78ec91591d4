"""The chosen file as it is looked at and checked; each is done once and kept while it is true."""

from __future__ import annotations

from collections.abc import Sequence

from layers.exchange.inbox import Upload
from layers.exchange.jobs import Progress
from layers.exchange.previews import Preview, preview
from layers.readers.bring_in import Wish, bring_in
from layers.readers.features import FoundLayer
from layers.readers.kinds import Kind
from layers.readers.registry import look
from layers.readers.sheets import ASIDE
from layers.workspace import Workspace
from views.exchange.desk import draft
from views.text import Text
from views.waiting import worked

Found = tuple[Kind, tuple[FoundLayer, ...]]
"""What a file is, and the layers that it holds."""


def looked(
    upload: Upload, say: Text, encoding: str | None = None, *, kind: str = "look", shown: bool = True
) -> Found | None:
    """What a file holds; None while it is looked at.

    Raises
    ------
    FileRefused
    """

    def act(progress: Progress) -> Found:
        source, layers = look(str(upload.path), encoding=encoding, watch=progress)
        return source.kind, layers

    return worked(kind, (upload.sha256, upload.parts, encoding), act, say, shown=shown)


def checked(workspace: Workspace, say: Text) -> Preview | None:
    """What would come of the import as it is wished for; None while it is checked.

    Raises
    ------
    FileRefused, UnsuitableCrs, UnknownCrs
    """
    now = draft()
    wish = now.wish
    if wish is None or now.chosen is None:
        return None
    held = tuple(one.sha256 for one in now.uploads)
    mark = (wish, held, workspace.revision, workspace.scenario, workspace.name)

    def act(progress: Progress) -> Preview:
        arrival = bring_in(workspace, wish, progress)
        progress.step("compare")
        return preview(workspace, wish.layer, arrival)

    return worked("check", mark, act, say)


def layer_of(layers: Sequence[FoundLayer], wish: Wish) -> FoundLayer | None:
    """The layer of the file that comes in: the one that was named, else the one that holds most outlines or rows.

    One that only says what the others hold comes last.
    """
    named = next((one for one in layers if one.name == wish.source_layer), None)
    if named is not None:
        return named
    order = sorted(layers, key=lambda one: (one.name in ASIDE, one.geometry is None, -(one.rows or 0)))
    return next(iter(order), None)
