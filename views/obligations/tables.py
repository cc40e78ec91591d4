"""Tables of the obligations page, as they are shown."""

from __future__ import annotations

from typing import TypeGuard

import pandas as pd

from layers import obliging
from layers.milestones import QUANTITIES, in_our_unit
from layers.obliging import COLOURS
from layers.vocabulary import FIGURE_BASIS, MILESTONE_KINDS, RULES
from layers.workspace import Workspace
from views.markup import Markup, Row, join, table, tag
from views.obligations.standing import Standing
from views.text import Text
from views.zones_panel import zone_names

SIGNS = {"red": "●", "amber": "▲", "unknown": "○", "green": "✓"}
"""Signs of the lights beside their colours: not everybody tells red from green."""


def overview(workspace: Workspace, found: Standing, say: Text) -> Markup:
    """Counts by zone and colour; rows and columns add up."""
    names = zone_names(workspace, say)
    groups = obliging.counts(found.table, "zone")
    order = [str(key) for key in workspace.table("zones")["zone_id"] if str(key) in groups]
    order += [key for key in groups if key not in order]
    heads = ["", *(light_name(colour, say) for colour in COLOURS), say("light_total")]
    rows = [Row(names.get(key or None, key), _cells(groups[key])) for key in order]
    rows.append(Row(say("light_total"), _cells(obliging.counts(found.table)[""]), "cz-sum"))
    heading = tag("div", say("obligations_overview"), " ", tag("small", say("obligations_overview_unit")), css="cz-h")
    return join([heading, table(heads, rows, css="cz-sheet cz-lights")])


def _cells(counts: dict[str, int]) -> list[Markup]:
    cells = [tag("span", f"{counts[colour]:,}", css=_css(colour, counts[colour])) for colour in COLOURS]
    return [*cells, tag("span", f"{counts['total']:,}")]


def _css(colour: str, count: int) -> str:
    return f"cz-light-{colour}" if count else "cz-light-none"


def light_name(colour: str, say: Text) -> Markup:
    """The name of a light behind its sign."""
    return tag("span", tag("i", SIGNS[colour], css=f"cz-light-{colour}"), " ", say(f"light_{colour}"))


def obligations_table(rows: pd.DataFrame, workspace: Workspace, say: Text) -> pd.DataFrame:
    """Obligations as they are shown, in the order that they come in."""
    names = zone_names(workspace, say)
    columns = ("kind", "promised", "achieved", "unit", "promised_total", "total_unit")
    facts = list(zip(*(rows[name] for name in columns), strict=True))
    return pd.DataFrame(
        {
            say("due_day"): [say.name(day) for day in rows["due"]],
            say("days_left"): rows["days"].astype("Float64"),
            say("light"): [
                f"{SIGNS[str(colour)]} {say(f'reason_{reason}')}"
                for colour, reason in zip(rows["colour"], rows["reason"], strict=True)
            ],
            say("what_promised"): [say.term(MILESTONE_KINDS, kind) for kind in rows["kind"]],
            say("promised_achieved"): [both(kind, much, got, unit, say) for kind, much, got, unit, *_ in facts],
            say("project"): [say.name(zh, en) for zh, en in zip(rows["project"], rows["project_en"], strict=True)],
            say("parcel"): rows["parcel_no"].astype("str"),
            say("basis"): [say.term(FIGURE_BASIS, code) for code in rows["basis"]],
            say("in_all"): [total(kind, value, unit, say) for kind, *_, value, unit in facts],
            say("zone"): [names.get(key, str(key)) if isinstance(key, str) else names[None] for key in rows["zone"]],
            say("document"): [say.name(text) for text in rows["document"]],
        }
    )


def both(kind: str, promised: object, achieved: object, unit: object, say: Text) -> str:
    """What was promised and what came of it, in one cell; a dash for a date alone."""
    if kind not in QUANTITIES:
        return "—"
    much, got = (figure(value) if _known(value) else say("not_told") for value in (promised, achieved))
    return f"{much} / {got} {unit_of(kind, unit, say)}".rstrip()


def total(kind: str, value: object, unit: object, say: Text) -> str:
    """What was promised in all, with its unit; a dash where nothing is made of it."""
    if not _known(value):
        return "—"
    return f"{figure(value)} {say(f'unit_total_{kind}') if isinstance(unit, str) else ''}".rstrip()


def unit_of(kind: str, unit: object, say: Text) -> str:
    """The unit of a quantity in this language; one of the user's own as they wrote it."""
    return say(f"unit_{kind}") if in_our_unit(kind, unit) else (unit if isinstance(unit, str) else "")


def figure(value: float) -> str:
    """A figure as short as it is true, its thousands apart.

    >>> figure(1500.0), figure(0.8)
    ('1,500', '0.8')
    """
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def _known(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and value == value


def idle_table(found: Standing, say: Text) -> pd.DataFrame:
    """Alerts on idle land as they are shown."""
    return pd.DataFrame(
        {
            say("idle_state"): [say(f"idle_{one.idle.state}") for one in found.alerts],
            say("idle_since"): [one.idle.since.isoformat() for one in found.alerts],
            say("parcel"): [one.parcel_no for one in found.alerts],
            say("project"): [say("list_sign").join(of(one.projects, one.projects_en, say)) for one in found.alerts],
            say("idle_rule"): [rules_told(one.idle.rules, say) for one in found.alerts],
            say("idle_next"): [next_step(one.idle.state, one.idle.since.isoformat(), say) for one in found.alerts],
        }
    )


def renewals_table(found: Standing, say: Text) -> pd.DataFrame:
    """Terms that end as they are shown."""
    return pd.DataFrame(
        {
            say("due_day"): [one.day.isoformat() for one in found.endings],
            say("days_left"): [one.days for one in found.endings],
            say("renewal_what"): [say(f"renewal_{one.what}") for one in found.endings],
            say("project"): [say.name(one.party.project, one.party.project_en) for one in found.endings],
            say("parcel"): [one.party.parcel_no for one in found.endings],
            say("renewal_basis"): [say(f"renewal_{one.basis}") for one in found.endings],
        }
    )


def progress_table(workspace: Workspace, found: Standing, say: Text) -> pd.DataFrame:
    """Progress by year as it is shown."""
    told = obliging.progress(workspace, found.table)
    names = {
        "year": "progress_year",
        "due": "progress_due",
        "done": "progress_done",
        "overdue": "progress_overdue",
        "floor_area_due_m2": "progress_floor_due",
        "floor_area_done_m2": "progress_floor_done",
    }
    return told.rename(columns={column: say(name) for column, name in names.items()})


def of(zh: tuple[str, ...], en: tuple[str, ...], say: Text) -> list[str]:
    """Names in this language."""
    return [say.name(one, other) for one, other in zip(zh, en, strict=False)]


def rules_told(rules: tuple[str, ...], say: Text) -> str:
    """What rules say, in words."""
    return say("list_sign").join(say.term(RULES, code) for code in rules)


def next_step(state: str, since: str, say: Text) -> str:
    """What is to be done about an alert."""
    return say(f"idle_next_{state}", since=since)
