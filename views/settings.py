"""What the environment says about this installation, read in one place."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent


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
    """

    workspace: Path = CHECKOUT / "workspaces" / "demo.gpkg"
    actor: str = ""
    language: str = "zh-CN"

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Settings:
        """Settings from environment variables; what is not set keeps its default.

        >>> Settings.read({"CHENGZAI_LANG": "en"}).language
        'en'
        """
        given = environment.get("CHENGZAI_WORKSPACE")
        return cls(
            workspace=Path(given).expanduser().resolve() if given else cls.workspace,
            actor=environment.get("CHENGZAI_ACTOR", cls.actor),
            language="en" if environment.get("CHENGZAI_LANG") == "en" else cls.language,
        )


@functools.lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings.read(os.environ)
