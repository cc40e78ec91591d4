"""Parcel numbers that are missing, repeated, or the same but for how they are typed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from layers.readers.doubts.finding import Finding

_COLUMN = "parcel_no"
_SAMPLES = 5


def findings(numbers: pd.Series) -> Iterator[Finding]:
    """What is doubtful about parcel numbers.

    Parameters
    ----------
    numbers
        As they are kept, trimmed and in half-width signs; shape (n,).

    Examples
    --------
    >>> [found.code for found in findings(pd.Series(["A-1", "A-1", "a -1", None]))]
    ['parcel_no_missing', 'parcel_no_duplicate', 'parcel_no_alike']
    """
    absent = numbers.isna().to_numpy()
    if absent.any() and len(numbers):
        share = float(absent.mean())
        yield Finding("parcel_no_missing", "tells", {"share": share}, _COLUMN, _rows(absent))
    repeated = numbers.duplicated(keep=False).to_numpy() & ~absent
    if repeated.any():
        counts = numbers[repeated].value_counts()
        samples = [f"{number} × {count}" for number, count in counts.head(_SAMPLES).items()]
        evidence = {"numbers": len(counts), "samples": samples, "sample": samples[0]}
        yield Finding("parcel_no_duplicate", "asks", evidence, _COLUMN, _rows(repeated))
    # a hyphen parts numbers, so that 1-12 is not 11-2; how it is typed says nothing
    folded = numbers.str.casefold().str.replace(r"[_‐-―－]", "-", regex=True).str.replace(r"\s+", "", regex=True)
    alike = folded.duplicated(keep=False).to_numpy() & ~absent
    if alike.any():
        kinds = numbers[alike].groupby(folded[alike].to_numpy()).agg(["nunique", "first", "last"])
        kinds = kinds[kinds["nunique"] > 1]
        rows = alike & folded.isin(kinds.index).to_numpy()
        if rows.any():
            samples = [_pair(numbers[alike & (folded == key).to_numpy()]) for key in kinds.index[:_SAMPLES]]
            yield Finding("parcel_no_alike", "asks", {"samples": samples, "sample": samples[0]}, _COLUMN, _rows(rows))


def _pair(values: pd.Series) -> str:
    return " / ".join(map(str, values.unique()[:3]))


def _rows(where: np.ndarray) -> tuple[int, ...]:
    return tuple(np.flatnonzero(where).tolist())
