"""The small language of ``--map TARGET=EXPR``: columns, numbers, + − × ÷ and four functions.

Nothing is handed to Python: the text is cut into tokens and read by recursive descent.

```
sum    = term { ("+" | "-") term }
term   = factor { ("*" | "/") factor }
factor = number | column | name "(" sum { "," sum } ")" | "(" sum ")" | "-" factor
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from layers.contract import Complaint
from layers.readers.errors import ColumnUnknown, ExpressionRefused
from layers.readers.notes import note
from layers.readers.numerals import numbers

FUNCTIONS = ("first", "min", "max", "sum")
_LONGEST, _DEEPEST, _MOST_TOKENS = 2_000, 60, 400
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w]))"
    r"|`(?P<tick>[^`]+)`|\"(?P<quote>[^\"]+)\"|(?P<name>[^\W\d]\w*)|(?P<sign>[-+*/(),]))"
)

Node = tuple[object, ...]
"""``("number", 1.0)``, ``("column", name)`` or ``(operator or function, node, …)``."""


@dataclass(frozen=True)
class Expression:
    """An expression over source columns, read and ready to evaluate."""

    text: str
    node: Node

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that it reads, each once."""
        return tuple(dict.fromkeys(_columns(self.node)))

    @property
    def is_column(self) -> bool:
        """Whether it is one column and nothing else."""
        return self.node[0] == "column"

    def evaluate(self, table: pd.DataFrame) -> tuple[pd.Series, list[Complaint]]:
        """Its value in each row, and what is wrong with numbers kept as text.

        A lone column, and `first`, pass values on as they are; everything else makes numbers. `first`, `min`, `max`
        and `sum` pass over missing values; the four signs give missing where a side is missing. Division by 0 is
        infinite, which the contract then refuses.
        """
        found: list[Complaint] = []
        values = _evaluate(self.node, table, found)
        return values, found


def parse(text: str, columns: list[str]) -> Expression:
    """Read an expression over these columns.

    Parameters
    ----------
    text
        At most 2,000 characters. A text that is a column's whole name is that column, whatever signs it holds.
    columns
        Columns of the source.

    Raises
    ------
    ExpressionRefused, ColumnUnknown

    Examples
    --------
    >>> table = pd.DataFrame({"a": [1.0, None], "用地面积": [10.0, 20.0]})
    >>> parse("sum(a, 用地面积) * 2", list(table)).evaluate(table)[0].tolist()
    [22.0, 40.0]
    """
    if text.strip() in columns:
        return Expression(text, ("column", text.strip()))
    if len(text) > _LONGEST:
        raise ExpressionRefused(where="--map", text=text[:40] + "…", place=_LONGEST)
    node = _Reader(text, columns).whole()
    return Expression(text, node)


class _Reader:
    def __init__(self, text: str, columns: list[str]) -> None:
        self.text, self.known = text, columns
        self.at, self.depth = 0, 0
        self.kind, self.word = "", ""
        self.begin, self.steps = 0, 0
        self.step()

    def step(self) -> None:
        self.begin, self.steps = self.at, self.steps + 1
        match = _TOKEN.match(self.text, self.at)
        if self.steps > _MOST_TOKENS:
            raise self.refused()
        if match is None:
            if self.text[self.at :].strip():
                raise self.refused()
            self.kind, self.word = "end", ""
            return
        self.at = match.end()
        self.kind = str(match.lastgroup)
        self.word = str(match.group(self.kind))

    def refused(self) -> ExpressionRefused:
        return ExpressionRefused(where="--map", text=self.text[:80], place=self.begin + 1)

    def whole(self) -> Node:
        node = self.sum()
        if self.kind != "end":
            raise self.refused()
        return node

    def sum(self) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.refused()
        node = self.term()
        while self.kind == "sign" and self.word in "+-":
            sign = self.word
            self.step()
            node = (sign, node, self.term())
        self.depth -= 1
        return node

    def term(self) -> Node:
        node = self.factor()
        while self.kind == "sign" and self.word in "*/":
            sign = self.word
            self.step()
            node = (sign, node, self.factor())
        return node

    def factor(self) -> Node:
        kind, word = self.kind, self.word
        if kind == "number":
            self.step()
            return ("number", float(word))
        if kind in ("tick", "quote", "name"):
            self.step()
            if kind == "name" and self.kind == "sign" and self.word == "(":
                return self.call(word.lower())
            return ("column", self.column(word))
        if kind == "sign" and word == "(":
            self.step()
            node = self.sum()
            self.close()
            return node
        if kind == "sign" and word == "-":
            self.depth += 1
            if self.depth > _DEEPEST:
                raise self.refused()
            self.step()
            node = ("-", ("number", 0.0), self.factor())
            self.depth -= 1
            return node
        raise self.refused()

    def call(self, name: str) -> Node:
        if name not in FUNCTIONS:
            raise self.refused()
        self.step()
        parts = [self.sum()]
        while self.kind == "sign" and self.word == ",":
            self.step()
            parts.append(self.sum())
        self.close()
        return (name, *parts)

    def close(self) -> None:
        if self.kind != "sign" or self.word != ")":
            raise self.refused()
        self.step()

    def column(self, name: str) -> str:
        if name not in self.known:
            raise ColumnUnknown(where=self.text[:80], column=name[:60], known=", ".join(self.known)[:400])
        return name


def _columns(node: object) -> Iterator[str]:
    if isinstance(node, tuple):
        if node[0] == "column":
            yield str(node[1])
        else:
            for part in node[1:]:
                yield from _columns(part)


def _evaluate(node: Node, table: pd.DataFrame, found: list[Complaint]) -> pd.Series:
    if node[0] == "column":
        return table[str(node[1])]
    if node[0] == "number":
        return pd.Series(float(str(node[1])), index=table.index)
    parts = [part for part in node[1:] if isinstance(part, tuple)]
    if node[0] == "first":
        return _first([_evaluate(part, table, found) for part in parts])
    values = np.stack([_number(part, table, found) for part in parts])
    return pd.Series(_combine(str(node[0]), values), index=table.index)


def _number(node: Node, table: pd.DataFrame, found: list[Complaint]) -> np.ndarray:
    column = _evaluate(node, table, found)
    read = numbers(column)
    name = str(node[1]) if node[0] == "column" else str(node[0])
    for row in np.flatnonzero(read.bad):
        found.append(note("not_a_number", name, row=int(row), severity="error", value=column.iloc[int(row)]))
    for row in np.flatnonzero(read.grouped):
        text, number = column.iloc[int(row)], read.values[row]
        found.append(
            note("thousands_separator", name, row=int(row), severity="warning", value=text, limit=f"{number:.15g}")
        )
    return read.values


def _combine(sign: str, values: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        if sign == "+":
            return values[0] + values[1]
        if sign == "-":
            return values[0] - values[1]
        if sign == "*":
            return values[0] * values[1]
        if sign == "/":
            return np.where((values[1] == 0) & ~np.isnan(values[0]), np.inf, values[0] / values[1])
        if sign == "sum":
            return np.where(np.isnan(values).all(axis=0), np.nan, np.nansum(values, axis=0))
        chosen = np.fmin if sign == "min" else np.fmax
        return np.asarray(chosen.reduce(values, axis=0))


def _first(parts: list[pd.Series]) -> pd.Series:
    chosen = parts[0].astype(object)
    for part in parts[1:]:
        empty = chosen.isna() | (chosen == "")
        chosen = chosen.where(~empty, part.astype(object))
    return chosen.infer_objects()
