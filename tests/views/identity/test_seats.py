"""Who is signed in: half an hour without an action, half a day in all, and never again with an old token."""

from __future__ import annotations

import pytest

from views.identity.seats import IDLE_S, WHOLE_S, Seats


class Clock:
    """Time that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def seats(clock: Clock) -> Seats:
    return Seats(clock)


def test_a_seat_is_kept_by_actions_and_lost_without(seats: Seats, clock: Clock) -> None:
    token = seats.take("here", "wang", "proof")
    for _ in range(5):
        clock.now += IDLE_S
        seat = seats.at(token)
        assert seat is not None and seat.names == {"here": "wang"} and seat.proofs == {"here": "proof"}
    clock.now += IDLE_S + 1
    assert seats.at(token) is None
    clock.now -= IDLE_S
    assert seats.at(token) is None, "what is lost stays lost"


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(seats: Seats, clock: Clock) -> None:
    token = seats.take("here", "wang", "")
    for _ in range(3):
        clock.now += IDLE_S / 3
        assert seats.at(token, action=False)
    clock.now += 1
    assert seats.at(token, action=False) is None and seats.at(token) is None


def test_no_action_keeps_a_seat_longer_than_half_a_day(seats: Seats, clock: Clock) -> None:
    token = seats.take("here", "wang", "")
    for _ in range(WHOLE_S // IDLE_S):
        clock.now += IDLE_S
        assert seats.at(token)
    clock.now += 1
    assert seats.at(token) is None


def test_every_signing_in_gives_another_token_and_voids_the_one_before(seats: Seats) -> None:
    first = seats.take("here", "wang", "")
    second = seats.take("here", "wang", "", first)
    assert first != second and len(second) >= 43
    assert seats.at(first) is None and seats.at(second)


def test_a_token_that_somebody_else_thought_of_never_leads_to_a_seat(seats: Seats) -> None:
    made = seats.take("here", "wang", "", "a token that an attacker set")
    assert made != "a token that an attacker set"
    assert seats.at("a token that an attacker set") is None and seats.at("") is None


def test_a_browser_may_be_signed_in_to_two_workspaces(seats: Seats, clock: Clock) -> None:
    one = seats.take("here", "wang", "a")
    clock.now += 100
    both = seats.take("there", "li", "b", one)
    seat = seats.at(both)
    assert seat is not None and seat.names == {"here": "wang", "there": "li"}
    assert seat.since == 1000.0, "the older of the two says when it is over"


def test_leaving_everywhere_is_for_one_person_of_one_workspace(seats: Seats) -> None:
    mine, also_mine = seats.take("here", "wang", ""), seats.take("here", "wang", "")
    theirs, elsewhere = seats.take("here", "li", ""), seats.take("there", "wang", "")
    seats.leave_all("here", "wang")
    assert [bool(seats.at(token)) for token in (mine, also_mine, theirs, elsewhere)] == [False, False, True, True]


def test_a_connection_of_another_house_is_adopted_once(seats: Seats, clock: Clock) -> None:
    assert seats.adopt("key", "wang") and seats.adopt("key", "wang")
    assert seats.adopt("key", "li") is None, "a connection does not change whose it is"
    clock.now += IDLE_S + 1
    assert seats.adopt("key", "wang") is None
    clock.now += WHOLE_S
    assert seats.adopt("key", "wang") is None


def test_tokens_are_not_kept(seats: Seats) -> None:
    token = seats.take("here", "wang", "")
    assert token not in repr(vars(seats))
