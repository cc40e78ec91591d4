"""Verbs over the layers and accounts of a workspace."""

from __future__ import annotations

import argparse
import datetime
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from layers.errors import CallWrong
from layers.vocabulary import RASTER_KINDS
from verbs.words import Answer, Verb, actor, scenario, workspace

if TYPE_CHECKING:
    from layers.readers.updates import Rule


WIDEST_M = 5_000.0
"""Widest strip that a line may become: more is a slip of the pen [m]."""


def _for_new(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    verb.add_argument("--crs", default="EPSG:4548", help="working CRS, projected, in metres / 工作坐标系（投影、米）")
    verb.add_argument("--name", help="name of the study area / 名称")


def _for_import(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    verb.add_argument(
        "file",
        metavar="FILE",
        help="GeoPackage, GeoJSON, TopoJSON, Shapefile or FileGDB (folder, .zip), KML, DXF, FlatGeobuf, GeoParquet, "
        "boundary points .txt, CASS .dat, XLSX, CSV; GeoTIFF into --layer rasters",
    )
    verb.add_argument("--layer", required=True, help="layer that it comes into, such as parcels / 目标图层")
    verb.add_argument("--source-layer", help="layer of the file / 来源图层")
    verb.add_argument("--crs", help="CRS of the file: EPSG code or WKT; wins over its own / 来源坐标系")
    verb.add_argument("--encoding", help="encoding of its text / 来源编码")
    verb.add_argument(
        "--datum",
        choices=("wgs84", "gcj02", "bd09"),
        default="wgs84",
        help="shift in its longitudes and latitudes, which is taken out / 来源经纬度的偏移（导入时纠偏）",
    )
    verb.add_argument(
        "--map", action="append", default=[], metavar="COLUMN=EXPR", help="our column from an expression"
    )
    verb.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="COLUMN=VALUE",
        help="our column, the same in every row and taken as it is written, such as land_use=0601 / 每行都填的固定值",
    )
    verb.add_argument(
        "--drop",
        action="append",
        default=[],
        metavar="COLUMN",
        help="column of the file that is not kept; expressions may still use it / 不保留的来源列",
    )
    verb.add_argument("--join", metavar="FILE", help="join records of another file / 关联另一文件")
    verb.add_argument("--on", metavar="KEY", help="key column of both, or LEFT=RIGHT / 关联键")
    verb.add_argument(
        "--take",
        action="append",
        default=[],
        metavar="COLUMN=RULE",
        help="column of the joined file: first, sum, max, min, mean, count; summed and m² columns are shared by area "
        "where a key stands on several features; a negative or unreadable record is an error, or left out and "
        "reported with --skip-bad",
    )
    verb.add_argument(
        "--area-unit",
        choices=("m2", "ft2", "ha", "mu"),
        help="unit of every source column that a target ending in _m2 reads; default: the unit in its name, else m2",
    )
    verb.add_argument("--length-unit", choices=("m", "ft"), help="the same for targets ending in _m")
    verb.add_argument(
        "--match",
        choices=("append", "number", "shape"),
        default="append",
        help="which row of the layer a row of the file is: none, by number, or by the land both cover / 匹配方式",
    )
    verb.add_argument(
        "--removed", choices=("keep", "delete"), default="keep", help="rows that the file lacks / 新文件里没有的行"
    )
    verb.add_argument(
        "--assigned",
        choices=("keep", "release"),
        help="of those, the ones with assignments, buildings or documents / 其中有落位、建筑或附件的",
    )
    verb.add_argument(
        "--least-share",
        type=float,
        default=0.5,
        help="share of the larger outline that both must cover, with --match shape / 按图形匹配的最小重叠份额",
    )
    verb.add_argument("--swap-axes", action="store_true", help="read x as north and y as east / X 为北、Y 为东")
    verb.add_argument(
        "--cure",
        action="append",
        default=[],
        metavar="CODE",
        help="apply the cure of a finding of the report, or of all (all); read again with it / 采用报告中的处理办法",
    )
    verb.add_argument(
        "--buffer",
        type=float,
        metavar="M",
        help="lines for constraints become the land within M metres on either side / 线约束每侧缓冲宽度（米）",
    )
    verb.add_argument("--rejected", metavar="FILE", help="rows that do not come in, .csv or .xlsx / 未导入的行")
    verb.add_argument("--band", type=int, metavar="N", help="band of a raster, from 1 / 栅格波段")
    verb.add_argument("--kind", choices=tuple(RASTER_KINDS), help="what a raster's values are / 栅格类别")
    verb.add_argument("--dry-run", action="store_true", help="report and write nothing / 只报告不写入")
    verb.add_argument("--skip-bad", action="store_true", help="leave bad rows out / 跳过有错的行")
    verb.add_argument(
        "--repair", action="store_true", help="mend invalid polygons, each with a warning / 修复无效图形"
    )


def _for_capacity(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    verb.add_argument("--by", default="zone", help="zone,sub_area,land_use,status,year")
    verb.add_argument("--parcels", action="store_true", help="one row a parcel too / 逐地块列出")


def _for_rules(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "action",
        choices=("set", "in-force"),
        help="set: limits by zone from a file; in-force: dated rules of a day, and what they break",
    )
    workspace(verb)
    verb.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        help="of set: CSV zone,far_max[,coverage_max_pct,height_max_m,floor_area_cap_m2] or JSON",
    )
    verb.add_argument(
        "--on", metavar="DATE", help="day of in-force, 2022-09-09; default: that of the workspace / 日期"
    )


def _for_export(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    verb.add_argument("out", metavar="OUT", help="file to write; .zip takes all files in one / 输出文件")
    verb.add_argument("--layer", required=True, help="layer, or remaining (parcels with floor area left) / 图层")
    verb.add_argument(
        "--format",
        help="shp, gpkg, gdb, geojson, kml, dxf, txt, xlsx, csv, fgb, parquet; default: by the ending of OUT / 格式",
    )
    verb.add_argument(
        "--crs", help="CRS of the file: EPSG code, WKT or PROJ; default the working CRS / 输出坐标系（代码或定义）"
    )
    verb.add_argument("--encoding", help="UTF-8, GBK or GB18030 of shp, csv and txt / 输出编码")
    verb.add_argument(
        "--where",
        metavar="QUERY",
        help="parcels that answer to a line such as 东区三期，M4，可供 > 10000; not for other layers / 筛选",
    )
    verb.add_argument("--revision", metavar="N", help="a past state, such as 12 or NAME@12 / 历史版本")
    verb.add_argument("--overwrite", action="store_true", help="replace existing files / 覆盖")


def _for_map(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    verb.add_argument("out", metavar="OUT", help="page to write, .html / 输出网页")
    verb.add_argument("--overwrite", action="store_true", help="replace an existing file / 覆盖")


def _demo(asked: argparse.Namespace) -> Answer:
    from layers import services

    return services.make_demo(asked.workspace)


def _new(asked: argparse.Namespace) -> Answer:
    from layers import services

    return services.make_new(asked.workspace, asked.crs, asked.name)


def _import(asked: argparse.Namespace) -> Answer:
    from layers import services
    from layers.keeping import Backups
    from layers.readers.bring_in import Wish
    from layers.readers.columns import Units

    if asked.layer == "rasters":
        return _import_raster(asked)
    if bool(asked.join) != bool(asked.on) or (asked.take and not asked.join):
        raise CallWrong(where="--join", reason="--join FILE --on KEY --take COLUMN=RULE", verb="import")
    maps, constants = _pairs("--map", asked.map), _pairs("--set", asked.set)
    if twice := maps.keys() & constants.keys():
        raise CallWrong(where="--set", reason=f"--map {min(twice)} + --set {min(twice)}", verb="import")
    wish = Wish(
        file=asked.file,
        layer=asked.layer,
        source_layer=asked.source_layer,
        crs=asked.crs,
        encoding=asked.encoding,
        datum=asked.datum,
        swap_axes=asked.swap_axes,
        maps=maps,
        constants=constants,
        drop=frozenset(asked.drop),
        join_file=asked.join,
        join_on=asked.on,
        take=_pairs("--take", asked.take),
        units=Units(asked.area_unit, asked.length_unit),
        skip_bad=asked.skip_bad,
        repair=asked.repair,
        buffer_m=_width(asked),
        rule=_rule(asked),
        cures=tuple(asked.cure),
        rejected=asked.rejected,
    )
    return services.import_file(
        asked.workspace,
        wish,
        actor=actor(asked),
        scenario=scenario(asked),
        dry_run=asked.dry_run,
        language=asked.language,
        backups=Backups.read(os.environ),
    )


def _width(asked: argparse.Namespace) -> float | None:
    metres: float | None = asked.buffer
    if metres is not None and not (0 < metres <= WIDEST_M and asked.layer == "constraints"):
        reason = f"--buffer {metres:g}: --layer constraints, 0 < M ≤ {WIDEST_M:g}"
        raise CallWrong(where="--buffer", reason=reason, verb="import")
    return metres


def _import_raster(asked: argparse.Namespace) -> Answer:
    from layers import services
    from layers.ground.bringing_rasters import Order

    if asked.datum != "wgs84" or asked.map or asked.join or asked.swap_axes:
        raise CallWrong(where="--layer rasters", reason="--crs --band --kind --dry-run", verb="import")
    order = Order(asked.file, band=asked.band, crs=asked.crs, kind=asked.kind)
    more: dict[str, Any] = {"dry_run": asked.dry_run, "language": asked.language}
    return services.import_raster(asked.workspace, order, actor=actor(asked), scenario=scenario(asked), **more)


def _rule(asked: argparse.Namespace) -> Rule:
    from layers.readers.updates import Rule

    share = asked.least_share
    if not 0 < share <= 1:
        raise CallWrong(where="--least-share", reason=f"--least-share {share:g} ∉ (0, 1]", verb="import")
    if asked.match == "append" and (asked.removed != "keep" or asked.assigned):
        raise CallWrong(where="--match", reason="--removed / --assigned: --match number | shape", verb="import")
    return Rule(asked.match, asked.removed, asked.assigned, share)


def _pairs(option: str, words: Sequence[str]) -> dict[str, str]:
    out: dict[str, str] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or not name.strip() or not value.strip() or name.strip() in out:
            raise CallWrong(where=option, reason=f"{option} {word[:60]}", verb="import")
        out[name.strip()] = value.strip()
    return out


def _capacity(asked: argparse.Namespace) -> Answer:
    from layers import services
    from layers.accounts import GROUPINGS

    by = list(dict.fromkeys(word.strip() for word in asked.by.split(",") if word.strip()))
    wrong = [word for word in by if word not in GROUPINGS]
    if wrong:
        raise CallWrong(where="--by", reason=f"--by {wrong[0][:40]} ∉ {', '.join(GROUPINGS)}", verb="capacity")
    return services.capacity(asked.workspace, by, parcels=asked.parcels, scenario=scenario(asked))


def _rules(asked: argparse.Namespace) -> Answer:
    from layers import ruling, services, stores

    if (asked.action == "set") != bool(asked.file) or (asked.action == "set" and asked.on):
        raise CallWrong(where="rules", reason="rules set W FILE | rules in-force W --on DATE", verb="rules")
    if asked.action == "in-force":
        held = stores.read(asked.workspace, scenario(asked))
        return ruling.told(held, ruling.day(asked.on or held.as_of or datetime.date.today().isoformat()))
    return services.set_rules(asked.workspace, asked.file, actor=actor(asked), scenario=scenario(asked))


def _export(asked: argparse.Namespace) -> Answer:
    from layers import services
    from layers.writers.hand_out import Order

    order = Order(asked.out, asked.layer, asked.format, asked.crs, asked.encoding, asked.overwrite)
    if asked.where is not None and asked.layer not in ("parcels", "remaining"):
        raise CallWrong(where="--where", reason="--where: --layer parcels | remaining", verb="export")
    state = (scenario(asked), asked.revision)
    return services.export_layer(asked.workspace, order, asked.language, state, asked.where)


def _map(asked: argparse.Namespace) -> Answer:
    from layers import services

    return services.save_map(asked.workspace, asked.out, asked.language, scenario(asked), overwrite=asked.overwrite)


def _check(asked: argparse.Namespace) -> Answer:
    from layers import services
    from layers.keeping import Backups

    answer = services.check(asked.workspace, asked.language, scenario(asked), Backups.read(os.environ))
    return answer | {"exit_status": 0 if answer["ok"] else 1}


VERBS: dict[str, Verb] = {
    "demo": ("write the Fengtai demo / 写出丰台示例", workspace, _demo),
    "new": ("an empty workspace / 新建工作空间", _for_new, _new),
    "import": ("bring a file in / 导入", _for_import, _import),
    "capacity": ("floor-area accounts / 承载账目", _for_capacity, _capacity),
    "rules": ("limits by zone / 分区指标", _for_rules, _rules),
    "export": ("hand a layer out / 导出", _for_export, _export),
    "map": ("the map as one page that opens anywhere / 单文件离线地图", _for_map, _map),
    "check": ("integrity / 完整性检查", workspace, _check),
}
