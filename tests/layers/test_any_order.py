"""Every order of every act by two people, on a real store: what must hold, holds after each step.

``make orders`` runs 500 orders of 50 steps; the tests run fewer, always the same ones.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import shapely
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition
from shapely import affinity
from shapely.geometry import LineString

from layers import applying, scenarios, stores
from layers.accounts import totals
from layers.changes import Actor, Asked, Outcome, differing
from layers.commands import (
    Admit,
    Advance,
    Agree,
    Assume,
    Bring,
    Delete,
    Detach,
    Draw,
    Drop,
    Edit,
    EditMany,
    Fulfil,
    Leave,
    MergeParcels,
    Postpone,
    Reshape,
    Split,
    Supply,
    attach,
)
from layers.commands.editing import frozen
from layers.stores import geopackage
from layers.vocabulary import PARCEL_STATUS, PROJECT_STATES
from spatial.errors import ChengzaiError
from tests.layers.orders import PEOPLE, act, found, memory, person, whole
from tests.layers.orders_placing import Placing
from tests.layers.orders_world import study
from tests.layers.soundness import every_row

RUNS, STEPS = (500, 50) if os.environ.get("CHENGZAI_ORDERS") == "full" else (16, 30)


@pytest.fixture(scope="module", autouse=True)
def template() -> Iterator[None]:
    """The file from which every order starts."""
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        path = Path(folder) / "start.gpkg"
        stores.create(path, study())
        geopackage.close(path)
        AnyOrder.template = path
        yield


class AnyOrder(Placing):
    """Every act that there is."""

    # -- rows

    @act(
        who=person,
        pick=whole,
        stale=st.booleans(),
        back=st.booleans(),
        values=st.sampled_from(
            [
                {"far_max": 0.5},
                {"far_max": 3.0},
                {"far_max": None},
                {"note": "临街"},
                {"land_use": "R2"},
                {"land_use": "M4"},
                {"built_floor_area_m2": 8000.0},
                {"stated_floor_area_m2": 9000.5},
                {"stated_floor_area_m2": None},
                {"official_area_m2": 9999.99},
                {"coverage_max_pct": 40.0, "height_max_m": 24.0},
                {"status": "sold", "my own": 7},
                {"under_construction_floor_area_m2": 1234.56},
            ]
        ),
    )
    def edit(self, who: str, pick: int, values: dict[str, Any], stale: bool, back: bool) -> None:
        self.do(who, Edit("parcels", self.one_of("parcels", pick), frozen(values)), stale=stale, back=back)

    @act(
        who=person,
        values=st.sampled_from(
            [
                ("zones", {"floor_area_cap_m2": 20_000.0}),
                ("zones", {"floor_area_cap_m2": None}),
                ("zones", {"far_max": 1.5}),
                ("projects", {"exclusive": True}),
                ("projects", {"exclusive": False}),
                ("projects", {"name": "丁"}),
                ("projects", {"must_zone": "west"}),
                ("buildings", {"vacant_floor_area_m2": 500.0}),
                ("assumptions", {"value": 30.0}),
                ("assignments", {"phase": "一期"}),
                ("assignments", {"stage": "signed"}),
                ("assignments", {"floor_area_m2": 4000.0}),
            ]
        ),
        pick=whole,
        back=st.booleans(),
    )
    def edit_other(self, who: str, pick: int, values: tuple[str, dict[str, Any]], back: bool) -> None:
        self.do(who, Edit(values[0], self.one_of(values[0], pick), frozen(values[1])), back=back)

    @act(
        who=person,
        picks=st.lists(whole, min_size=1, max_size=3),
        back=st.booleans(),
        values=st.sampled_from([{"status": "planned"}, {"far_max": 1.2}, {"storey_height_m": 4.5}]),
    )
    def edit_many(self, who: str, picks: list[int], values: dict[str, Any], back: bool) -> None:
        keys = tuple(self.one_of("parcels", pick) for pick in picks)
        self.do(who, EditMany("parcels", keys, frozen(values)), back=back)

    @act(who=person, pick=whole, scale=st.sampled_from([0.7, 0.95, 1.1]), back=st.booleans())
    def reshape(self, who: str, pick: int, scale: float, back: bool) -> None:
        shape = affinity.scale(self.parcel(pick), scale, 1.0)
        self.do(who, Reshape("parcels", self.one_of("parcels", pick), shape), back=back)

    @act(
        who=person,
        east=st.integers(0, 300),
        values=st.sampled_from([{"far_max": 2.0, "land_use": "M4", "classification": "DB11/996"}, {}]),
        back=st.booleans(),
    )
    def draw(self, who: str, east: int, values: dict[str, Any], back: bool) -> None:
        west, south = 438_000.0 + east, 4_410_100.0
        shape = shapely.box(west, south, west + 40, south + 60)
        self.do(who, Draw("parcels", shape, frozen({"parcel_no": f"N{east}", **values})), back=back)

    @act(who=person, pick=whole, area=st.floats(1.0, 5000.0), back=st.booleans())
    def draw_without_outline(self, who: str, pick: int, area: float, back: bool) -> None:
        values = {"parcel_id": self.one_of("parcels", pick), "floor_area_m2": area, "vacant_floor_area_m2": area / 2}
        self.do(who, Draw("buildings", None, frozen(values)), back=back)

    @act(
        who=person,
        layer=st.sampled_from(["parcels", "projects", "buildings", "zones", "attachments", "parks"]),
        pick=whole,
        along=st.booleans(),
        stale=st.booleans(),
        back=st.booleans(),
    )
    def delete(self, who: str, layer: str, pick: int, along: bool, stale: bool, back: bool) -> None:
        found(len(self.workspace().table(layer)) > 1)
        self.do(who, Delete(layer, self.one_of(layer, pick), along), stale=stale, back=back)

    # -- shapes

    @act(
        who=person,
        pick=whole,
        at=st.floats(0.05, 0.95),
        upright=st.booleans(),
        share=st.sampled_from(["by_area", 0, 1]),
        stale=st.booleans(),
        back=st.booleans(),
    )
    def split(self, who: str, pick: int, at: float, upright: bool, share: str | int, stale: bool, back: bool) -> None:
        west, south, east, north = self.parcel(pick).bounds
        x, y = west + at * (east - west), south + at * (north - south)
        ends = [(x, south - 9), (x + 3, north + 9)] if upright else [(west - 9, y), (east + 9, y + 3)]
        key = self.one_of("parcels", pick)
        self.do(who, Split(key, line=LineString(ends), share=share), stale=stale, back=back)

    @act(who=person, pick=whole, parts=st.integers(2, 4), back=st.booleans())
    def split_in_equal_parts(self, who: str, pick: int, parts: int, back: bool) -> None:
        self.do(who, Split(self.one_of("parcels", pick), parts=parts), back=back)

    @act(who=person, pick=whole, which=whole, stale=st.booleans(), back=st.booleans())
    def merge_parcels(self, who: str, pick: int, which: int, stale: bool, back: bool) -> None:
        table = self.workspace().table("parcels")
        shapes, key = table["geometry"].to_numpy(), self.one_of("parcels", pick)
        mine = self.parcel(pick)
        near = table["parcel_id"][(shapely.distance(shapes, mine) < 1e-6) & (table["parcel_id"] != key).to_numpy()]
        found(len(near))
        figures = frozen(
            {"far_max": 1.5, "land_use": "M4", "classification": "DB11/996", "stated_floor_area_m2": None}
        )
        more = (("coverage_max_pct", None), ("height_max_m", None), ("storey_height_m", None))
        command = MergeParcels((key, str(near.iloc[which % len(near)])), (*figures, *more))
        self.do(who, command, stale=stale, back=back)

    # -- projects, papers, tables

    @act(who=person, pick=whole, back=st.booleans())
    def admit(self, who: str, pick: int, back: bool) -> None:
        self.do(who, Admit(self.one_of("projects", pick), "2026-11-20"), back=back)

    @act(who=person, pick=whole, back=st.booleans())
    def leave(self, who: str, pick: int, back: bool) -> None:
        self.do(who, Leave(self.one_of("projects", pick), "2026-11-20", "搬迁"), back=back)

    @act(who=person, pick=whole, to=st.sampled_from([*PROJECT_STATES]), day=st.integers(20, 27), back=st.booleans())
    def advance(self, who: str, pick: int, to: str, day: int, back: bool) -> None:
        command = Advance(self.one_of("projects", pick), to, f"2026-11-{day}", "理由", agreement="监管 1 号")
        self.do(who, command, back=back)

    @act(who=person, pick=whole, to=st.sampled_from([*PARCEL_STATUS]), day=st.integers(20, 27), back=st.booleans())
    def supply(self, who: str, pick: int, to: str, day: int, back: bool) -> None:
        self.do(who, Supply(self.one_of("parcels", pick), to, f"2026-11-{day}", 2027, reason="理由"), back=back)

    @act(
        who=person, pick=whole, what=st.sampled_from(["start", "jobs"]), month=st.integers(1, 12), back=st.booleans()
    )
    def agree(self, who: str, pick: int, what: str, month: int, back: bool) -> None:
        promised = 12.0 if what == "jobs" else None
        command = Agree(self.one_of("assignments", pick), what, f"2027-{month:02d}-15", promised)
        self.do(who, command, back=back)

    @act(who=person, pick=whole, much=st.none() | st.floats(0, 99), stale=st.booleans(), back=st.booleans())
    def fulfil(self, who: str, pick: int, much: float | None, stale: bool, back: bool) -> None:
        self.do(who, Fulfil(self.one_of("milestones", pick), "2026-11-25", much), stale=stale, back=back)

    @act(who=person, pick=whole, month=st.integers(1, 12), drop=st.booleans(), back=st.booleans())
    def postpone(self, who: str, pick: int, month: int, drop: bool, back: bool) -> None:
        key = self.one_of("milestones", pick)
        self.do(who, Drop(key) if drop else Postpone(key, f"2027-{month:02d}-28", "理由"), back=back)

    @act(who=person, layer=st.sampled_from(["parcels", "projects", "assignments"]), pick=whole, back=st.booleans())
    def attach(self, who: str, layer: str, pick: int, back: bool) -> None:
        content = b"%PDF-1.7 " + str(pick).encode()
        command = attach(layer, self.one_of(layer, pick), "批复.pdf", content)
        outcome = self.do(who, command, back=back, documents=(content,))
        if outcome.status == "ok":
            with self.store.reading() as tx:
                assert tx.blob(command.sha256) == content

    @act(who=person, pick=whole, back=st.booleans())
    def detach(self, who: str, pick: int, back: bool) -> None:
        self.do(who, Detach(self.one_of("attachments", pick)), back=back)

    @act(who=person, layer=st.sampled_from(["parcels", "projects", "assumptions"]), pick=whole, back=st.booleans())
    def bring(self, who: str, layer: str, pick: int, back: bool) -> None:
        table = self.workspace().table(layer)
        column = {"parcels": "official_area_m2", "projects": "headcount", "assumptions": "value"}[layer]
        values = table[column].copy()
        values.iloc[pick % len(values)] = 5000.0 + pick
        self.do(who, Bring(layer, table.assign(**{column: values}), file="表.xlsx"), back=back)

    @act(
        who=person, pick=whole, value=st.sampled_from([0.0, 0.5, 40.0, 1e6]), stale=st.booleans(), back=st.booleans()
    )
    def assume(self, who: str, pick: int, value: float, stale: bool, back: bool) -> None:
        command = Assume.of(self.one_of("assumptions", pick), value=value, low=None, high=value + 1, note="试")
        self.do(who, command, stale=stale, back=back)

    @act(
        who=person, pick=whole, value=st.sampled_from([-1, float("nan"), float("inf"), 1e308, "2", "２", "1,5", True])
    )
    def wrong_number(self, who: str, pick: int, value: Any) -> None:
        outcome = self.do(who, Edit("parcels", self.one_of("parcels", pick), (("far_max", value),)))
        assert outcome.status == "invalid"

    # -- history

    @act(who=person, act=st.sampled_from(["undo", "undo", "redo"]))
    def back(self, who: str, act: str) -> None:
        call: Callable[..., Outcome] = getattr(applying, act)
        before, events = self.workspace(), self.written()
        rows = every_row(before)
        outcome = call(self.store, self.asked(who))
        if outcome.status != "ok":
            self._nothing_came_of_it(outcome, before, events)
            for clash in outcome.clashes:
                assert differing(clash.theirs, clash.ancestor), "not as the gesture left it"
            return
        with self.store.reading() as tx:
            (made,) = tx.events_of(next(iter(tx.events(newest_first=True, limit=1))).gesture)
            undone = tx.events_of(made.undoes or "")
        first = {}
        for change in (one for event in undone for one in event.changes):
            first.setdefault(change.at, change.before)
        assert outcome.workspace is not None
        now = every_row(outcome.workspace)
        assert {at for at in rows.keys() | now.keys() if rows.get(at) != now.get(at)} <= first.keys()
        for at, row in first.items():
            assert (at in now) == (row is not None), "every row is as it was before"

    @act(one=person, pick=whole, values=st.sampled_from([{"far_max": 1.7}, {"note": "甲"}]))
    def undo_after_anothers_edit(self, one: str, pick: int, values: dict[str, Any]) -> None:
        other = next(name for name in PEOPLE if name != one)
        key = self.one_of("parcels", pick)
        mine = self.do(one, Edit("parcels", key, frozen(values)))
        theirs = self.do(other, Edit("parcels", key, (("name", uuid4().hex),)))
        found(mine.status == theirs.status == "ok" and mine.changes)
        before, events = self.workspace(), self.written()
        outcome = applying.undo(self.store, self.asked(one))
        assert outcome.status == "conflict"
        assert [clash.by for clash in outcome.clashes] == [other]
        self._nothing_came_of_it(outcome, before, events)

    @precondition(lambda self: self.done)
    @act(pick=whole)
    def once_more(self, pick: int) -> None:
        who, op, scenario, command = self.done[pick % len(self.done)]
        found(scenario in self.names)
        events = self.written()
        with self.store.reading() as tx:
            found(tx.events_of(op))
        again = applying.apply(self.store, Asked(Actor(who), op, scenario=scenario), command)
        assert again.status == "duplicate"
        other = next(name for name in PEOPLE if name != who)
        taken = applying.apply(self.store, Asked(Actor(other), op, scenario=scenario), command)
        assert taken.status == "invalid"
        assert self.written() == events

    # -- branches

    @act(who=person)
    @precondition(lambda self: len(self.names) < 4)
    def branch(self, who: str) -> None:
        self.count += 1
        rows = every_row(self.workspace())
        made = scenarios.branch(self.store, self.asked(who), f"方案{self.count}")
        assert every_row(self.workspace(made.name)) == rows
        self.names.append(made.name)
        self.scenario = made.name

    @act(pick=whole)
    def work_on(self, pick: int) -> None:
        self.scenario = self.names[pick % len(self.names)]

    @act(who=person, pick=whole)
    @precondition(lambda self: self.scenario != "main")
    def rename(self, who: str, pick: int) -> None:
        self.count += 1
        rows, old = every_row(self.workspace()), self.scenario
        new = scenarios.rename(self.store, self.asked(who), f"方案{self.count}改").name
        self.names[self.names.index(old)] = self.scenario = new
        self.done = [(by, op, new if name == old else name, command) for by, op, name, command in self.done]
        assert every_row(self.workspace()) == rows

    @act(who=person, pick=whole)
    def lock(self, who: str, pick: int) -> None:
        rows = every_row(self.workspace())
        scenarios.lock(self.store, self.asked(who))
        key = self.one_of("parcels", pick)
        for call in (
            lambda: applying.apply(self.store, self.asked(who), Edit("parcels", key, (("note", "不"),))),
            lambda: applying.undo(self.store, self.asked(who)),
            lambda: applying.redo(self.store, self.asked(who)),
        ):
            assert call().status == "denied"
        assert every_row(self.workspace()) == rows
        scenarios.lock(self.store, self.asked(who), locked=False)

    @act(who=person, pick=whole, choices=st.lists(whole, min_size=4, max_size=4), back=st.booleans())
    @precondition(lambda self: len(self.names) > 1)
    def merge(self, who: str, pick: int, choices: list[int], back: bool) -> None:
        others = [name for name in self.names if name != self.scenario]
        source, before = others[pick % len(others)], self.workspace()
        with self.store.reading() as tx:
            plan = scenarios.preview(tx, source, self.scenario)
        chosen = {}
        for at, conflict in enumerate(plan.conflicts):
            offered = [way.choice for way in conflict.resolutions if way.refused is None]
            assert offered, "there is a way out of every conflict"
            chosen[conflict.id] = offered[choices[at % len(choices)] % len(offered)]
        try:
            shown = plan.account(chosen)
        except ChengzaiError:
            outcome = scenarios.merge(self.store, self.asked(who), source, chosen)
            assert outcome.status == "invalid"
            return
        outcome = scenarios.merge(self.store, self.asked(who), source, chosen)
        assert outcome.status == "ok", outcome.error
        assert outcome.workspace is not None
        assert totals(outcome.workspace) == pytest.approx(shown, rel=1e-9, abs=1e-6)
        with self.store.reading() as tx:
            again = scenarios.preview(tx, source, self.scenario)
        assert (again.conflicts, again.automatic) == ((), ()), "what was decided is not asked again"
        if back and outcome.changes:
            self._back_and_again(who, before, outcome.workspace)


AnyOrder.TestCase.settings = settings(
    max_examples=RUNS,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize=RUNS < 500,
    suppress_health_check=list(HealthCheck),
)
TestAnyOrder = AnyOrder.TestCase
