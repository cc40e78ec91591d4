"""What is doubtful about a file: each thing with its evidence, and its cure as a switch that the user turns."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from layers.contract import Complaint
from layers.exchange.previews import Preview, by_code
from layers.readers import row_names
from layers.readers.doubts.finding import Finding
from layers.readers.errors import RowsRefused
from spatial.errors import tell
from views.exchange.desk import draft, keep, spoken
from views.exchange.draft import doubt
from views.markup import Markup, join, note, tag, unmarked
from views.rows import column_name
from views.text import Text

_MOST_EXAMPLES = 3
_MOST = 30


def stopped(seen: Preview) -> bool:
    """Whether the file as a whole cannot come in: its CRS is missing, say."""
    refusal = seen.arrival.refusal
    return refusal is not None and not isinstance(refusal, RowsRefused) and not seen.arrival.accepted


def doubts(seen: Preview, say: Text) -> None:
    """Cures that were confirmed, then what is still wrong or doubtful, the worst first."""
    arrival, now = seen.arrival, draft()
    counts = say("found_counts", read=f"{arrival.read:,}", accepted=f"{arrival.accepted:,}",
                 rejected=f"{arrival.read - arrival.accepted:,}")  # fmt: skip
    st.html(tag("div", say("doubts_heading"), " ", tag("small", counts), css="cz-h"))
    if now.cures:
        st.html(tag("div", say("cured_heading"), css="cz-side"))
    for finding in now.cures:
        _finding(finding, seen.layer, say, on=True)
    refusal = arrival.refusal
    told = {finding.code for finding in arrival.findings}
    if stopped(seen) and refusal is not None and refusal.code not in told:
        said = tell(refusal, say.language)
        st.html(note("refused", spoken(said["message"], say), spoken(said["cure"], say)))
    for finding in arrival.findings:
        _finding(finding, seen.layer, say, on=False)
    groups = [one for one in by_code(arrival.notes).items() if one[0][0] != "info" and one[0][1] not in told]
    st.html(join(_noted(key, said, seen, say) for key, said in groups[:_MOST]) or tag("span"))
    if not (now.cures or arrival.findings or groups or stopped(seen)):
        st.html(note("done", say("doubts_none")))


def still_asked(seen: Preview, say: Text) -> None:
    """Beside a preview: cures that were confirmed, and doubts that only the columns brought up."""
    asked = [finding for finding in seen.arrival.findings if finding.severity != "tells"]
    if not (asked or draft().cures):
        return
    st.html(tag("div", say("doubts_heading"), css="cz-h"))
    for finding in draft().cures:
        _finding(finding, seen.layer, say, on=True)
    for finding in asked:
        _finding(finding, seen.layer, say, on=False)


def on_held(seen: Preview, say: Text) -> None:
    """What would come in on land that is there already is best seen before it is written."""
    for finding in seen.arrival.findings:
        if finding.code == "parcels_on_held":
            _finding(finding, seen.layer, say, on=False)


def _finding(finding: Finding, layer: str, say: Text, *, on: bool) -> None:
    """One doubt; the cure is a switch."""
    named = replace(finding, column=called(layer, finding.column, say) if finding.column else None)
    weight = "cured" if on else finding.severity
    mark = tag("span", say(f"weight_{weight}"), css=f"cz-weight cz-weight-{weight}")
    key = hashlib.blake2b(doubt(finding).encode("utf-8"), digest_size=6).hexdigest()
    with st.container(key=f"doubt-{finding.code}-{key}", gap=None):
        st.html(tag("div", mark, tag("b", spoken(named.sentence(say.language), say)), css="cz-doubt"))
        if "side_by_side" in finding.evidence:
            st.html(_beside(finding.evidence["side_by_side"]))
        if finding.cure is None:
            return
        field = f"cure-{key}"
        st.session_state[field] = on
        cure = replace(finding.cure, facts=_named(finding, layer, say))
        st.toggle(
            unmarked(cure.line(say.language)),
            key=field,
            on_change=lambda: keep(draft().curing(finding, on=bool(st.session_state[field]))),
            help=say("cure_hint"),
        )


def _beside(lines: Sequence[Sequence[str]]) -> Markup:
    """The same thing seen in several ways, in columns: first their heads."""
    heads, *body = lines
    top = tag("tr", *(tag("th", head, scope="col") for head in heads))
    cells = [tag("tr", *(tag("td", cell) for cell in line)) for line in body]
    return tag("table", top, *cells, css="cz-table cz-beside")


def _named(finding: Finding, layer: str, say: Text) -> dict[str, object]:
    """What the line of a cure mentions, with columns as people call them."""
    facts = dict(finding.cure.facts) if finding.cure else {}
    if "column" in facts:
        facts["column"] = called(layer, str(facts["column"]), say)
    return facts


def called(layer: str, column: str, say: Text) -> str:
    """A column as people call it; outlines are outlines here, and no area."""
    return say("change_shape") if column == "geometry" else column_name(layer, column, say)


def _noted(key: tuple[str, str, str], said: list[Complaint], seen: Preview, say: Text) -> Markup:
    """The same complaint about several rows, once."""
    severity, _, column = key
    rows = [one.row for one in said if one.row is not None]
    where = [called(seen.layer, column, say)] if column else []
    if rows:
        names = [seen.arrival.names.of(row) for row in rows[:_MOST_EXAMPLES]]
        first = say("list_sign").join(row_names.spoken(name, say.language) for name in names)
        where.append(say("doubt_rows", count=f"{len(rows):,}", first=first))
    mark = tag("span", say(f"weight_{severity}"), css=f"cz-weight cz-weight-{severity}")
    message = spoken(said[0].message(say.language), say)
    return tag("div", mark, tag("b", message), tag("small", " · ".join(where)), css="cz-doubt")
