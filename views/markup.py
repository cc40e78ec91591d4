"""HTML of the pages, made of escaped parts: text of the workspace never becomes markup."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class Markup(str):
    """Text that is HTML already; everything else is escaped on its way in."""

    __slots__ = ()


Part = str | Markup


def escape(part: object) -> Markup:
    """A part as HTML.

    >>> escape("<b> & 'x'")
    '&lt;b&gt; &amp; &#x27;x&#x27;'
    >>> escape(tag("b", "<"))
    '<b>&lt;</b>'
    """
    return part if isinstance(part, Markup) else Markup(html.escape("" if part is None else str(part), quote=True))


def tag(name: str, /, *parts: object, css: str = "", **attributes: str) -> Markup:
    """An element around escaped parts; a trailing underscore of an attribute is dropped, others become hyphens.

    >>> tag("span", "a < b", css="x", title='"')
    '<span class="x" title="&quot;">a &lt; b</span>'
    """
    named = ({"class": css} if css else {}) | attributes
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in named.items())
    return Markup(f"<{name}{written}>{join(parts)}</{name}>")


def join(parts: Iterable[object]) -> Markup:
    """Parts one after the other."""
    return Markup("".join(escape(part) for part in parts))


def note(kind: str, message: str, more: str = "") -> Markup:
    """A line that says how something went: ``saved``, ``refused`` or ``hint``."""
    follow = (tag("span", more, css="cz-more"),) if more else ()
    return tag("div", tag("span", message, css="cz-said"), *follow, css=f"cz-note cz-{kind}", role="status")


def unmarked(text: str) -> str:
    """Text for a label of Streamlit, which reads a little Markdown: its signs are kept plain.

    >>> unmarked("a_b")
    'a\\\\_b'
    """
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()#+-.!|<>~:$^=" else sign for sign in text)


@dataclass(frozen=True)
class Row:
    """A row of a table: its heading and cells; `kind` is a CSS class."""

    head: Part
    cells: Sequence[Part]
    kind: str = ""


def table(head: Sequence[Part], rows: Sequence[Row], *, css: str = "", caption: str = "") -> Markup:
    """A table with headings on both sides."""
    top = tag("thead", tag("tr", *(tag("th", cell, scope="col") for cell in head)))
    body = tag(
        "tbody",
        *(
            tag("tr", tag("th", row.head, scope="row"), *(tag("td", cell) for cell in row.cells), css=row.kind)
            for row in rows
        ),
    )
    title = (tag("caption", caption),) if caption else ()
    return tag("table", *title, top, body, css=f"cz-table {css}".strip())


@dataclass(frozen=True)
class Segment:
    """A piece of a bar: its share of the whole scale, its class, and what it says under the pointer."""

    share: float
    css: str
    title: str


def bar(segments: Sequence[Segment], line: float | None = None, line_title: str = "") -> Markup:
    """A stacked bar on a scale of 1; `line` marks what is permitted, and what lies beyond it is over."""
    pieces = [
        tag("i", css=f"cz-seg {piece.css}", style=f"width:{piece.share * 100:.3f}%", title=piece.title)
        for piece in segments
        if piece.share > 0
    ]
    end = sum(piece.share for piece in segments)
    if line is not None and end > line + 1e-9:
        beyond = f"left:{line * 100:.3f}%;width:{(end - line) * 100:.3f}%"
        pieces.append(tag("b", css="cz-over", style=beyond, title=line_title))
    if line is not None:
        pieces.append(tag("b", css="cz-limit", style=f"left:{line * 100:.3f}%", title=line_title))
    return tag("div", *pieces, css="cz-bar")
