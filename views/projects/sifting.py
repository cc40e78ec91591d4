"""Which projects are shown: what a viewer asked for, as an address keeps it, and the rows that answer to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from layers.contract import split_list
from layers.matching import ask, home_zones, housed, mixes, top_zones
from layers.vocabulary import CHAIN_SEGMENTS, FIGURE_BASIS, FUNCTIONS, PROJECT_STATES
from layers.workspace import Workspace

NO_STATE = "none"
"""Stands for a project without a state."""
FREE = "free"
"""Stands for projects that may choose among zones."""
_LONGEST = 80
_CLOSED = {"segment": CHAIN_SEGMENTS, "basis": FIGURE_BASIS, "function": FUNCTIONS}


@dataclass(frozen=True)
class Sift:
    """What is asked of the projects; empty asks nothing.

    Parameters
    ----------
    text
        Part of a name, key or remark, whatever its case.
    states
        States of the library, `NO_STATE` among them.
    zone
        Zone in which the demand counts or that is wished for, `FREE` for those that may choose.
    year
        Last year by which the space is needed.
    unmet
        Only those that still want floor area.
    unsigned
        Only those without a supervision agreement.
    """

    text: str = ""
    states: tuple[str, ...] = ()
    zone: str = ""
    function: str = ""
    segment: str = ""
    year: int | None = None
    basis: str = ""
    unmet: bool = False
    unsigned: bool = False

    def __bool__(self) -> bool:
        return self != Sift()

    def but(self, **changes: Any) -> Sift:
        """The same with something else asked."""
        return replace(self, **changes)

    def to_query(self) -> dict[str, str | None]:
        """As the address says it; None for what is not asked.

        >>> {name: said for name, said in Sift(states=("lead", "signed"), year=2027).to_query().items() if said}
        {'states': 'lead,signed', 'year': '2027'}
        """
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        said |= {"states": ",".join(self.states), "unmet": "1" * self.unmet, "unsigned": "1" * self.unsigned}
        return {name: str(value)[:_LONGEST] if value else None for name, value in said.items()}

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> Sift:
        """What an address asks for; what nobody could have chosen is passed over.

        >>> Sift.of_query({"states": "lead,<b>", "year": "2027", "basis": "?"}) == Sift(states=("lead",), year=2027)
        True
        """
        said = {one.name: str(query.get(one.name, ""))[:_LONGEST] for one in fields(cls)}
        known = [*PROJECT_STATES, NO_STATE]
        year = said["year"]
        return cls(
            text=said["text"],
            states=tuple(dict.fromkeys(state for state in said["states"].split(",") if state in known)),
            zone=said["zone"],
            year=int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None,
            unmet=said["unmet"] == "1",
            unsigned=said["unsigned"] == "1",
            **{name: said[name] if said[name] in terms else "" for name, terms in _CLOSED.items()},
        )


def found(workspace: Workspace, sift: Sift, *, any_state: bool = False) -> np.ndarray:
    """Whether each project answers to what is asked, shape (projects,).

    Parameters
    ----------
    any_state
        Leave the states out of account: the board of states counts beside each what the rest would find.
    """
    projects = workspace.table("projects")
    stays = np.ones(len(projects), dtype=bool)
    if not sift or not len(projects):
        return stays
    if sift.text:
        stays &= _named(projects, sift.text)
    if sift.states and not any_state:
        stays &= states(projects).isin(sift.states).to_numpy(dtype=bool)
    if sift.zone:
        stays &= _in_zone(workspace, sift.zone)
    if sift.function:
        stays &= mixes(workspace)[:, list(FUNCTIONS).index(sift.function)] > 0
    for name, wanted in (("chain_segment", sift.segment), ("basis", sift.basis)):
        if wanted:
            stays &= (projects[name] == wanted).to_numpy(dtype=bool, na_value=False)
    if sift.year is not None:
        stays &= projects["need_by"].to_numpy(dtype=float, na_value=np.inf) <= sift.year
    if sift.unmet:
        stays &= np.round(unmet(workspace)) > 0
    if sift.unsigned:
        stays &= ~signed(projects)
    return stays


def unmet(workspace: Workspace) -> np.ndarray:
    """Floor area that each project still wants [m²], shape (projects,)."""
    return np.maximum(ask(workspace).total() - housed(workspace), 0.0)


def states(projects: pd.DataFrame) -> pd.Series:
    """The state of each project, `NO_STATE` where it has none."""
    return projects["state"].astype(object).where(projects["state"].notna(), NO_STATE)


def signed(projects: pd.DataFrame) -> np.ndarray:
    """Whether each project has a supervision agreement, shape (projects,)."""
    number = projects["supervision_agreement"]
    return (number.notna() & (number != "")).to_numpy(dtype=bool, na_value=False)


def _named(projects: pd.DataFrame, text: str) -> np.ndarray:
    wanted = text.casefold().strip()
    hits = np.zeros(len(projects), dtype=bool)
    for name in ("name", "name_en", "project_id", "supervision_agreement", "note"):
        words = projects[name].astype(object).fillna("").astype(str).str.casefold()
        hits |= words.str.contains(wanted, regex=False).to_numpy(dtype=bool)
    return hits


def _in_zone(workspace: Workspace, zone: str) -> np.ndarray:
    zones = top_zones(workspace)
    home = home_zones(workspace, zones)
    if zone == FREE:
        return home < 0
    projects = workspace.table("projects")
    here = home == zones.index(zone) if zone in zones else np.zeros(len(projects), dtype=bool)
    wished = np.array([zone in split_list(text) for text in projects["may_zones"]], dtype=bool)
    return here | wished | (projects["must_zone"] == zone).to_numpy(dtype=bool, na_value=False)
