"""The command line of Chengzai: one verb per service, for scripts and for checks.

``python cli.py VERB …``; exit 0: done, 1: the data says no, 2: the call is wrong. With ``--json`` exactly one JSON
object stands on stdout. Verbs import what they need when they run, so that ``--help`` is quick.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from layers.errors import CallWrong, NotLoopback, NotYet, PortTaken, ScenarioUnknown, Unforeseen, UnknownLayer
from spatial.errors import LANGUAGES, ChengzaiError, tell

Answer = dict[str, Any]

_LATER = {
    "demand": "floor area asked for / 需求",
    "balance": "capacity against demand / 供需平衡",
    "allocate": "place projects / 自动落位",
    "solve": "the solver alone / 求解器",
    "why-not": "why a project is not placed / 落位原因",
    "zonal": "raster statistics / 栅格统计",
    "suitability": "score per parcel / 适宜性",
    "report": "sheets for officials / 报告",
    "passport": "origin of a figure / 数字溯源",
    "history": "events / 历史",
    "undo": "take back / 撤销",
    "redo": "do again / 重做",
    "branch": "new scenario / 新建方案",
    "diff": "compare / 对比",
    "merge": "merge scenarios / 合并",
    "backup": "back up / 备份",
    "restore": "restore / 恢复",
    "scenario": "scenarios / 方案",
    "move": "move a workspace / 迁移",
    "user": "accounts and roles / 用户",
}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a call as an error of ours instead of leaving."""

    def error(self, message: str) -> NoReturn:
        raise CallWrong(where=self.prog, reason=message, verb=self.prog)


def main(argv: list[str] | None = None) -> int:
    """Run one verb.

    Parameters
    ----------
    argv
        Words after the program's name; None takes those of the process.

    Returns
    -------
    int
        0: done, 1: the data says no, 2: the call is wrong.
    """
    words = _spread(list(sys.argv[1:] if argv is None else argv))
    wants_json = "--json" in words
    words = [word for word in words if word != "--json"]
    language = _language(words)
    try:
        _refuse_later(words)
        asked = _parser().parse_args(words)
        asked.language = language
        _refuse_scenario(getattr(asked, "scenario", "main"))
        return _done(asked.run(asked), asked, wants_json)
    except ChengzaiError as error:
        _say_error(error, {}, language, wants_json)
        return _code(error)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  the reader has left
        return 1
    except KeyboardInterrupt:
        return 1
    except Exception as error:
        if os.environ.get("CHENGZAI_DEBUG"):
            raise
        _say_error(Unforeseen(reason=f"{type(error).__name__}: {error}"[:300]), {}, language, wants_json)
        return 1


def _done(answer: Answer, asked: argparse.Namespace, wants_json: bool) -> int:
    """Say an answer; one that carries `refusal` is an error and a report in one."""
    refusal = answer.pop("refusal", None)
    status = int(answer.pop("status", 0))
    if isinstance(refusal, ChengzaiError):
        _say_error(refusal, answer, asked.language, wants_json)
        if not wants_json:
            _show(answer, asked)
        return _code(refusal)
    if wants_json:
        print(json.dumps(_finite(answer), ensure_ascii=False, allow_nan=False))
    else:
        _show(answer, asked)
    return status


def _show(answer: Answer, asked: argparse.Namespace) -> None:
    from layers import printed

    text = printed.SHOW[asked.verb](answer, asked.language)
    if text:
        print(text)


def _say_error(error: ChengzaiError, answer: Answer, language: str, wants_json: bool) -> None:
    told = tell(error, language)
    if wants_json:
        print(json.dumps({"error": told} | _finite(answer), ensure_ascii=False, allow_nan=False))
        return
    print(f"{told['message']}\n{told['cure']}".strip(), file=sys.stderr)


def _code(error: ChengzaiError) -> int:
    from layers.readers import errors as reading
    from layers.writers import errors as writing

    wrong = (CallWrong, NotYet, UnknownLayer, writing.FormatUnknown, writing.EncodingUnknown)
    return 2 if isinstance(error, (*wrong, reading.ExpressionRefused, reading.TargetRefused)) else 1


