"""Who may fetch what the map fetches: whoever holds an address that was made for them, while it holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from layers.map.signing import PROCESS, Signer
from spatial.errors import ChengzaiError

Holder = Callable[[HTTPConnection, str], str]
"""Gives the name of whoever asks, where they have a role in a workspace; raises an error of ours for anybody else."""


_WINDOW_S = 6 * 60 * 60
"""An address holds for one to two of these. It stays the same within one, so that the browser need not ask again."""


def sealed(place: str, holder: str, **more: str) -> dict[str, str]:
    """What every address says: where, for whom, and until when."""
    until = str((int(time.time()) // _WINDOW_S + 2) * _WINDOW_S)
    return {"place": place, "holder": holder, "until": until, **more}


@dataclass(frozen=True)
class Admission:
    """The one check that stands before every route with data of the map."""

    holder: Holder
    signer: Signer = PROCESS

    def admits(self, request: HTTPConnection, path: str, query: Mapping[str, str], free: Sequence[str] = ()) -> bool:
        """Whether the query of a request is sealed for a path, not too old, and made for whoever asks.

        Parameters
        ----------
        free
            What the browser itself may say, outside the seal.
        """
        if not self.signer.knows(path, query, free) or int(query.get("until", "0")) < time.time():
            return False
        try:
            return self.holder(request, query.get("place", "")) == query.get("holder", "")
        except ChengzaiError:
            return False
