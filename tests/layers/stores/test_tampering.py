"""Whatever is changed in the file past the service is found by `check`: events, state, index, head, documents."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from layers import keeping, stores
from layers.keeping import Backups
from layers.stores import chain, geopackage, sqlite
from layers.stores.filling import APPLICATION_ID
from tests.files import call
from tests.lived import copied

File = sqlite3.Connection
Tamper = str | Callable[[File], object]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that people have worked in, in one piece."""
    path = tmp_path_factory.mktemp("sound") / "w.gpkg"
    copied(path)
    geopackage.close(path)
    sqlite.seal(path)
    return path


def tampered(sound: Path, folder: Path, act: Tamper) -> Path:
    """The workspace after somebody who knows SQLite was at it."""
    path = Path(shutil.copy(sound, folder / "w.gpkg"))
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("PRAGMA foreign_keys = OFF")
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f'DROP TRIGGER "{name}"')
        act(file) if callable(act) else file.executescript(act)
    return path


def rewritten(file: File, seq: int, **values: object) -> None:
    """An event with other values, and a hash that fits them."""
    file.row_factory = sqlite3.Row
    line = dict(file.execute("SELECT * FROM event WHERE seq = ?", (seq,)).fetchone()) | values
    line["hash"] = chain.link(line["prev_hash"], [line[name] for name in chain.COLUMNS], line["changes"])
    names = ", ".join(f"{name} = :{name}" for name in line)
    file.execute(f"UPDATE event SET {names} WHERE seq = :seq", line)


def whole_chain(file: File) -> None:
    """Every hash anew, and the head: what only somebody with all of the file can do."""
    file.row_factory = sqlite3.Row
    previous, count = chain.START, 0
    for line in file.execute("SELECT * FROM event ORDER BY seq").fetchall():
        hash_ = chain.link(previous, [line[name] for name in chain.COLUMNS], line["changes"])
        file.execute("UPDATE event SET prev_hash = ?, hash = ? WHERE seq = ?", (previous, hash_, line["seq"]))
        previous, count = hash_, count + len(json.loads(zlib.decompress(line["changes"])))
    last = file.execute("SELECT max(seq) FROM event").fetchone()[0]
    for key, value in (("chain_head", previous), ("revision", last), ("rows_changed", count)):
        file.execute("UPDATE app_meta SET value = ? WHERE key = ?", (str(value), key))


def other_rows(file: File, seq: int, was: str, becomes: str) -> bytes:
    (body,) = file.execute("SELECT changes FROM event WHERE seq = ?", (seq,)).fetchone()
    text = zlib.decompress(body).decode()
    assert was in text
    return zlib.compress(text.replace(was, becomes).encode(), 1)


SWAP = (
    "UPDATE event SET seq = -1 WHERE seq = 5; UPDATE event SET seq = 5 WHERE seq = 6;"
    "UPDATE event SET seq = 6 WHERE seq = -1;"
)
CUT = "DELETE FROM event WHERE seq > {0}; DELETE FROM event_row WHERE seq > {0}; DELETE FROM joined WHERE seq > {0};"

EVENTS: dict[str, Tamper] = {
    "actor": "UPDATE event SET actor = 'somebody' WHERE seq = 5",
    "role": "UPDATE event SET role = 'admin' WHERE seq = 18",
    "time": "UPDATE event SET at = '2020-01-01T00:00:00Z' WHERE seq = 1",
    "kind": "UPDATE event SET kind = 'sign_in' WHERE seq = 18",
    "facts": "UPDATE event SET facts = '{}' WHERE seq = 5",
    "op id": "UPDATE event SET op_id = 'x' WHERE seq = 5",
    "branch": "UPDATE event SET scenario = 1 WHERE seq = 10",
    "undoes": "UPDATE event SET undoes = NULL WHERE seq = 7",
    "parent": "UPDATE event SET parent_op = 'x' WHERE seq = 5",
    "rows": "UPDATE event SET changes = (SELECT changes FROM event WHERE seq = 6) WHERE seq = 5",
    "rows that are no rows": "UPDATE event SET changes = x'00' WHERE seq = 5",
    "hash": "UPDATE event SET hash = prev_hash WHERE seq = 5",
    "hash of the last": "UPDATE event SET hash = upper(hash) WHERE seq = 18",
    "one with its hash": lambda file: rewritten(file, 5, actor="somebody"),
    "the last with its hash": lambda file: rewritten(file, 18, actor="somebody"),
    "rows with their hash": lambda file: rewritten(file, 5, changes=other_rows(file, 5, "8000.0", "9000.0")),
    "deleted": "DELETE FROM event WHERE seq = 5",
    "deleted first": "DELETE FROM event WHERE seq = 1",
    "deleted refused": "DELETE FROM event WHERE seq = 18",
    "deleted all": "DELETE FROM event",
    "deleted and closed up": "DELETE FROM event WHERE seq = 9; UPDATE event SET seq = seq - 1 WHERE seq > 9",
    "swapped": SWAP,
    "reversed": "UPDATE event SET seq = seq + 100; UPDATE event SET seq = 119 - seq",
    "doubled": "INSERT INTO event SELECT 19, 'x', at, actor, role, scenario, kind, facts, changes, parent_op, "
    "undoes, prev_hash, hash FROM event WHERE seq = 18",
    "cut by one": CUT.format(17),
    "cut by one with the head": CUT.format(17)
    + "UPDATE app_meta SET value = (SELECT hash FROM event WHERE seq = 17) WHERE key = 'chain_head';"
    "UPDATE app_meta SET value = '17' WHERE key = 'revision'; UPDATE app_meta SET value = 'x' WHERE key = 'store';"
    "UPDATE scenario SET head = 16 WHERE id = 1",
    "cut by many": CUT.format(4),
    "cut of rows with the head": lambda file: (file.executescript(CUT.format(16)), whole_chain(file)),
}

