"""The verb that says how far parcels lie from stations and services."""

from __future__ import annotations

import argparse

from verbs.words import Answer, Verb, scenario, workspace


def _for_reach(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    how = verb.add_mutually_exclusive_group()
    how.add_argument("--walk", action="store_true", default=None, help="along the ways layer / 沿路网步行距离")
    how.add_argument("--straight", action="store_true", help="in a straight line / 直线距离")
    verb.add_argument("--kind", choices=("metro", "rail"), help="kind of station; default: all / 车站类别")
    verb.add_argument("--parcels", action="store_true", help="one row a parcel too / 逐地块列出")


def _reach(asked: argparse.Namespace) -> Answer:
    from layers import services

    walk = False if asked.straight else asked.walk
    return services.reach(
        asked.workspace, walk=walk, kind=asked.kind, parcels=asked.parcels, scenario=scenario(asked)
    )


VERBS: dict[str, Verb] = {
    "reach": ("distances from stations, catchments, services / 车站距离、辐射范围与配套", _for_reach, _reach),
}
