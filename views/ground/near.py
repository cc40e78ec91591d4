"""What one parcel is near: its stations by straight line and on foot, and the services that it misses."""

from __future__ import annotations

from layers.ground import reaching, serving
from layers.map.payload import labels
from layers.vocabulary import FACILITY_KINDS, STATION_KINDS
from layers.workspace import Workspace
from views.markup import Markup, Row, join, table, tag
from views.text import Text


def near_parcel(workspace: Workspace, row: int, say: Text) -> Markup:
    """Nearest station of each kind, with its entrance, and the services out of reach of a parcel."""
    title = tag("div", say("near_heading", parcel=labels(workspace)[row]), css="cz-h")
    rows = station_rows(workspace, row, say)
    if not rows:
        return join([title, tag("div", say("reach_no_stations"), css="cz-hint")])
    heads = [say("near_station"), say("near_straight"), say("near_walk")]
    out = [title, table(heads, rows, css="cz-facts"), tag("div", say("near_note"), css="cz-hint")]
    kinds = reaching.kinds_of_facilities(workspace)
    if kinds:
        out.append(_missing(workspace, row, say))
    return join(out)


def station_rows(workspace: Workspace, row: int, say: Text) -> list[Row]:
    """One row a kind of station: name, entrance, and both distances, to the outline and to the inner point."""
    table_, out = workspace.table("stations"), []
    names = table_["name"].tolist()
    for kind in ("metro", "rail"):
        straight = reaching.near_one(workspace, kind, row, False)
        source, owner = straight[2:]
        if owner < 0:
            continue
        station = say.name(names[owner])
        entrance = say.name(names[source]) if source != owner else ""
        said = [say.term(STATION_KINDS, kind), " ", tag("b", station)]
        head = join([*said, " ", tag("small", entrance)] if entrance else said)
        walk = (
            _metres(reaching.near_one(workspace, kind, row, True), say)
            if len(workspace.table("ways"))
            else tag("span", say("near_no_ways"), css="cz-faint")
        )
        out.append(Row(head, [_metres(straight, say), walk]))
    return out


def _metres(near: tuple[float, float, int, int], say: Text) -> Markup:
    """Distance to the outline and to the inner point, or that no way leads."""
    outline, inner = near[:2]
    if outline != outline or inner != inner:
        return tag("span", say("near_unreached"), css="cz-warn")
    return tag("span", say("near_ends", outline=f"{outline:,.0f}", inner=f"{inner:,.0f}"))


def _missing(workspace: Workspace, row: int, say: Text) -> Markup:
    walk = reaching.walks(workspace)
    missing = serving.missing(workspace, row, walk=walk)
    if not missing:
        return tag("div", say("near_all_served"), css="cz-hint")
    parts = [
        say("near_far", kind=say.term(FACILITY_KINDS, kind), metres=f"{far:,.0f}")
        if far == far
        else say("near_none", kind=say.term(FACILITY_KINDS, kind))
        for kind, far in missing
    ]
    how = say("reach_walk_short" if walk else "reach_straight_short")
    return tag("div", say("near_missing", how=how, kinds=say("list_sign").join(parts)), css="cz-hint cz-warn")
