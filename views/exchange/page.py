"""Data exchange: files come in, layers go out."""

from __future__ import annotations

from views import acts
from views.exchange import handing_out
from views.session import text


def page() -> None:
    """Draw the page."""
    acts.page(board)


def board() -> None:
    """What can be exchanged."""
    handing_out.board(text())


if __name__ == "__main__":
    page()