def _finite(value: Any) -> Any:
    """A value as JSON can say it: no NaN, no infinity, no NumPy."""
    if isinstance(value, dict):
        return {str(key): _finite(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(part) for part in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if hasattr(value, "item"):
        return _finite(value.item())
    return value


def _language(words: list[str]) -> str:
    told = os.environ.get("CHENGZAI_LANG") or LANGUAGES[0]
    for place, word in enumerate(words):
        if word.startswith("--lang="):
            told = word.removeprefix("--lang=")
        elif word == "--lang" and place + 1 < len(words):
            told = words[place + 1]
    return told if told in LANGUAGES else LANGUAGES[0]


def _spread(words: list[str]) -> list[str]:
    """``--map a=b c=d`` as ``--map a=b --map c=d``, so that W and FILE may stand behind it."""
    out: list[str] = []
    option = ""
    for word in words:
        if word in ("--map", "--take"):
            option = word
            out.append(word)
        elif option and out[-1] != option and "=" in word and not word.startswith("-"):
            out += [option, word]
        else:
            if option and out[-1] != option:
                option = ""
            out.append(word)
    return out


def _refuse_later(words: list[str]) -> None:
    """Verbs that are promised and not built, whatever stands behind them."""
    verb = next((word for word in words if word in _LATER or word in _VERBS), "")
    if verb in _LATER and not {"-h", "--help"} & set(words):
        raise NotYet(where=verb, what=verb)


def _refuse_scenario(name: str) -> None:
    if name != "main":
        raise ScenarioUnknown(where="--scenario", name=name[:60], known="main")


def _parser() -> argparse.ArgumentParser:
    every = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    every.add_argument("--json", action="store_true", help="one JSON object on stdout / 输出一个 JSON 对象")
    every.add_argument("--lang", choices=LANGUAGES, help="language of messages / 提示语言")
    every.add_argument("--scenario", metavar="NAME", help="branch, main by default / 方案，默认 main")
    parser = _Parser(
        prog="chengzai", parents=[every], allow_abbrev=False, description="承载 Chengzai: land and park capacity"
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for name, (what, arguments, run) in _VERBS.items():
        verb = verbs.add_parser(name, help=what, description=what, parents=[every], allow_abbrev=False)
        arguments(verb)
        verb.set_defaults(run=run, verb=name)
    for name, what in _LATER.items():
        verbs.add_parser(name, help=f"{what} (not yet / 尚未提供)", parents=[every], allow_abbrev=False)
    return parser


def _workspace(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("workspace", metavar="W", help="workspace file / 工作空间文件")


def _for_new(verb: argparse.ArgumentParser) -> None:
    _workspace(verb)
    verb.add_argument("--crs", default="EPSG:4548", help="working CRS, projected, in metres / 工作坐标系（投影、米）")
    verb.add_argument("--name", help="name of the study area / 名称")


def _for_import(verb: argparse.ArgumentParser) -> None:
    _workspace(verb)
    verb.add_argument(
        "file", metavar="FILE", help="GeoPackage, GeoJSON, Shapefile (.shp, folder, .zip), TopoJSON, CSV"
    )
    verb.add_argument("--layer", required=True, help="layer that it comes into, such as parcels / 目标图层")
    verb.add_argument("--source-layer", help="layer of the file / 来源图层")
    verb.add_argument("--crs", help="CRS of the file: EPSG code or WKT; wins over its own / 来源坐标系")
    verb.add_argument("--encoding", help="encoding of its text / 来源编码")
    verb.add_argument("--datum", choices=("wgs84", "gcj02", "bd09"), default="wgs84", help="gcj02 and bd09: not yet")
    verb.add_argument(
        "--map", action="append", default=[], metavar="COLUMN=EXPR", help="our column from an expression"
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
    verb.add_argument("--dry-run", action="store_true", help="report and write nothing / 只报告不写入")
    verb.add_argument("--skip-bad", action="store_true", help="leave bad rows out / 跳过有错的行")
    verb.add_argument(
        "--repair", action="store_true", help="mend invalid polygons, each with a warning / 修复无效图形"
    )


def _for_capacity(verb: argparse.ArgumentParser) -> None:
    _workspace(verb)
    verb.add_argument("--by", default="zone", help="zone,sub_area,land_use,status,year")
    verb.add_argument("--parcels", action="store_true", help="one row a parcel too / 逐地块列出")


def _for_rules(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("action", choices=("set",), help="set")
    _workspace(verb)
    verb.add_argument(
        "file", metavar="FILE", help="CSV zone,far_max[,coverage_max_pct,height_max_m,floor_area_cap_m2] or JSON"
    )


def _for_export(verb: argparse.ArgumentParser) -> None:
    _workspace(verb)
    verb.add_argument("out", metavar="OUT", help="file to write / 输出文件")
    verb.add_argument("--layer", required=True, help="layer, or remaining (parcels with floor area left) / 图层")
    verb.add_argument("--format", help="gpkg, geojson, shp, csv; default: by the ending of OUT")
    verb.add_argument("--crs", help="CRS of the file, default the working CRS / 输出坐标系")
    verb.add_argument("--encoding", help="UTF-8, GBK or GB18030 of shp and csv / 输出编码")
    verb.add_argument("--overwrite", action="store_true", help="replace existing files / 覆盖")


def _for_serve(verb: argparse.ArgumentParser) -> None:
    _workspace(verb)
    verb.add_argument("--host", default="127.0.0.1", help="this machine only / 仅本机")
    verb.add_argument("--port", type=int, default=8501)
    verb.add_argument("--open", action="store_true", help="show it in the browser once it answers / 打开浏览器")


def _demo(asked: argparse.Namespace) -> Answer:
    from layers import services

    return services.make_demo(asked.workspace)


def _new(asked: argparse.Namespace) -> Answer:
    from layers import services

    return services.make_new(asked.workspace, asked.crs, asked.name)


def _import(asked: argparse.Namespace) -> Answer:
    from layers import services
    from layers.readers.bring_in import Wish
    from layers.readers.columns import Units

    if asked.datum != "wgs84":
        raise NotYet(where="--datum", what=f"--datum {asked.datum}")
    if bool(asked.join) != bool(asked.on) or (asked.take and not asked.join):
        raise CallWrong(where="--join", reason="--join FILE --on KEY --take COLUMN=RULE", verb="import")
    wish = Wish(
        file=asked.file,
        layer=asked.layer,
        source_layer=asked.source_layer,
        crs=asked.crs,
        encoding=asked.encoding,
        maps=_pairs("--map", asked.map),
        join_file=asked.join,
        join_on=asked.on,
        take=_pairs("--take", asked.take),
        units=Units(asked.area_unit, asked.length_unit),
        skip_bad=asked.skip_bad,
        repair=asked.repair,
    )
    return services.import_file(asked.workspace, wish, dry_run=asked.dry_run, language=asked.language)


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
    return services.capacity(asked.workspace, by, parcels=asked.parcels)


def _rules(asked: argparse.Namespace) -> Answer:
    from layers import services

    return services.set_rules(asked.workspace, asked.file)


def _export(asked: argparse.Namespace) -> Answer:
    from layers import services
    from layers.writers.hand_out import Order

    order = Order(asked.out, asked.layer, asked.format, asked.crs, asked.encoding, asked.overwrite)
    return services.export_layer(asked.workspace, order, asked.language)


def _check(asked: argparse.Namespace) -> Answer:
    from layers import services

    answer = services.check(asked.workspace, asked.language)
    return answer | {"status": 0 if answer["ok"] else 1}


def _serve(asked: argparse.Namespace) -> Answer:
    """Open the app on this machine; returns when it is stopped."""
    import ipaddress
    import subprocess

    from layers.stores import geopackage

    try:
        local = asked.host == "localhost" or ipaddress.ip_address(asked.host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise NotLoopback(where="--host", host=asked.host[:60])
    path = Path(asked.workspace).absolute()
    geopackage.revision(path)
    if _answers(asked.host, asked.port):
        raise PortTaken(where="--port", port=asked.port, other=asked.port + 1)
    app = Path(__file__).with_name("app.py")
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.address", asked.host]
    command += ["--server.port", str(asked.port), "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    environment = os.environ | {"CHENGZAI_WORKSPACE": str(path), "CHENGZAI_LANG": asked.language}
    address = f"http://{asked.host}:{asked.port}"
    print(address, file=sys.stderr)
    if asked.open:
        threading.Thread(target=_open, args=(asked.host, asked.port, address), daemon=True).start()
    return {"status": subprocess.call(command, env=environment, cwd=app.parent)}  # noqa: S603


def _answers(host: str, port: int) -> bool:
    """Whether anything listens there already."""
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


def _open(host: str, port: int, address: str) -> None:
    """Show the app in the browser of a desktop; a machine without one is left alone."""
    import webbrowser

    if sys.platform != "darwin" and not {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys():
        return
    for _ in range(120):
        if _answers(host, port):
            webbrowser.open(address)
            return
        time.sleep(0.5)


_VERBS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None], Callable[[argparse.Namespace], Answer]]] = {
    "demo": ("write the Fengtai demo / 写出丰台示例", _workspace, _demo),
    "new": ("an empty workspace / 新建工作空间", _for_new, _new),
    "import": ("bring a file in / 导入", _for_import, _import),
    "capacity": ("floor-area accounts / 承载账目", _for_capacity, _capacity),
    "rules": ("limits by zone / 分区指标", _for_rules, _rules),
    "export": ("hand a layer out / 导出", _for_export, _export),
    "check": ("integrity / 完整性检查", _workspace, _check),
    "serve": ("open the app / 打开应用", _for_serve, _serve),
}

if __name__ == "__main__":
    sys.exit(main())
