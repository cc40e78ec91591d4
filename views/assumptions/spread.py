"""Which figures carry the spread of what projects ask for: how far each moves it, and its share."""

from __future__ import annotations

from layers.consequences import Swing, swings
from layers.workspace import Workspace
from views.assumptions.naming import called_by_key
from views.illustrative import demand_mark
from views.markup import Markup, join, tag
from views.numbers import shown, wan
from views.text import Text


def tornado(workspace: Workspace, say: Text) -> Markup:
    """A bar for each carrier from low to high, assumptions first; nothing where nobody asks for anything."""
    middle, found = swings(workspace)
    if not found:
        return Markup()
    least = min(min(one.low, one.high) for one in found)
    most = max(max(one.low, one.high) for one in found)
    span = max(most - least, 1e-9)
    projects = workspace.table("projects").set_index("project_id")
    lines = []
    for own in (False, True):
        mine = [one for one in found if one.project is own]
        if mine:
            lines.append(tag("div", say("assume_carried_own" if own else "assume_carried"), css="cz-carried"))
        for one in mine:
            if own:
                name = say.name(projects["name"][one.key], projects["name_en"][one.key])
            else:
                name = called_by_key(workspace, one.key, say)
            lines.append(_line(name, one, middle, least, span, say))
    rest = 1.0 - sum(one.share for one in found)
    more = say("assume_rest", share=f"{rest:.0%}") if rest > 0.005 else ""
    unit = tag("small", say("balance_unit"))
    title = tag("div", say("assume_spread"), " ", unit, demand_mark(workspace, say), css="cz-h")
    hint = tag("p", say("assume_spread_hint", middle=shown(wan(middle))), more, css="cz-hint")
    return join([title, tag("div", *lines, css="cz-bars"), hint])


def _line(name: str, one: Swing, middle: float, least: float, span: float, say: Text) -> Markup:
    def at(value: float) -> float:
        return 100 * (value - least) / span

    low, high = sorted((one.low, one.high))
    said = say("balance_range", low=shown(wan(low)), high=shown(wan(high)))
    bar = tag(
        "div",
        tag("i", css="cz-swing", style=f"left:{at(low):.2f}%;width:{at(high) - at(low):.2f}%", title=said),
        tag("b", css="cz-limit", style=f"left:{at(middle):.2f}%"),
        css="cz-bar",
    )
    share = tag("span", tag("b", f"{one.share:.1%}"), " ", said, css="cz-values")
    return tag("div", tag("span", name, css="cz-head", title=name), bar, share, css="cz-line cz-tornado")
