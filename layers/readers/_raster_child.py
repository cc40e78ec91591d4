"""The program of a child process that opens rasters, with the GeoTIFF driver alone; it imports nothing of ours.

It speaks as `_gdal_child.py` does: it says which drivers it has, and then forks once for every request. Values are
left as plain numbers in a file of the folder that the request names, so many rows at a time that memory stays small.
"""

from __future__ import annotations

import ctypes
import json
import math
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000
_GRACE_S = 5
_LONGEST = 300
_SAMPLE = 512
_LARGE = 1 << 26
_SOME_BLOCKS = 64
_ROWS_BYTES = 16 << 20
_MOST_BLOCKS = 200_000
_DRIVER = "GTiff"

Tell = Callable[[dict[str, Any]], None]


class Refused(Exception):
    """What the library says about a file."""


def _offline() -> bool:
    """Leave the network for good, where the kernel lets us."""
    with suppress(OSError, AttributeError):
        unshare = ctypes.CDLL(None, use_errno=True).unshare
        return unshare(_NEW_NETWORK) == 0 or unshare(_NEW_USER | _NEW_NETWORK) == 0
    return False


def _limit(kind: int, most: int) -> None:
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


@contextmanager
def _opened(asked: dict[str, Any]) -> Iterator[Any]:
    import rasterio
    from rasterio.errors import RasterioError

    try:
        with (
            rasterio.Env(**asked["config"]),
            rasterio.open(asked["path"], driver=_DRIVER, sharing=False) as raster,
        ):
            yield raster
    except MemoryError:
        raise
    except (RasterioError, RuntimeError, ValueError, OSError, KeyError, TypeError) as error:
        raise Refused(str(error.__cause__ or error)[:_LONGEST] or type(error).__name__) from error


