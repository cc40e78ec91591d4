"""Answers about layers and accounts as text; tables add up to the totals shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from layers.printed.lines import Answer, Words, pick, plain, say, table
from spatial.area import balanced

_MOST = 12
"""Rows of a report that are listed one by one; --json has them all."""
_WORDS: Words = {
    "demo": ("已写入示例工作空间 {workspace}：地块 {parcels}、分区 {zones}、园区 {parks}、项目 {projects}",
             "Demo workspace {workspace}: {parcels} parcels, {zones} zones, {parks} parks, {projects} projects"),
    "new": ("已新建工作空间 {workspace}（{crs}）", "New workspace {workspace} ({crs})"),
    "read": ("读取 {read} = 可用 {accepted} + 拒绝 {rejected}；写入 {written} 行",
             "Read {read} = accepted {accepted} + rejected {rejected}; {written} rows written"),
    "crs": ("坐标系 {crs}（{crs_basis}），编码 {encoding}（{encoding_basis}）",
            "CRS {crs} ({crs_basis}), encoding {encoding} ({encoding_basis})"),
    "area": ("平面面积 {planar_area_m2:,.2f} m²，椭球面积 {ellipsoidal_area_m2:,.2f} m²",
             "Planar area {planar_area_m2:,.2f} m², ellipsoidal area {ellipsoidal_area_m2:,.2f} m²"),
    "match": ("匹配：新增 {added}、更新 {changed}、不变 {unchanged}、新文件里没有 {removed}"
              "（其中保留 {removed_kept}）；撤回落位 {released_assignments} 条",
              "Matched: {added} added, {changed} changed, {unchanged} unchanged, {removed} not in the file"
              " ({removed_kept} of them kept); {released_assignments} assignments released"),
    "columns": ("列对应：{text}", "Columns: {text}"),
    "row": ("{mark} 第 {row} 行 {field}：{message}", "{mark} row {row}, {field}: {message}"),
    "more": ("… 另有 {count} 条（--json 可看全部）：{kinds}", "… and {count} more (--json has them all): {kinds}"),
    "finding": ("{mark} {code}：{message}", "{mark} {code}: {message}"),
    "cure": ("    → {line}（--cure {code}）", "    → {line} (--cure {code})"),
    "map": ("已保存地图 {written}（{parcels} 个地块，第 {revision} 版），不需服务器即可打开",
            "Map saved as {written} ({parcels} parcels, revision {revision}); it opens without a server"),
    "export": ("已导出 {written} 行，重新打开核对一致：", "{written} rows written, opened again and compared:"),
    "loss": ("损失：{message}（{columns}）", "Loss: {message} ({columns})"),
    "note": ("说明：{message}（{columns}）", "Note: {message} ({columns})"),
    "ok": ("工作空间正常（第 {revision} 版）", "The workspace holds together (revision {revision})"),
    "not_ok": ("工作空间有错误（第 {revision} 版）", "The workspace has errors (revision {revision})"),
    "unknown": ("另有 {unknown_parcels} 个地块没有任何规划条件（用地 {unknown_site_area_m2:,.0f} m²），不在上述账内",
                "{unknown_parcels} more parcels have no limit at all ({unknown_site_area_m2:,.0f} m² of land) and are"
                " in no account"),
    "total": ("合计", "Total"),
    "nowhere": ("分区外", "outside"),
    "unit": ("单位：m²", "m²"),
}  # fmt: skip
_HEADS: Words = {
    "zone": ("分区", "zone"), "sub_area": ("片区", "sub-area"), "land_use": ("用地性质", "land use"),
    "status": ("供应状态", "status"), "year": ("可供年份", "year"), "parcels": ("地块", "parcels"),
    "permitted_m2": ("允许", "permitted"), "built_m2": ("已建", "built"),
    "under_construction_m2": ("在建", "in constr."), "committed_m2": ("签约", "committed"),
    "reserved_m2": ("意向", "reserved"), "held_by_cap_m2": ("总量限制", "held by cap"),
    "available_m2": ("可用", "available"), "over_m2": ("超出", "over"),
}  # fmt: skip
_SUMMED = tuple(_HEADS)[6:]


def demo(answer: Answer, language: str) -> str:
    """One sentence."""
    return _say("demo", language, answer)


def new(answer: Answer, language: str) -> str:
    """One sentence."""
    return _say("new", language, answer)


def imported(answer: Answer, language: str) -> str:
    """Counts, CRS, areas and the first rows of the report."""
    lines = [_say("read", language, answer), _say("crs", language, answer)]
    if answer.get("planar_area_m2") is not None:
        lines.append(_say("area", language, answer))
    if answer.get("match") is not None:
        lines.append(_say("match", language, answer))
    pairs = ", ".join(f"{target} ← {source}" for target, source in answer["columns"].items())
    lines.append(_say("columns", language, {"text": pairs or "—"}))
    for finding in answer["findings"]:
        lines.append(plain(_say("finding", language, finding | {"mark": _WEIGHTS[finding["severity"]]})))
        if finding["cure"] is not None:
            lines.append(plain(_say("cure", language, {"line": finding["cure"]["line"], "code": finding["code"]})))
    return "\n".join(lines + _listed(answer["rows"], language))


_WEIGHTS = {"stops": "✗", "asks": "?", "tells": "·"}


def capacity(answer: Answer, language: str) -> str:
    """A table by group whose rounded figures add up to the total shown."""
    by = list(answer["by"])
    groups = list(answer["groups"]) if by else []
    figures = {key: [str(v) for v in balanced([g[key] for g in groups], total=answer[key])] for key in _SUMMED}
    rows = []
    for place, group in enumerate(groups):
        names = [group.get(f"{key}_name") or group[key] or _say("nowhere", language, {}) for key in by]
        rows.append([*map(str, names), str(group["parcels"]), *(f"{int(figures[key][place]):,}" for key in _SUMMED)])
    total = [f"{int(balanced([answer[key]])[0]):,}" for key in _SUMMED]
    labels = [_say("total", language, {}), *[""] * (len(by) - 1)] if by else []
    rows.append([*labels, str(answer["parcels"]), *total])
    heads = [pick(_HEADS[key], language) for key in (*by, "parcels", *_SUMMED)]
    lines = [_say("unit", language, {}), *table(heads, rows, left=len(by))]
    if answer["unknown_parcels"]:
        lines.append(_say("unknown", language, answer))
    return "\n".join(lines)


def saved_map(answer: Answer, language: str) -> str:
    """One sentence."""
    return plain(_say("map", language, answer))


def exported(answer: Answer, language: str) -> str:
    """Files, and one line a kind of loss with the columns that it is about."""
    lines: dict[tuple[str, str], list[Answer]] = {}
    for loss in answer["losses"]:
        lines.setdefault((str(loss["severity"]), str(loss["message"])), []).append(loss)
    told = [
        _say(severity, language, {"message": message, "columns": ", ".join(str(one["column"]) for one in those)})
        for (severity, message), those in sorted(lines.items(), key=lambda line: line[0][0] != "loss")
    ]
    return "\n".join([_say("export", language, answer), *map(str, answer["files"]), *told])


def checked(answer: Answer, language: str) -> str:
    """The verdict and the first problems."""
    said = [problem | {"field": f"{problem['layer']}.{problem['column']}"} for problem in answer["problems"]]
    return "\n".join([_say("ok" if answer["ok"] else "not_ok", language, answer), *_listed(said, language)])


def _listed(rows: Sequence[Answer], language: str) -> list[str]:
    """Errors first, then warnings; what is too much to list is counted by kind."""
    order = {"error": 0, "warning": 1, "info": 2}
    ranked = sorted(rows, key=lambda row: order[row["severity"]])
    marks = {"error": "✗", "warning": "!", "info": "·"}
    lines = []
    for row in ranked[:_MOST]:
        place = "—" if row["row"] is None else row["row"]
        lines.append(_say("row", language, {**row, "row": place, "mark": marks[row["severity"]]}))
    rest = Counter(str(row["code"]) for row in ranked[_MOST:])
    if rest:
        kinds = ", ".join(f"{code} × {count}" for code, count in rest.most_common())
        lines.append(_say("more", language, {"count": sum(rest.values()), "kinds": kinds}))
    return [plain(line) for line in lines]


def _say(word: str, language: str, facts: Answer) -> str:
    return say(_WORDS, word, language, facts)
