"""Addresses that only this process can hand out.

Routes of the app stand outside the sessions of the screens, so each address of map data carries a seal over its
path and its query. The secret lives as long as the process.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

SEAL = "seal"


@dataclass(frozen=True)
class Signer:
    """Seals addresses and knows its own seals again.

    Examples
    --------
    >>> signer = Signer(b"secret")
    >>> address = signer.sign("/map/state.json", {"revision": "3"})
    >>> seal = address.rsplit("=", 1)[1]
    >>> signer.knows("/map/state.json", {"revision": "3", "seal": seal})
    True
    >>> signer.knows("/map/state.json", {"revision": "4", "seal": seal})
    False
    """

    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def sign(self, path: str, query: Mapping[str, str]) -> str:
        """The address of a path with its query and seal."""
        return f"{path}?{urlencode({**query, SEAL: self._seal(path, query)})}"

    def knows(self, path: str, query: Mapping[str, str], free: Sequence[str] = ()) -> bool:
        """Whether the seal among the query is ours for this path and the rest of the query.

        Parameters
        ----------
        free
            What the browser itself may say, outside the seal.
        """
        rest = {key: value for key, value in query.items() if key != SEAL and key not in free}
        given = query.get(SEAL, "")
        return hmac.compare_digest(given.encode("utf-8"), self._seal(path, rest).encode("ascii"))

    def _seal(self, path: str, query: Mapping[str, str]) -> str:
        text = f"{path}|{urlencode(sorted(query.items()))}"
        return hmac.new(self.secret, text.encode("utf-8"), hashlib.sha256).hexdigest()[:40]


PROCESS = Signer()
"""The signer of this process: the screens sign with it and the routes check with it."""
