"""A line of the table of benchmarks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """What was measured, against what, and whether the goal is met (None where there is no goal)."""

    what: str
    ours: str
    peer: str
    result: str
    goal: str = "–"
    met: bool | None = None

    def row(self) -> str:
        """The line as a row of a table in Markdown."""
        met = "–" if self.met is None else "yes" if self.met else "**no**"
        return f"| {self.what} | {self.ours} | {self.peer} | {self.result} | {self.goal} | {met} |"


HEAD = "| what | Chengzai | peer, same run | result | goal | met |\n|---|---|---|---|---|---|"
