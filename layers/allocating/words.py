"""Projects, parcels, rules and reasons of a plan in words, Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from layers.allocating.legal import BIT, RULES, SOURCES, names_of
from layers.allocating.making import Made, Room
from layers.allocating.proposing import Proposal
from layers.balancing.market import partners
from layers.vocabulary import FUNCTIONS, term
from layers.vocabulary import SOURCES as SOURCE_TERMS
from spatial.allocation import Rule

Pair = tuple[str, str]
"""Chinese and English."""

SAYS: dict[str, Pair] = {
    "no_place": ("没有可落的地块，最少要放宽：{rules}（{count} 个地块只差这些）",
                 "No parcel may take it; the least to give up: {rules} (parcels that lack only this: {count})"),
    "partners": ("；生产功能可落协同园区：{parks}", "; production may go to partner parks: {parks}"),
    "yields": ("有 {count} 个可落的地块，已给更合算的：{others}",
               "Parcels that may take it: {count}; they went to those worth more: {others}"),
    "yields_nobody": ("有 {count} 个可落的地块，在目标先后之下不落更好",
                      "Parcels that may take it: {count}; under the order of goals it is better left out"),
    "asks_nothing": ("没有填写面积或人数，或需求为 0",
                     "It gives neither floor area nor people, or asks for none"),
    "has_all": ("需求已由签约、在建或建成的落位满足",
                "What is signed, under construction or in use meets all it asks for"),
    "few_changes": ("；改动数上限为 {most}", "; at most {most} changes"),
    "classes": ("；能证明属于其一的可以：{classes}", "; whoever is shown to be one of these may: {classes}"),
    "new": ("{parcel} 可新建的面积", "new floor area of {parcel}"),
    "existing": ("{parcel} 的空置面积", "vacant floor area of {parcel}"),
    "existing_by": ("{parcel} 在 {year} 年的空置面积", "vacant floor area of {parcel} up to {year}"),
    "support": ("{parcel} 的配套占比上限", "share of support of {parcel}"),
    "cap": ("{zone} 的规模上限", "cap of {zone}"),
    "must_place": ("{project} 必须落位", "{project} has to be placed"),
    "locked": ("{project} 已锁定地块", "{project} is locked to a parcel"),
    "forbidden": ("{project} 已排除该地块", "{project} is barred from the parcel"),
    "exclusive": ("{project} 独占使用", "{project} stands alone"),
    "limit": ("改动数上限", "limit of changes"),
}  # fmt: skip


class Names:
    """Names of the rows of a workspace."""

    def __init__(self, made: Made) -> None:
        self.made = made
        base = made.ground.today
        self._projects, self._zones = base.table("projects"), base.table("zones")

    def parcel(self, row: int) -> str:
        """Number of a parcel; its key where it has none of its own."""
        return self.made.parcel_names[row]

    def project_key(self, row: int) -> str:
        """Key of a project."""
        return str(self._projects["project_id"].iloc[row])

    def project(self, row: int, language: str = "zh-CN") -> str:
        """Name of a project in a language."""
        one = self._projects.iloc[row]
        order = ("name", "name_en") if language == "zh-CN" else ("name_en", "name")
        found = next((one[column] for column in order if not pd.isna(one[column]) and one[column]), one["project_id"])
        return str(found)

    def zone(self, key: str, language: str = "zh-CN") -> str:
        """Name of a zone in a language."""
        rows = self._zones[self._zones["zone_id"] == key]
        order = ("name", "name_en") if language == "zh-CN" else ("name_en", "name")
        return next((str(rows[c].iloc[0]) for c in order if len(rows) and not pd.isna(rows[c].iloc[0])), key)


def said(name: str, language: str, **facts: object) -> str:
    """A sentence in a language."""
    return SAYS[name][0 if language == "zh-CN" else 1].format(**facts)


def listed(words: Sequence[str], language: str, most: int = 4) -> str:
    """Some names, the first of them where they are many."""
    more = " …" if len(words) > most else ""
    return ("、" if language == "zh-CN" else ", ").join(words[:most]) + more


def rule_names(codes: Sequence[str], language: str) -> str:
    """Rules by name."""
    return listed([term(RULES, code, language) for code in codes], language, most=9)


def source(code: int, language: str) -> str:
    """Whether space is new or stands."""
    return term(SOURCE_TERMS, SOURCES[code], language)


def reason(found: Proposal, project: int, language: str) -> str:
    """Why a project has no place in a plan."""
    made, names = found.made, Names(found.made)
    parcels = made.options.parcels_of(project, made.fits)
    if not len(parcels):
        least, count = made.legal.least(project)
        told = said("no_place", language, rules=rule_names(names_of(least), language), count=count)
        return told + _partner_parks(made, project, least, language)
    others = [one for parcel in parcels.tolist() for one in found.there.get(parcel, ())]
    most = made.wish.max_changes
    few = "" if most is None else said("few_changes", language, most=most)
    if not others:
        return said("yields_nobody", language, count=len(parcels)) + few
    words = listed([names.project(one, language) for one in dict.fromkeys(others)], language)
    return said("yields", language, count=len(parcels), others=words) + few


def _partner_parks(made: Made, project: int, least: int, language: str) -> str:
    if not least & BIT["land_use"]:
        return ""
    takers = partners(made.ground.base)
    functions = [name for at, name in enumerate(FUNCTIONS) if made.ground.mixes[project, at] > 0]
    parks = list(dict.fromkeys(key for name in functions for key in takers.get(name, [])))
    if not parks:
        return ""
    table = made.ground.base.table("parks").set_index("park_id")
    column = "name" if language == "zh-CN" else "name_en"
    column = column if column in table else "name"
    words = [key if pd.isna(table[column][key]) else str(table[column][key]) for key in parks]
    return said("partners", language, parks=listed(words, language))


def rule_told(made: Made, rule: Rule, language: str) -> str:
    """A rule of the problem in words."""
    names = Names(made)
    if rule.kind == "capacity":
        return room_told(names, made.rooms[rule.at], language)
    if rule.kind == "limit":
        return said("limit", language)
    return said(rule.kind, language, project=names.project(rule.at, language))


def room_told(names: Names, room: Room, language: str) -> str:
    """What runs out, in words."""
    if room.kind == "cap":
        return said("cap", language, zone=names.zone(room.zone, language))
    name = "existing_by" if room.kind == "existing" and room.year is not None else room.kind
    return said(name, language, parcel=names.parcel(room.parcel), year=room.year)
