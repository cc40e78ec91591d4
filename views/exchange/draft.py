"""An import that is being prepared: one frozen value, so that going back and forth loses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from layers.exchange.inbox import Upload
from layers.readers.doubts.finding import Finding
from layers.readers.wish import Wish

Step = Literal["file", "found", "columns", "preview", "done"]
STEPS: tuple[Step, ...] = ("file", "found", "columns", "preview")


@dataclass(frozen=True)
class Draft:
    """Where a viewer stands with an import, and all that they have said.

    Parameters
    ----------
    uploads
        What they handed over.
    chosen
        The one of them that comes in.
    layer
        Where it is to come in.
    said
        What they ask of it; None before anything is chosen.
    cures
        Doubts about it whose cures they confirmed.
    done
        What the import did, once it is written.
    """

    step: Step = "file"
    uploads: tuple[Upload, ...] = ()
    chosen: Upload | None = None
    layer: str = "parcels"
    said: Wish | None = None
    cures: tuple[Finding, ...] = ()
    done: Mapping[str, Any] = field(default_factory=dict)

    @property
    def wish(self) -> Wish | None:
        """What is asked of the file, with the cures that were confirmed."""
        return None if self.said is None else _with(self.said, self.cures)

    def at(self, step: Step) -> Draft:
        """The same at another step."""
        return replace(self, step=step)

    def with_uploads(self, uploads: tuple[Upload, ...]) -> Draft:
        """After files came or went. What is chosen stays chosen while its contents are the same."""
        same = next((one for one in uploads if self.chosen and one.key == self.chosen.key), None)
        draft = replace(self, uploads=uploads)
        if same is not None and self.chosen is not None and same.sha256 == self.chosen.sha256:
            return draft
        spatial = [one for one in uploads if one.path.suffix not in (".csv", ".xlsx", ".dbf")]
        return replace(draft, chosen=None, said=None, cures=(), step="file").choosing(
            same or next(iter(spatial), None) or next(iter(uploads), None)
        )

    def choosing(self, upload: Upload | None) -> Draft:
        """With another file to come in; what was said of the one before is of no use to it."""
        if upload == self.chosen and (upload is None or self.said is not None):
            return self
        said = None if upload is None else Wish(file=str(upload.path), layer=self.layer, called=upload.name)
        return replace(self, chosen=upload, said=said, cures=())

    def into(self, layer: str) -> Draft:
        """Into another layer, whose columns are others."""
        if layer == self.layer or self.said is None:
            return replace(self, layer=layer)
        said = replace(self.said, layer=layer, maps={}, constants={}, drop=frozenset())
        return replace(self, layer=layer, said=said, cures=())

    def saying(self, **changes: Any) -> Draft:
        """With another wish. What a cure said of the same thing becomes the user's own word, and is said over."""
        if self.said is None:
            return self
        same = [one for one in self.cures if one.cure is not None and one.cure.changes.keys() & changes.keys()]
        said = replace(_with(self.said, same), **changes)
        return replace(self, said=said, cures=tuple(one for one in self.cures if one not in same))

    def curing(self, finding: Finding, *, on: bool) -> Draft:
        """With a cure confirmed, or not any more."""
        others = tuple(one for one in self.cures if doubt(one) != doubt(finding))
        return replace(self, cures=(*others, finding) if on else others)

    def mapping(self, target: str, expression: str | None) -> Draft:
        """With a target read from an expression; None leaves it to the names again."""
        if self.wish is None:
            return self
        maps = {name: text for name, text in self.wish.maps.items() if name != target}
        if expression is not None:
            maps[target] = expression
        return self.saying(maps=maps)

    @property
    def others(self) -> tuple[Upload, ...]:
        """Files that could be joined to the one that comes in."""
        return tuple(one for one in self.uploads if self.chosen is None or one.key != self.chosen.key)


def doubt(finding: Finding) -> str:
    """What tells a doubt from the others about the same file."""
    return f"{finding.code} {finding.column or ''}"


def _with(said: Wish, findings: Iterable[Finding]) -> Wish:
    for finding in findings:
        if finding.cure is not None:
            said = finding.cure.apply(said)
    return said
