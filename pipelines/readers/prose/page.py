"""A document as one HTML page in which every figure is highlighted by its kind and every doubt can be gone to."""

from __future__ import annotations

import json
from html import escape
from importlib import resources
from typing import TYPE_CHECKING

from pipelines.readers.prose.output import COLUMNS, cell
from pipelines.readers.prose.refusals import IN_CHINESE

if TYPE_CHECKING:
    from pipelines.readers.prose.documents import Received
    from pipelines.readers.prose.figure import Row

KINDS = {
    "level": "总量 level",
    "share": "比重 share",
    "growth_rate": "增速 growth rate",
    "difference": "增减 difference",
    "ratio": "比率 ratio",
    "rank": "位次 rank",
    "target": "目标 target",
}
STATUSES = {"review": "待核 for review", "refused": "拒收 refused", "left_out": "不是数据 left alone"}
_STYLED = ("level", "share", "growth_rate", "difference", "ratio", "rank", "target", "refused", "left_out")


def page_of(title: str, document: Received, rows: list[Row]) -> str:
    """The page, self-contained: no script, font or style from elsewhere.

    Args:
        title: what to call the document.
        document: its text; of an HTML page only the words are shown.
        rows: its figures, in the order of the text.
    """
    counts = {name: sum(row.kind == name for row in rows) for name in KINDS}
    counts |= {name: sum(row.status == name for row in rows) for name in STATUSES}
    legend = "".join(
        f'<li><mark class="{name}">{escape(label)}</mark> {counts[name]}</li>'
        for name, label in (KINDS | STATUSES).items()
    )
    template = resources.files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    told = json.dumps([_told(row) for row in rows], ensure_ascii=False).replace("</", "<\\/")
    return (
        template.replace("{{title}}", escape(title))
        .replace("{{legend}}", legend)
        .replace("{{doubts}}", _doubts(rows))
        .replace("{{rows}}", told)
        .replace("{{text}}", _marked(document, rows))
    )


def _told(row: Row) -> dict[str, str]:
    """What the panel shows of a row; a refusal says why in both languages."""
    told = {name: cell(getattr(row, name)) for name in COLUMNS if not name.startswith("char_")}
    told["reason"] = _why(row)
    return {name: words for name, words in told.items() if words}


def _why(row: Row) -> str:
    return f"{IN_CHINESE.get(row.rule, '')} {row.reason or row.subject}".strip() if row.status != "figure" else ""


def _doubts(rows: list[Row]) -> str:
    """The refusals and the figures for review as a list, which a printed page needs."""
    lines = [
        f'<li><a href="#f{number}">{escape(row.quote[:60])}</a> {escape(_why(row))} '
        f"<small>{escape(row.status)} {row.reading_confidence:g}</small></li>"
        for number, row in enumerate(rows)
        if row.status in ("review", "refused")
    ]
    return "".join(lines) or "<li>没有存疑的数字 no doubts</li>"


def _marked(document: Received, rows: list[Row]) -> str:
    """The words of the document with a mark around every row's characters."""
    out: list[str] = []
    starts = {row.char_start: number for number, row in enumerate(rows)}
    ends = {row.char_end for row in rows}
    cuts = sorted(starts.keys() | ends)
    position = 0
    is_open = False
    for piece, at in document.pieces:
        stop = at + len(piece)
        while position < len(cuts) and cuts[position] < at:
            is_open = _cut(cuts[position], starts, ends, rows, is_open, out)
            position += 1
        last = at
        while position < len(cuts) and cuts[position] < stop:
            out.append(escape(piece[last - at : cuts[position] - at]))
            last = cuts[position]
            is_open = _cut(last, starts, ends, rows, is_open, out)
            position += 1
        out.append(escape(piece[last - at :]))
    while position < len(cuts):
        is_open = _cut(cuts[position], starts, ends, rows, is_open, out)
        position += 1
    if is_open:
        out.append("</mark>")
    return "".join(out)


def _cut(at: int, starts: dict[int, int], ends: set[int], rows: list[Row], is_open: bool, out: list[str]) -> bool:
    """Close the mark that ends at a place and open the one that begins there; whether one is open now."""
    if is_open and at in ends:
        out.append("</mark>")
        is_open = False
    if at in starts and not is_open:
        row = rows[starts[at]]
        names = " ".join(name for name in _STYLED if name in (row.kind, row.status))
        doubt = " doubt" if row.status in ("review", "refused") else ""
        out.append(f'<mark id="f{starts[at]}" class="{names}{doubt}" tabindex="0">')
        return True
    return is_open
