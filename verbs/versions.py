"""Verbs over the history of a workspace."""

from __future__ import annotations

import argparse

from layers.errors import CallWrong
from verbs.words import Answer, Verb, actor, scenario, workspace


def _for_history(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    verb.add_argument("--limit", type=int, default=50, metavar="N", help="newest N, 0 for all / 最近 N 条，0 为全部")
    verb.add_argument("--parcel", metavar="NO", help="only what changed this parcel / 只看某地块")


def _history(asked: argparse.Namespace) -> Answer:
    from layers import versions

    if asked.limit < 0:
        raise CallWrong(where="--limit", reason=f"--limit {asked.limit}", verb="history")
    branch = getattr(asked, "scenario", None)
    return versions.events(asked.workspace, branch, limit=asked.limit or None, parcel=asked.parcel)


def _for_undo(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    verb.add_argument("--revision", metavar="N", help="the act of that revision, not the last one / 指定版本")


def _undo(asked: argparse.Namespace) -> Answer:
    from layers import versions

    return versions.take_back(asked.workspace, actor(asked), scenario(asked), asked.revision)


def _redo(asked: argparse.Namespace) -> Answer:
    from layers import versions

    return versions.do_again(asked.workspace, actor(asked), scenario(asked))


def _for_branch(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    verb.add_argument("name", metavar="NAME", help="name of the new scenario / 新方案名称")
    verb.add_argument("--note", default="", help="what it is for / 说明")


def _branch(asked: argparse.Namespace) -> Answer:
    from layers import versions

    return versions.branch(asked.workspace, actor(asked), asked.name, scenario(asked), asked.note)


def _for_diff(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    verb.add_argument("a", metavar="A", help="scenario, scenario@revision or revision / 方案、方案@版本或版本")
    verb.add_argument("b", metavar="B", help="the same / 同上")


def _diff(asked: argparse.Namespace) -> Answer:
    from layers import versions

    return versions.difference(asked.workspace, asked.a, asked.b, scenario(asked), asked.language)


def _for_merge(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    verb.add_argument("source", metavar="FROM", help="scenario that is taken over / 来源方案")
    verb.add_argument("target", metavar="INTO", help="scenario that takes it / 目标方案")
    verb.add_argument(
        "--resolve", action="append", default=[], metavar="ID=CHOICE", help="decide a conflict / 指定冲突的处理"
    )
    verb.add_argument("--dry-run", action="store_true", help="say what would be done / 只报告不写入")


def _merge(asked: argparse.Namespace) -> Answer:
    from layers import versions

    choices = {}
    for word in asked.resolve:
        name, sign, choice = word.rpartition("=")
        if not sign or not name or not choice:
            raise CallWrong(where="--resolve", reason=f"--resolve {word[:60]}", verb="merge")
        choices[name] = choice
    answer = versions.merge(asked.workspace, actor(asked), asked.source, asked.target, choices, dry_run=asked.dry_run)
    return answer | {"exit_status": 0 if answer["merged"] or (asked.dry_run and not answer["undecided"]) else 1}


def _for_backup(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    verb.add_argument("out", metavar="OUT", help="file, or folder for a dated one / 文件或文件夹")


def _backup(asked: argparse.Namespace) -> Answer:
    from layers import keeping

    return keeping.back_up(asked.workspace, asked.out)


def _for_restore(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("source", metavar="IN", help="backup / 备份文件")
    workspace(verb)
    verb.add_argument("--overwrite", action="store_true", help="put it in place of W, which is kept aside / 替换现有")


def _restore(asked: argparse.Namespace) -> Answer:
    from layers import keeping

    return keeping.restore(asked.source, asked.workspace, actor(asked), overwrite=asked.overwrite)


def _for_scenario(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("action", choices=("list", "lock", "unlock", "rename"), help="list, lock, unlock, rename")
    workspace(verb)
    verb.add_argument("name", nargs="?", metavar="NAME", help="scenario / 方案")
    verb.add_argument("to", nargs="?", metavar="TO", help="its new name / 新名称")


def _scenario(asked: argparse.Namespace) -> Answer:
    from layers import versions

    if asked.action == "list":
        return versions.listed(asked.workspace)
    if not asked.name or (asked.action == "rename") != bool(asked.to):
        wanted = "NAME TO" if asked.action == "rename" else "NAME"
        raise CallWrong(where="scenario", reason=f"scenario {asked.action} W {wanted}", verb="scenario")
    if asked.action == "rename":
        made = versions.rename(asked.workspace, actor(asked), asked.name, asked.to)
    else:
        made = versions.lock(asked.workspace, actor(asked), asked.name, locked=asked.action == "lock")
    return versions.listed(asked.workspace) | made


def _for_move(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("source", metavar="W1", help="workspace / 工作空间")
    verb.add_argument("target", metavar="W2", help="where it goes, history and all / 目标")


def _move(asked: argparse.Namespace) -> Answer:
    from layers import keeping

    return keeping.move(asked.source, asked.target)


VERBS: dict[str, Verb] = {
    "history": ("what was done / 历史", _for_history, _history),
    "undo": ("take the last act back / 撤销", _for_undo, _undo),
    "redo": ("do it again / 重做", workspace, _redo),
    "branch": ("new scenario / 新建方案", _for_branch, _branch),
    "diff": ("compare two states / 对比", _for_diff, _diff),
    "merge": ("merge scenarios / 合并方案", _for_merge, _merge),
    "backup": ("back up / 备份", _for_backup, _backup),
    "restore": ("restore a backup / 恢复", _for_restore, _restore),
    "scenario": ("list, lock, unlock, rename scenarios / 方案", _for_scenario, _scenario),
    "move": ("copy a workspace with its history / 迁移", _for_move, _move),
}
