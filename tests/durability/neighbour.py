"""Another program on the machine, as QGIS is one: it reads a file and leaves it, each time it is asked.

It answers with the parcels that GDAL finds and with the last event that SQLite finds.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing

import pyogrio


def main() -> None:
    """Answer until nobody asks any more."""
    for line in sys.stdin:
        path = line.strip()
        parcels = len(pyogrio.read_dataframe(path, layer="parcels"))
        with closing(sqlite3.connect(path)) as file:
            (last,) = file.execute("SELECT max(seq) FROM event").fetchone()
        print(parcels, last, flush=True)


if __name__ == "__main__":
    main()
