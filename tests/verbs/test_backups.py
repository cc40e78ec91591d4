"""backup, restore, move and check on the command line: words, keys and exit codes are a promise."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from layers.keeping import manifests
from layers.stores import geopackage
from tests.files import call, geojson, parcels, plain
from tests.lived import copied

ERROR = {"code", "message", "where", "cure"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "w.gpkg"
    copied(path)
    return path


@pytest.fixture
def backup(path: Path, tmp_path: Path) -> Path:
    status, answer = call("backup", path, tmp_path / "b.gpkg")
    assert status == 0
    return Path(answer["file"])


def refused(status: int, answer: dict[str, object]) -> tuple[int, object]:
    """Exit code and code of an error that is whole."""
    error = answer["error"]
    assert isinstance(error, dict)
    assert set(answer) == {"error"}
    assert set(error) == ERROR
    assert all(error[key] for key in ("code", "message", "cure"))
    return status, error["code"]


def test_backup_says_what_it_made(path: Path, tmp_path: Path) -> None:
    status, answer = call("backup", path, tmp_path / "b.gpkg")
    assert status == 0
    assert {"revision", "chain_head", "file"} <= answer.keys()
    assert (answer["revision"], answer["file"], len(answer["chain_head"])) == (18, str(tmp_path / "b.gpkg"), 64)
    assert call("check", answer["file"])[1]["chain_head"] == answer["chain_head"]
    (tmp_path / "folder").mkdir()
    assert Path(call("backup", path, tmp_path / "folder")[1]["file"]).parent == tmp_path / "folder"


def test_backup_refuses_with_a_reason(path: Path, backup: Path, tmp_path: Path) -> None:
    assert refused(*call("backup", path, backup)) == (1, "workspace_exists")
    assert refused(*call("backup", tmp_path / "none.gpkg", tmp_path / "x.gpkg")) == (1, "workspace_missing")
    assert refused(*call("backup", path)) == (2, "call_wrong")
    assert refused(*call("backup", "postgresql://host/db", tmp_path / "x.gpkg")) == (2, "not_yet")
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE parcels SET far_max = 9 WHERE parcel_id = 'A'")
        file.commit()
    assert refused(*call("backup", path, tmp_path / "x.gpkg")) == (1, "backup_unsound")
    assert not (tmp_path / "x.gpkg").exists()


def test_restore_brings_back_what_was_backed_up(path: Path, backup: Path, tmp_path: Path) -> None:
    status, answer = call("restore", backup, tmp_path / "new.gpkg")
    assert (status, answer["workspace"], answer["revision"]) == (0, str(tmp_path / "new.gpkg"), 19)
    before, after = (call("capacity", one, "--parcels")[1] for one in (path, tmp_path / "new.gpkg"))
    assert after == before
    newest = call("history", tmp_path / "new.gpkg", "--limit", 1)[1]["events"][0]
    assert (newest["kind"], newest["facts"]["of_revision"]) == ("restore", 18)


def test_restore_replaces_only_when_told_so(path: Path, backup: Path) -> None:
    assert refused(*call("restore", backup, path)) == (1, "workspace_exists")
    assert refused(*call("restore", backup, path, "--overwrite", "--actor", "planner")) == (1, "denied")
    status, answer = call("restore", backup, path, "--overwrite", "--actor", "boss")
    assert status == 0
    assert Path(answer["aside"]).exists()
    assert [event["kind"] for event in call("history", path, "--limit", 2)[1]["events"]] == ["restore", "refused"]
    tried = call("history", answer["aside"], "--limit", 1)[1]["events"][0]
    assert (tried["kind"], tried["facts"]["tried"]) == ("refused", "restore")


def test_restore_refuses_with_a_reason(path: Path, backup: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.gpkg"
    assert refused(*call("restore", tmp_path / "none.gpkg", new)) == (1, "backup_missing")
    assert refused(*call("restore", backup)) == (2, "call_wrong")
    assert refused(*call("restore", path, path, "--overwrite")) == (2, "call_wrong")
    with backup.open("ab") as file:
        file.write(b"x")
    assert refused(*call("restore", backup, new)) == (1, "backup_changed")
    assert not new.exists()


def test_move_says_that_both_are_equal(path: Path, tmp_path: Path) -> None:
    status, answer = call("move", path, tmp_path / "w2.gpkg")
    assert (status, answer["equal"]) == (0, True)
    heads = [call("check", one)[1]["chain_head"] for one in (path, tmp_path / "w2.gpkg")]
    assert heads == [answer["chain_head"]] * 2
    one, two = (call("history", one, "--limit", 0)[1]["events"] for one in (path, tmp_path / "w2.gpkg"))
    assert one == two
    for name in ("main", "方案二", "定稿"):
        words = ("--parcels", "--scenario", name)
        assert call("capacity", path, *words)[1] == call("capacity", tmp_path / "w2.gpkg", *words)[1]
    assert refused(*call("move", path, tmp_path / "w2.gpkg")) == (1, "workspace_exists")
    assert refused(*call("move", path, "postgresql://host/db")) == (2, "not_yet")
    assert refused(*call("move", path)) == (2, "call_wrong")


def test_check_says_whether_all_is_well(path: Path) -> None:
    status, answer = call("check", path)
    assert {"ok", "problems", "revision", "events", "chain_head"} <= answer.keys()
    assert (status, answer["ok"], answer["events"]) == (0, True, 18)
    with closing(sqlite3.connect(path)) as file:
        file.execute("DROP TRIGGER event_no_update")
        file.execute("UPDATE event SET actor = 'somebody' WHERE seq = 5")
        file.commit()
    status, answer = call("check", path, "--lang", "en")
    assert (status, answer["ok"]) == (1, False)
    assert [one["code"] for one in answer["problems"]] == ["event_changed"]
    assert answer["problems"][0]["message"] == "event 5 of the history was changed"
    status, out, err = plain("check", path)
    assert status == 1
    assert "Traceback" not in out + err


def test_an_import_into_a_workspace_with_work_in_it_makes_a_backup_first(path: Path, tmp_path: Path) -> None:
    source = geojson(tmp_path / "p.geojson", parcels(1, parcel_no=["9"]).to_crs(4326))
    dry = call("import", path, source, "--layer", "parcels", "--dry-run")
    assert dry[0] == 0
    assert not (tmp_path / "backups").exists()
    assert call("import", path, source, "--layer", "parcels")[0] == 0
    (made,) = (tmp_path / "backups").glob("*.gpkg")
    manifest = manifests.read(made)
    assert manifest is not None
    assert manifest.revision == 18
    assert call("check", path)[1]["ok"], "and the history agrees with what the backup knows"


def test_backups_can_go_elsewhere(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHENGZAI_BACKUPS", str(tmp_path / "safe"))
    source = geojson(tmp_path / "p.geojson", parcels(1, parcel_no=["9"]).to_crs(4326))
    assert call("import", path, source, "--layer", "parcels")[0] == 0
    (manifest,) = (tmp_path / "safe").glob("*.json")
    told = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(told | {"chain_head": "0" * 64}), encoding="utf-8")
    status, answer = call("check", path)
    assert (status, answer["problems"][0]["code"]) == (1, "anchor_lost")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_people_are_told_in_words(path: Path, tmp_path: Path, language: str) -> None:
    out = tmp_path / "b.gpkg"
    for words in (
        ("backup", path, out),
        ("restore", out, path, "--overwrite"),
        ("move", path, tmp_path / "w2.gpkg"),
        ("check", path),
    ):
        status, text, err = plain(*words, "--lang", language)
        assert (status, err) == (0, ""), words
        assert text.strip()
        assert "{" not in text
    geopackage.close(path)
    status, text, err = plain("restore", out, path, "--lang", language)
    assert (status, text) == (1, "")
    assert "--overwrite" in err


def test_a_new_workspace_has_nothing_to_complain_of(tmp_path: Path) -> None:
    assert call("new", tmp_path / "n.gpkg", "--crs", "EPSG:4548")[0] == 0
    assert call("check", tmp_path / "n.gpkg")[1]["problems"] == []
