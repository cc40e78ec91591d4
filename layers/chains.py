"""The value chain (P16), the laboratories that platforms ask for (P18), and what belongs in partner parks (P17).

Projects that left take no part. Floor area is what a project asks for by default; what it is given stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from layers.balancing.market import partners
from layers.matching import ask, housed
from layers.vocabulary import CHAIN_SEGMENTS, FUNCTIONS
from layers.workspace import Workspace


@dataclass(frozen=True)
class Link:
    """A project in its segment.

    Parameters
    ----------
    lead
        Key of its lead partner, None for none.
    leads
        Keys of the projects that have it as theirs.
    asked_m2, housed_m2
        What it asks for, and what assignments give it.
    """

    project_id: str
    name: str
    name_en: str
    lead: str | None
    leads: tuple[str, ...]
    asked_m2: float
    housed_m2: float


@dataclass(frozen=True)
class Segment:
    """A segment of the value chain.

    Parameters
    ----------
    segment
        Key of `CHAIN_SEGMENTS`; None for projects that name none.
    links
        Its projects, the largest first.
    """

    segment: str | None
    links: tuple[Link, ...]

    @property
    def asked_m2(self) -> float:
        """What its projects ask for [m²]."""
        return float(sum(link.asked_m2 for link in self.links))

    @property
    def housed_m2(self) -> float:
        """What assignments give them [m²]."""
        return float(sum(link.housed_m2 for link in self.links))


@dataclass(frozen=True)
class Laboratory:
    """A platform that asks for laboratories.

    Parameters
    ----------
    laboratory_m2
        Low, default, high.
    share
        Part of what it asks for that is laboratory.
    """

    link: Link
    laboratory_m2: tuple[float, float, float]
    share: float


@dataclass(frozen=True)
class Outside:
    """Floor area that a project asks for and that belongs in a partner park.

    Parameters
    ----------
    parks
        park_ids that take the function.
    """

    link: Link
    function: str
    floor_area_m2: float
    parks: tuple[str, ...]


def segments(workspace: Workspace) -> list[Segment]:
    """The segments in their order, then projects without one; segments in which nobody stands are left out."""
    links, of_segment = _links(workspace), workspace.table("projects")["chain_segment"]
    found = []
    for segment in (*CHAIN_SEGMENTS, None):
        mine = [
            link
            for link, one in zip(links, of_segment, strict=True)
            if link is not None and (one == segment if segment else pd.isna(one) or one not in CHAIN_SEGMENTS)
        ]
        if mine:
            found.append(Segment(segment, tuple(sorted(mine, key=lambda link: (-link.asked_m2, link.project_id)))))
    return found


def laboratories(workspace: Workspace) -> list[Laboratory]:
    """Platforms that ask for laboratories, the largest first."""
    asked, links = ask(workspace).floor_area, _links(workspace)
    of_segment, column = workspace.table("projects")["chain_segment"], list(FUNCTIONS).index("laboratory")
    found = []
    for row, link in enumerate(links):
        low, usual, high = asked[:, row, column].tolist()
        if link is not None and of_segment.iloc[row] == "platform" and usual > 0:
            found.append(Laboratory(link, (low, usual, high), usual / link.asked_m2))
    return sorted(found, key=lambda one: (-one.laboratory_m2[1], one.link.project_id))


def outside(workspace: Workspace) -> list[Outside]:
    """What projects ask for of functions that partner parks take, the largest first."""
    asked, routed = ask(workspace).floor_area[1], partners(workspace)
    found = [
        Outside(link, function, float(asked[row, column]), tuple(routed[function]))
        for row, link in enumerate(_links(workspace))
        for column, function in enumerate(FUNCTIONS)
        if link is not None and function in routed and asked[row, column] > 0
    ]
    return sorted(found, key=lambda one: (-one.floor_area_m2, one.link.project_id, one.function))


def _links(workspace: Workspace) -> list[Link | None]:
    """One a project, in the order of the table; None for those that left."""
    projects = workspace.table("projects")
    asked, given = ask(workspace).total().tolist(), housed(workspace).tolist()
    here = (projects["state"] != "exited").to_numpy(dtype=bool, na_value=True)
    keys, leads = projects["project_id"].astype(str).tolist(), projects["lead_partner"].tolist()
    led: dict[str, list[str]] = {}
    for row in np.flatnonzero(here).tolist():
        if isinstance(leads[row], str) and leads[row]:
            led.setdefault(leads[row], []).append(keys[row])
    named = zip(projects["name"], projects["name_en"], strict=True)
    names = [tuple(one if isinstance(one, str) else "" for one in both) for both in named]
    return [
        Link(
            key,
            names[row][0] or key,
            names[row][1] or names[row][0] or key,
            leads[row] if isinstance(leads[row], str) and leads[row] else None,
            tuple(led.get(key, ())),
            asked[row],
            given[row],
        )
        if here[row]
        else None
        for row, key in enumerate(keys)
    ]
