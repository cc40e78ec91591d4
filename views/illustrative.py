"""What rests on figures that somebody made up says so: 示意, wherever demand is shown."""

from __future__ import annotations

from layers.balancing import illustrative
from layers.workspace import Workspace
from views.markup import Markup, tag
from views.text import Text


def demand_mark(workspace: Workspace, say: Text) -> Markup:
    """A mark beside a heading of demand; nothing where no project's headcount or floor area is made up."""
    count = len(illustrative(workspace))
    if not count:
        return Markup()
    return tag("span", say("demand_schematic"), css="cz-badge", title=say("demand_schematic_hint", count=count))


def project_mark(basis: object, say: Text) -> Markup:
    """The same beside one project."""
    return tag("span", say("schematic_short"), css="cz-badge") if basis == "schematic" else Markup()
