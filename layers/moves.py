"""Moves: every step of a project, a parcel or an assignment from one state to the next, kept for good."""

from __future__ import annotations

from layers.contract import Column, Layer

MOVED = ("projects", "parcels", "assignments")
"""Layers of which rows move from state to state."""

MOVES = Layer(
    name="moves",
    zh="状态变动",
    row="one step of a project, a parcel or an assignment from one state to the next",
    row_zh="一个项目、地块或落位的一次状态变动",
    key="move_id",
    columns=(
        Column("move_id", "text", "变动编号", "Stable key", required=True),
        Column("layer", "text", "图层", "Layer of the row that moved", required=True, allowed=MOVED),
        Column("row_key", "text", "对象编号", "Key of the row that moved", required=True),
        Column(
            "from_state",
            "text",
            "原状态",
            "State before: of the project, of the parcel's supply, or the supply mode of an assignment",
        ),
        Column("to_state", "text", "新状态", "State after", required=True),
        Column("moved_on", "date", "变动日期", "Day of the decision", required=True),
        Column("reason", "text", "理由", "Why, in words"),
        Column("document", "text", "文号", "Number of the document that it rests on"),
        Column("moved_by", "text", "变动经办人", "Who moved it"),
        Column("moved_at", "text", "登记时间", "When it was written down, UTC, ISO 8601"),
    ),
)
