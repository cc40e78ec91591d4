"""What an assumption was before: who changed it when, and from what to what."""

from __future__ import annotations

from layers.changes import Row as Values
from layers.workspace import Workspace
from views.markup import Markup, Row, join, table, tag
from views.moments import moment
from views.rows import column_name, value_text
from views.session import as_of, scenario, store
from views.text import Text

_MOST = 12


def past(workspace: Workspace, key: str, say: Text) -> Markup:
    """The changes of one assumption in this scenario, the newest first."""
    at, seen = ("assumptions", key), as_of()
    with store().reading() as tx:
        events = [one for one in tx.events_at(scenario(), at) if seen is None or one.seq <= seen]
    rows = []
    for event in reversed(events):
        for change in (one for one in event.changes if one.at == at):
            who = event.actor or say("single_person")
            head = join([moment(event.at, say), tag("small", who)])
            rows.append(Row(head, [_told(change.before, change.after, workspace, say)]))
    if not rows:
        return Markup()
    more = tag("p", say("balance_more", count=len(rows) - _MOST), css="cz-hint") if len(rows) > _MOST else Markup()
    body = table(["", ""], rows[:_MOST], css="cz-facts cz-headless")
    return join([tag("div", say("assume_past"), css="cz-h"), body, more])


def _told(before: Values | None, after: Values | None, workspace: Workspace, say: Text) -> Markup:
    """What one change did, a line a column."""
    if before is None or after is None:
        return tag("span", say("assume_begun" if before is None else "what_removed"))
    names = sorted({*before, *after}, key=str)
    return join(
        tag(
            "div",
            tag("span", column_name("assumptions", name, say), " ", css="cz-faint"),
            value_text("assumptions", name, before.get(name), workspace, say),
            " → ",
            tag("b", value_text("assumptions", name, after.get(name), workspace, say)),
        )
        for name in names
        if before.get(name) != after.get(name)
    )
