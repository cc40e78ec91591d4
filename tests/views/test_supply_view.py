"""The supply plan on its page: cells that add up to the ledger, years, and text that stays text."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from layers.accounts import totals
from layers.supply_plan import STEPS, lots
from layers.vocabulary import PARCEL_STATUS
from layers.workspace import Workspace
from tests.hostile import hostile
from tests.world import demo, three_parcels
from views import supply
from views.numbers import shown, wan
from views.text import texts


def planned(world: Workspace) -> Workspace:
    count = len(world.table("parcels"))
    status = pd.array([STEPS[at % len(STEPS)] for at in range(count)], dtype="str")
    years = pd.array([2027 if at % 2 == 0 else None for at in range(count)], dtype="Int64")
    return world.with_tables(parcels=world.table("parcels").assign(status=status, supply_year=years))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_plan_shows_states_in_their_order_and_says_what_the_ledger_has(language: str) -> None:
    say, world = texts(language), demo()
    drawn = supply.plan_table(world, supply.ALL, say)
    heads = re.findall(r"<th scope=\"col\">([^<]+)</th>", drawn)
    assert heads == [say("place"), *(say.term(PARCEL_STATUS, one) for one in STEPS), say("total")]
    assert shown(wan(totals(world)["available_m2"])) in supply.checked(world, say)
    assert shown(wan(float(lots(world)["available_m2"].sum()))) in supply.checked(world, say)


def test_a_year_shows_its_own_parcels_and_those_without_a_year_stand_apart() -> None:
    found = lots(planned(three_parcels()))
    assert supply.of_year(found, "2027")["row"].tolist() == [0, 2]
    assert supply.of_year(found, supply.UNDATED)["row"].tolist() == [1]
    assert len(supply.of_year(found, supply.ALL)) == 3
    assert supply.of_year(found, "2030").empty


def test_parcels_stand_with_what_they_carry() -> None:
    say, world = texts("zh-CN"), planned(three_parcels())
    first = supply.lots_table(world, lots(world), say).iloc[0]
    assert (first[say("parcel_no")], first[say("status")], first[say("supply_year")]) == ("A", "储备", 2027)
    assert (first[say("site_area")], first[say("permitted")], first[say("available")]) == (10_000, 20_000, 15_000)


def test_names_of_the_workspace_never_become_markup() -> None:
    drawn = supply.plan_table(planned(hostile()), supply.ALL, texts("zh-CN"))
    assert not re.search(r"<(script|img|svg|iframe|a)\b", drawn)
