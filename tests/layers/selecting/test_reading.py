"""Queries from a line of text, in Chinese and in English, and what is said of lines that cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.selecting import Query, QueryRefused, Range, chosen, read
from layers.workspace import Workspace
from spatial.errors import tell
from tests.world import box, table

AVAILABLE = Range("available", low=10_000.0, above=True)


@pytest.fixture
def place(world: Workspace) -> Workspace:
    """The world with the third phase of the east zone."""
    zones = world.table("zones").to_dict("records")
    zones[0] |= {"name_en": "East"}
    zones.append(
        {
            "zone_id": "east3",
            "name": "东区三期",
            "name_en": "East III",
            "kind": "east",
            "parent": "east",
            "geometry": box(0, 0, 120, 100),
        }
    )
    return world.with_tables(zones=table("zones", zones))


@pytest.mark.parametrize(
    "text",
    [
        "东区三期, M4, available > 10,000 m²",
        "东区三期，M4，可供 > 10000",
        "东区三期、m4、可供面积＞１００００㎡",
        "East III; M4; available floor area over 1 ha",
        "分区：三期，用地性质 M4，可供建筑面积大于1万平方米",
        "zone: east iii, land use: M4, available above 15mu",
        "东区三期 M4，剩余超过 1万",
    ],
)
def test_the_example_however_it_is_written(place: Workspace, text: str) -> None:
    query = read(place, text)
    assert query == Query(zones=("east3",), land_uses=("M4",), ranges=(AVAILABLE,))
    assert place.table("parcels")["parcel_id"][chosen(place, query)].tolist() == ["A"]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        (" ， ", Query()),
        ("东区，西区", Query(zones=("east", "west"))),
        ("储备，在建", Query(status=("reserve", "under_construction"))),
        ("Under construction", Query(status=("under_construction",))),
        ("租赁", Query(supply_modes=("lease",))),
        ("供应方式：出让", Query(supply_modes=("transfer",))),
        ("Lease, then transfer", None),
        ("已落位", Query(assigned=True)),
        ("unassigned", Query(assigned=False)),
        ("含 66C", Query(text="66C")),
        ("contains 1516-66C", Query(text="1516-66C")),
        ('"东区三期"', Query(text="东区三期")),
        ('"a, b"', Query(text="a, b")),
        ("用地面积 ≥ 5 公顷", Query(ranges=(Range("site_area", low=50_000.0),))),
        ("面积 15亩-30亩", Query(ranges=(Range("site_area", 10_000.0, 20_000.0),))),
        ("可供在1万至2万之间", Query(ranges=(Range("available", 10_000.0, 20_000.0),))),
        ("available between 1,000 and 2,500 m2", Query(ranges=(Range("available", 1_000.0, 2_500.0),))),
        ("容积率不低于2.5", Query(ranges=(Range("far", low=2.5),))),
        ("FAR <= 2", Query(ranges=(Range("far", high=2.0),))),
        ("空置 = 2000", Query(ranges=(Range("vacant", 2_000.0, 2_000.0),))),
        ("现状少于 300", Query(ranges=(Range("built", high=300.0, below=True),))),
        ("1207", Query(land_uses=("1207",))),
    ],
)
def test_conditions(place: Workspace, text: str, query: Query | None) -> None:
    if query is None:
        with pytest.raises(QueryRefused):
            read(place, text)
    else:
        assert read(place, text) == query


def test_a_project_is_known_by_its_name(place: Workspace) -> None:
    name = str(place.table("projects")["name"].iloc[0])
    key = str(place.table("projects")["project_id"].iloc[0])
    assert read(place, name).projects == (key,)
    assert read(place, f"项目：{name}").projects == (key,)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("东区，火星", "火星"),
        ("可供 > 多", "可供 > 多"),
        ("价格 > 3", "价格 > 3"),
        ("可供 > 10 斤", "可供 > 10 斤"),
        ("容积率 > 2 亩", "容积率 > 2 亩"),
        ("可供 20-10", "可供 20-10"),
        ("已落位，未落位", "True False"),
        ("区", "区"),
        ("__import__('os').system('x')", "__import__('os').system('x')"),
        ("x" * 600, "x" * 60),
    ],
)
def test_what_cannot_be_read_is_said(place: Workspace, text: str, part: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        read(place, text)
    for language in ("zh-CN", "en"):
        told = tell(refused.value, language)
        assert part in told["message"]
        assert "10" in told["cure"]


def test_zones_are_named_where_none_was_meant(place: Workspace) -> None:
    with pytest.raises(QueryRefused) as refused:
        read(place, "南区")
    assert "东区三期" in tell(refused.value)["cure"]


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        query = read(Workspace("empty", "EPSG:4548"), text)
    except QueryRefused:
        return
    assert Query.of(query.told()) == query
