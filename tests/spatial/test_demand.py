"""What projects ask for, and the balance of zones."""

from __future__ import annotations

import numpy as np
import pytest

from spatial import balance, demand

NAN = float("nan")


def norms(usable: bool = False, vacancy: tuple[float, float, float] = (0.08, 0.1, 0.1)) -> demand.Norms:
    return demand.Norms(
        per_person=np.array([[18.0, 15.0], [25.0, 20.0], [35.0, 30.0]]),
        usable=np.array([usable, False]),
        efficiency=np.array([0.7, 0.65]),
        vacancy=np.array(vacancy),
    )


def three(low: float, default: float, high: float) -> np.ndarray:
    return np.array([[low], [default], [high]])


def test_a_requested_floor_area_is_taken_as_it_is() -> None:
    found = demand.ask(np.array([[0.6, 0.4]]), three(NAN, 50, NAN), three(9000, 10_000, NAN), norms(usable=True))
    assert found.stated[0]
    assert [found.total(case)[0] for case in demand.CASES] == [9000, 10_000, 10_000]
    assert found.floor_area[1, 0].tolist() == [6000, 4000]


def test_people_times_norm_over_what_stays_empty() -> None:
    found = demand.ask(np.array([[1.0, 0.0]]), three(80, 100, 120), three(NAN, NAN, NAN), norms())
    assert [found.total(case)[0] for case in demand.CASES] == pytest.approx(
        [80 * 18 / 0.92, 100 * 25 / 0.9, 120 * 35 / 0.9]
    )


def test_efficiency_divides_once_and_only_a_norm_in_usable_area() -> None:
    mix, people, none = np.array([[0.5, 0.5]]), three(NAN, 100, NAN), three(NAN, NAN, NAN)
    found = demand.ask(mix, people, none, norms(usable=True)).floor_area[1, 0]
    assert found == pytest.approx([50 * 25 / 0.7 / 0.9, 50 * 20 / 0.9])


def test_a_project_that_says_nothing_is_listed() -> None:
    found = demand.ask(np.array([[1.0, 0.0]]), three(NAN, NAN, NAN), three(NAN, NAN, NAN), norms())
    assert found.silent[0]
    assert found.total()[0] == 0


def test_what_is_housed_is_not_asked_for_again() -> None:
    asked = np.array([[90.0, 50.0], [100.0, 60.0], [120.0, 70.0]])
    lines = balance.cells(asked, np.array([110.0, 20.0]), np.array([0, 1]), 2)
    assert lines[0].unmet == (0, 0, 10)
    assert lines[1].unmet == (30, 40, 50)
    assert [line.housed for line in lines] == [100, 20], "what is given beyond what is asked houses nobody"
    assert all(line.asked[1] == line.housed + line.unmet[1] for line in lines)
    assert balance.margin(25.0, lines[1].unmet[1]) == -15


def test_demand_has_one_home() -> None:
    must, assigned, may = np.array([1, -1, -1, -1]), np.array([0, 0, -1, -1]), np.array([2, 2, 2, -1])
    assert balance.home(must, assigned, may).tolist() == [1, 0, 2, -1]


def test_people_without_a_norm_are_silent_and_not_guessed() -> None:
    bare = demand.Norms(np.array([[NAN, 15.0]] * 3), np.array([False, False]), np.array([0.7, 0.7]), np.zeros(3))
    mix, none = np.array([[1.0, 0.0], [0.0, 1.0]]), np.full((3, 2), NAN)
    found = demand.ask(mix, np.array([[NAN, NAN], [100.0, 100.0], [NAN, NAN]]), none, bare)
    assert found.silent.tolist() == [True, False]
    assert found.total().tolist() == [0, 1500]
