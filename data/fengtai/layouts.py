"""The streets, green strips and real parcels of each sub-area of the demo, by its local frame.

All of it is schematic except two things: 东区三期 ends at its four published roads, and the three parcels whose
land area is published are rectangles of exactly that area.
"""

from __future__ import annotations

from data.fengtai.fabric import Carving, Layout, Strip
from data.fengtai.outlines import Pairs

_OUT = 0.25  # streets run past the outline, which clips them


def _ns(
    name: str, u: float, width: float, *, bend: float = 0.0, south: float = -_OUT, north: float = 1 + _OUT
) -> Strip:
    axis: Pairs = ((u, south), (u + bend, (south + north) / 2), (u, north))
    return Strip(name, axis, width)


def _ew(
    name: str, v: float, width: float, *, bend: float = 0.0, west: float = -_OUT, east: float = 1 + _OUT
) -> Strip:
    axis: Pairs = ((west, v), ((west + east) / 2, v + bend), (east, v))
    return Strip(name, axis, width)


def _edge(name: str, a: tuple[float, float], b: tuple[float, float], width: float) -> Strip:
    return Strip(name, (a, b), width)


LAYOUTS: dict[str, Layout] = {
    "east-1": Layout(
        streets=(
            Strip(
                "地铁9号线沿线道路（示意）",
                ((0.70, -_OUT), (0.694, 0.0), (0.68, 0.5), (0.637, 1.0), (0.615, 1 + _OUT)),
                40,
            ),
            _ew("东西向主路（示意）", 0.52, 36, bend=0.012),
            _ns("", 0.205, 30, bend=0.008),
            _ns("", 0.44, 32, bend=-0.005),
            _ew("", 0.235, 26, east=0.695),
            _ew("", 0.79, 28, bend=-0.01),
            _ns("", 0.865, 20, north=0.52),
            _ns("", 0.325, 20, south=0.52, north=0.79),
            _ns("", 0.57, 20, south=-_OUT, north=0.235),
            _ew("", 0.31, 20, west=0.695),
        ),
        greens=(Strip("南四环北侧绿带（示意）", ((-0.2, -0.012), (0.6, 0.012), (1.2, -0.012)), 64),),
        target=34_000,
    ),
    "east-2": Layout(
        streets=(
            _ew("总部基地中轴路（示意）", 0.49, 26, bend=0.008),
            _ns("", 0.35, 20),
            _ns("", 0.69, 20, bend=-0.006),
            _ew("", 0.25, 18, east=0.69),
            _ew("", 0.755, 18),
        ),
        greens=(),
        target=16_500,
    ),
    "east-3": Layout(
        streets=(
            _edge("六圈路", (-_OUT, 0.0), (1 + _OUT, 0.0), 40),
            _edge("丰云路（张新路）", (1.0, -_OUT), (1.0, 1 + _OUT), 36),
            _edge("南四环西路辅路", (-_OUT, 1.0), (1 + _OUT, 1.0), 44),
            _edge("四合庄西路", (0.0, -_OUT), (0.0, 1 + _OUT), 36),
            _ns("樊羊路（示意位置）", 0.64, 36, bend=0.004),
            _ew("", 0.43, 30, bend=0.01),
            _ns("", 0.215, 24, bend=-0.008),
            _ns("", 0.425, 26, bend=0.006),
            _ns("", 0.825, 24, bend=0.01),
            _ew("", 0.2, 22, bend=-0.008),
            _ew("", 0.665, 24, bend=0.012),
            _ew("", 0.845, 20, east=0.64),
            _ew("", 0.55, 20, west=0.64),
        ),
        greens=(
            Strip(
                "中央绿廊（示意）",
                ((-0.02, 0.30), (0.22, 0.325), (0.43, 0.50), (0.66, 0.56), (0.83, 0.73), (1.02, 0.77)),
                52,
            ),
        ),
        target=33_000,
        carvings=(
            Carving(
                "1516-66C",
                at=(0.32, 0.77),
                area=6_400.0,
                width=80.0,
                room=42_000,
                neighbours=(("W", "1516-66A"), ("N", "1516-66B"), ("S", "1516-74")),
            ),
        ),
    ),
    "west-1": Layout(
        streets=(
            _ns("园博数字园主路（示意）", 0.475, 36, bend=-0.008),
            _ew("", 0.54, 32, bend=0.014),
            _ns("", 0.225, 24, bend=0.008),
            _ns("", 0.735, 26, bend=0.01),
            _ew("", 0.265, 24, bend=-0.012),
            _ew("", 0.79, 22, west=0.225),
            _ns("", 0.355, 20, south=0.265, north=0.54),
        ),
        greens=(
            Strip("滨河绿带（示意）", ((0.985, -0.2), (0.99, 0.25), (0.975, 0.55), (0.985, 1.2)), 96),
            Strip("园区绿轴（示意）", ((-0.2, 0.40), (0.24, 0.385), (0.48, 0.42), (0.75, 0.39), (1.2, 0.41)), 42),
        ),
        target=38_000,
        carvings=(
            Carving("6019", at=(0.605, 0.66), area=24_100.0, width=178.0, room=70_000),
            Carving("W1-CXZX-1", at=(0.345, 0.66), area=28_031.433, width=196.0, room=78_000),
        ),
    ),
    "west-2": Layout(
        streets=(_ns("", 0.52, 24, bend=0.012), _ew("", 0.46, 26, bend=-0.014)),
        greens=(),
        target=30_000,
    ),
    "expanded-c": Layout(
        streets=(
            _ew("厂区中路（示意）", 0.60, 22, bend=0.01),
            _ns("", 0.48, 20, bend=-0.01, north=0.60),
            _ew("", 0.285, 18, bend=0.008),
        ),
        greens=(
            Strip("沿铁路绿带（示意）", ((0.96, -0.1), (0.985, 0.0), (1.11, 0.55), (0.965, 1.0), (0.93, 1.1)), 60),
        ),
        target=46_000,
    ),
    "expanded-l": Layout(
        streets=(
            _ns("厂区主路（示意）", 0.50, 24, bend=0.012),
            _ew("", 0.265, 20, bend=0.006),
            _ew("", 0.52, 22, bend=-0.008),
            _ew("", 0.775, 20, bend=0.006),
        ),
        greens=(),
        target=44_000,
        whole=((0.25, 0.13),),
    ),
}
