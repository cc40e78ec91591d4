"""Tables of text (CSV)."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd

from layers.readers.errors import FileBroken
from layers.readers.features import Choice, Features
from layers.readers.source import Source


def read_csv(source: Source, choice: Choice) -> Features:  # noqa: ARG001
    """Read a table of text; the first line names its columns.

    Raises
    ------
    FileBroken
    """
    text = source.path.read_bytes().decode("utf-8")
    head = text.split("\n", 1)[0]
    mark = max(",;\t", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        names = _distinct([name.strip() for name in next(rows, [])])
        body = [row for row in rows if row]
    except csv.Error as error:
        raise FileBroken(where=source.name, path=source.name, reason=str(error)) from error
    for number, row in enumerate(body):
        if len(row) > len(names) and any(row[len(names) :]):
            reason = f"{number}: {len(row)} > {len(names)}"
            raise FileBroken(where=source.name, path=source.name, reason=reason)
    filled = [row[: len(names)] + [""] * (len(names) - len(row)) for row in body]
    data = np.array(filled, dtype=object).reshape(len(filled), len(names))
    table = pd.DataFrame(data, columns=names, dtype="str").replace("", None)
    return Features(
        table=table,
        shapes=None,
        unreadable=np.zeros(len(table), dtype=bool),
        encoding=source.encoding,
        encoding_basis=source.encoding_basis,
    )


def _distinct(names: list[str]) -> list[str]:
    out: list[str] = []
    for place, name in enumerate(names):
        plain = name or f"column_{place + 1}"
        number = 1
        while plain in out:
            number += 1
            plain = f"{name or 'column'}_{number}"
        out.append(plain)
    return out
