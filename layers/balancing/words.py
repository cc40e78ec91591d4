"""Bottlenecks in words: who is short of how much by when, where alone it could go, and that it is full there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from layers.accounts import books
from layers.balancing.market import Market, partners
from layers.balancing.years import NAMES, Choke, Year
from layers.vocabulary import FUNCTIONS, term
from layers.workspace import Workspace

_MOST = 4
"""Names that a sentence lists before it counts the others."""

_SAYS = {
    "zh-CN": {
        "short": "到 {year} 年，{where}的{functions}还差 {area} m²：{reason}",
        "full": "只有{places}可以容纳，且已排满",
        "none": "没有一块有余量的用地允许这些功能",
        "of": "{place}的 {uses} 地块",
        "any": "不限分区",
        "no_use": "未注明用途",
        "outside": "分区之外",
        "routed": "{text}；宜由协同园区承接：{parks}",
        "more": "等 {count} 处",
        "and": "、",
    },
    "en": {
        "short": "By {year}, {functions} in {where} is short by {area} m²: {reason}",
        "full": "only {places} may take it, and they are full",
        "none": "no parcel with anything left may hold these functions",
        "of": "{uses} parcels of {place}",
        "any": "any zone",
        "no_use": "unclassified",
        "outside": "no zone",
        "routed": "{text}; partner parks should take it: {parks}",
        "more": "and others, {count} in all",
        "and": ", ",
    },
}


def why(workspace: Workspace, both: Market, one: Year) -> list[dict[str, Any]]:
    """Every bottleneck of a year, the largest first.

    Returns
    -------
    list
        `short_m2`, `functions`, `zones` (where the demand may be; empty: anywhere), `pools` (each with `zone`,
        `sub_area` and `land_uses`), `partner_parks` that take all of the functions, and `text` in both languages.
    """
    names = {language: zone_names(workspace, language) for language in _SAYS}
    outside, known = partners(workspace), workspace.table("parks").set_index("park_id")
    found = []
    for choke in one.chokes:
        functions = [name for at, name in enumerate(NAMES) if at in {function for _, function in choke.classes}]
        places = _places(both, choke)
        pools = _pools(workspace, both, choke)
        texts = {
            language: _sentence(language, names[language], one.year, choke.short, functions, places, pools)
            for language in _SAYS
        }
        parks = [key for key in outside.get(functions[0], []) if all(key in outside.get(f, []) for f in functions)]
        if parks:
            texts = {language: _routed(language, text, known.loc[parks]) for language, text in texts.items()}
        found.append(
            {
                "short_m2": choke.short,
                "functions": functions,
                "zones": places,
                "pools": pools,
                "partner_parks": parks,
                "text": texts,
            }
        )
    return found


def _routed(language: str, text: str, parks: pd.DataFrame) -> str:
    own = parks["name"] if language == "zh-CN" else parks["name_en"].where(parks["name_en"].notna(), parks["name"])
    said = _SAYS[language]["and"].join(own.astype("str").tolist()[:_MOST])
    return _SAYS[language]["routed"].format(text=text, parks=said)


def _places(both: Market, choke: Choke) -> list[str]:
    """Zones and sub-areas that the demand may be in; none where some of it may be anywhere."""
    each = [both.groups[group].places for group, _ in choke.classes]
    return [] if not all(each) else sorted(frozenset().union(*each))


def _pools(workspace: Workspace, both: Market, choke: Choke) -> list[dict[str, Any]]:
    held, parcels = books(workspace), workspace.table("parcels")
    uses: dict[tuple[str | None, str | None], set[str]] = {}
    for at in choke.pools:
        pool = both.pools[at]
        mine = (both.parts == at) & (held.parts.supply > 0)
        codes = parcels["land_use"].iloc[np.unique(held.split.parcel[mine])]
        if mine.any():
            uses.setdefault((pool.zone, pool.sub_area), set()).update("" if pd.isna(c) else str(c) for c in codes)
    return [{"zone": zone, "sub_area": sub, "land_uses": sorted(codes)} for (zone, sub), codes in uses.items()]


def _sentence(
    language: str,
    names: dict[str, str],
    year: int,
    short: float,
    functions: list[str],
    places: list[str],
    pools: list[dict[str, Any]],
) -> str:
    say = _SAYS[language]

    def listed(words: list[str]) -> str:
        few = say["and"].join(words[:_MOST])
        return (
            few
            if len(words) <= _MOST
            else f"{few}{'' if language == 'zh-CN' else ' '}" + say["more"].format(count=len(words))
        )

    there = [
        say["of"].format(
            place=names.get(str(pool["sub_area"] or pool["zone"]), say["outside"]),
            uses=say["and"].join(use or say["no_use"] for use in pool["land_uses"]),
        )
        for pool in pools
    ]
    return say["short"].format(
        year=year,
        where=listed([names.get(place, place) for place in places]) or say["any"],
        functions=listed([term(FUNCTIONS, name, language) for name in functions]),
        area=f"{short:,.0f}",
        reason=say["full"].format(places=listed(there)) if there else say["none"],
    )


def zone_names(workspace: Workspace, language: str = "zh-CN") -> dict[str, str]:
    """Name of each zone and sub-area by key, in a language."""
    zones = workspace.table("zones")
    plain = zones["name"].where(zones["name"].notna(), zones["zone_id"])
    own = plain if language == "zh-CN" else zones["name_en"].where(zones["name_en"].notna(), plain)
    return {str(key): str(name) for key, name in zip(zones["zone_id"], own, strict=True)}
