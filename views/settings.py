"""What the environment says about this installation, read in one place."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from layers.keeping import Backups
from layers.map.bases.catalogue import KEY_PREFIX

CHECKOUT = Path(__file__).parent.parent
IDENTITIES = ("accounts", "oidc", "proxy")


@dataclass(frozen=True)
class Settings:
    """Settings of one installation.

    Parameters
    ----------
    workspace
        The GeoPackage file that the screens work on: `CHENGZAI_WORKSPACE`.
    actor
        Who is written down as having made a change: `CHENGZAI_ACTOR`.
    language
        Language of the first visit: `CHENGZAI_LANG`, ``zh-CN`` or ``en``.
    identity
        How people are known: `CHENGZAI_IDENTITY`, ``accounts``, ``oidc`` or ``proxy``.
    shared
        Whether others can reach the server, so that nobody is let in without signing in: `CHENGZAI_SHARED`.
    secure
        Whether browsers reach it by HTTPS: `CHENGZAI_SECURE`.
    oidc_issuer, oidc_audience, oidc_claim
        Provider, our name in its list, and the claim with the user name: `CHENGZAI_OIDC_ISSUER`, …
    proxy_header, proxy_secret
        Header with the user name, and what the proxy proves itself with: `CHENGZAI_PROXY_HEADER`, …
    backups
        Where backups go, and how often: `CHENGZAI_BACKUPS`, `CHENGZAI_BACKUP_MINUTES`.
    bases
        Folder of base maps and of their `bases.json`: `CHENGZAI_BASES`. It need not be there.
    keys
        Keys of map services by name: `CHENGZAI_KEY_TIANDITU` is the key of ``TIANDITU``. They stay on the server.
    """

    workspace: Path = CHECKOUT / "workspaces" / "demo.gpkg"
    actor: str = ""
    language: str = "zh-CN"
    identity: str = "accounts"
    shared: bool = False
    secure: bool = False
    oidc_issuer: str = ""
    oidc_audience: str = ""
    oidc_claim: str = "preferred_username"
    proxy_header: str = "X-Remote-User"
    proxy_secret: str = field(default="", repr=False)
    backups: Backups = field(default_factory=Backups)
    bases: Path = CHECKOUT / "bases"
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Settings:
        """Settings from environment variables; what is not set keeps its default.

        >>> Settings.read({"CHENGZAI_LANG": "en"}).language
        'en'
        """
        given, folder = environment.get("CHENGZAI_WORKSPACE"), environment.get("CHENGZAI_BASES")
        keys = {name: key for name, key in environment.items() if name.startswith(KEY_PREFIX)}
        texts = ("oidc_issuer", "oidc_audience", "oidc_claim", "proxy_header", "proxy_secret")
        told = {name: environment.get(f"CHENGZAI_{name.upper()}") or getattr(cls, name, "") for name in texts}
        identity = environment.get("CHENGZAI_IDENTITY", cls.identity)
        return cls(
            workspace=Path(given).expanduser().resolve() if given else cls.workspace,
            actor=environment.get("CHENGZAI_ACTOR", cls.actor),
            language="en" if environment.get("CHENGZAI_LANG") == "en" else cls.language,
            identity=identity if identity in IDENTITIES else cls.identity,
            shared=environment.get("CHENGZAI_SHARED") == "1",
            secure=environment.get("CHENGZAI_SECURE") == "1",
            **told,
            backups=Backups.read(environment),
            bases=Path(folder).expanduser().resolve() if folder else cls.bases,
            keys={name.removeprefix(KEY_PREFIX): key for name, key in keys.items()},
        )


@functools.lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings.read(os.environ)
