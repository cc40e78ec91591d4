"""Files that well-known libraries ship with themselves: nobody made them for us."""

from __future__ import annotations

import functools
import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyogrio

from tests.corpus.case import Case

_ENDINGS = (
    ".shp",
    ".gpkg",
    ".geojson",
    ".json",
    ".parquet",
    ".csv",
    ".txt",
    ".dat",
    ".zip",
    ".pbf",
    ".dbf",
    ".wkt",
    ".xml",
)
_FROM = {
    "libpysal": ("examples",),
    "pyogrio": ("tests/fixtures",),
    "pyarrow": ("tests/data",),
    "sklearn": ("datasets/data", "datasets/tests/data"),
    "scipy": ("spatial/tests/data", "stats/tests/data"),
    "pyproj": ("proj_dir/share",),
    "xyzservices": ("data",),
}


def shipped() -> Iterator[Case]:
    """Every file with an ending that somebody might try to bring in."""
    for package, folders in _FROM.items():
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            continue
        root = Path(next(iter(spec.submodule_search_locations)))
        for folder in folders:
            for path in sorted((root / folder).rglob("*")):
                if path.suffix.lower() in _ENDINGS and path.is_file() and path.stat().st_size < 20_000_000:
                    name = f"{package}-{path.relative_to(root / folder).as_posix()}"
                    yield Case(name, functools.partial(_copied, path=path), "any", rows=_counted(path))


def _copied(folder: Path, path: Path) -> Path:
    """The file with what belongs to it; a test writes nothing beside an installed package."""
    for part in path.parent.glob(f"{path.stem}.*"):
        if part.is_file():
            shutil.copyfile(part, folder / part.name)
    return folder / path.name


def _counted(path: Path) -> int | None:
    """Rows that the format's own header tells, where that is quick and certain."""
    if path.suffix.lower() == ".shp" and path.with_suffix(".shx").exists():
        return (path.with_suffix(".shx").stat().st_size - 100) // 8
    if path.suffix.lower() == ".gpkg" and len(pyogrio.list_layers(path)) == 1:
        return int(pyogrio.read_info(path)["features"])
    return None
