"""What the page stands on: day, horizon and filters of this viewer, and the obligations that pass them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from layers import obliging
from layers.obliging import Alert, Day, Ending
from layers.vocabulary import MILESTONE_KINDS
from layers.workspace import Workspace
from views.session import workspace_key
from views.text import Text
from views.zones_panel import zone_names

HORIZONS = (30, 90, 180, 365)
_EARLIEST, _LATEST = datetime.date(1990, 1, 1), datetime.date(2100, 12, 31)


@dataclass(frozen=True)
class Standing:
    """Obligations, alerts and endings of a day that pass the filters.

    Parameters
    ----------
    table
        As `layers.obliging.obligations` gives them.
    whole
        The same without filters.
    """

    on: Day
    within: int
    table: pd.DataFrame
    whole: pd.DataFrame
    alerts: list[Alert]
    endings: list[Ending]

    @property
    def due(self) -> pd.DataFrame:
        """What falls due within the horizon."""
        return self.table[(self.table["colour"] == "amber").to_numpy(dtype=bool)]

    @property
    def overdue(self) -> pd.DataFrame:
        """What is overdue, or below what was promised."""
        return self.table[(self.table["colour"] == "red").to_numpy(dtype=bool)]


def standing(workspace: Workspace, say: Text) -> Standing:
    """Draw the controls and work out what passes them."""
    with st.container(key="obligations-line", horizontal=True, vertical_alignment="bottom"):
        on, within = _day(workspace, say)
        whole = obliging.obligations(workspace, on, within)
        zone, project, kind = _filters(workspace, whole, say)
    alerts, endings = (
        obliging.alerts(workspace, on),
        obliging.renewals(workspace, on, max(within, obliging.ahead_of(workspace))),
    )
    table = whole
    for column, value in (("zone", zone), ("project_id", project), ("kind", kind)):
        if value:
            table = table[(table[column] == value).to_numpy(dtype=bool, na_value=False)]
    if kind:
        alerts, endings = ([] if kind != "start" else alerts), [one for one in endings if one.what == kind]
    name = None if not project else _name(workspace, project)
    return Standing(
        on,
        within,
        table,
        whole,
        [one for one in alerts if (not zone or one.zone == zone) and (name is None or name in one.projects)],
        [
            one
            for one in endings
            if (not zone or one.party.zone == zone)
            and (not project or str(one.party.assignment["project_id"]) == project)
        ],
    )


def _day(workspace: Workspace, say: Text) -> tuple[Day, int]:
    """The day that is looked at, that of the data where nothing was chosen, and how far ahead."""
    held, key = st.session_state, f"obligations-on-{workspace_key()}"
    today = obliging.today_of(workspace)
    if held.get(key) is None:
        held[key] = held.get(f"{key}-kept", today)
    on = st.date_input(
        say("obligations_on"), key=key, min_value=_EARLIEST, max_value=_LATEST, format="YYYY-MM-DD", width=150,
        help=say("obligations_on_help", day=today.isoformat()),
    )  # fmt: skip
    held[f"{key}-kept"] = on
    usual = obliging.within_of(workspace)
    offered = sorted({*HORIZONS, usual})
    within = st.segmented_control(
        say("obligations_within"), offered, format_func=lambda days: say("obligations_days", days=days),
        default=usual, required=True, key="obligations-within",
    )  # fmt: skip
    return (on if isinstance(on, datetime.date) else today), int(within or usual)


def _filters(workspace: Workspace, whole: pd.DataFrame, say: Text) -> tuple[str, str, str]:
    """Zone, project and kind that are wanted; empty for any."""
    names = zone_names(workspace, say)
    zones = [str(key) for key in workspace.table("zones")["zone_id"] if key in set(whole["zone"].dropna())]
    projects = dict(zip(whole["project_id"], zip(whole["project"], whole["project_en"], strict=True), strict=True))
    kinds = [kind for kind in MILESTONE_KINDS if kind in set(whole["kind"])]
    zone = _filter("zone", say("obligations_zone"), 150, say, {
        "": say("obligations_any_zone"), **{key: names.get(key, key) for key in zones}
    })  # fmt: skip
    project = _filter("project", say("obligations_project"), 230, say, {
        "": say("obligations_any_project"), **{key: say.name(*projects[key]) for key in sorted(projects)}
    })  # fmt: skip
    kind = _filter("kind", say("obligations_kind"), 180, say, {
        "": say("obligations_any_kind"), **{code: say.term(MILESTONE_KINDS, code) for code in kinds}
    })  # fmt: skip
    return zone, project, kind


def _filter(name: str, label: str, width: int, say: Text, words: dict[str, str]) -> str:
    """One of the values; a list of its own for each language, since a browser keeps the words of the one before."""
    kept, key = f"obligations-{name}", f"obligations-{name}-{say.language}"
    if key not in st.session_state and st.session_state.get(kept) in words:
        st.session_state[key] = st.session_state[kept]
    chosen = st.selectbox(label, list(words), key=key, width=width, format_func=lambda one: words.get(one, one))
    st.session_state[kept] = chosen
    return str(chosen or "")


def _name(workspace: Workspace, project: str) -> str:
    table = workspace.table("projects")
    mine = table["name"][(table["project_id"] == project).to_numpy(dtype=bool, na_value=False)]
    return str(mine.iloc[0]) if len(mine) and isinstance(mine.iloc[0], str) else project