STATE: dict[str, Tamper] = {
    "number": "UPDATE parcels SET far_max = 9.5 WHERE parcel_id = 'A'",
    "text": "UPDATE parcels SET note = 'x' WHERE parcel_id = 'A'",
    "taken away": "UPDATE parcels SET far_max = NULL WHERE parcel_id = 'A'",
    "last bit of a vertex": "UPDATE parcels SET "
    "geom = CAST(substr(geom, 1, 70) || x'01' || substr(geom, 72) AS BLOB) WHERE parcel_id = 'A'",
    "geometry gone": "UPDATE parcels SET geom = NULL WHERE parcel_id = 'A'",
    "geometry cut": "UPDATE parcels SET geom = substr(geom, 1, 60) WHERE parcel_id = 'A'",
    "geometry of another system": "UPDATE parcels SET geom = x'47500003ffffffff' || substr(geom, 9)",
    "key": "UPDATE parcels SET parcel_id = 'Z' WHERE parcel_id = 'A'",
    "row deleted": "DELETE FROM assignments",
    "row added": "INSERT INTO projects (project_id, name, function_mix, rev) VALUES ('p9', '丁', 'research', 18)",
    "extra": "UPDATE parcels SET extra = '{\"x\":1}' WHERE parcel_id = 'A'",
    "extra that is no JSON": "UPDATE parcels SET extra = '{' WHERE parcel_id = 'A'",
    "row of a branch": "UPDATE scenario_row SET row = replace(row, '方案二', '方案三')",
    "row of a branch that is no JSON": "UPDATE scenario_row SET row = '{' WHERE row IS NOT NULL",
    "row of a branch deleted": "DELETE FROM scenario_row WHERE id = (SELECT min(id) FROM scenario_row)",
    "revision of a row": "UPDATE parcels SET rev = 3 WHERE parcel_id = 'A'",
    "revision of a branch's row": "UPDATE scenario_row SET rev = rev + 1",
}

STORE: dict[str, Tamper] = {
    "head": "UPDATE app_meta SET value = 'x' WHERE key = 'chain_head'",
    "revision": "UPDATE app_meta SET value = '17' WHERE key = 'revision'",
    "rows changed": "UPDATE app_meta SET value = '1' WHERE key = 'rows_changed'",
    "head gone": "DELETE FROM app_meta WHERE key IN ('chain_head', 'revision')",
    "working CRS emptied": "UPDATE app_meta SET value = '' WHERE key = 'crs'",
    "working CRS gone": "DELETE FROM app_meta WHERE key = 'crs'",
    "working CRS that is none": "UPDATE app_meta SET value = 'nonsense' WHERE key = 'crs'",
    "working CRS told": "UPDATE app_meta SET value = 'EPSG:4549' WHERE key = 'crs'",
    "index deleted": "DELETE FROM event_row WHERE seq = 5",
    "index added": "INSERT INTO event_row VALUES ('A', 'parcels', 1, 18)",
    "index of no event": "INSERT INTO event_row VALUES ('A', 'parcels', 1, 99)",
    "index moved": "UPDATE event_row SET key = 'Z' WHERE seq = 6",
    "head of a branch": "UPDATE scenario SET head = 5 WHERE id = 1",
    "fork of a branch": "UPDATE scenario SET forked_at = 13 WHERE id = 2",
    "parent of a branch": "UPDATE scenario SET parent = NULL WHERE id = 2",
    "branch deleted": "DELETE FROM scenario WHERE id = 3",
    "name of a branch": "UPDATE scenario SET name = '方案三' WHERE id = 2",
    "branch unlocked": "UPDATE scenario SET locked = 0 WHERE id = 3",
    "branch added": "INSERT INTO scenario VALUES (4, 'x', 1, 18, 18, 0, '', '', '')",
    "role of a person": "UPDATE person SET role = 'admin' WHERE name = 'visitor'",
    "person added": "INSERT INTO person VALUES ('x', 'admin', '', '', '', 0, '', 0, '')",
    "person deleted": "DELETE FROM person WHERE name = 'planner'",
    "person shut out": "UPDATE person SET disabled = 1 WHERE name = 'planner'",
    "merge deleted": "DELETE FROM joined",
    "merge of another branch": "UPDATE joined SET source = 3",
    "merge of another state": "UPDATE joined SET source_seq = 17",
    "merge added": "INSERT INTO joined VALUES (14, 2, 11, 1)",
    "document": "UPDATE blob SET content = x'00'",
    "document deleted": "DELETE FROM blob",
    "tables of the standard": "DELETE FROM gpkg_geometry_columns WHERE table_name = 'parcels'",
    "mark of the standard": "PRAGMA application_id = 1",
    "working CRS": "UPDATE gpkg_contents SET srs_id = 4326 WHERE table_name = 'parcels'",
}

