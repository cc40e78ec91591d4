"""Double entry: every square metre stands in exactly one account."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial import ledger
from spatial.sums import by_group


def row(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


def simple(
    permitted: float, built: float = 0, vacant: float = 0, moves: ledger.Moves | None = None
) -> ledger.Accounts:
    return ledger.post(
        permitted=row(permitted),
        built=row(built),
        vacant=row(vacant),
        under_construction=row(0),
        moves=moves or ledger.Moves.none(1),
        site=row(1000),
    )


def move(stage: str, amount: float, existing: bool = False) -> ledger.Moves:
    return ledger.Moves.of(
        np.array([0]), np.array([ledger.STAGES.index(stage)]), np.array([existing]), row(amount), 1
    )


@pytest.mark.parametrize(
    ("stage", "account"),
    [
        ("intent", "reserved"),
        ("signed", "committed"),
        ("under_construction", "under_construction"),
        ("completed", "built_occupied"),
        ("vacated", "built_vacant"),
    ],
)
def test_new_floor_area_moves_from_available_to_the_account_of_its_stage(stage: str, account: str) -> None:
    found = simple(100, moves=move(stage, 30))
    assert getattr(found, account).tolist() == [30]
    assert found.available.tolist() == [70]
    assert found.remaining_signed.tolist() == [100], "the stock view stands before assignments"


def test_existing_space_moves_out_of_vacant() -> None:
    found = simple(100, built=50, vacant=20, moves=move("signed", 15, existing=True))
    assert (found.built_vacant[0], found.committed[0], found.built_occupied[0], found.available[0]) == (5, 15, 30, 50)


def test_more_existing_space_than_is_vacant_shows_and_does_not_vanish() -> None:
    found = simple(100, built=50, vacant=20, moves=move("signed", 30, existing=True))
    assert (found.built_vacant[0], found.committed[0], found.available[0]) == (0, 30, 40)
    assert found.imbalance()[0] == 0


def test_over_is_kept() -> None:
    found = simple(100, built=130)
    assert (found.over[0], found.available[0], found.remaining_signed[0], found.remaining_clipped[0]) == (
        30,
        0,
        -30,
        0,
    )


def test_unknown_stands_outside_all_accounts() -> None:
    found = simple(float("nan"), built=40, moves=move("intent", 5))
    assert (found.permitted[0], found.built[0], found.available[0], found.over[0]) == (0, 0, 0, 0)
    assert (found.unknown_site_area[0], found.unknown_built[0], found.unknown_assigned[0]) == (1000, 40, 5)


def test_a_far_of_zero_is_a_limit() -> None:
    assert simple(0, built=10).over.tolist() == [10]


def test_a_cap_below_what_is_used_leaves_nothing_available() -> None:
    found = ledger.hold(simple(100, built=60), [ledger.Caps(np.array([0]), row(50))])
    assert (found.available[0], found.held_by_cap[0], found.over[0]) == (0, 40, 0)


def test_a_sub_area_spends_its_cap_before_its_zone() -> None:
    free = ledger.post(
        permitted=row(60, 40, 100), built=row(0, 0, 0), vacant=row(0, 0, 0), under_construction=row(0, 0, 0),
        moves=ledger.Moves.none(3), site=row(1, 1, 1),
    )  # fmt: skip
    levels = [ledger.Caps(np.array([0, 0, -1]), row(50)), ledger.Caps(np.array([0, 0, 0]), row(120))]
    found = ledger.hold(free, levels)
    assert found.available.sum() == pytest.approx(120)
    assert found.available[:2].sum() == pytest.approx(40)
    assert found.imbalance() == pytest.approx(np.zeros(3), abs=1e-9)


figures = st.floats(0, 1e6, allow_nan=False).map(lambda value: round(value, 2))


@st.composite
def workspaces(draw: st.DrawFn) -> tuple[dict[str, object], np.ndarray, list[ledger.Caps]]:
    """Random parts with assignments of every kind and caps at two levels, some of them absurd."""
    n = draw(st.integers(1, 12))

    def column() -> np.ndarray:
        return np.array(draw(st.lists(figures, min_size=n, max_size=n)))

    permitted, built = column(), column()
    permitted[draw(st.lists(st.booleans(), min_size=n, max_size=n))] = np.nan
    vacant = built * np.array(draw(st.lists(st.floats(0, 1), min_size=n, max_size=n)))
    k = draw(st.integers(0, 20))
    moves = ledger.Moves.of(
        np.array(draw(st.lists(st.integers(0, n - 1), min_size=k, max_size=k)), dtype=np.int64),
        np.array(draw(st.lists(st.integers(0, 4), min_size=k, max_size=k)), dtype=np.int64),
        np.array(draw(st.lists(st.booleans(), min_size=k, max_size=k)), dtype=bool),
        np.array(draw(st.lists(figures, min_size=k, max_size=k)), dtype=float),
        n,
    )
    opening = dict(
        permitted=permitted, built=built, vacant=vacant, under_construction=column(), moves=moves, site=column()
    )
    zone = np.array(draw(st.lists(st.integers(-1, 2), min_size=n, max_size=n)), dtype=np.int64)
    sub_area = np.where(zone >= 0, zone * 2 + np.arange(n) % 2, -1)
    cap = st.one_of(figures, st.just(float("nan")))
    caps = [
        ledger.Caps(sub_area, np.array(draw(st.lists(cap, min_size=6, max_size=6)))),
        ledger.Caps(zone, np.array(draw(st.lists(cap, min_size=3, max_size=3)))),
    ]
    return opening, zone, caps


@settings(max_examples=300, deadline=None)
@given(workspaces())
def test_every_square_metre_stands_in_exactly_one_account(made: tuple[dict, np.ndarray, list[ledger.Caps]]) -> None:
    opening, zone, caps = made
    posted = ledger.post(**opening)
    found = ledger.hold(posted, caps)
    assert np.abs(found.imbalance()).max() < 0.01
    for name in ("over", "built_vacant", "under_construction", "committed", "reserved", "held_by_cap", "available"):
        assert getattr(found, name).min() >= -1e-6, name
    groups = np.where(zone >= 0, zone, 3)
    by_zone = found.grouped(groups, 4)
    assert np.abs(by_zone.imbalance()).max() < 0.01
    assert by_zone.available.sum() == pytest.approx(found.available.sum(), rel=1e-12, abs=1e-6)
    for level in caps:
        inside = level.zone >= 0
        used = by_group(level.zone[inside], found.used[inside], len(level.cap))
        free = by_group(level.zone[inside], found.available[inside], len(level.cap))
        known = ~np.isnan(level.cap)
        assert (free[known] <= np.maximum(level.cap - used, 0)[known] + 1e-6).all(), (
            "no zone offers more than its cap"
        )


@settings(max_examples=200, deadline=None)
@given(workspaces())
def test_capping_sums_gives_the_sums_of_capped_rows(made: tuple[dict, np.ndarray, list[ledger.Caps]]) -> None:
    opening, _, caps = made
    posted = ledger.post(**opening)
    cells, code = np.unique(caps[0].zone, return_inverse=True)
    zone_of = np.array([caps[1].zone[np.flatnonzero(code == i)[0]] for i in range(len(cells))])
    by_cell = ledger.hold(
        posted.grouped(code, len(cells)), [ledger.Caps(cells, caps[0].cap), ledger.Caps(zone_of, caps[1].cap)]
    )
    by_row = ledger.hold(posted, caps).grouped(code, len(cells))
    assert by_cell.available == pytest.approx(by_row.available, rel=1e-9, abs=1e-3)
    assert by_cell.held_by_cap == pytest.approx(by_row.held_by_cap, rel=1e-9, abs=1e-3)


@settings(max_examples=200, deadline=None)
@given(workspaces(), figures)
def test_an_assignment_moves_floor_area_and_creates_none(made: tuple[dict, np.ndarray, list], amount: float) -> None:
    opening, _, _ = made
    before = ledger.post(**opening)
    more = ledger.Moves(opening["moves"].new.copy(), opening["moves"].existing)
    more.new[0, 0] += amount
    after = ledger.post(**(opening | {"moves": more}))
    left = before.permitted + before.over
    if amount <= before.available[0]:
        assert after.permitted + after.over == pytest.approx(left, abs=1e-6)
        assert after.available[0] == pytest.approx(before.available[0] - amount, abs=1e-6)
