"""How far parcels lie from stations, as text: what kind of distance it is stands first."""

from __future__ import annotations

from layers.printed.lines import Answer, Words, pick, say, table
from layers.vocabulary import FACILITY_KINDS, term

_WORDS: Words = {
    "straight": ("直线距离（自出入口起算）", "Straight-line distance from entrances"),
    "walk": ("步行距离（沿路网，自出入口起算）", "Walking distance along the ways, from entrances"),
    "network": ("路网：路段 {links}、节点 {nodes}、互不连通部分 {components}；附近无路的地块 {parcels_without_way}、"
                "走不到车站的地块 {parcels_unreached}",
                "Network: {links} links, {nodes} nodes, {components} parts; {parcels_without_way} parcels without a"
                " way near them, {parcels_unreached} from which no station can be walked to"),
    "empty": ("没有配套设施图层：{kinds} 均无资料", "No facilities are given for: {kinds}"),
    "sum": ("合计（不重复）", "All, each parcel once"),
    "station": ("车站", "station"), "radius": ("半径 m", "radius m"), "parcels": ("地块", "parcels"),
    "permitted": ("允许 m²", "permitted m²"), "available": ("可用 m²", "available m²"),
    "vacant": ("空置 m²", "vacant m²"),
    "kind": ("配套", "service"), "zone": ("分区", "zone"), "out": ("覆盖外面积", "floor area out of reach"),
    "lacking": ("缺口（人）", "places lacking"), "all": ("全部", "all"),
}  # fmt: skip


def reach(answer: Answer, language: str) -> str:
    """Rings of the stations that hold any parcel, then services."""

    def word(name: str) -> str:
        return pick(_WORDS[name], language)

    lines = [word(answer["distance"])]
    if answer["network"]:
        lines.append(say(_WORDS, "network", language, answer["network"]))
    heads = [word(name) for name in ("station", "radius", "parcels", "permitted", "available", "vacant")]
    rows = [
        [
            str(row["name"] or row["station_id"] or word("sum")),
            "—" if row["radius_m"] is None else f"{row['radius_m']:g}",
            str(row["parcels"]),
            *(f"{row[name]:,.0f}" for name in ("permitted_m2", "available_m2", "vacant_m2")),
        ]
        for row in answer["stations"]
        if row["parcels"] or row["station_id"] is None
    ]
    lines += table(heads, rows, left=1)
    built = [row for row in answer["services"] if row["people_of"] == "built"]
    if built:
        heads = [word(name) for name in ("kind", "zone", "out", "lacking")]
        lines += table(
            heads,
            [
                [
                    term(FACILITY_KINDS, row["kind"], language),
                    str(row["zone"] or word("all")),
                    _share(row["unserved_floor_area_share"]),
                    "—" if row["lacking_places"] is None else f"{row['lacking_places']:,.0f}",
                ]
                for row in built
            ],
            left=2,
        )
    if answer["no_facilities"]:
        kinds = ("、" if language == "zh-CN" else ", ").join(
            term(FACILITY_KINDS, kind, language) for kind in answer["no_facilities"]
        )
        lines.append(say(_WORDS, "empty", language, {"kinds": kinds}))
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.1%}"
