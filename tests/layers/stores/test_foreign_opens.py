"""In the server's process nothing but SQLite opens the live file: a library that closed it would drop our locks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

FLOWS = """
import io, json, sys, contextlib
from pathlib import Path

seen, live = [], []

def watch(event, args):
    if event == "open" and live and isinstance(args[0], (str, bytes)) and str(live[0]) in str(args[0]):
        seen.append(str(args[0]))
    if event == "sqlite3.connect" and live and str(live[0]) in str(args[0]):
        counted.append(str(args[0]))

counted = []
sys.addaudithook(watch)

from layers import keeping, services, stores
from layers.keeping import Backups, Keeper
from layers.map import payload
from layers.map.board import Board
from layers.readers.bring_in import Wish
from layers.stores import geopackage
from layers.writers.hand_out import Order
from tests.lived import OPERATOR, did, lived_in
from tests.files import geojson, parcels

folder = Path(sys.argv[1])
path = folder / "live.gpkg"
store = lived_in(path)
live.append(path)
source = geojson(folder / "p.geojson", parcels(1, parcel_no=["9"]).to_crs(4326))
workspace = stores.read(path)
board = Board(workspace)
board.outlines(); board.names(); board.state("zh-CN"); payload.context(workspace, "zh-CN")
services.capacity(str(path), parcels=True)
services.check(str(path), backups=Backups())
for ending in ("gpkg", "geojson", "shp", "csv"):
    services.export_layer(str(path), Order(str(folder / f"out.{ending}"), "zones"))
services.import_file(str(path), Wish(file=str(source), layer="parcels"), actor=OPERATOR, backups=Backups())
made = keeping.back_up(path, f"{folder / 'backups'}/")["file"]
keeping.move(path, folder / "moved.gpkg")
Keeper(Backups()).round()
keeping.restore(made, path, OPERATOR, overwrite=True)
geopackage.GeoPackage(path).quick_check()
ours = [name for name in seen if name == str(path) or name.startswith(str(path) + "-")]
print(json.dumps({"opened": ours, "by_sqlite": len(counted)}))
"""


def test_nothing_but_sqlite_opens_the_live_file(tmp_path: Path) -> None:
    """In a process of its own: an audit hook cannot be taken back."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FLOWS, str(tmp_path)],
        capture_output=True, text=True, cwd=ROOT, env=environment, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    found = json.loads(run.stdout.splitlines()[-1])
    assert found["by_sqlite"] >= 3, "the hook sees what it is to see"
    assert found["opened"] == []


LOST = """
import sys
from pathlib import Path
import subprocess
from layers import keeping, services, stores
from layers.commands import Edit
from layers.commands.editing import frozen
from layers.readers.bring_in import Wish
from layers.writers.hand_out import Order
from tests.lived import OPERATOR, did, lived_in
from tests.files import geojson, parcels

folder, feature, path = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[1]) / "live.gpkg"
store = lived_in(path)
source = geojson(folder / "p.geojson", parcels(1, parcel_no=["9"]).to_crs(4326))
other = ["import sqlite3, sys; c = sqlite3.connect(sys.argv[1]);",
         "c.execute('SELECT count(*) FROM parcels').fetchone(); c.close()"]
for step in range(10):
    if feature == "view":
        stores.read(path)
    elif feature == "export":
        services.export_layer(str(path), Order(str(folder / f"o{step}.gpkg"), "parcels"))
    elif feature == "backup":
        keeping.back_up(path, folder / f"b{step}.gpkg")
    elif feature == "import":
        services.import_file(str(path), Wish(file=str(source), layer="parcels"), actor=OPERATOR, dry_run=True)
    else:
        path.read_bytes()  # what nobody may do
    subprocess.run([sys.executable, "-c", "".join(other), str(path)], check=True)  # another program comes and goes
    did(store, Edit("parcels", "A", frozen({"note": f"step {step}"})))
sys.stdout.write("done")
sys.stdout.flush()
import os
os._exit(0)  # the power goes: nothing is folded in
"""


@pytest.mark.parametrize("feature", ["view", "export", "backup", "import"])
def test_no_answered_change_is_lost_when_another_program_comes_and_goes(tmp_path: Path, feature: str) -> None:
    from layers import stores

    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOST, str(tmp_path), feature],
        capture_output=True, text=True, cwd=ROOT, env=environment, check=False,
    )  # fmt: skip
    assert run.stdout == "done", run.stderr[-2000:]
    store = stores.open_store(tmp_path / "live.gpkg")
    with store.reading() as tx:
        assert tx.revision() == 28
    assert store.faults() == []
