"""Backups make themselves, and old ones go: a quarter of an hour for a day, days for a month, months for a year."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from layers import keeping, stores
from layers.commands import Edit
from layers.commands.editing import frozen
from layers.keeping import Backups, Keeper, manifests
from layers.keeping.schedule import kept
from layers.stores import geopackage
from layers.stores.errors import StoreSick
from tests.layers.keeping.conftest import Clock
from tests.lived import did

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def noted(path: Path, text: str) -> int:
    return did(stores.open_store(path), Edit("parcels", "A", frozen({"note": text})))


def there(path: Path) -> list[int]:
    """Revisions of the backups of a workspace, oldest first."""
    with stores.open_store(path).reading() as tx:
        return [one.revision for _, one in manifests.of(Backups().folder_of(path), tx, path.name)]


def test_every_quarter_of_an_hour_if_changed(path: Path, clock: Clock) -> None:
    keeper = Keeper(Backups(), now=clock)
    assert len(keeper.round()) == 1
    assert keeper.round() == [], "nothing changed"
    clock.turn(minutes=30)
    assert keeper.round() == [], "still nothing changed"
    noted(path, "a")
    assert len(keeper.round()) == 1
    noted(path, "b")
    clock.turn(minutes=14)
    assert keeper.round() == [], "not yet"
    clock.turn(minutes=1)
    assert len(keeper.round()) == 1
    assert there(path) == [18, 19, 20]


def test_another_start_goes_on_where_the_last_one_ended(path: Path, clock: Clock) -> None:
    Keeper(Backups(), now=clock).round()
    noted(path, "a")
    clock.turn(minutes=5)
    fresh = Keeper(Backups(), now=clock)
    assert fresh.round() == []
    clock.turn(minutes=10)
    assert len(fresh.round()) == 1


def test_a_backup_that_somebody_took_away_is_made_again(path: Path, clock: Clock) -> None:
    keeper = Keeper(Backups(), now=clock)
    (made,) = keeper.round()
    made.unlink()
    assert len(keeper.round()) == 1


def test_every_open_workspace_is_looked_after(path: Path, tmp_path: Path, clock: Clock) -> None:
    other = tmp_path / "二.gpkg"
    keeping.move(path, other)
    assert set(geopackage.opened()) == {path, other}
    made = Keeper(Backups(tmp_path / "safe"), now=clock).round()
    assert {one.name.split("-")[0] for one in made} == {"园区", "二"}
    assert {one.parent for one in made} == {tmp_path / "safe"}


def test_they_can_be_switched_off(path: Path, clock: Clock) -> None:
    keeper = Keeper(Backups.read({"CHENGZAI_BACKUP_MINUTES": "0"}), now=clock)
    assert keeper.round() == []
    assert not Backups().folder_of(path).exists()


@pytest.mark.parametrize(
    ("environment", "every", "folder"),
    [
        ({}, 15, None),
        ({"CHENGZAI_BACKUP_MINUTES": "60", "CHENGZAI_BACKUPS": "/srv/safe"}, 60, Path("/srv/safe")),
        ({"CHENGZAI_BACKUP_MINUTES": "soon"}, 15, None),
        ({"CHENGZAI_BACKUP_MINUTES": "-5"}, 15, None),
    ],
)
def test_the_environment_says_where_and_how_often(
    environment: dict[str, str], every: int, folder: Path | None
) -> None:
    assert Backups.read(environment) == Backups(folder, timedelta(minutes=every))


def test_a_file_that_fails_its_first_look_is_read_only_and_says_so(path: Path, clock: Clock) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE app_meta SET value = 'x' WHERE key = 'chain_head'")
        file.commit()
    keeper = Keeper(Backups(), now=clock)
    assert keeper.look(path)
    store = stores.open_store(path)
    assert isinstance(store.closed_because(), StoreSick)
    with pytest.raises(StoreSick), store.writing():
        pass
    with store.reading() as tx:
        assert len(tx.workspace().table("parcels")) == 3, "what can be read is read"
    assert keeper.round() == [], "a broken file takes the place of no good backup"
    geopackage.close(path)


def test_a_file_with_a_torn_page_is_read_only(path: Path, clock: Clock) -> None:
    with closing(sqlite3.connect(path)) as file:
        (page,) = file.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event_row'").fetchone()
    geopackage.close(path)
    body = bytearray(path.read_bytes())
    body[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    path.write_bytes(bytes(body))
    assert Keeper(Backups(), now=clock).look(path)
    assert isinstance(stores.open_store(path).closed_because(), StoreSick)
    geopackage.close(path)


def test_a_state_that_the_drill_finds_wrong_makes_it_read_only(path: Path, clock: Clock) -> None:
    keeper = Keeper(Backups(), now=clock)
    keeper.round()
    noted(path, "a")
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE parcels SET far_max = 9 WHERE parcel_id = 'A'")
        file.commit()
    clock.turn(minutes=15)
    assert keeper.round() == []
    assert there(path) == [18]
    with pytest.raises(StoreSick, match="parcels A"), stores.open_store(path).writing():
        pass


def test_restoring_makes_it_one_to_write_to_again(path: Path, clock: Clock) -> None:
    from tests.lived import OPERATOR

    keeper = Keeper(Backups(), now=clock)
    (made,) = keeper.round()
    geopackage.GeoPackage(path).forbid_writing("broken")
    keeping.restore(made, path, OPERATOR, overwrite=True)
    assert noted(path, "on") == 20
    clock.turn(minutes=15)
    assert len(keeper.round()) == 1


def test_what_fails_is_tried_again(path: Path, tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "safe").write_text("a file where the folder should be")
    keeper = Keeper(Backups(tmp_path / "safe"), now=clock)
    assert keeper.round() == []
    (tmp_path / "safe").unlink()
    assert len(keeper.round()) == 1


def test_it_runs_until_it_is_told_to_stop(path: Path, clock: Clock) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=Keeper(Backups(), now=clock).run, args=(stop, 0.01))
    thread.start()
    for _ in range(1000):
        if there(path):
            break
        stop.wait(0.02)
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
    assert there(path) == [18]


def test_old_backups_go(path: Path, clock: Clock) -> None:
    keeper = Keeper(Backups(), now=clock)
    revisions = []
    for hour in range(5):
        revisions.append(noted(path, str(hour)))
        keeper.round()
        clock.turn(hours=10)
    assert there(path) == [revisions[1], revisions[2], *revisions[3:]], "one a day is older than a day"
    folder = Backups().folder_of(path)
    assert len(list(folder.iterdir())) == 2 * len(there(path)), "a manifest goes with its backup"


def test_a_year_of_quarters_leaves_a_day_a_month_and_a_year() -> None:
    every = [NOW - timedelta(minutes=15) * step for step in range(4 * 24 * 400)]
    stay = sorted(kept(every, NOW), reverse=True)
    day = [one for one in stay if NOW - one < timedelta(days=1)]
    month = [one for one in stay if timedelta(days=1) < NOW - one <= timedelta(days=30)]
    year = [one for one in stay if timedelta(days=31) < NOW - one]
    assert len(day) == 96
    assert (len(month), len({one.date() for one in month})) == (29, 29)
    assert (len(year), len({(one.year, one.month) for one in year})) == (11, 11)
    assert kept(stay, NOW) == set(stay), "what stays once stays"


def test_the_newest_always_stays() -> None:
    old = [datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 2, tzinfo=UTC)]
    assert kept(old, NOW) == {old[1]}
    assert kept([], NOW) == set()
