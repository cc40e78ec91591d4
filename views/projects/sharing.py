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
    given, buildings = workspace.table("assignments"), workspace.table("buildings")
    pairs = zip(buildings["building_id"].to_list(), buildings["name"].to_list(), strict=True)
    names = {key: _text(name) or str(key) for key, name in pairs}
    holders = _holders(workspace)
    columns = (given[name].to_list() for name in ("parcel_id", "building_id", "project_id", "stage"))
    keys, members = [], dict[tuple[str, str], dict[str, None]]()
    for parcel, building, project, stage in zip(*columns, strict=True):
        keys.append((str(parcel), _text(building)))
        here = members.setdefault(keys[-1], {})
        if stage != "vacated":
            here[str(project)] = None
    rank = {key: at for at, key in enumerate(members)}
    return [
        Group(rank[key], tuple(members[key]), names.get(key[1], key[1]) if key[1] else "", holders.get(key[0]))
        for key in keys
    ]


def _holders(workspace: Workspace) -> dict[str, tuple[str, str]]:
    """Name of the platform of each parcel that is held by one."""
    parcels, projects = workspace.table("parcels"), workspace.table("projects")
    held = parcels["held_by"].notna().to_numpy()
    if not held.any():
        return {}
    columns = (projects[name].to_list() for name in ("project_id", "name", "name_en"))
    names = {key: (_text(name) or str(key), _text(english)) for key, name, english in zip(*columns, strict=True)}
    pairs = zip(parcels["parcel_id"][held], parcels["held_by"][held], strict=True)
    return {str(parcel): names.get(by, (str(by), "")) for parcel, by in pairs if by}


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)
