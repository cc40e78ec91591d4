"""Obligations of the three-parcel world by hand: every colour, what is promised in all, counts that add up."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import obliging
from layers.commands import Leave, Reassign
from layers.errors import DateRefused
from layers.milestones import QUANTITIES
from layers.obliging import COLOURS, Promise, judge
from layers.vocabulary import MILESTONE_KINDS
from layers.workspace import Workspace
from tests.layers.obliging.promised import ON, world
from tests.world import after, table

DAY = datetime.date.fromisoformat(ON)


def found(workspace: Workspace, within: int = 90) -> pd.DataFrame:
    return obliging.obligations(workspace, DAY, within)


def test_every_obligation_has_its_colour_and_reason() -> None:
    told = found(world()).set_index("milestone_id")[["colour", "reason"]].apply(tuple, axis=1).to_dict()
    assert told == {
        "y1": ("green", "done"),
        "y2": ("green", "done_late"),
        "y3": ("amber", "due"),
        "y4": ("red", "below"),
        "y5": ("green", "kept"),
        "y6": ("red", "overdue"),
        "y7": ("unknown", "promise_unknown"),
        "y8": ("unknown", "no_date"),
        "y9": ("green", "ahead"),
    }


def test_the_most_urgent_stand_first_and_days_are_counted_to_the_due_day() -> None:
    table_ = found(world())
    assert table_["milestone_id"].tolist() == ["y4", "y6", "y3", "y7", "y8", "y1", "y2", "y9", "y5"]
    assert table_.set_index("milestone_id")["days"].loc[["y3", "y6"]].tolist() == [39, -1]


def test_promises_per_floor_and_per_site_area_are_told_in_all() -> None:
    table_ = found(world()).set_index("milestone_id")
    # 2 亿元/万m² on 4,000 m²; 10,000 m² of site are 15 亩, of which 4,000 of 4,500 m² of floor area are p1's
    assert table_.loc["y4", ["promised_total", "achieved_total", "total_unit"]].tolist() == [0.8, 0.6, "亿元"]
    assert table_.loc["y5", "promised_total"] == 400.0
    assert table_.loc["y3", "promised_total"] is None or pd.isna(table_.loc["y3", "promised_total"])


def test_another_unit_than_ours_is_not_multiplied() -> None:
    more = {
        "milestone_id": "z",
        "assignment_id": "A00001",
        "kind": "investment",
        "promised": 300.0,
        "unit": "万元/亩",
    }
    assert pd.isna(found(world(more)).set_index("milestone_id").loc["z", "promised_total"])


@pytest.mark.parametrize(
    ("promise", "on", "light"),
    [
        ({"due": "2027-02-20"}, "2026-11-22", ("amber", "due", 90)),
        ({"due": "2027-02-21"}, "2026-11-22", ("green", "ahead", 91)),
        ({"due": "2028-02-29"}, "2028-02-29", ("amber", "due", 0)),
        ({"due": "2028-02-29"}, "2028-03-01", ("red", "overdue", -1)),
        ({"due": "2026-12-01", "done_on": "2026-12-01"}, "2026-11-22", ("amber", "due", 9)),
        ({"due": "2026-12-01", "done_on": "2026-12-01"}, "2026-12-01", ("green", "done", 0)),
        ({"done_on": "2026-10-01"}, "2026-11-22", ("green", "done", None)),
        ({"quantity": True, "promised": 5.0, "due": "2026-11-21"}, "2026-11-22", ("red", "unreported", -1)),
        ({"quantity": True, "promised": 5.0}, "2026-11-22", ("unknown", "no_date", None)),
        ({"quantity": True, "achieved": 5.0, "due": "2026-11-21"}, "2026-11-22", ("unknown", "promise_unknown", -1)),
        ({"quantity": True, "promised": 5.0, "achieved": 5.0}, "2026-11-22", ("green", "kept", None)),
        ({"quantity": True, "promised": 5.0, "achieved": 4.9}, "2026-11-22", ("red", "below", None)),
        ({"quantity": True, "promised": 5.0, "achieved": 4.9, "due": "2026-11-30"}, "2026-11-22",
         ("amber", "below_yet", 8)),
        ({"quantity": True, "promised": 5.0, "achieved": 0.0, "due": "2030-11-30"}, "2026-11-22",
         ("green", "ahead", 1469)),
        ({"quantity": True, "promised": 5.0, "achieved": 9.0, "done_on": "2027-01-01", "due": "2026-11-30"},
         "2026-11-22", ("amber", "due", 8)),
    ],
)  # fmt: skip
def test_a_light_by_hand(promise: dict[str, Any], on: str, light: tuple[str, str, int | None]) -> None:
    days = {name: obliging.day_of(value) for name, value in promise.items() if name in ("due", "done_on")}
    said = judge(Promise(**(promise | days)), datetime.date.fromisoformat(on), 90)
    assert (said.colour, said.reason, said.days) == light


def test_who_has_left_owes_nothing() -> None:
    left = after(world(), Reassign("A00001", stage="vacated"))
    assert set(found(left)["assignment_id"]) == {"A00002"}
    gone = after(world(), Leave("p1", ON, "迁出"))
    assert set(gone.table("milestones")["assignment_id"]) == {"A00002"}


def test_the_light_of_many_is_the_worst_of_theirs() -> None:
    table_ = found(world())
    assert obliging.lights(table_, "assignment_id") == {"A00001": "red", "A00002": "red"}
    assert obliging.lights(table_, "zone") == {"east": "red"}
    quiet = table_[table_["milestone_id"].isin(["y1", "y3", "y8"])]
    assert obliging.lights(quiet, "project_id") == {"p1": "amber", "p3": "unknown"}


DAYS = st.none() | st.dates(datetime.date(2024, 1, 1), datetime.date(2030, 12, 31)).map(str)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "assignment_id": st.sampled_from(["A00001", "A00002"]),
            "kind": st.sampled_from(list(MILESTONE_KINDS)),
            "due": DAYS,
            "done_on": DAYS,
            "promised": st.none() | st.floats(0, 10),
            "achieved": st.none() | st.floats(0, 10),
        }
    ),
    max_size=12,
)
WORLD = world()


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, within=st.integers(0, 400))
def test_counts_by_colour_add_up_however_they_are_grouped(rows: list[dict[str, Any]], within: int) -> None:
    keyed = [row | {"milestone_id": f"y{number}"} for number, row in enumerate(rows)]
    full = WORLD.with_tables(milestones=table("milestones", keyed))
    table_ = found(full, within)
    assert len(table_) == len(rows)
    total = obliging.counts(table_)[""]
    assert total["total"] == len(rows) == sum(total[colour] for colour in COLOURS)
    for by in ("zone", "project_id", "assignment_id", "kind"):
        groups = obliging.counts(table_, by).values()
        for name in (*COLOURS, "total"):
            assert sum(group[name] for group in groups) == total[name], by
    more = obliging.counts(found(full, within + 1))[""]
    assert (more["red"], more["unknown"]) == (total["red"], total["unknown"]), (
        "the horizon moves green and amber only"
    )
    assert more["amber"] >= total["amber"]


def test_progress_by_year_is_told_by_hand() -> None:
    told = obliging.progress(world(), found(world())).to_dict("records")
    assert [one["year"] for one in told] == [2026, 2028, 2029]
    assert told[0] == {
        "year": 2026, "due": 5, "done": 2, "overdue": 2, "floor_area_due_m2": 4_000.0, "floor_area_done_m2": 0.0
    }  # fmt: skip
    done = world()
    rows = done.table("milestones").copy()
    rows.loc[rows["milestone_id"] == "y3", "done_on"] = "2026-11-01"
    done = done.with_tables(milestones=rows)
    assert obliging.progress(done, found(done))["floor_area_done_m2"].tolist() == [4_000.0] * 3


def test_the_answer_tells_all_of_it() -> None:
    told = obliging.told(world(), ON, 90)
    assert (told["on"], told["within_days"]) == (ON, 90)
    assert told["counts"] == {"red": 2, "amber": 1, "unknown": 2, "green": 4, "total": 9}
    assert [one["milestone_id"] for one in told["due"]] == ["y3"]
    assert [one["milestone_id"] for one in told["overdue"]] == ["y4", "y6"]
    assert told["zones"] == [{"zone": "east", **told["counts"]}]
    assert obliging.told(world())["on"] == ON, "the day of the workspace"
    with pytest.raises(DateRefused):
        obliging.told(world(), "2026-02-30")


def test_a_world_without_promises_owes_nothing(world: Workspace) -> None:
    told = obliging.told(world)
    assert told["counts"]["total"] == 0
    assert told["due"] == told["overdue"] == told["idle"] == told["renewals"] == told["progress"] == []


def test_every_quantity_has_a_unit_and_is_a_kind() -> None:
    assert set(QUANTITIES) <= set(MILESTONE_KINDS)
    assert all(QUANTITIES.values())
