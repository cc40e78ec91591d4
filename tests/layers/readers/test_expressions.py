"""The language of --map: what it reads, and that nothing else is evaluated."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.readers.errors import ColumnUnknown, ExpressionRefused
from layers.readers.expressions import parse
from spatial.errors import ChengzaiError, tell

TABLE = pd.DataFrame(
    {
        "a": [1.0, None, 3.0],
        "b": [10.0, 20.0, None],
        "用地面积 (亩)": ["1.5", "１２", "x"],
        "text": ["甲", None, "丙"],
        "max": [7, 8, 9],
    }
)


def value(text: str) -> list[object]:
    found = parse(text, list(TABLE)).evaluate(TABLE)[0]
    return [None if pd.isna(v) else v for v in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", [1, None, 3]),
        ("2.5", [2.5, 2.5, 2.5]),
        ("a*0.3048", [0.3048, None, 3 * 0.3048]),
        ("a + b", [11, None, None]),
        ("b-a*2", [8, None, None]),
        ("(b - a) * 2", [18, None, None]),
        ("-a", [-1, None, -3]),
        ("b / a", [10, None, None]),
        ("first(a, b)", [1, 20, 3]),
        ("first(text, a)", ["甲", None, "丙"]),
        ("min(a, b)", [1, 20, 3]),
        ("MAX(a, b, 5)", [10, 20, 5]),
        ("sum(a, b)", [11, 20, 3]),
        ("max", [7, 8, 9]),
        ("max(max, 8)", [8, 8, 9]),
        ("`用地面积 (亩)` * 2", [3, 24, None]),
        ('"用地面积 (亩)" + 0', [1.5, 12, None]),
        ("用地面积 (亩)", ["1.5", "１２", "x"]),
        ("first(sum(a, b) * 2, 0)", [22, 40, 6]),
        ("1e3", [1000, 1000, 1000]),
    ],
)
def test_reads(text: str, expected: list[object]) -> None:
    assert value(text) == pytest.approx(expected) if "甲" not in str(expected) else value(text) == expected


def test_all_missing_stays_missing() -> None:
    table = pd.DataFrame({"a": [None], "b": [None]}, dtype=float)
    for text in ("sum(a,b)", "min(a,b)", "first(a,b)"):
        assert math.isnan(parse(text, ["a", "b"]).evaluate(table)[0].iloc[0])


def test_division_by_zero_is_infinite_so_that_the_contract_refuses_it() -> None:
    table = pd.DataFrame({"a": [1.0, 0.0, None]})
    assert parse("a/0", ["a"]).evaluate(table)[0].tolist()[:2] == [math.inf, math.inf]


def test_text_that_is_no_number_is_told_by_row() -> None:
    _, said = parse("`用地面积 (亩)` * 1", list(TABLE)).evaluate(TABLE)
    assert [(s.row, s.code, s.severity) for s in said] == [(2, "not_a_number", "error")]


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "a b", "a +", "* a", "first()", "first(a", "a)", "a ** 2", "a % b", "a // b", "abs(a)", "a.b",
        "__import__('os')", "'x'", "a if b else c", "[a]", "{a}", "a; b", "lambda: 0", "max(a,)", "`a", "1.2.3",
        "0x10",        "a" + "+a" * 900, "(" * 200 + "a" + ")" * 200, "-" * 200 + "a",
    ],
)  # fmt: skip
def test_refuses_everything_else(text: str) -> None:
    with pytest.raises((ExpressionRefused, ColumnUnknown)) as caught:
        parse(text, ["a", "b", "c"])
    for language in ("zh-CN", "en"):
        assert tell(caught.value, language)["message"]


def test_an_unknown_column_names_those_that_there_are() -> None:
    with pytest.raises(ColumnUnknown) as caught:
        parse("容积率 * 2", ["FAR", "甲"])
    assert tell(caught.value, "en")["cure"] == "Its columns are: FAR, 甲"


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse(text, ["a", "b"])
    except ChengzaiError:
        return
    assert len(found.evaluate(TABLE)[0]) == len(TABLE)


NUMBER = st.floats(-1e6, 1e6).map(lambda v: round(v, 3))


@st.composite
def formula(draw: st.DrawFn, depth: int = 0) -> tuple[str, float]:
    """A formula and its value by Python, for a = 2 and b = 5."""
    kind = draw(
        st.sampled_from(["number", "a", "b"] if depth > 3 else ["number", "a", "b", "sign", "call", "brackets"])
    )
    if kind == "number":
        number = draw(st.integers(0, 999)) / 8
        return repr(number), number
    if kind in "ab":
        return kind, {"a": 2.0, "b": 5.0}[kind]
    left, right = draw(formula(depth + 1)), draw(formula(depth + 1))
    if kind == "call":
        name = draw(st.sampled_from(["min", "max", "sum"]))
        return f"{name}({left[0]}, {right[0]})", {"min": min, "max": max, "sum": lambda x, y: x + y}[name](
            left[1], right[1]
        )
    if kind == "brackets":
        return f"({left[0]})", left[1]
    sign = draw(st.sampled_from("+-*"))
    return f"({left[0]}){sign}({right[0]})", {
        "+": left[1] + right[1],
        "-": left[1] - right[1],
        "*": left[1] * right[1],
    }[sign]


@settings(max_examples=200)
@given(formula())
def test_arithmetic_is_that_of_numbers(made: tuple[str, float]) -> None:
    text, expected = made
    table = pd.DataFrame({"a": [2.0], "b": [5.0]})
    assert parse(text, ["a", "b"]).evaluate(table)[0].iloc[0] == pytest.approx(expected, rel=1e-12, abs=1e-9)


def test_precedence_without_brackets() -> None:
    table = pd.DataFrame({"a": [2.0], "b": [5.0]})
    for text in ("a+b*3-4/2", "a-b-1", "a/b/2", "a*b-3*a", "-a*b+1"):
        expected = eval(text, {"__builtins__": {}}, {"a": 2.0, "b": 5.0})
        assert parse(text, ["a", "b"]).evaluate(table)[0].iloc[0] == pytest.approx(expected)
