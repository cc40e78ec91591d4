"""Texts of a drawing that could be numbers of parcels or their uses: how many outlines hold exactly one of them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from layers.readers.columns import Plan
from layers.readers.doubts.finding import Cure, Finding
from layers.readers.doubts.uses import code_of, lists
from layers.readers.drawings import LAYER, TEXT

_ONE, _DISTINCT, _CODES = 0.6, 0.95, 0.8
"""Shares of outlines with one text, of these that differ, and of texts that are codes of land use."""
_SAMPLES = 3


def findings(table: pd.DataFrame, how: Plan) -> Iterator[Finding]:
    """Proposals for parcel number and land use, where no column is read as them yet.

    Parameters
    ----------
    table
        Outlines with the texts inside them: a column for each layer of texts, and one for all of them.
    how
        What is read from what.
    """
    used = {column for expression in how.reads.values() for column in expression.columns}
    free = [str(name) for name in table.columns if name not in used and name != LAYER]
    if TEXT in free and any(table[TEXT].equals(table[name]) for name in used if name in table):
        free.remove(TEXT)  # the same texts once more
    free.sort(key=lambda name: name == TEXT)  # a layer of its own says more than all texts together
    for target in ("parcel_no", "land_use"):
        if target in how.reads or target not in how.layer.names:
            continue
        found = next((one for name in free if (one := _proposed(table[name], name, target)) is not None), None)
        if found is not None:
            yield found
            free = [name for name in free if found.evidence["layer"] != name]


def _proposed(texts: pd.Series, name: str, target: str) -> Finding | None:
    there = texts.notna()
    single = texts[there & ~texts.str.contains("; ", regex=False, na=False)]
    one, several = len(single) / max(len(texts), 1), int(there.sum()) - len(single)
    if one < _ONE:
        return None
    codes = code_of(single)
    known = frozenset().union(*lists().values())
    share = float((codes.isin(known) & (single.str.len() <= 2 * codes.str.len().fillna(0) + 8)).mean())
    distinct = single.nunique() / len(single)
    if share < _CODES if target == "land_use" else distinct < _DISTINCT:
        return None
    evidence = {
        "layer": name,
        "one": one,
        "several": several,
        "none": int((~there).sum()),
        "distinct": distinct,
        "samples": single.head(_SAMPLES).tolist(),
        "sample": ", ".join(single.head(_SAMPLES)),
    }
    cure = Cure("map_text", {"maps": {target: name}}, {"layer": name, "column": target})
    return Finding("texts_could_be", "asks", evidence, target, (), cure)