EVERY = {f"{group}: {name}": act for group, acts in (("event", EVENTS), ("state", STATE), ("store", STORE))
         for name, act in acts.items()}  # fmt: skip


def test_what_nobody_touched_is_sound(sound: Path, tmp_path: Path) -> None:
    status, answer = call("check", tampered(sound, tmp_path, "SELECT 1"))
    assert (status, answer["ok"], answer["events"]) == (0, True, 18)
    assert int.from_bytes(b"GPKG", "big") == APPLICATION_ID


@pytest.mark.parametrize("name", EVERY)
def test_what_was_tampered_with_is_found(sound: Path, tmp_path: Path, name: str) -> None:
    status, answer = call("check", tampered(sound, tmp_path, EVERY[name]))
    assert status == 1, "found nothing"
    if "error" in answer:
        assert answer["error"]["code"] in ("workspace_unreadable", "workspace_damaged")
        return
    assert answer["ok"] is False
    codes = {one["code"] for one in answer["problems"] if one["layer"] == "workspace"}
    known = {"event_missing", "event_changed", "events_cut", "history_disagrees", "state_disagrees", "file_damaged"}
    assert codes
    assert codes <= known


@pytest.mark.parametrize("name", [name for name in EVERY if name.startswith("event")])
def test_nothing_is_written_after_a_history_that_was_cut_or_changed_at_its_end(
    sound: Path, tmp_path: Path, name: str
) -> None:
    path = tampered(sound, tmp_path, EVERY[name])
    status, answer = call("restore", path, tmp_path / "restored.gpkg")
    assert status == 1
    assert answer["error"]["code"] in ("backup_unsound", "workspace_unreadable", "workspace_damaged")
    assert not (tmp_path / "restored.gpkg").exists(), "it is no backup either"


def test_triggers_forbid_it_as_long_as_they_are_there(sound: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(sound, tmp_path / "w.gpkg"))
    with closing(sqlite3.connect(path)) as file:
        for table in ("event", "event_row", "joined", "blob"):
            for order in (f"DELETE FROM {table}", f"UPDATE {table} SET rowid = rowid" if table != "event_row" else
                          "UPDATE event_row SET key = key"):  # fmt: skip
                with pytest.raises(sqlite3.IntegrityError, match="only grows"):
                    file.execute(order)


def test_a_history_written_anew_as_a_whole_disagrees_with_the_backups(sound: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    keeping.back_up(sound, f"{folder}/")

    def forged(file: File) -> None:
        file.execute("UPDATE event SET actor = 'nobody' WHERE actor = 'planner'")
        whole_chain(file)

    path = tampered(sound, tmp_path, forged)
    assert stores.open_store(path).faults() == [], "in itself it is whole"
    status, answer = call("check", path)
    assert (status, [one["code"] for one in answer["problems"]]) == (1, ["anchor_lost"])
    assert Backups().folder_of(path) == folder
    hashed = hashlib.sha256(next(folder.glob("*.gpkg")).read_bytes()).hexdigest()
    assert json.loads(next(folder.glob("*.json")).read_text())["sha256"] == hashed


@pytest.mark.parametrize(
    "act", ["DELETE FROM app_meta WHERE key = 'srs_id'", "UPDATE app_meta SET value = 'x' WHERE key = 'srs_id'"]
)
def test_a_file_that_does_not_know_its_crs_by_number_is_not_opened(sound: Path, tmp_path: Path, act: str) -> None:
    status, answer = call("check", tampered(sound, tmp_path, act))
    assert (status, answer["error"]["code"]) == (1, "workspace_damaged")
