"""The command line: its words, keys and exit codes are a promise."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import cli
from layers import stores
from layers.accounts import FIGURES
from layers.stores import geoparquet
from tests.files import call, codes, geojson, parcels, plain
from tests.world import put
from verbs import serving

ROOT = Path(__file__).parent.parent
ACCOUNTS = ("parcels", "unknown_parcels", *FIGURES)


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    path = tmp_path / "demo.gpkg"
    assert call("demo", path)[0] == 0
    return path


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    path = tmp_path / "w.gpkg"
    assert call("new", path, "--crs", "EPSG:4548")[0] == 0
    return path


def balanced(row: dict[str, Any]) -> bool:
    used = row["built_m2"] + row["under_construction_m2"] + row["committed_m2"] + row["reserved_m2"]
    return abs(row["permitted_m2"] + row["over_m2"] - used - row["held_by_cap_m2"] - row["available_m2"]) < 0.01


def test_demo_says_what_it_wrote(tmp_path: Path) -> None:
    status, answer = call("demo", tmp_path / "d.gpkg")
    assert status == 0
    assert answer["workspace"] == str(tmp_path / "d.gpkg")
    assert min(answer[key] for key in ("parcels", "zones", "parks", "projects")) > 0
    assert answer["parcels"] == len(stores.read(tmp_path / "d.gpkg").table("parcels"))


def test_demo_and_new_overwrite_nothing(demo: Path) -> None:
    before = demo.read_bytes()
    for words in (("demo", demo), ("new", demo)):
        status, answer = call(*words)
        assert (status, answer["error"]["code"]) == (1, "workspace_exists")
    assert demo.read_bytes() == before


@pytest.mark.parametrize(
    ("crs", "code"),
    [("EPSG:4326", "crs_not_metric"), ("EPSG:2249", "crs_not_metric"), ("EPSG:99999", "crs_unknown"),
     ("EPSG:3857", "crs_unsuitable")],
)  # fmt: skip
def test_new_refuses_a_crs_without_true_areas(tmp_path: Path, crs: str, code: str) -> None:
    status, answer = call("new", tmp_path / "n.gpkg", "--crs", crs)
    assert (status, answer["error"]["code"]) == (1, code)
    assert not (tmp_path / "n.gpkg").exists()


def test_capacity_keeps_its_keys_and_adds_up(demo: Path) -> None:
    status, answer = call("capacity", demo, "--by", "zone,sub_area", "--parcels")
    assert status == 0
    assert set(ACCOUNTS) <= answer.keys()
    assert balanced(answer)
    for group in answer["groups"]:
        assert {*ACCOUNTS, "zone", "sub_area", "zone_name", "sub_area_name"} <= group.keys()
        assert balanced(group)
    for key in ACCOUNTS:
        assert sum(group[key] for group in answer["groups"]) == pytest.approx(answer[key], abs=0.01)
    assert len(answer["rows"]) == answer["parcels"]
    assert {"parcel_no", "binding_limit", "permitted_m2"} <= answer["rows"][0].keys()
    unknown = [row for row in answer["rows"] if row["binding_limit"] == "unknown"]
    assert len(unknown) == answer["unknown_parcels"]
    assert all(row["permitted_m2"] is None for row in unknown)


@pytest.mark.parametrize("by", ["zone", "land_use", "status", "year", "zone,land_use,status,year", ""])
def test_every_grouping_adds_up(demo: Path, by: str) -> None:
    answer = call("capacity", demo, "--by", by)[1]
    parts = answer["groups"] or [answer]
    for key in ("parcels", "site_area_m2", "available_m2"):
        assert sum(group[key] for group in parts) == pytest.approx(answer[key], abs=0.01)


def test_zone_names_come_with_their_keys(demo: Path) -> None:
    groups = call("capacity", demo)[1]["groups"]
    assert [(g["zone"], g["zone_name"]) for g in groups][:2] == [("east", "东区"), ("west", "西区")]


@pytest.mark.parametrize(
    "words",
    [
        ("capacity", "W", "--by", "colour"),
        ("capacity",),
        ("nonsense", "W"),
        (),
        ("capacity", "W", "--nonsense"),
        ("import", "W", "f.shp"),
        ("import", "W", "f.shp", "--layer", "parcels", "--map", "far_max"),
        ("import", "W", "f.shp", "--layer", "parcels", "--take", "A=sum"),
        ("import", "W", "f.shp", "--layer", "parcels", "--area-unit", "acres"),
        ("export", "W", "o.shp"),
        ("rules", "get", "W", "f.csv"),
        ("--lang", "fr", "check", "W"),
    ],
)
def test_a_wrong_call_is_json_too_and_exit_2(words: tuple[str, ...]) -> None:
    status, answer = call(*words)
    assert status == 2
    assert set(answer) == {"error"}
    assert set(answer["error"]) == {"code", "message", "where", "cure"}
    assert answer["error"]["code"] == "call_wrong"


@pytest.mark.parametrize("verb", sorted(cli.LATER))
def test_later_verbs_say_not_yet(verb: str) -> None:
    status, answer = call(verb, "W", "--anything", "else")
    assert (status, answer["error"]["code"]) == (2, "not_yet")
    assert plain(verb, "W", "--lang", "en")[2].startswith(f"{verb} is not there yet")


def test_servers_say_not_yet() -> None:
    for words in (
        ("capacity", "postgresql://host/db"),
        ("check", "postgresql://x/y"),
    ):
        status, answer = call(*words)
        assert (status, answer["error"]["code"]) == (2, "not_yet")


def test_only_the_main_scenario_is_there(demo: Path) -> None:
    assert call("capacity", demo, "--scenario", "main")[0] == 0
    for words in (("capacity", demo, "--scenario", "b"), ("--scenario", "b", "capacity", demo)):
        status, answer = call(*words)
        assert (status, answer["error"]["code"]) == (1, "scenario_unknown")


def test_options_may_stand_before_and_after_the_verb(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--json", "--lang", "en", "capacity", str(demo)]) == 0
    before = capsys.readouterr().out
    assert cli.main(["capacity", str(demo), "--lang=en", "--json"]) == 0
    assert capsys.readouterr().out == before


def test_errors_come_in_both_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = tmp_path / "none.gpkg"
    assert call("check", missing)[1]["error"]["message"] == "没有工作空间 none.gpkg"
    assert call("check", missing, "--lang", "en")[1]["error"]["message"] == "No workspace at none.gpkg"
    monkeypatch.setenv("CHENGZAI_LANG", "en")
    status, out, err = plain("check", missing)
    assert (status, out) == (1, "")
    assert err.startswith("No workspace at none.gpkg\n")


def test_not_a_workspace(tmp_path: Path) -> None:
    path = tmp_path / "text.gpkg"
    path.write_text("hello")
    status, answer = call("capacity", path)
    assert (status, answer["error"]["code"]) == (1, "workspace_unreadable")


def test_the_unforeseen_is_no_traceback(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr("layers.services.check", fail)
    status, answer = call("check", demo)
    assert (status, answer["error"]["code"]) == (1, "unforeseen")
    assert "boom" in answer["error"]["message"]


def test_text_for_people_adds_up(demo: Path) -> None:
    for language, total in (("zh-CN", "合计"), ("en", "Total")):
        status, out, _ = plain("capacity", demo, "--lang", language)
        assert status == 0
        lines = [line.split() for line in out.splitlines()]
        at = next(i for i, line in enumerate(lines) if line and line[0] == total)
        numbers = [[int(cell.replace(",", "")) for cell in line[-8:]] for line in lines[2 : at + 1]]
        assert [sum(column) for column in zip(*numbers[:-1], strict=True)] == numbers[-1]


def test_every_verb_speaks_to_people_in_both_languages(tmp_path: Path) -> None:
    source = geojson(tmp_path / "p.geojson", parcels(2, 地块编号=["甲", "甲"], 容积率=["1,000.5", 2]).to_crs(4326))
    rules = tmp_path / "r.csv"
    rules.write_text("zone,far_max\neast,2\n")
    for language in ("zh-CN", "en"):
        path, out = tmp_path / f"{language}.gpkg", tmp_path / f"{language}.csv"
        for words in (
            ("demo", path),
            ("rules", "set", path, rules),
            ("import", path, source, "--layer", "parcels"),
            ("export", path, out, "--layer", "zones"),
            ("check", path),
        ):
            status, text, _ = plain(*words, "--lang", language)
            assert status == 0, (words, text)
            assert text.strip()
            assert "{" not in text


def test_check_finds_a_good_demo_and_a_dangling_reference(demo: Path) -> None:
    status, answer = call("check", demo)
    assert (status, answer["ok"], answer["events"], len(answer["chain_head"])) == (0, True, 1, 64)
    workspace = stores.read(demo)
    given = workspace.table("assignments").assign(parcel_id="nowhere")
    put(demo, "assignments", given)
    status, answer = call("check", demo)
    assert (status, answer["ok"]) == (1, False)
    found = answer["problems"][0]
    assert (found["layer"], found["column"], found["code"]) == ("assignments", "parcel_id", "reference_dangling")
    assert found["severity"] == "error"


def test_rules_change_what_zones_permit(empty: Path, tmp_path: Path) -> None:
    source = geojson(tmp_path / "p.geojson", parcels(2, parcel_no=["1", "2"], zone=["A", "B"]).to_crs(4326))
    assert call("import", empty, source, "--layer", "parcels")[0] == 0
    assert call("capacity", empty)[1]["unknown_parcels"] == 2
    rules = tmp_path / "far.json"
    rules.write_text(json.dumps({"A": 2.5}))
    status, answer = call("rules", "set", empty, rules)
    assert (status, answer["rules"], answer["zones"]) == (0, 1, ["A"])
    found = call("capacity", empty)[1]
    assert found["unknown_parcels"] == 1
    assert found["permitted_m2"] == pytest.approx(25_000, rel=1e-6)
    rules.write_text(json.dumps({"rules": [{"zone": "C", "far_max": 1}]}))
    status, answer = call("rules", "set", empty, rules)
    assert (status, answer["error"]["code"]) == (1, "zone_unknown")


def test_serve_stays_on_this_machine(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for host in ("0.0.0.0", "192.168.1.5", "::", "example.org"):
        status, answer = call("serve", demo, "--host", host)
        assert (status, answer["error"]["code"]) == (1, "host_refused")
    assert call("serve", demo.with_name("none.gpkg"))[1]["error"]["code"] == "workspace_missing"
    seen: dict[str, Any] = {}

    def run(command: list[str], env: dict[str, str], _folder: Path) -> int:
        seen.update(command=command, env=env)
        return 0

    monkeypatch.setattr(serving, "_until_it_ends", run)
    assert plain("serve", demo, "--port", "9000", "--lang", "en")[0] == 0
    assert seen["env"]["CHENGZAI_WORKSPACE"] == str(demo.absolute())
    assert seen["env"]["CHENGZAI_LANG"] == "en"
    assert seen["command"][1:4] == ["-m", "streamlit", "run"]
    assert " --server.port 9000 " in " ".join(seen["command"])


def test_who_ends_the_command_ends_the_server_with_it(demo: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(ROOT / "cli.py"), "serve", str(demo), "--port", str(port)]
    with (
        (tmp_path / "said").open("wb") as said,
        subprocess.Popen(command, stdout=said, stderr=said, cwd=ROOT) as served,
    ):
        for _ in range(600):
            if serving._answers("127.0.0.1", port):
                break
            assert served.poll() is None
            time.sleep(0.1)
        served.send_signal(signal.SIGTERM)
        served.wait(30)
    assert not serving._answers("127.0.0.1", port)


def test_a_port_that_is_taken_is_said_so(demo: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        status, answer = call("serve", demo, "--port", str(taken.getsockname()[1]))
    assert (status, answer["error"]["code"]) == (1, "port_taken")


def test_map_takes_many_pairs_wherever_it_stands(empty: Path, tmp_path: Path) -> None:
    source = geojson(tmp_path / "p.geojson", parcels(1, n=["甲"], f=[2], h=[10]).to_crs(4326))
    words = ("--map", "parcel_no=n", "far_max=f", "height_max_m=h*0.3048")
    answer = call("import", *words, empty, source, "--layer", "parcels", "--dry-run")[1]
    assert answer["columns"] == {"parcel_no": "n", "far_max": "f", "height_max_m": "h*0.3048"}
    assert codes(answer) == []


def run(*words: object) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "CHENGZAI_LANG"}
    command = [sys.executable, str(ROOT / "cli.py"), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, cwd="/")


def test_the_two_commands_as_a_process(tmp_path: Path) -> None:
    made = run("demo", tmp_path / "d.gpkg", "--json")
    assert (made.returncode, made.stderr) == (0, "")
    assert json.loads(made.stdout)["parcels"] > 0
    wrong = run("capacity", "--json")
    assert (wrong.returncode, wrong.stderr) == (2, "")
    assert json.loads(wrong.stdout)["error"]["code"] == "call_wrong"
    told = run("check", tmp_path / "none.gpkg")
    assert (told.returncode, told.stdout) == (1, "")
    assert "Traceback" not in told.stderr


def test_help_is_quick_and_names_every_verb() -> None:
    told = run("--help")
    assert told.returncode == 0
    for verb in (*cli.VERBS, *cli.LATER):
        assert f" {verb} " in told.stdout
    heavy = "import sys, cli; sys.exit(any(m in sys.modules for m in ('pandas', 'geopandas', 'pyogrio', 'numpy')))"
    assert subprocess.run([sys.executable, "-c", heavy], cwd=ROOT, check=False).returncode == 0


def test_capacity_of_a_folder_of_geoparquet_equals_that_of_the_file(demo: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    geoparquet.write(folder, stores.read(demo))
    words = ("--by", "zone,sub_area", "--json")
    one, other = call("capacity", demo, *words)[1], call("capacity", folder, *words)[1]
    assert other.keys() == one.keys()
    assert [group["zone_name"] for group in other["groups"]] == [group["zone_name"] for group in one["groups"]]
    for name in FIGURES:
        assert other[name] == pytest.approx(one[name], rel=1e-9), name
    assert call("capacity", folder, "--parcels")[1]["rows"][0]["parcel_no"]
    (folder / "workspace.json").unlink()
    bare = call("capacity", folder, *words)[1]
    assert (bare["permitted_m2"], bare["crs"]) == (other["permitted_m2"], "EPSG:4548")
    status, answer = call("import", folder, demo, "--layer", "zones")
    assert (status, answer["error"]["code"]) == (1, "folder_read_only")


def test_a_new_workspace_knows_the_usual_assumptions_and_takes_others(tmp_path: Path) -> None:
    path = tmp_path / "w.gpkg"
    assert call("new", path, "--crs", "EPSG:4548")[0] == 0
    table = stores.read(path).table("assumptions")
    assert table["source"].notna().all()
    own = tmp_path / "own.csv"
    own.write_text(
        "assumption_id,name,value,unit\nstorey_height,storey_height,5,m\nmine,vacancy,0.2,\n", encoding="utf-8"
    )
    answer = call("import", path, own, "--layer", "assumptions")[1]
    assert codes(answer) == ["key_replaced"]
    after = stores.read(path).table("assumptions").set_index("assumption_id")["value"]
    assert (len(after), after["storey_height"], after["mine"]) == (len(table) + 1, 5, 0.2)
