"""Which layer of a file comes in where nobody has said it."""

from __future__ import annotations

import pytest

from layers.readers.features import FoundLayer
from layers.readers.wish import Wish
from views.exchange.reading import layer_of

DATA = FoundLayer("项目", 1, None, ())
NOTES = FoundLayer("字段说明", 29, None, ())
DRAWN = FoundLayer("地块", 2, "Polygon", ())


@pytest.mark.parametrize(
    ("layers", "named", "found"),
    [
        ((DATA, NOTES), None, DATA),
        ((NOTES, DATA), "字段说明", NOTES),
        ((NOTES,), None, NOTES),
        ((NOTES, DATA, DRAWN), None, DRAWN),
        ((), None, None),
    ],
)
def test_what_only_explains_the_others_comes_last(
    layers: tuple[FoundLayer, ...], named: str | None, found: FoundLayer | None
) -> None:
    assert layer_of(layers, Wish("a.xlsx", "projects", source_layer=named)) == found
