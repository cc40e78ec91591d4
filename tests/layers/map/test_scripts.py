"""The scripts of the map: their syntax, and the arithmetic that needs no browser. Skipped where node is not there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from layers.map.files import OWN

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="node is not here")

SUMS = """
import assert from "node:assert";
import { Geometry, toDegrees, toUnit } from "./geometry.mjs";
import { degrees, multiples, stepFor } from "./grid.mjs";

const [x, y] = toUnit(116.28, 39.83);
const [lon, lat] = toDegrees(x, y);
assert.ok(Math.abs(lon - 116.28) < 1e-9 && Math.abs(lat - 39.83) < 1e-9);

// a square with a hole, and a smaller square beside it
const square = (w, s, e, n) => [[w, s], [e, s], [e, n], [w, n], [w, s]];
const points = [...square(0, 0, 90, 90), ...square(30, 30, 60, 60), ...square(100, 0, 140, 40)];
const made = new Geometry({
  tag: "t", labels: ["ring", "small"], schematic: [0, 1], origin: [116, 39], step: 1e-4,
  ring_start: [0, 2, 3], vertex_start: [0, 5, 10, 15],
  lon: points.map((p) => p[0]), lat: points.map((p) => p[1]),
  anchor_lon: [10, 120], anchor_lat: [10, 20],
});
const at = (dx, dy) => made.at(...toUnit(116 + dx * 1e-4, 39 + dy * 1e-4));
assert.equal(at(10, 10), 0);
assert.equal(at(45, 45), -1, "a hole is outside");
assert.equal(at(120, 20), 1);
assert.equal(at(95, 20), -1);
assert.equal(made.latLngs(0).length, 2);
assert.deepEqual(made.inBox(...toUnit(116.0099, 39.01), ...toUnit(116.02, 39)), [1]);

assert.equal(stepFor(0.1, 800), 0.02);
assert.deepEqual(multiples(0.1, 0.5, 0.2).map((v) => v.toFixed(1)), ["0.2", "0.4"]);
assert.equal(degrees(-71.1, 0.1, "E", "W"), "71.1°W");
"""


@pytest.mark.parametrize("script", sorted(OWN.glob("*.js")), ids=lambda path: path.name)
def test_syntax(script: Path, tmp_path: Path) -> None:
    module = tmp_path / f"{script.stem}.mjs"
    module.write_bytes(script.read_bytes())
    done = subprocess.run([str(NODE), "--check", str(module)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_sums(tmp_path: Path) -> None:
    for script in OWN.glob("*.js"):
        text = script.read_text(encoding="utf-8").replace('.js";', '.mjs";')
        (tmp_path / f"{script.stem}.mjs").write_text(text, encoding="utf-8")
    (tmp_path / "sums.mjs").write_text(SUMS, encoding="utf-8")
    done = subprocess.run([str(NODE), str(tmp_path / "sums.mjs")], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
