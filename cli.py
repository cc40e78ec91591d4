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
from typing import Any, NoReturn

from layers.errors import CallWrong, NotYet, StateUnknown, Unforeseen, UnknownLayer
from spatial.errors import LANGUAGES, ChengzaiError, StatisticUnknown, tell
from verbs import LATER, VERBS

Answer = dict[str, Any]


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
    status = int(answer.pop("exit_status", 0))
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
    from layers.allocating.errors import GoalsRefused
    from layers.readers import errors as reading
    from layers.writers import errors as writing

    wrong = (CallWrong, NotYet, UnknownLayer, StatisticUnknown, writing.FormatUnknown, writing.EncodingUnknown)
    told = (reading.ExpressionRefused, reading.TargetRefused, reading.ConstantRefused, GoalsRefused, StateUnknown)
    return 2 if isinstance(error, (*wrong, *told)) else 1


def _finite(value: Any) -> Any:
    """A value as JSON can say it: no NaN, no infinity, no zero below zero, no NumPy."""
    if isinstance(value, dict):
        return {str(key): _finite(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(part) for part in value]
    if isinstance(value, float):
        return value + 0.0 if math.isfinite(value) else None
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
        if word in ("--map", "--set", "--take"):
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
    verb = next((word for word in words if word in LATER or word in VERBS), "")
    if verb in LATER and not {"-h", "--help"} & set(words):
        raise NotYet(where=verb, what=verb)


def _parser() -> argparse.ArgumentParser:
    every = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    every.add_argument("--json", action="store_true", help="one JSON object on stdout / 输出一个 JSON 对象")
    every.add_argument("--lang", choices=LANGUAGES, help="language of messages / 提示语言")
    every.add_argument("--scenario", metavar="NAME", help="branch, main by default / 方案，默认 main")
    every.add_argument("--actor", metavar="NAME", help="act with the role of this person / 以某人的角色操作")
    parser = _Parser(
        prog="chengzai", parents=[every], allow_abbrev=False, description="承载 Chengzai: land and park capacity"
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for name, (what, arguments, run) in VERBS.items():
        verb = verbs.add_parser(name, help=what, description=what, parents=[every], allow_abbrev=False)
        arguments(verb)
        verb.set_defaults(run=run, verb=name)
    for name, what in LATER.items():
        verbs.add_parser(name, help=f"{what} (not yet / 尚未提供)", parents=[every], allow_abbrev=False)
    return parser


if __name__ == "__main__":
    sys.exit(main())
