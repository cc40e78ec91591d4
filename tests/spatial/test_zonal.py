"""Shares of cells and statistics from them: against cells cut by outlines, and what others published."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial import covering
from spatial.covering import coverage
from spatial.errors import OutlineTooLarge, StatisticUnknown
from spatial.grid import Grid
from spatial.zonal import Rule, Statistic, statistics

EVERY = ("mean", "min", "max", "sum", "count", "stdev", "median", "majority", "variety", "covered_share")


def array(*shapes: object) -> np.ndarray:
    return np.array([*shapes, None], dtype=object)[:-1]


def figures(shapes: np.ndarray, values: np.ndarray, *stats: str, rule: Rule = "fraction") -> dict[str, list[float]]:
    """Statistics over cells of 1 × 1 whose last row ends at y = 0."""
    rows, columns = values.shape
    covered = coverage(shapes, columns, rows)
    asked = [Statistic.parse(stat) for stat in stats or EVERY]
    found = statistics(covered, values.ravel()[covered.cell].astype(float), asked, rule)
    return {name: column.tolist() for name, column in found.items()}


def brute(shape: shapely.Geometry, values: np.ndarray) -> dict[str, float]:
    """The same by cutting every cell with the outline."""
    rows, columns = values.shape
    row, column = np.divmod(np.arange(values.size), columns)
    cells = shapely.box(column, rows - row - 1, column + 1, rows - row)
    share = shapely.area(shapely.intersection(cells, shape))
    v, w = values.ravel(), share
    keep = ~np.isnan(v) & (w > 1e-12)
    v, w = v[keep], w[keep]
    if not len(v):
        return {"count": 0.0, "sum": 0.0}
    mean = float(np.average(v, weights=w))
    return {
        "count": w.sum(),
        "sum": (v * w).sum(),
        "mean": mean,
        "min": v.min(),
        "max": v.max(),
        "stdev": math.sqrt(np.average((v - mean) ** 2, weights=w)),
        "share_above=3": w[v > 3].sum() / w.sum(),
        "share_below=3": w[v < 3].sum() / w.sum(),
        "share_of=3": w[v == 3].sum() / w.sum(),
        "covered_share": w.sum() / shape.area,
    }


@st.composite
def outlines(draw: st.DrawFn) -> shapely.Geometry:
    """Stars around a point in or beside a grid of 6 × 5, some with a hole, some in two parts."""
    turns = draw(st.integers(3, 9))
    radii = draw(st.lists(st.floats(0.05, 3.0), min_size=turns, max_size=turns))
    x, y = draw(st.floats(-1, 7)), draw(st.floats(-1, 6))
    angle = np.linspace(0, 2 * np.pi, turns, endpoint=False)
    star = shapely.Polygon(np.column_stack([x + radii * np.cos(angle), y + radii * np.sin(angle)]))
    kind = draw(st.sampled_from(["whole", "hole", "parts"]))
    if kind == "hole":
        star = star.difference(shapely.box(x - 0.03, y - 0.02, x + 0.02, y + 0.02))
    if kind == "parts":
        star = star.union(shapely.box(x + 4, y, x + 4.7, y + 0.3))
    return star if star.is_valid and star.area > 1e-3 else shapely.box(x, y, x + 1, y + 1)


@given(shape=outlines(), seed=st.integers(0, 9), gaps=st.booleans())
@settings(max_examples=120, deadline=None)
def test_every_figure_equals_that_of_cutting_every_cell(shape: shapely.Geometry, seed: int, gaps: bool) -> None:
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 8, (5, 6)).astype(float)
    if gaps:
        values[rng.random((5, 6)) < 0.3] = np.nan
    expected = brute(shape, values)
    found = figures(array(shape), values, *expected)
    for name, value in expected.items():
        assert found[name][0] == pytest.approx(value, rel=1e-6, abs=1e-6), name


def test_figures_that_exactextract_publishes() -> None:
    """python/tests/test_exact_extract.py: test_basic_stats, test_frac, test_nodata."""
    square = shapely.box(0.5, 0.5, 2.5, 2.5)
    found = figures(array(square), np.arange(1.0, 10.0).reshape(3, 3))
    expected = {"count": 4, "mean": 5, "median": 5, "min": 1, "max": 9, "majority": 5, "variety": 9}
    assert {name: found[name][0] for name in expected} == pytest.approx(expected)
    assert found["stdev"][0] == pytest.approx(math.sqrt(5))
    thirds = np.repeat([[1.0], [2.0], [3.0]], 3, axis=1)
    shares = figures(array(shapely.box(0.5, 0.5, 1, 1), square), thirds, "share_of=1", "share_of=2", "share_of=3")
    assert shares == {"share_of=1": [0, 0.25], "share_of=2": [0, 0.5], "share_of=3": [1, 0.25]}
    hundred = np.arange(1.0, 101.0).reshape(10, 10)
    hundred[6:10, 0:4] = np.nan
    partly = figures(array(shapely.box(0, 0, 3, 3), shapely.box(3.5, 3.5, 4.5, 4.5)), hundred, "sum", "mean")
    assert partly["sum"] == [0, 43.5]
    assert math.isnan(partly["mean"][0])
    assert partly["mean"][1] == 58


@pytest.mark.parametrize("rule", ["fraction", "centre"])
def test_figures_that_qgis_publishes(rule: Rule) -> None:
    """tests/src/analysis/testqgszonalstatistics.cpp on edge_problem.asc; the outlines are those of the cells."""
    raster = np.array([[1.0, 1, 0, 0], [1, 1, 0, 0], [1, 1, 1, 1]])
    shapes = array(shapely.box(0, 0, 4, 3), shapely.box(1, 0, 4, 3), shapely.box(0, 0, 3, 2))
    found = figures(shapes, raster, rule=rule)
    assert found["count"] == pytest.approx([12, 9, 6])
    assert found["sum"] == pytest.approx([8, 5, 5])
    assert found["mean"] == pytest.approx([0.666666666666667, 0.555555555555556, 0.833333333333333])
    assert found["median"] == [1, 1, 1]
    assert found["stdev"] == pytest.approx([0.47140452079103201, 0.49690399499995302, 0.372677996249965])
    assert found["majority"] == [1, 1, 1]
    assert found["variety"] == [2, 2, 2]


def test_the_centre_rule_takes_whole_cells_whose_centre_lies_inside() -> None:
    values = np.arange(1.0, 10.0).reshape(3, 3)
    found = figures(array(shapely.box(0.4, 0.4, 2.4, 1.6)), values, "count", "sum", "mean", rule="centre")
    assert found == {"count": [4], "sum": [4 + 5 + 7 + 8], "mean": [6]}


def test_the_centre_rule_takes_shares_where_at_most_one_cell_would_count() -> None:
    """As QGIS: a parcel smaller than a cell, or one of whose two centres has no value."""
    values = np.array([[2.0, 6.0], [np.nan, 8.0]])
    small, two = shapely.box(0.75, 1.25, 1.25, 1.75), shapely.box(0.25, 0.25, 0.75, 1.75)
    found = figures(array(small, two), values, "count", "mean", rule="centre")
    assert found == {"count": pytest.approx([0.25, 0.375]), "mean": [4, 2]}


def test_a_parcel_without_values_says_so() -> None:
    values = np.array([[1.0, np.nan]])
    shapes = array(shapely.box(1, 0, 2, 1), shapely.box(5, 5, 6, 6), None, shapely.Polygon(), shapely.box(0, 0, 4, 1))
    found = figures(shapes, values)
    assert found["count"] == [0, 0, 0, 0, 1]
    assert found["sum"] == [0, 0, 0, 0, 1]
    assert found["covered_share"] == [0, 0, 0, 0, 0.25]
    for name in ("mean", "min", "max", "stdev", "median", "majority", "variety"):
        assert [math.isnan(value) for value in found[name]] == [True] * 4 + [False], name


def test_a_parcel_smaller_than_a_cell_has_its_value() -> None:
    found = figures(array(shapely.box(0.2, 0.2, 0.3, 0.3)), np.array([[7.5]]), "mean", "count")
    assert found["mean"] == [7.5]
    assert found["count"] == pytest.approx([0.01])


def test_of_equal_weights_the_larger_value_is_the_majority_and_the_median_lies_between() -> None:
    found = figures(array(shapely.box(0, 0, 4, 1)), np.array([[1.0, 1.0, 9.0, 9.0]]), "majority", "median")
    assert found == {"majority": [9], "median": [5]}


def test_weights_of_rows_count_for_means_and_not_for_counts() -> None:
    covered = coverage(array(shapely.box(0, 0, 1, 2)), 1, 2)
    values, asked = (
        np.array([1.0, 4.0]),
        [Statistic.parse(name) for name in ("mean", "sum", "count", "share_above=2")],
    )
    found = statistics(covered, values[covered.cell], asked, row_weights=np.array([2.0, 1.0]))
    assert {name: column[0] for name, column in found.items()} == {
        "mean": 2.0, "sum": 5.0, "count": 2.0, "share_above=2": pytest.approx(1 / 3),
    }  # fmt: skip


def test_rows_of_a_grid_in_degrees_have_their_true_area() -> None:
    """Against the areas that the geodesics of the ellipsoid enclose."""
    from pyproj import CRS

    grid = Grid(1, 60, (1.0, 0, 116.0, 0, -1.0, 60.0), "EPSG:4326")
    geod = CRS("EPSG:4326").get_geod()
    assert geod is not None
    found = grid.row_weights()
    assert found is not None
    true = []
    for row in (0, 30, 59):
        edge = shapely.segmentize(shapely.box(116, 59 - row, 117, 60 - row), 0.01)
        true.append(abs(geod.geometry_area_perimeter(edge)[0]))
    assert found[[0, 59]] == pytest.approx([true[0] / true[1], true[2] / true[1]], rel=1e-6)
    assert Grid(3, 3, (20.0, 0, 0, 0, -20.0, 0), "EPSG:4548").row_weights() is None


@given(turn=st.floats(-3, 3), shear=st.floats(-0.5, 0.5), up=st.sampled_from([1.0, -1.0]))
@settings(max_examples=40, deadline=None)
def test_a_turned_grid_is_used_as_it_is(turn: float, shear: float, up: float) -> None:
    """The cells of an outline are the same wherever and however the grid lies."""
    a, d = 20 * math.cos(turn), 20 * math.sin(turn)
    b, e = -30 * up * math.sin(turn) + shear * a, 30 * up * math.cos(turn) + shear * d
    grid = Grid(6, 5, (a, b, 438_000.0, d, e, 4_410_000.0), "EPSG:4548")
    plain = shapely.Polygon([(0.7, 1.2), (4.4, 0.3), (5.9, 3.8), (2.5, 4.6)])
    corners = shapely.get_coordinates(plain)
    there = shapely.Polygon(np.column_stack(grid.at(corners[:, 0], 5 - corners[:, 1])))
    one, other = coverage(array(plain), 6, 5), coverage(grid.in_cells(array(there)), 6, 5)
    assert one.cell.tolist() == other.cell.tolist()
    assert one.fraction == pytest.approx(other.fraction, abs=1e-6)


@pytest.mark.parametrize("text", ["", "meen", "mean=3", "share_above", "share_above=x", "share_above=nan", "sum="])
def test_a_statistic_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(StatisticUnknown):
        Statistic.parse(text)


def test_an_outline_of_too_many_cells_is_refused_before_any_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(covering, "MOST_CELLS", 50)
    with pytest.raises(OutlineTooLarge):
        coverage(array(shapely.box(0, 0, 10, 10)), 100, 100)
    assert len(coverage(array(shapely.box(-9, -9, 5, 5)), 100, 100).cell) == 25


def test_cells_of_a_huge_grid_are_counted_beyond_32_bits() -> None:
    covered = coverage(array(shapely.box(199_999, 0, 200_000, 1)), 200_000, 200_000)
    assert covered.cell.tolist() == [200_000 * 200_000 - 1]


def test_a_grid_without_cells_or_extent_is_none() -> None:
    for wrong in (
        (0, 5, (1.0, 0, 0, 0, -1.0, 0)),
        (5, 5, (1.0, 1.0, 0, 1.0, 1.0, 0)),
        (5, 5, (math.nan, 0, 0, 0, 1, 0)),
    ):
        with pytest.raises(ValueError, match="no grid"):
            Grid(*wrong, "EPSG:4548")
