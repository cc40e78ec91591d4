"""Documents (PDF, scans) that belong to a parcel, a project or an assignment."""

from __future__ import annotations

from layers.contract import Column, Layer

CARRIERS = ("parcels", "projects", "assignments")
"""Layers whose rows may carry documents."""

ATTACHMENTS = Layer(
    name="attachments",
    zh="附件",
    row="a document that belongs to a row of another layer",
    row_zh="属于某一地块、项目或落位的一份文件",
    key="attachment_id",
    columns=(
        Column("attachment_id", "text", "附件编号", "Stable key", required=True),
        Column("layer", "text", "所属图层", "Layer of the row", required=True, allowed=CARRIERS),
        Column("row_key", "text", "所属对象", "Key of the row", required=True),
        Column("name", "text", "文件名", "Name of the file as it came", required=True),
        Column("media", "text", "类型", "Media type", required=True),
        Column("size_bytes", "integer", "大小", "Size", "bytes", required=True, minimum=1),
        Column("sha256", "text", "校验值", "SHA-256 of the content, which the workspace keeps", required=True),
        Column("note", "text", "备注", "Remarks"),
    ),
)
