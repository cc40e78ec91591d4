"""Files that are handed over: private, under names of ours, together where they belong together, gone in the end."""

from __future__ import annotations

import gc
import hashlib
import stat
from pathlib import Path

import pytest

from layers.exchange.errors import TooManyUploads, UploadEmpty, UploadTooLarge
from layers.exchange.inbox import Inbox
from tests.hostile import PAYLOADS


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path, limit_mb=1, most=6)


def names(inbox: Inbox) -> list[str]:
    """What lies on the disk, below the private folder."""
    return sorted(path.relative_to(inbox.folder).as_posix() for path in inbox.folder.rglob("*") if path.is_file())


def test_a_file_is_kept_as_it_is_under_a_name_of_ours(inbox: Inbox) -> None:
    (one,) = inbox.take([("地块.geojson", b'{"a": 1}')])
    assert (one.name, one.size, one.parts) == ("地块.geojson", 8, ())
    assert one.sha256 == hashlib.sha256(b'{"a": 1}').hexdigest()
    assert one.path.read_bytes() == b'{"a": 1}' and names(inbox) == ["001/source.geojson"]


def test_nobody_else_may_look_into_the_folder(inbox: Inbox) -> None:
    assert stat.S_IMODE(inbox.folder.stat().st_mode) == 0o700


def test_parts_of_a_shapefile_come_together_whatever_their_case_and_order(inbox: Inbox) -> None:
    inbox.take([("Plots.DBF", b"d"), ("plots.prj", b"p")])
    (one,) = inbox.take([("PLOTS.shp", b"s"), ("plots.shx", b"x"), ("plots.sbn", b"n")])
    assert one.name == "PLOTS.shp" and one.parts == ("dbf", "prj", "sbn", "shp", "shx") and one.size == 5
    assert {path.name for path in one.path.parent.iterdir()} == {f"source.{part}" for part in one.parts}


def test_two_shapefiles_and_a_table_of_the_same_name_stay_apart(inbox: Inbox) -> None:
    found = inbox.take([("a.shp", b"1"), ("b.shp", b"2"), ("a.dbf", b"3"), ("a.xlsx", b"4")])
    assert [(one.name, one.parts) for one in found] == [
        ("a.shp", ("dbf", "shp")),
        ("b.shp", ("shp",)),
        ("a.xlsx", ()),
    ]
    assert len({one.path.parent for one in found}) == 3


def test_a_table_of_records_alone_is_a_file_of_its_own(inbox: Inbox) -> None:
    (one,) = inbox.take([("owners.dbf", b"d")])
    assert one.path.name == "source.dbf" and one.parts == ()


def test_the_same_name_again_takes_the_place_of_the_one_before(inbox: Inbox) -> None:
    before = inbox.take([("a.csv", b"1")])
    after = inbox.take([("a.csv", b"22")])
    assert len(after) == 1 and after[0].path == before[0].path and after[0].sha256 != before[0].sha256
    assert after[0].path.read_bytes() == b"22"


def test_the_hash_of_a_shapefile_is_that_of_all_its_parts(inbox: Inbox) -> None:
    (one,) = inbox.take([("a.shp", b"s"), ("a.dbf", b"d")])
    (two,) = inbox.take([("a.dbf", b"e")])
    assert one.sha256 != two.sha256


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..\\..\\x.gpkg", "/etc/cron.d/x.csv", "C:\\temp\\a.csv", "a\x00b.csv", "..", "", "x.../y",
     ".shp", "vsicurl:http:", "a." + "z" * 300, "\u202egnp.csv", *PAYLOADS],
)  # fmt: skip
def test_no_name_reaches_the_disk(inbox: Inbox, name: str) -> None:
    (one,) = inbox.take([(name, b"1")])
    assert one.path.resolve().is_relative_to(inbox.folder.resolve())
    assert one.path.parent.name == "001" and one.path.stem == "source"
    assert one.path.suffix in ("", ".csv", ".gpkg", ".shp") and one.name.isprintable() and one.name


def test_what_does_not_fit_is_refused_and_what_fits_stays(inbox: Inbox) -> None:
    with pytest.raises(UploadTooLarge) as error:
        inbox.take([("a.csv", b"1" * 400_000), ("b.csv", b"2" * 700_000), ("c.csv", b"3" * 500_000)])
    assert error.value.facts["name"] == "b.csv" and error.value.facts["limit"] == 1
    assert [one.name for one in inbox.uploads] == ["a.csv", "c.csv"]


def test_a_file_that_grows_counts_once(inbox: Inbox) -> None:
    inbox.take([("a.csv", b"1" * 900_000)])
    assert inbox.take([("a.csv", b"1" * 950_000)])[0].size == 950_000


def test_an_empty_file_is_told_as_such(inbox: Inbox) -> None:
    with pytest.raises(UploadEmpty):
        inbox.take([("a.csv", b"")])
    assert inbox.uploads == ()


def test_there_are_only_so_many(inbox: Inbox) -> None:
    with pytest.raises(TooManyUploads):
        inbox.take((f"{number}.csv", b"1") for number in range(7))
    assert len(inbox.uploads) == 6


def test_what_is_removed_is_gone_with_all_its_parts(inbox: Inbox) -> None:
    shape, table = inbox.take([("a.shp", b"s"), ("a.dbf", b"d"), ("b.csv", b"1")])
    assert inbox.remove(shape.key) == (table,)
    assert names(inbox) == ["002/source.csv"]
    assert inbox.remove("nothing such") == (table,)


def test_the_folder_goes_with_the_visit(tmp_path: Path) -> None:
    made = Inbox(tmp_path)
    made.take([("a.csv", b"1")])
    folder = made.folder
    del made
    gc.collect()
    assert not folder.exists()


def test_the_folder_goes_when_it_is_closed(inbox: Inbox) -> None:
    inbox.take([("a.csv", b"1")])
    inbox.close()
    assert not inbox.folder.exists()
