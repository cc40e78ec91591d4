"""Modules become one script that does what they did; what cannot be joined is refused when the app starts."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from layers.map.files import DOORS, OWN
from layers.map.joined import joined, packed


def written(folder: Path, **sources: str) -> Path:
    """A folder of modules; `__` in a name stands for a folder."""
    for name, source in sources.items():
        file = folder / f"{name.replace('__', '/')}.js"
        file.parent.mkdir(exist_ok=True)
        file.write_text(source, encoding="utf-8")
    return folder


def test_each_module_stands_once_behind_what_it_needs(tmp_path: Path) -> None:
    made = joined(
        written(
            tmp_path,
            door='import { b } from "./b.js";\nimport { c } from "./deep/c.js";\nexport function show() {}\n',
            b='import { c as far } from "./deep/c.js";\nexport const b = far + 1;\n',
            deep__c='import * as d from "../d.js";\nexport const c = d.one;\n',
            d="export const one = 1;\n",
        ),
        "door.js",
    )
    assert re.findall(r"^// (\S+)$", made, re.MULTILINE) == ["d.js", "deep/c.js", "b.js", "door.js"]
    assert made.endswith("export const { show } = _door;\n")
    assert "const d = _d;" in made and "const { c: far } = _deep_c;" in made
    assert not re.findall(r"^import\b", made, re.MULTILINE)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('import { a } from "./door.js";\nexport const b = a;\n', "circle"),
        ("export let b = 1;\n", "export let"),
        ("export default 1;\n", "export default"),
        ("const b = 1;\nexport { b };\n", "export {"),
        ('import "./c.js";\n', 'import "./c.js"'),
        ('import b from "./c.js";\n', "import b"),
    ],
)
def test_what_cannot_be_joined_is_refused(tmp_path: Path, source: str, said: str) -> None:
    written(tmp_path, door='import { b } from "./b.js";\nexport const a = b;\n', b=source, c="export const c = 1;\n")
    with pytest.raises(ValueError, match=re.escape(said)):
        joined(tmp_path, "door.js")


def test_a_place_beside_a_module_is_known_to_a_door_alone(tmp_path: Path) -> None:
    place = "export const b = import.meta.url;\n"
    written(tmp_path, door='import { b } from "./deep/b.js";\nexport const a = b;\n', deep__b=place, b=place)
    with pytest.raises(ValueError, match=r"deep/b\.js"):
        joined(tmp_path, "door.js")
    assert "import.meta.url" in joined(tmp_path, "b.js")


@pytest.mark.parametrize("door", [*DOORS, "saved.js"])
def test_our_own_modules_can_be_joined(door: str) -> None:
    made = joined(OWN, door)
    parts = re.findall(r"^// (\S+\.js)$", made, re.MULTILINE)
    assert parts[-1] == door and len(parts) == len(set(parts))
    assert gzip.decompress(packed(OWN, door)).decode() == made


def test_every_module_of_ours_is_part_of_some_script() -> None:
    parts = {part for door in (*DOORS, "saved.js") for part in re.findall(r"^// (\S+\.js)$", joined(OWN, door), re.M)}
    assert parts == {file.relative_to(OWN).as_posix() for file in OWN.rglob("*.js")}
