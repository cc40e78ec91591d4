"""Which reader reads which kind of file; the one door for every file that comes in."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from layers import scratch
from layers.readers.boundary_points import read_boundary_points
from layers.readers.cass import read_cass
from layers.readers.drawings import look_at_drawing, read_drawing
from layers.readers.features import Choice, Features, FoundLayer, described
from layers.readers.gdal import look_at_features, read_features
from layers.readers.kinds import Kind
from layers.readers.parquet import read_parquet
from layers.readers.placemarks import look_at_placemarks, read_placemarks
from layers.readers.sheets import look_at_sheets, read_sheet
from layers.readers.source import Source, open_source
from layers.readers.tables import read_csv
from layers.readers.watching import UNWATCHED, Watch


@dataclass(frozen=True)
class Reader:
    """How one kind of file is read.

    Parameters
    ----------
    read
        One layer of a source.
    look
        The layers of a source; None for kinds that hold one layer, which is read to be described.
    """

    read: Callable[[Source, Choice], Features]
    look: Callable[[Source, Choice], tuple[FoundLayer, ...]] | None = None


_GDAL = Reader(read_features, look_at_features)
READERS: dict[Kind, Reader] = {
    "shapefile": _GDAL,
    "gpkg": _GDAL,
    "geojson": _GDAL,
    "topojson": _GDAL,
    "kml": Reader(read_placemarks, look_at_placemarks),
    "dxf": Reader(read_drawing, look_at_drawing),
    "gdb": _GDAL,
    "fgb": _GDAL,
    "parquet": Reader(read_parquet),
    "boundary": Reader(read_boundary_points),
    "cass": Reader(read_cass),
    "xlsx": Reader(read_sheet, look_at_sheets),
    "csv": Reader(read_csv),
}


def read_source(
    text: str, *, layer: str | None = None, encoding: str | None = None, watch: Watch = UNWATCHED
) -> tuple[Source, Features]:
    """Read any file that may come in.

    Parameters
    ----------
    text
        Path as the user gave it.
    layer
        Layer of a source with several.
    encoding
        As the user gave it; None decides by the bytes.
    watch
        Told how far the reading is.

    Raises
    ------
    FileRefused
        With the reason and the cure.
    Cancelled
    """
    with _opened(text, encoding, watch) as source:
        return source, READERS[source.kind].read(source, Choice(layer, encoding, watch))


def look(
    text: str, *, encoding: str | None = None, watch: Watch = UNWATCHED
) -> tuple[Source, tuple[FoundLayer, ...]]:
    """What a file holds, before anything of it is brought in.

    Raises
    ------
    FileRefused
        With the reason and the cure.
    Cancelled
    """
    with _opened(text, encoding, watch) as source:
        choice = Choice(None, encoding, watch)
        reader = READERS[source.kind]
        if reader.look is not None:
            return source, reader.look(source, choice)
        return source, (described(Path(source.name).stem, reader.read(source, choice)),)


@contextlib.contextmanager
def _opened(text: str, encoding: str | None, watch: Watch) -> Iterator[Source]:
    """A source in a folder of ours that goes when it was read."""
    watch.step("open")
    with scratch.folder("source") as folder:
        source = open_source(text, folder, encoding, watch)
        watch.step("read")
        yield source
