"""A reader that shares no process with the product: GDAL alone, ``python foreign.py FILE [LAYER] [ENCODING]``."""

from __future__ import annotations

import json
import sys

import geopandas as gpd
import shapely


def main() -> None:
    """What a file says, as one JSON object."""
    path, layer, encoding = (*sys.argv[1:], "", "")[:3]
    options = {"layer": layer} if layer else {}
    frame = gpd.read_file(path, use_arrow=True, **options, **({"encoding": encoding} if encoding else {}))
    shapes = frame.geometry.values
    texts = {
        name: ["" if value is None or value != value else str(value) for value in frame[name]]
        for name in frame.columns
        if name != "geometry"
    }
    crs = None if frame.crs is None else frame.crs.to_epsg()
    print(json.dumps({"rows": len(frame), "area": shapely.area(shapes).tolist(), "texts": texts, "crs": crs}))


if __name__ == "__main__":
    main()
