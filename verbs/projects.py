"""The verb that moves a project through the library."""

from __future__ import annotations

import argparse

from verbs.words import Answer, Verb, actor, scenario, workspace


def _for_project(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    verb.add_argument("project", metavar="PROJECT", help="its key or name / 项目编号或名称")
    verb.add_argument("--to", required=True, metavar="STATE", help="signed, 签约 … / 新状态")
    verb.add_argument("--on", required=True, metavar="DATE", help="day of the decision, YYYY-MM-DD / 日期")
    verb.add_argument("--document", default="", metavar="NO", help="document that it rests on / 文号")
    verb.add_argument("--agreement", default="", metavar="NO", help="supervision agreement / 履约监管协议编号")
    verb.add_argument("--reason", default="", metavar="TEXT", help="why a step is skipped or taken back / 理由")


def _project(asked: argparse.Namespace) -> Answer:
    from layers.advancing import advance
    from layers.commands import Advance

    step = Advance(asked.project, asked.to, asked.on, asked.reason, asked.document, asked.agreement)
    return advance(asked.workspace, step, actor=actor(asked), scenario=scenario(asked))


VERBS: dict[str, Verb] = {
    "project": ("move a project to another state / 项目状态变动", _for_project, _project),
}
