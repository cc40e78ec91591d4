"""The proof card: what no plan can pass, and what this one reaches, goal by goal."""

from __future__ import annotations

import numpy as np

from layers.allocating import GOALS, Proposal
from layers.allocating.words import rule_told
from spatial.allocation import Reached
from views.allocation.working import Shown
from views.markup import Markup, join, note, tag
from views.text import Text

_PROVED = 1e-9


def headline(found: Proposal, say: Text) -> Markup:
    """What was to be placed, what is, and how many projects change."""
    wanted = float(found.made.ground.wanted.sum())
    met = sum(one.met for one in found.placings)
    projects = sum(one.kind != "kept" for one in found.placings)
    figures = (
        ("place_wanted", f"{wanted:,.0f} m²", "", "cz-want"),
        ("place_met", f"{met:,.0f} m²", "", "cz-strong"),
        ("place_left_count", f"{len(found.unplaced)}", "", "cz-short" if found.unplaced else ""),
        ("place_changed", f"{found.changes}", say("place_changed_in", count=projects), ""),
    )
    cells = [tag("div", tag("span", say(name)), tag("b", value), tag("small", more), css=f"cz-figure {css}".strip())
             for name, value, more, css in figures]  # fmt: skip
    return tag("div", *cells, css="cz-headline cz-place-figures")


def card(found: Shown, say: Text) -> Markup:
    """Every goal with value, bound and gap, and whether other code agrees."""
    plan = found.proposal.plan
    if plan.status in ("infeasible", "unknown"):
        rules = [tag("li", rule_told(found.proposal.made, one, say.language)) for one in found.against]
        return join(
            [note("refused", say(f"place_{plan.status}")), *([tag("ul", *rules, css="cz-rules")] if rules else [])]
        )
    goals = [_goal(found.proposal, at, one, say) for at, one in enumerate(plan.goals)]
    checked = "place_verified" if found.proposal.verified else "place_not_verified"
    used = say("place_seconds_used", seconds=f"{plan.seconds:.1f}", options=f"{len(found.proposal.made.options):,}")
    foot = tag("p", say(checked), " · ", used, css="cz-hint")
    word = "place_stopped" if found.stopped else "place_going" if found.going else ""
    stopped = [note("hint", say(word))] if word else []
    return join([*stopped, headline(found.proposal, say), tag("ol", *goals, css="cz-goals"), foot])


def _goal(found: Proposal, at: int, one: Reached, say: Text) -> Markup:
    proved = one.gap <= _PROVED
    state = say("place_proved") if proved else say("place_gap", gap=f"{one.gap:.2%}")
    badge = [tag("span", state, css="cz-badge cz-binds" if proved else "cz-badge")] if np.isfinite(one.gap) else []
    return tag(
        "li",
        tag("b", say.term(GOALS, one.name)),
        *badge,
        tag("div", _sentence(found, at, one, say), css="cz-goal"),
    )


def _sentence(found: Proposal, at: int, one: Reached, say: Text) -> str:
    met = sum(each.met for each in found.placings)
    name, of = f"place_proof_{one.name}", 1.0
    digits = 0
    if one.name == "fit" and at and met > 0:
        of, digits = met, 3
    elif one.name == "fit":
        name = "place_proof_fit_first"
    elif one.name == "demand" and len(np.unique(found.made.problem.weight)) > 1:
        name = "place_proof_weighted"
    value = f"{one.value / of:,.{digits}f}"
    if not np.isfinite(one.bound):
        return say("place_proof_unknown", value=value)
    # a count that no plan passes is rounded to the whole number that it proves
    bound = np.ceil(one.bound - 1e-6) if one.name in ("opened", "changes") else one.bound
    return say(name, bound=f"{bound / of:,.{digits}f}", value=value)
