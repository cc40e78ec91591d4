"""Acts that give floor area to projects and take it back, for orders of any acts."""

from __future__ import annotations

from hypothesis import strategies as st

from layers.commands import Allocate, Assign, Given, Reassign, Unassign
from tests.layers.orders import Order, act, person, whole


class Placing(Order):
    """Every act on assignments."""

    @act(
        who=person,
        parcel=whole,
        project=whole,
        area=st.floats(0.01, 9000.0),
        source=st.sampled_from(["new", "existing"]),
        stage=st.sampled_from(["intent", "signed", "under_construction", "completed", "vacated"]),
        stale=st.booleans(),
        back=st.booleans(),
    )
    def assign(
        self, who: str, parcel: int, project: int, area: float, source: str, stage: str, stale: bool, back: bool
    ) -> None:
        key, other = self.one_of("parcels", parcel), self.one_of("projects", project)
        self.do(who, Assign(key, other, round(area, 2), source, stage), stale=stale, back=back)

    @act(who=person, parcel=whole, project=whole)
    def assign_all(self, who: str, parcel: int, project: int) -> None:
        self.do(who, Assign(self.one_of("parcels", parcel), self.one_of("projects", project)))

    @act(
        who=person,
        pick=whole,
        area=st.none() | st.floats(0.01, 9000.0),
        stage=st.sampled_from([None, "intent", "signed", "completed", "vacated"]),
        stale=st.booleans(),
        back=st.booleans(),
    )
    def reassign(self, who: str, pick: int, area: float | None, stage: str | None, stale: bool, back: bool) -> None:
        key = self.one_of("assignments", pick)
        self.do(who, Reassign(key, None if area is None else round(area, 2), stage), stale=stale, back=back)

    @act(who=person, pick=whole, stale=st.booleans(), back=st.booleans())
    def unassign(self, who: str, pick: int, stale: bool, back: bool) -> None:
        self.do(who, Unassign(self.one_of("assignments", pick)), stale=stale, back=back)

    @act(
        who=person,
        parcel=whole,
        project=whole,
        pick=whole,
        area=st.floats(0.01, 9000.0),
        source=st.sampled_from(["new", "existing"]),
        stale=st.booleans(),
        back=st.booleans(),
    )
    def allocate(
        self, who: str, parcel: int, project: int, pick: int, area: float, source: str, stale: bool, back: bool
    ) -> None:
        given = Given(self.one_of("projects", project), self.one_of("parcels", parcel), round(area, 2), source)
        command = Allocate((given,), (self.one_of("assignments", pick),), "A1B2C3", (given.project_id,))
        self.do(who, command, stale=stale, back=back)
