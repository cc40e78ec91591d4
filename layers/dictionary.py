"""The data dictionary, written from the contracts: `python -m layers.dictionary > docs/data-dictionary.md`."""

from __future__ import annotations

from collections.abc import Iterator

from layers import vocabulary
from layers.catalogue import LAYERS
from layers.contract import Column, Layer


def dictionary() -> str:
    """The whole data dictionary as Markdown, in both languages."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# 数据字典 · Data dictionary"
    yield ""
    yield "Written from the contracts in `layers/` by `make docs`; do not edit. `*` marks a required column."
    yield ""
    yield "Areas are in m² in the working CRS. Lists are `;`-separated. Codes are stored, terms are shown."
    for layer in LAYERS.values():
        yield from _layer(layer)
    yield ""
    yield "## 代码 · Codes"
    for name, terms in vars(vocabulary).items():
        if name.isupper() and isinstance(terms, dict):
            yield from ("", f"### {name.lower()}", "", "| code | 中文 | English |", "|---|---|---|")
            yield from (f"| `{code}` | {zh} | {en} |" for code, (zh, en) in terms.items())


def _layer(layer: Layer) -> Iterator[str]:
    shape = " / ".join(layer.geometry) or "no geometry"
    yield from ("", f"## {layer.zh} · `{layer.name}`", "", f"Each row is {layer.row}. 每行是{layer.row_zh}。")
    yield from (
        "",
        f"Key `{layer.key}`; {shape}.",
        "",
        "| column | 中文 | type | unit | meaning | allowed |",
        "|---|---|---|---|---|---|",
    )
    yield from (_column(column) for column in layer.columns)


def _column(column: Column) -> str:
    limits = [f"≥ {column.minimum:g}"] if column.minimum is not None else []
    limits += [f"≤ {column.maximum:g}"] if column.maximum is not None else []
    allowed = ", ".join(f"`{value}`" for value in column.allowed)
    cells = (
        f"`{column.name}`" + ("*" if column.required else ""),
        column.zh,
        column.kind,
        column.unit,
        column.meaning,
        " ".join(filter(None, [allowed, *limits])) + ("" if column.strict or not allowed else " (recommended)"),
    )
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    print(dictionary(), end="")
