"""The demo's fabric: a partition that meets what is published, and balances that show every account."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import shapely

from data.fengtai import land
from layers.contract import split_list


class TestFabric:
    """Parcels and streets are a partition of their sub-area."""

    def test_parcels_and_streets_add_up_to_the_sub_area(
        self, demo: dict[str, pd.DataFrame], parcels: pd.DataFrame
    ) -> None:
        zones = demo["zones"].set_index("zone_id")
        for key, drawn in parcels.groupby("sub_area")["drawn"]:
            assert math.isclose(drawn.sum(), zones.geometry[key].area, rel_tol=1e-6), key

    def test_nothing_overlaps_and_nothing_is_left_out(
        self, demo: dict[str, pd.DataFrame], parcels: pd.DataFrame
    ) -> None:
        zones = demo["zones"].set_index("zone_id")
        for key, rows in parcels.groupby("sub_area"):
            shapes = rows["geometry"].to_numpy()
            left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
            once = left < right
            overlap = shapely.area(shapely.intersection(shapes[left[once]], shapes[right[once]])).sum()
            assert overlap < 0.01, key
            outside = shapely.difference(shapely.union_all(shapes), zones.geometry[key]).area
            assert outside < 0.01, key

    def test_neighbours_share_their_vertices(self, parcels: pd.DataFrame) -> None:
        for key, rows in parcels.groupby("sub_area"):
            parts = shapely.get_parts(rows["geometry"].to_numpy())
            assert shapely.coverage_is_valid(parts), key

    def test_a_zone_is_the_union_of_its_sub_areas(self, demo: dict[str, pd.DataFrame]) -> None:
        zones = demo["zones"]
        for zone in zones[zones["parent"].isna()].itertuples():
            inside = zones[zones["parent"] == zone.zone_id]
            assert math.isclose(zone.geometry.area, inside.geometry.area.sum(), rel_tol=1e-9)
            assert zone.geometry.symmetric_difference(inside.geometry.union_all()).area < 0.01

    def test_zones_keep_apart(self, demo: dict[str, pd.DataFrame]) -> None:
        leaves = demo["zones"][demo["zones"]["parent"].notna()]["geometry"].to_numpy()
        for i, one in enumerate(leaves):
            assert all(one.distance(other) > 50 for other in leaves[i + 1 :])

    def test_size_and_variety(self, parcels: pd.DataFrame) -> None:
        plots = parcels[~parcels["parcel_id"].str.startswith("ROAD-") & (parcels["far_max"] != 0)]
        assert 180 <= len(parcels) <= 300
        assert plots["drawn"].min() > 3_000
        assert plots["drawn"].max() < 80_000
        assert plots["drawn"].std() > 0.4 * plots["drawn"].mean()
        assert set(plots["status"].dropna()) >= {
            "reserve",
            "planned",
            "announced",
            "sold",
            "delivered",
            "under_construction",
            "built",
        }

    def test_streets_and_green_carry_nothing(self, parcels: pd.DataFrame) -> None:
        flat = parcels["land_use"].isin(["S1", "1207", "G1", "1401"])
        assert (parcels.loc[flat, "far_max"] == 0).all()
        assert parcels["parcel_id"].str.startswith("ROAD-").eq(parcels["land_use"].isin(["S1", "1207"])).all()


class TestPublishedFigures:
    """What is published is met exactly."""

    @pytest.mark.parametrize(("key", "hectares"), [("east-1", 176), ("east-2", 44), ("west-1", 134), ("west-2", 28)])
    def test_drawn_area(self, demo: dict[str, pd.DataFrame], key: str, hectares: float) -> None:
        assert math.isclose(demo["zones"].set_index("zone_id").geometry[key].area, hectares * 10_000, rel_tol=1e-6)

    @pytest.mark.parametrize(("keys", "total"), [(["east-2"], 1_200_000), (["east-3"], 3_200_000)])
    def test_floor_area(self, parcels: pd.DataFrame, keys: list[str], total: float) -> None:
        found = parcels.loc[parcels["sub_area"].isin(keys), "permitted"]
        assert round(math.fsum(found.dropna()), 2) == total

    def test_floor_area_of_the_west(self, parcels: pd.DataFrame) -> None:
        west = parcels[parcels["zone"] == "west"]
        industry = west[(west["sub_area"] == "west-1") & west["land_use"].isin(["M4", "B23", "B4"])]
        assert round(math.fsum(west["permitted"].dropna()), 2) == 2_020_000
        assert round(math.fsum(industry["permitted"]), 2) == 700_000

    def test_floor_area_of_the_works_is_what_stands(self, parcels: pd.DataFrame) -> None:
        works = parcels[(parcels["zone"] == "expanded") & parcels["permitted"].notna()]
        assert works["permitted"].equals(works["built_floor_area_m2"])
        assert works.loc[works["land_use"] == "080502", "permitted"].tolist() == [58_600]

    def test_caps_hold_nothing_back(self, demo: dict[str, pd.DataFrame], parcels: pd.DataFrame) -> None:
        zones = demo["zones"].set_index("zone_id")
        assert zones.loc["east-3", "floor_area_cap_m2"] == 3_200_000
        assert zones.loc["west", "floor_area_cap_m2"] == 2_020_000

    @pytest.mark.parametrize("column", ["binding_shape"])
    def test_height_binds_in_the_first_phase_only(self, parcels: pd.DataFrame, column: str) -> None:
        bound = parcels[column].notna() & (parcels[column] <= parcels["permitted"])
        assert set(parcels.loc[bound, "sub_area"]) == {"east-1"}
        tall = parcels["coverage_max_pct"] / 100 * parcels["drawn"] * np.floor(parcels["height_max_m"] / 4.5)
        fitted = parcels["sub_area"].isin(["east-2", "east-3", "west-1", "west-2"]) & tall.notna()
        assert (tall[fitted] > parcels.loc[fitted, "permitted"]).all()

    def test_ratio_and_stated_floor_area_agree(self, parcels: pd.DataFrame) -> None:
        both = parcels[parcels["far_max"].gt(0) & parcels["stated_floor_area_m2"].notna()]
        area = both["official_area_m2"].fillna(both["drawn"])
        assert (abs(both["far_max"] * area / both["stated_floor_area_m2"] - 1) < 0.01).all()

    @pytest.mark.parametrize("key", ["1516-66C", "6019", "W1-CXZX-1"])
    def test_a_real_parcel_is_drawn_with_its_area(self, parcels: pd.DataFrame, key: str) -> None:
        row = parcels.set_index("parcel_id").loc[key]
        assert abs(row["drawn"] - row["official_area_m2"]) < 0.1
        assert len(row["geometry"].minimum_rotated_rectangle.exterior.coords) == 5
        assert abs(row["geometry"].minimum_rotated_rectangle.area - row["drawn"]) < 0.5

    def test_real_parcels(self, parcels: pd.DataFrame) -> None:
        rows = parcels.set_index("parcel_id")
        assert rows.loc["1516-66C", ["land_use", "far_max", "supply_mode"]].tolist() == ["M4", 2.5, "agreement"]
        assert rows.loc["1516-66C", ["term_years", "permitted"]].tolist() == [20, 16_000]
        assert rows.loc["6019", ["official_area_m2", "status"]].tolist() == [24_100, "under_construction"]
        total = rows.loc["6019", ["stated_floor_area_m2", "underground_floor_area_m2"]].sum()
        assert total == 126_000
        centre = rows.loc["W1-CXZX-1"]
        assert centre[["stated_floor_area_m2", "underground_floor_area_m2"]].tolist() == [89_699.21, 50_455.55]

    def test_neighbours_of_66c(self, parcels: pd.DataFrame) -> None:
        rows = parcels.set_index("parcel_id")
        middle = rows.geometry["1516-66C"]
        for key, axis, sign in (("1516-66A", "x", -1), ("1516-66B", "y", 1), ("1516-74", "y", -1)):
            other = rows.geometry[key]
            assert middle.boundary.intersection(other.boundary).length > 70
            assert sign * (getattr(other.centroid, axis) - getattr(middle.centroid, axis)) > 30
            assert pd.isna(rows.loc[key, "permitted"])


class TestAccounts:
    """The demo shows every account."""

    def test_each_account_has_something_in_it(self, parcels: pd.DataFrame) -> None:
        built, rising = parcels["built_floor_area_m2"], parcels["under_construction_floor_area_m2"]
        over = (built + rising - parcels["permitted"]).clip(lower=0)
        assert over.sum() > 0
        assert rising.sum() > 0
        assert parcels["permitted"].isna().sum() >= 3
        renewal = (parcels["sub_area"] == "east-1") & (built > 0) & (built < 0.5 * parcels["permitted"])
        assert renewal.sum() >= 5
        assert (built[parcels["permitted"].isna()].fillna(0) == 0).all()

    def test_terms_keep_the_rules(self, parcels: pd.DataFrame, demo: dict[str, pd.DataFrame]) -> None:
        for table in (parcels, demo["assignments"]):
            terms = table["term_years"]
            assert (terms[table["supply_mode"] == "lease"] <= 15).all()
            assert (terms[table["supply_mode"].isin(["agreement", "flexible_transfer"])] <= 20).all()
            assert (terms[table["supply_mode"] == "self_held"] <= 30).all()

    def test_buildings_fit_their_parcel(self, demo: dict[str, pd.DataFrame], parcels: pd.DataFrame) -> None:
        buildings, rows = demo["buildings"], parcels.set_index("parcel_id")
        assert (buildings["vacant_floor_area_m2"] <= buildings["floor_area_m2"]).all()
        held = buildings.groupby("parcel_id")["floor_area_m2"].sum()
        assert (held <= rows.loc[held.index, "built_floor_area_m2"] + 0.01).all()
        works = rows.index[(rows["zone"] == "expanded") & (rows["built_floor_area_m2"] > 0)]
        assert np.allclose(held[works], rows.loc[works, "built_floor_area_m2"])
        for building in buildings.itertuples():
            assert rows.geometry[building.parcel_id].buffer(0.01).contains(building.geometry)

    def test_workshops_are_as_high_as_published(self, demo: dict[str, pd.DataFrame]) -> None:
        heights = demo["buildings"]["storey_height_m"].dropna()
        assert heights.between(9, 17).all()

    def test_the_university_has_its_space(self, demo: dict[str, pd.DataFrame]) -> None:
        base = demo["buildings"]["name"].str.startswith("北京交通大学")
        assert demo["buildings"].loc[base, "floor_area_m2"].sum() == 150_000

    def test_assignments_keep_within_what_there_is(
        self, demo: dict[str, pd.DataFrame], parcels: pd.DataFrame
    ) -> None:
        rows, given = parcels.set_index("parcel_id"), demo["assignments"]
        vacant = demo["buildings"].groupby("parcel_id")["vacant_floor_area_m2"].sum()
        live = given[given["stage"] != "vacated"]
        for (key, source), floor in live.groupby(["parcel_id", "source"])["floor_area_m2"].sum().items():
            row = rows.loc[key]
            free = row["permitted"] - row["built_floor_area_m2"] - row["under_construction_floor_area_m2"]
            assert floor <= (free if source == "new" else vacant[key]), key
        assert set(given["stage"]) == {"intent", "signed", "under_construction", "completed", "vacated"}
        assert set(given["source"]) == {"new", "existing"}

    def test_assignments_keep_land_use_zone_and_exclusivity(
        self,
        demo: dict[str, pd.DataFrame],
        parcels: pd.DataFrame,
        land_use_functions: list[dict[str, str]],
    ) -> None:
        allowed = {(row["classification"], row["land_use"]): row["functions"] for row in land_use_functions}
        zones, projects = demo["zones"].set_index("zone_id"), demo["projects"].set_index("project_id")
        rows, given = parcels.set_index("parcel_id"), demo["assignments"]
        for line in given.itertuples():
            parcel, project = rows.loc[line.parcel_id], projects.loc[line.project_id]
            wanted = {part.split("=")[0] for part in split_list(project["function_mix"])}
            assert wanted <= set(split_list(zones.loc[parcel["sub_area"], "functions"])), line.assignment_id
            assert wanted <= set(allowed[parcel["classification"], parcel["land_use"]].split(";")), line.assignment_id
            homes = split_list(project["must_zone"]) or split_list(project["may_zones"])
            assert not homes or {parcel["zone"], parcel["sub_area"]} & set(homes), line.assignment_id
            if project["exclusive"]:
                assert (given["parcel_id"] == line.parcel_id).sum() == 1
            if line.source == "new" and pd.notna(parcel["available_from"]):
                assert parcel["available_from"] <= project["need_by"], line.assignment_id


class TestRules:
    """The sums by which the fabric is fitted."""

    def test_fitted_meets_the_total(self) -> None:
        areas, ratios = [10_000.0, 20_000.0, 15_000.0, 7_777.7], [2.0, 3.0, 2.5, 1.0]
        limits = land.fitted(areas, ratios, 123_456.78)
        assert round(math.fsum(limit.stated or 0 for limit in limits), 2) == 123_456.78
        for area, limit in zip(areas, limits, strict=True):
            assert limit.permitted(area) == limit.stated

    def test_the_least_limit_binds(self) -> None:
        assert land.Limits(far=2.0, stated=1_500.0).permitted(1_000) == 1_500
        assert land.Limits(far=2.0, coverage=50, height=12).permitted(1_000) == 1_500
        assert land.Limits().permitted(1_000) is None
        assert land.Limits(far=0.0).permitted(1_000) == 0
