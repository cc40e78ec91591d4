"""The plan on the map: what each parcel gives up, keeps and takes, or how often it stays free."""

from __future__ import annotations

import numpy as np

from layers.allocating import Proposal
from layers.ground.grading import GRADES
from layers.workspace import Workspace
from spatial.allocation import Regret
from views.allocation.more import MORE, gives, regret_of
from views.allocation.working import Shown
from views.parcel_map import Shade
from views.switching import view_now
from views.text import Text

_LOOKS = ("removed", "kept", "resized", "existing", "new")


def shade(workspace: Workspace, found: Shown | None, view: str, say: Text) -> Shade | None:
    """What the map shows of a plan; None for none."""
    if found is None:
        return None
    drawn = view == "more" and view_now("place-more", MORE) == "regret"
    known = regret_of(found) if drawn else None
    return _regret(workspace, found.proposal, known, say) if known else _plan(workspace, found.proposal, say)


def _plan(workspace: Workspace, found: Proposal, say: Text) -> Shade:
    today = found.made.ground.today
    look = np.full(len(today.parcel_index), GRADES, dtype=np.int64)
    for one in found.placings:
        for piece in one.before:
            if piece.parcel not in one.parcels:
                look[piece.parcel] = np.where(look[piece.parcel] == GRADES, 0, look[piece.parcel])
        before = {(piece.parcel, piece.source) for piece in one.before}
        for piece in one.after:
            stays = (piece.parcel, piece.source) in before
            place = 1 if one.kind == "kept" else 2 if stays else 4 if piece.source == 0 else 3
            now = look[piece.parcel]
            look[piece.parcel] = place if now == GRADES else max(int(now), place)
    labels = (*(say(f"place_map_{name}") for name in _LOOKS), say("place_map_none"))
    note = say("place_map_note", code=found.code)
    return Shade((found.code, "plan"), _on(workspace, today, look), labels, note)


def _regret(workspace: Workspace, found: Proposal, known: Regret, say: Text) -> Shade:
    grade = np.minimum((known.free * GRADES).astype(np.int64), GRADES - 1)
    grade = np.where(gives(found) > 0, grade, GRADES)
    step = 100 // GRADES
    shares = [f"{at * step}–{(at + 1) * step} %" for at in range(GRADES)]
    shares[-1] = say("place_map_hold", share=shares[-1])
    labels = (*shares, say("place_map_no_room"))
    note = say("place_map_regret", count=known.draws)
    return Shade((found.code, "regret"), _on(workspace, found.made.ground.today, grade), labels, note)


def _on(workspace: Workspace, today: Workspace, look: np.ndarray) -> np.ndarray:
    """Looks of the parcels as they are now: rows may have come or gone since the plan was made."""
    at = today.parcel_index.get_indexer(workspace.parcel_index)
    return np.where(at >= 0, look[np.maximum(at, 0)], GRADES) if len(look) else np.full(len(at), GRADES)
