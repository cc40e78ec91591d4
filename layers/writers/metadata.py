"""What a file is, beside it: metadata after ISO 19115-1, of which GB/T 19710.1-2023 is the Chinese edition.

The subset that a planning bureau asks for: title, abstract, extent, CRS, precision, dates, lineage, quality,
restrictions and the fields, in the XML of ISO 19115-3; all of it is valid by its schemas. What a workspace does not
know, such as who answers for the data and how secret they are, is said to be missing, for those who hand it on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import numpy as np
import shapely

from layers import vocabulary
from layers.contract import Column
from layers.field_names import LAYER_NAMES_ZH
from layers.writers.draft import Draft
from layers.writers.losses import Loss, in_xml
from layers.writers.systems import WGS84, written
from spatial import crs as crs_

_ISO = "http://standards.iso.org/iso/19115/-3"
_SPACES = {
    "mdb": "mdb/2.0", "cit": "cit/2.0", "gco": "gco/1.0", "gex": "gex/1.0", "lan": "lan/1.0", "mcc": "mcc/1.0",
    "mco": "mco/1.0", "mrd": "mrd/1.0", "mri": "mri/1.0", "mrl": "mrl/2.0", "mrs": "mrs/1.0",
}  # fmt: skip
_QUALITY = "http://standards.iso.org/iso/19157/-2/mdq/1.0"
_LISTS = f"{_ISO.removesuffix('/-3')}/resources/Codelists/cat/codelists.xml"
_ENCODINGS = {"utf-8": "UTF-8", "gbk": "GBK", "gb18030": "GB18030"}
_NOTICE = (
    "标为「示意」的图形与数据不是测绘成果，也不是规划批准文件。"
    "Outlines and figures marked 示意 are illustrative: neither a survey nor an approved plan says so."
)
_UNSAID = (
    "密级未标注，由使用单位按规定确定。No security classification is stated; whoever hands the data on decides it."
)
_NO_PRODUCER = (
    "[生产单位 producer] 工作空间没有记录生产单位与联系人，交付前请在 contact 中填写。"
    "The workspace does not say who produced the data; fill in contact before it is handed on."
)


def write(path: Path, draft: Draft, names: Mapping[str, str], lost: list[Loss], format: str) -> None:
    """Write the metadata of a draft.

    Parameters
    ----------
    names
        Column to its name in the file.
    lost
        What the format could not carry, told under quality.
    """
    path.write_text(document(draft, names, lost, format), encoding="utf-8")


def document(draft: Draft, names: Mapping[str, str], lost: list[Loss], format: str) -> str:
    """The metadata as XML."""
    spaces = {f"xmlns:{key}": f"{_ISO}/{value}" for key, value in _SPACES.items()}
    root = Element("mdb:MD_Metadata", {**spaces, "xmlns:mdq": _QUALITY})
    about, zh = draft.about, LAYER_NAMES_ZH[draft.made.layer]
    title = f"{about.workspace} {zh}（{about.scenario} 第 {about.revision} 版）"
    _said(
        root,
        "mdb:metadataIdentifier/mcc:MD_Identifier/mcc:code",
        f"{about.scenario}@{about.revision}/{draft.made.layer}",
    )
    _locale(root, "mdb:defaultLocale", "UTF-8")
    _said(root, "mdb:metadataScope/mdb:MD_MetadataScope/mdb:resourceScope/mcc:MD_ScopeCode", code="dataset")
    contact = _deep(root, "mdb:contact/cit:CI_Responsibility")
    _said(contact, "cit:role/cit:CI_RoleCode", code="pointOfContact")
    _deep(contact, "cit:party/cit:CI_Organisation/cit:name").set("gco:nilReason", "missing")
    stamp = _deep(root, "mdb:dateInfo/cit:CI_Date")
    _said(stamp, "cit:date/gco:DateTime", datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    _said(stamp, "cit:dateType/cit:CI_DateTypeCode", code="creation")
    standard = _deep(root, "mdb:metadataStandard/cit:CI_Citation")
    _said(standard, "cit:title", "GB/T 19710.1-2023（ISO 19115-1:2014，子集）")
    _system(root, draft)
    _identified(root, draft, title)
    _distributed(root, format)
    quality = _deep(root, "mdb:dataQualityInfo/mdq:DQ_DataQuality")
    _said(quality, "mdq:scope/mcc:MD_Scope/mcc:level/mcc:MD_ScopeCode", code="dataset")
    result = _deep(quality, "mdq:report/mdq:DQ_ConceptualConsistency/mdq:result/mdq:DQ_DescriptiveResult")
    _said(result, "mdq:statement", "\n".join(_quality(draft, lost)))
    lineage = _deep(root, "mdb:resourceLineage/mrl:LI_Lineage")
    _said(lineage, "mrl:statement", _lineage(draft))
    _said(lineage, "mrl:scope/mcc:MD_Scope/mcc:level/mcc:MD_ScopeCode", code="dataset")
    fields = [_field(column, names[column.name]) for column in draft.columns]
    told = "\n".join([_NO_PRODUCER, "[质量 quality]", *_quality(draft, lost), "[字段说明 fields]", *fields])
    _said(next(root.iter("mri:MD_DataIdentification")), "mri:supplementalInformation", told)
    indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _system(root: Element, draft: Draft) -> None:
    if draft.shapes is None:
        return
    crs = written(draft.crs)
    system = _deep(
        root, "mdb:referenceSystemInfo/mrs:MD_ReferenceSystem/mrs:referenceSystemIdentifier/mcc:MD_Identifier"
    )
    label = crs_.label(crs)
    _said(system, "mcc:code", label.removeprefix("EPSG:"))
    _said(system, "mcc:codeSpace", "EPSG" if label.startswith("EPSG:") else "WKT")
    _said(system, "mcc:description", crs.name)


def _identified(root: Element, draft: Draft, title: str) -> None:
    about = draft.about
    place = _deep(root, "mdb:identificationInfo/mri:MD_DataIdentification")
    citation = _deep(place, "mri:citation/cit:CI_Citation")
    _said(citation, "cit:title", title)
    for kind, day in (("revision", about.as_of), ("creation", about.made_on)):
        if day:
            date = _deep(citation, "cit:date/cit:CI_Date")
            _said(date, "cit:date/gco:Date", day)
            _said(date, "cit:dateType/cit:CI_DateTypeCode", code=kind)
    _said(citation, "cit:edition", f"{about.scenario} r{about.revision}")
    _said(place, "mri:abstract", f"{title}，{len(draft.made.frame)} 行。{len(draft.made.frame)} rows.")
    if draft.shapes is not None:
        _said(place, "mri:spatialRepresentationType/mcc:MD_SpatialRepresentationTypeCode", code="vector")
        _said(place, "mri:spatialResolution/mri:MD_Resolution/mri:levelOfDetail", _precision(draft))
    _deep(place, "mri:topicCategory/mri:MD_TopicCategoryCode").text = "planningCadastre"
    bounds = _bounds(draft)
    if bounds is not None:
        box = _deep(place, "mri:extent/gex:EX_Extent/gex:geographicElement/gex:EX_GeographicBoundingBox")
        sides = ("westBoundLongitude", "eastBoundLongitude", "southBoundLatitude", "northBoundLatitude")
        for side, value in zip(sides, (bounds[0], bounds[2], bounds[1], bounds[3]), strict=True):
            SubElement(SubElement(box, f"gex:{side}"), "gco:Decimal").text = f"{value:.6f}"
    limits = _deep(place, "mri:resourceConstraints/mco:MD_Constraints")
    _said(limits, "mco:useLimitation", _NOTICE)
    _said(limits, "mco:useLimitation", _UNSAID)
    _locale(place, "mri:defaultLocale", _ENCODINGS[draft.encoding])


def _locale(place: Element, path: str, encoding: str) -> None:
    """Language and encoding; the latter by its name in the register of IANA."""
    locale = _deep(place, f"{path}/lan:PT_Locale")
    _said(locale, "lan:language/lan:LanguageCode", code="zho")
    _said(locale, "lan:characterEncoding/lan:MD_CharacterSetCode", code=encoding)


def _precision(draft: Draft) -> str:
    """How exact the outlines are, as far as the rows say it; heights there are none."""
    flat = "平面坐标，不含高程（无高程基准）。Coordinates in the plane, without heights."
    known = draft.made.frame.get("geometry_error_m")
    values = np.empty(0) if known is None else known.dropna().to_numpy(dtype=float)
    if not len(values):
        return f"图形精度未说明；{flat}"
    return f"图形误差 {values.min():g}–{values.max():g} m（{len(values)} 行有记录 rows say so）；{flat}"


def _distributed(root: Element, format: str) -> None:
    place = _deep(root, "mdb:distributionInfo/mrd:MD_Distribution/mrd:distributionFormat/mrd:MD_Format")
    _said(place, "mrd:formatSpecificationCitation/cit:CI_Citation/cit:title", format)


def _lineage(draft: Draft) -> str:
    """Where the rows come from: the workspace, the branch, the revision, the sources that the rows name."""
    about, frame = draft.about, draft.made.frame
    moved = (
        "" if draft.shapes is None else f"坐标由 {about.working_crs} 换算为 {crs_.label(written(draft.crs))[:80]}。"
    )
    if draft.shapes is not None and draft.crs.is_geographic and draft.crs.to_epsg() == crs_.parse(WGS84).to_epsg():
        moved += "WGS84 与 CGCS2000 视为一致（亚米级），未加偏。"
    sources = ""
    if "source" in frame:
        known = frame["source"].dropna().astype("str").value_counts().index[:20]
        sources = f"来源：{'；'.join(known)}。" if len(known) else ""
    dated = f"数据日期 {about.as_of}。" if about.as_of else ""
    made = f"由承载（Chengzai）从工作空间「{about.workspace}」方案「{about.scenario}」第 {about.revision} 版导出。"
    return f"{made}{dated}{moved}{sources}"


def _quality(draft: Draft, lost: list[Loss]) -> list[str]:
    lines = ["写出后重新打开并逐行核对：行数、图形、文字、数值、坐标系一致。Opened again and compared after writing."]
    if "geometry_basis" in draft.made.frame:
        counts = draft.made.frame["geometry_basis"].fillna("—").astype("str").value_counts()
        words = [
            f"{vocabulary.term(vocabulary.GEOMETRY_BASIS, code) or code} {count}" for code, count in counts.items()
        ]
        lines.append(f"图形依据：{'、'.join(words)}")
    lines += [f"{loss.column}: {loss.message()} ({loss.rows})" for loss in lost]
    return lines


def _field(column: Column, name: str) -> str:
    unit = f" [{column.unit}]" if column.unit else ""
    return f"{name} = {column.zh}{unit} ({column.name}): {column.meaning}"


def _bounds(draft: Draft) -> tuple[float, float, float, float] | None:
    if draft.shapes is None or not draft.drawn:
        return None
    found = crs_.lonlat_bounds(draft.shapes, draft.crs)
    return found if bool(np.isfinite(found).all()) and not shapely.is_empty(draft.shapes).all() else None


def _deep(place: Element, path: str) -> Element:
    for name in path.split("/"):
        place = SubElement(place, name)
    return place


def _said(place: Element, path: str, text: str = "", *, code: str = "") -> None:
    last = _deep(place, path)
    if code:
        last.set("codeListValue", code)
        last.set("codeList", f"{_LISTS}#{last.tag.partition(':')[2]}")
        last.text = code
    elif last.tag.startswith("gco:"):
        last.text = in_xml(text)
    else:
        SubElement(last, "gco:CharacterString").text = in_xml(text)