def _look(asked: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Everything that the file says of itself, and whether its blocks and values are there."""
    with _opened(asked) as raster:
        beyond = _beyond(raster, Path(asked["path"]).stat().st_size)
        if beyond:
            return {"beyond": beyond}
        crs = raster.crs
        gcps, _ = raster.gcps
        bands = [_band(raster, number, tell) for number in range(1, raster.count + 1)]
        return {
            "width": raster.width,
            "height": raster.height,
            "affine": list(raster.transform)[:6],
            "placed": not raster.transform.is_identity,
            "gcps": len(gcps),
            "rpcs": raster.rpcs is not None,
            "crs": crs.to_wkt() if crs else None,
            "point": raster.tags().get("AREA_OR_POINT") == "Point",
            "bands": bands,
            "beyond": 0,
        }


def _band(raster: Any, number: int, tell: Tell) -> dict[str, Any]:
    from rasterio.enums import MaskFlags

    flags = raster.mask_flag_enums[number - 1]
    nodata = raster.nodatavals[number - 1]
    kind = raster.dtypes[number - 1]
    told = {
        "dtype": kind,
        "nodata": None if nodata is None or not math.isfinite(nodata) else float(nodata),
        "nodata_nan": nodata is not None and math.isnan(nodata),
        "scale": float(raster.scales[number - 1]),
        "offset": float(raster.offsets[number - 1]),
        "unit": raster.units[number - 1] or "",
        "description": raster.descriptions[number - 1] or "",
        "colour": raster.colorinterp[number - 1].name,
        "masked": MaskFlags.all_valid not in flags,
        "own_mask": MaskFlags.per_dataset in flags,
        "low": None,
        "high": None,
        "empty": False,
    }
    if kind.startswith("complex"):
        return told
    values = _sample(raster, number)
    if not len(values):
        values = _first(raster, number, tell)
    if len(values):
        told |= {"low": float(values.min()), "high": float(values.max())}
    return told | {"empty": not len(values)}


def _sample(raster: Any, number: int) -> Any:
    """Values here and there; of a large file without overviews, those of some of its blocks."""
    import numpy as np
    from rasterio.windows import Window

    if raster.width * raster.height <= _LARGE or raster.overviews(number):
        return _valid(raster, number, None, (min(_SAMPLE, raster.height), min(_SAMPLE, raster.width)))
    high, wide = raster.block_shapes[number - 1]
    down, across = -(-raster.height // high), -(-raster.width // wide)
    found = []
    for block in np.linspace(0, down * across - 1, _SOME_BLOCKS).astype(int).tolist():
        row, column = block // across * high, block % across * wide
        size = min(wide, raster.width - column), min(high, raster.height - row)
        found.append(_valid(raster, number, Window(column, row, *size), None))
    return np.concatenate(found)


def _valid(raster: Any, number: int, window: Any, shape: tuple[int, int] | None) -> Any:
    """Stored values that mean something, of a window or of a sample of everything."""
    import numpy as np

    size = {} if shape is None else {"out_shape": shape}
    values = raster.read(number, window=window, **size)
    there = raster.read_masks(number, window=window, **size) > 0
    if values.dtype.kind == "f":
        there &= np.isfinite(values)
    return values[there]


def _first(raster: Any, number: int, tell: Tell) -> Any:
    """Values of the first blocks that have any; a block that the file leaves out has none where there is a nodata."""
    import numpy as np

    gaps = raster.nodatavals[number - 1] is not None
    done = 0
    for (down, across), window in raster.block_windows(number):
        if done % 1000 == 0:
            tell({"done": done, "total": 0})
        done += 1
        if gaps and _tag(raster, f"BLOCK_OFFSET_{across}_{down}", number) is None:
            continue
        values = _valid(raster, number, window, None)
        if len(values):
            return values
    return np.empty(0)


def _beyond(raster: Any, size: int) -> int:
    """Bytes that blocks of the file should have behind its end; 0 for a whole file."""
    rows, columns = raster.block_shapes[0]
    down, across = -(-raster.height // rows), -(-raster.width // columns)
    step = max(1, down * across // _MOST_BLOCKS)
    last = 0
    for number in range(1, raster.count + 1 if _by_band(raster) else 2):
        for block in range(0, down * across, step):
            name = f"{block % across}_{block // across}"
            start = _tag(raster, f"BLOCK_OFFSET_{name}", number)
            if start is not None:
                last = max(last, start + (_tag(raster, f"BLOCK_SIZE_{name}", number) or 0))
    return max(0, last - size)


def _by_band(raster: Any) -> bool:
    return raster.count > 1 and raster.interleaving is not None and raster.interleaving.name.lower() == "band"


def _tag(raster: Any, name: str, number: int) -> int | None:
    found = raster.get_tag_item(name, "TIFF", bidx=number)
    return None if found is None else int(found)


def _values(asked: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Stored values of a window, row by row in one file, and beside it which of them mean something."""
    from rasterio.windows import Window

    column, row, width, height = asked["window"]
    number = asked["band"]
    with _opened(asked) as raster:
        kind = raster.dtypes[number - 1]
        masked, whole = asked["masked"], True
        if asked["shape"] is not None:
            window, shape = Window(column, row, width, height), tuple(asked["shape"])
            _write(asked, "values", raster.read(number, window=window, out_shape=shape), "wb")
            if masked:
                _write(asked, "mask", raster.read_masks(number, window=window, out_shape=shape), "wb")
            return {"dtype": kind, "shape": list(shape), "whole": not masked}
        blocks = raster.block_shapes[number - 1][0]
        some = max(1, _ROWS_BYTES // max(1, width * 8 * blocks)) * blocks
        for start in range(row, row + height, some):
            window = Window(column, start, width, min(some, row + height - start))
            _write(asked, "values", raster.read(number, window=window), "ab")
            if masked:
                there = raster.read_masks(number, window=window)
                whole = whole and bool(there.all())
                _write(asked, "mask", there, "ab")
            tell({"done": start - row, "total": height})
    return {"dtype": kind, "shape": [height, width], "whole": whole}


def _write(asked: dict[str, Any], name: str, values: Any, mode: str) -> None:
    with Path(asked["out"], name).open(mode) as file:
        values.tofile(file)


_TASKS: dict[str, Callable[[dict[str, Any], Tell], dict[str, Any]]] = {"look": _look, "values": _values}


def _answer(asked: dict[str, Any], tell: Tell) -> dict[str, Any]:
    try:
        os.chdir(asked["out"])
        _limit(resource.RLIMIT_CPU, asked["cpu_s"])
        _limit(resource.RLIMIT_FSIZE, asked["file_bytes"])
        signal.alarm(asked["wall_s"] + _GRACE_S)  # whoever asked may have gone, and nobody else would end it
        return {"ok": _TASKS[asked["do"]](asked, tell)}
    except Refused as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"memory": True}


def _in_a_process_of_its_own(line: str, tell: Tell) -> int:
    """Answer one request; the number of the signal that ended the process, 0 for a good end and −1 for a bad one."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            tell(_answer(json.loads(line), tell))
            code = 0
        finally:
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return -status if status < 0 else -min(status, 1)


def main() -> None:
    """Say what is here, then answer until nobody asks any more."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def tell(said: dict[str, Any]) -> None:
        replies.write(json.dumps(said) + "\n")
        replies.flush()

    offline = _offline()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit(resource.RLIMIT_NOFILE, int(sys.argv[2]))
    _limit(resource.RLIMIT_AS, int(sys.argv[1]))
    import rasterio
    import rasterio.windows  # loaded once, before the first fork

    with rasterio.Env() as env:
        drivers = sorted(env.drivers())
    tell({"drivers": drivers, "offline": offline})
    for line in sys.stdin:
        tell({"end": _in_a_process_of_its_own(line, tell)})


if __name__ == "__main__":
    main()
