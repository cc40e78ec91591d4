"""What constraints do to one parcel: land by cause as bars, land under several at once, and what it is left with."""

from __future__ import annotations

from layers.accounts import books
from layers.ground import overlaid
from layers.map.limits import css_of
from layers.vocabulary import CONSTRAINT_KINDS, EFFECTS
from layers.workspace import Workspace
from views.markup import Markup, Row, join, table, tag
from views.numbers import square_metres
from views.text import Text


def limits_view(workspace: Workspace, row: int, text: Text) -> Markup:
    """The constraints of one parcel; nothing where none concerns it."""
    found = overlaid.lying_on(workspace, row)
    if not found:
        return Markup()
    bars = [tag("div", *(_line(one, text) for one in found), css="cz-lying")]
    takes = [one for one in found if one.effect == "exclude"]
    return join(
        [
            tag("div", text("limits_here"), css="cz-h"),
            *bars,
            *((_together(workspace, row, text),) if len(takes) > 1 else ()),
            *((_net(workspace, row, text),) if takes else ()),
            *(_term(one, text) for one in found if one.kind in overlaid.TERM_KINDS),
        ]
    )


def kind_name(kind: str, text: Text) -> str:
    """A kind in the language of the page; one of the user's own as it is written."""
    return text.term(CONSTRAINT_KINDS, kind)


def key(kind: str) -> Markup:
    """The hatching of a kind, as it is on the map."""
    return tag("i", css="cz-key cz-hatching", style=css_of(kind))


def _line(one: overlaid.Lying, text: Text) -> Markup:
    share = f"{one.share:.1%}"
    piece = tag("i", css="cz-seg cz-hatching", style=f"width:{one.share * 100:.3f}%;{css_of(one.kind)}")
    said = f"{kind_name(one.kind, text)} {square_metres(one.area_m2)} m² · {share}"
    return tag(
        "div",
        tag("span", kind_name(one.kind, text), " ", tag("small", text.term(EFFECTS, one.effect)), css="cz-head"),
        tag("div", piece, css="cz-bar", title=said, role="img", aria_label=said),
        tag("span", square_metres(one.area_m2), " m² ", tag("small", share), css="cz-much"),
        css="cz-lying-line",
        data_kind=one.kind,
    )


def _together(workspace: Workspace, row: int, text: Text) -> Markup:
    """Land under each set of causes that take it: the lines add up to all that is taken, once."""
    parts = overlaid.parts_of(workspace, row)
    rows = [
        Row(
            (text("limits_plus").join(kind_name(kind, text) for kind in part.kinds))
            + (text("limits_alone") if len(part.kinds) == 1 else text("limits_together")),
            [f"{square_metres(part.area_m2, 2)} m²"],
        )
        for part in parts
    ]
    total = sum(part.area_m2 for part in parts)
    rows.append(Row(text("limits_once"), [f"{square_metres(total, 2)} m²"], "cz-sum"))
    return table([text("limits_by_causes"), text("limits_area_m2")], rows, css="cz-facts")


def _net(workspace: Workspace, row: int, text: Text) -> Markup:
    """How the net area comes about, or why nothing is taken off."""
    if workspace.table("parcels")["far_basis"].iloc[row] != "gross":
        return tag("p", text("limits_net_basis"), css="cz-because")
    site, lost = float(books(workspace).site_area[row]), float(workspace.excluded_area_m2[row])
    facts = {"net": square_metres(site - lost), "site": square_metres(site), "lost": square_metres(lost)}
    return tag("p", text("limits_net", **facts), css="cz-because")


def _term(one: overlaid.Lying, text: Text) -> Markup:
    return tag("p", text("limits_term", kind=kind_name(one.kind, text), share=f"{one.share:.1%}"), css="cz-because")
