"""The verb over rasters."""

from __future__ import annotations

import argparse

from layers.errors import CallWrong
from verbs.words import Answer, Verb, scenario, workspace


def _for_zonal(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    verb.add_argument("--raster", required=True, metavar="FILE", help="GeoTIFF, or raster_id / GeoTIFF 或栅格编号")
    verb.add_argument(
        "--rule",
        choices=("fraction", "centre"),
        default="fraction",
        help="exact shares of cells, or cells whose centre lies inside, as QGIS / 精确面积份额，或像元中心",
    )
    verb.add_argument(
        "--stats",
        default="mean,min,max,sum,count",
        help="mean, min, max, sum, count, stdev, median, majority, variety, share_above=N, share_below=N, share_of=N",
    )
    verb.add_argument("--derive", choices=("slope", "aspect"), help="of heights [°] / 由高程计算坡度或坡向")
    verb.add_argument("--band", type=int, metavar="N", help="counted from 1 / 波段")
    verb.add_argument("--crs", help="CRS of the file; wins over its own / 栅格坐标系")


def _zonal(asked: argparse.Namespace) -> Answer:
    from layers import services

    stats = list(dict.fromkeys(word.strip() for word in asked.stats.split(",") if word.strip()))
    if not stats:
        raise CallWrong(where="--stats", reason=f"--stats {asked.stats!r}", verb="zonal")
    raster = f"{asked.derive}:{asked.raster}" if asked.derive else asked.raster
    return services.zonal(
        asked.workspace, raster, stats, asked.rule, band=asked.band, crs=asked.crs, scenario=scenario(asked)
    )


VERBS: dict[str, Verb] = {"zonal": ("statistics of a raster by parcel / 栅格分地块统计", _for_zonal, _zonal)}
