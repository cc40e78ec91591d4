"""Which assignments belong together: several projects in one building, or on a parcel that a platform holds."""

from __future__ import annotations

from dataclasses import dataclass

from layers.workspace import Workspace


@dataclass(frozen=True)
class Group:
    """What an assignment shares with others.

    Parameters
    ----------
    rank
        Place of the group among all.
    projects
        Keys of the projects that share it.
    building
        What the building is called, empty where none is known.
    held_by
        Name and English name of the platform that develops and holds the parcel itself; None for none.
    """

    rank: int
    projects: tuple[str, ...]
    building: str
    held_by: tuple[str, str] | None


def groups(workspace: Workspace) -> list[Group]:
    """The group of each assignment: those in one building of a parcel, else those on the parcel; in their order.

    Space that was vacated is shared with nobody.
    """
    given = workspace.table("assignments")
    buildings = workspace.table("buildings")
    names = {one.building_id: _text(one.name) or str(one.building_id) for one in buildings.itertuples()}
    holders = _holders(workspace)
    keys = [(str(one.parcel_id), _text(one.building_id)) for one in given.itertuples()]
    members: dict[tuple[str, str], dict[str, None]] = {}
    for key, one in zip(keys, given.itertuples(), strict=True):
        here = members.setdefault(key, {})
        if one.stage != "vacated":
            here[str(one.project_id)] = None
    rank = {key: at for at, key in enumerate(members)}
    return [
        Group(rank[key], tuple(members[key]), names.get(key[1], key[1]) if key[1] else "", holders.get(key[0]))
        for key in keys
    ]


def _holders(workspace: Workspace) -> dict[str, tuple[str, str]]:
    """Name of the platform of each parcel that is held by one."""
    parcels, projects = workspace.table("parcels"), workspace.table("projects")
    names = {
        one.project_id: (_text(one.name) or str(one.project_id), _text(one.name_en)) for one in projects.itertuples()
    }
    held = parcels[parcels["held_by"].notna()]
    pairs = zip(held["parcel_id"], held["held_by"], strict=True)
    return {str(parcel): names.get(by, (str(by), "")) for parcel, by in pairs if by}


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)
