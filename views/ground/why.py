"""Why a parcel scores as it does: a bar for each criterion with value, score, weight and points, and any mask."""

from __future__ import annotations

import numpy as np

from layers.ground.models import UNITS, Criterion
from layers.ground.scoring import Assembled
from layers.map.payload import labels
from layers.vocabulary import FUNCTIONS
from layers.workspace import Workspace
from spatial.suitability import Rating, ranks
from views.ground.rating import Shown
from views.markup import Markup, Row, Segment, bar, join, table, tag
from views.text import Text

_SHARES = ("raster_share_above", "raster_share_of", "constraint_share")


def why(workspace: Workspace, found: Shown, row: int, say: Text) -> Markup:
    """The card of one parcel."""
    made, rating = found.made, found.rating
    if made is None or rating is None:
        return Markup()
    total, place = rating.total[row], ranks(rating.total)
    ruled = rating.scores.ruled_out >= 0
    known = int(((place > 0) & ~ruled).sum())
    score = say("score_unknown") if np.isnan(total) else f"{total:.1f}"
    facts = [say.term(FUNCTIONS, found.function)]
    if place[row] and not ruled[row]:
        facts.append(say("rate_place", place=int(place[row]), all=known))
    head = tag(
        "div",
        tag("b", labels(workspace)[row], css="cz-number"),
        tag("b", score, css="cz-score"),
        tag("small", " · ".join(facts)),
        css="cz-title cz-why-title",
    )
    return join([head, *_masks(made, rating, row, say), _bars(made, rating, row, say)])


def _masks(made: Assembled, rating: Rating, row: int, say: Text) -> list[Markup]:
    """What rules the parcel out, or what would if it were known."""
    said = []
    for at, one in enumerate(made.masks):
        score = rating.scores.masks[at, row]
        value = measured_text(one, made.rows[len(made.weighed) + at][row], say)
        if score == 0:
            said.append(
                tag(
                    "div", say("rate_ruled_out", name=one.called(say.language), value=value), css="cz-because cz-warn"
                )
            )
        elif np.isnan(score) and one.missing != "pass_on":
            said.append(tag("div", say("rate_mask_unknown", name=one.called(say.language)), css="cz-because cz-warn"))
    return said


def _bars(made: Assembled, rating: Rating, row: int, say: Text) -> Markup:
    """A row for each criterion: the bar is its score, the dark part what it brings of all points."""
    weights, points = rating.weights_at(row), rating.contributions(row)
    rows = []
    for at, one in enumerate(made.weighed):
        score = float(rating.scores.weighed[at, row])
        value = measured_text(one, made.rows[at][row], say)
        if np.isnan(score):
            passed = say("rate_passed_on") if one.missing == "pass_on" else say("rate_no_value")
            rows.append(Row(_name(one, "", say), [tag("span", passed, css="cz-faint"), "–", "–", "–"]))
            continue
        drawn = bar([Segment(score / 100, "cz-a-available", f"{score:.0f}")])
        cells = [drawn, f"{score:.0f}", f"{weights[at] * 100:.0f}%", tag("b", f"{points[at]:.1f}")]
        rows.append(Row(_name(one, value, say), cells))
    heads = [say("rate_criterion"), say("rate_score_of_100"), "", say("rate_weight"), say("rate_points")]
    return table(heads, rows, css="cz-why-bars")


def _name(one: Criterion, value: str, say: Text) -> Markup:
    return join([tag("span", one.called(say.language)), *([tag("small", value)] if value else [])])


def measured_text(one: Criterion, value: float, say: Text) -> str:
    """A measured value with its unit.

    >>> from views.text import Text
    >>> measured_text(Criterion("a", "m", "station_distance"), 812.4, Text("en"))
    '812 m'
    """
    if np.isnan(value):
        return say("rate_no_value")
    if one.measure == "function_fit":
        return say("yes") if value else say("no")
    if one.measure in _SHARES:
        return f"{value * 100:.1f}%"
    unit = UNITS.get(one.measure, "m²" if one.subject.endswith("_m2") else "")
    digits = f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}".removesuffix(".0")
    return f"{digits} {unit}".strip()
