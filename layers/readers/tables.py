"""Tables without geometry: CSV text, and the records of a file that is joined to another."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from layers.readers.errors import FileBroken
from layers.readers.gdal import Features, read_features
from layers.readers.source import Source, open_source


def read_source(text: str, *, layer: str | None = None, encoding: str | None = None) -> tuple[Source, Features]:
    """Read any file that may come in.

    Parameters
    ----------
    text
        Path as the user gave it.
    layer
        Layer of a source with several.
    encoding
        As the user gave it; None decides by the bytes.

    Raises
    ------
    FileRefused
        With the reason and the cure.
    """
    with tempfile.TemporaryDirectory(prefix="chengzai-") as scratch:
        source = open_source(text, Path(scratch), encoding)
        if source.kind == "csv":
            return source, _csv(source)
        return source, read_features(source, layer, encoding)


def _csv(source: Source) -> Features:
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
