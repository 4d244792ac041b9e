"""Reader of prose: a bulletin, a work report or a practice article becomes printed figures with their characters.

The rules stand in `pipelines.readers.prose`; here their rows take the columns of the door. `layout` in the card takes
`review_below` (from 0 to 1): figures read with less confidence wait in quality.review.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from pipelines.problems import Problem, SourceRefused
from pipelines.readers import Reading
from pipelines.readers.prose.refusals import IN_CHINESE
from pipelines.readers.prose.tables import rows_of

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.readers.accounts import LeftOut
    from pipelines.readers.prose.documents import Table
    from pipelines.readers.prose.figure import Row
    from pipelines.sources.card import Source

FOR_REVIEW = "for_review"
LAYOUT = ("review_below",)
_COLUMNS = (
    "label", "breakdown", "place", "period", "qualifier", "value", "unit", "table", "value_start", "value_end",
    "unit_start", "unit_end", "qualifier_start", "qualifier_end",
)  # fmt: skip
#: What a kind adds to a subject to make the label that the crosswalk knows it by.
_LABEL_ENDS = {"growth_rate": "增长", "difference": "比上年增加", "rank": "位次"}
#: Words of place that mean the document's own, with what its name must end in; elsewhere they name no place.
_OWN_PLACE = {"省": "省", "市": "市", "县": "县", "区": "区", "州": "州", "自治区": "自治区"}
_WITHOUT_LEVEL = re.compile(r".*[^省市县区州旗]")


def read(project: Project, source: Source, path: Path) -> Reading:
    """Read one document.

    Returns:
        A frame with the columns of a figures table; refusals and figures for review among the problems.

    Raises:
        SourceRefused: the document cannot be opened, or `layout` holds what is no threshold.
    """
    import polars as pl

    from pipelines.readers.prose.bulletin import figures_of
    from pipelines.readers.prose.documents import received
    from pipelines.readers.prose.scopes import document_of
    from pipelines.sources.ledger import read_ledger

    threshold = _threshold(project, source)
    document = received(path, source.source_id, project.relative(path))
    reading = document.reading()
    rows = figures_of(reading, source.published_on or "", threshold)
    told = _Told(project, source, path, document.text, document_of(reading.text, source.published_on or "").place)
    entries = [entry.correction for entry in read_ledger(project, source.source_id, path.parent)]
    decided = {str(entry.figure) for entry in entries if entry.status != "withdrawn"}
    rows = [told.decided(row, decided) for row in rows]
    figures = [told.figure(row) for row in rows if row.status == "figure"]
    frame = pl.DataFrame(
        figures, schema={"file": pl.String, "line": pl.Int64} | dict.fromkeys(_COLUMNS, pl.String), orient="row"
    )
    refused = [row for row in rows if row.status in ("refused", "review")]
    left_out = _left_out(told.file, rows, document.tables)
    numbers = len(figures) + len(refused) + sum(one.numbers for one in left_out)
    return Reading(frame, [told.problem(row) for row in refused], numbers, len(refused), left_out)


def _left_out(file: str, rows: list[Row], tables: tuple[Table, ...]) -> list[LeftOut]:
    """What became no figure: dates, ordinals and names of the text, and its tables, which are the sheet reader's."""
    from pipelines.readers.accounts import LeftOut

    left = [f"char:{row.char_start}-{row.char_end}" for row in rows if row.status == "left_out"]
    found = [LeftOut(file, "", "no_figure", ",".join(left), len(left))] if left else []
    return found + [LeftOut(file, "", "table_in_text", table.where, table.numbers) for table in tables]


def page_path(project: Project, source_id: str, file_name: str) -> Path:
    """Where the page with a document's figures highlighted is kept."""
    return project.warehouse / "readings" / source_id / f"{file_name}.html"


def keep_pages(project: Project, source: Source) -> None:
    """Keep the page of every document for people; of DOCX and PDF also the text that the offsets count in.

    Args:
        project: in whose warehouse they are kept.
        source: whose files are read.
    """
    from pipelines.readers.prose.bulletin import figures_of
    from pipelines.readers.prose.documents import received
    from pipelines.readers.prose.page import page_of

    for file in source.files:
        document = received(file.path, source.source_id)
        rows = figures_of(document.reading(), source.published_on or "", _threshold(project, source))
        page = page_path(project, source.source_id, file.path.name)
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(page_of(source.title or file.path.name, document, rows), encoding="utf-8")
        if document.extractor:
            page.with_suffix(".txt").write_bytes(document.text.encode("utf-8", "surrogatepass"))
            about = {
                "sha256": document.sha256,
                "extractor": document.extractor,
                "page_starts": document.page_starts,
            }
            page.with_suffix(".json").write_text(json.dumps(about), encoding="utf-8")


def _threshold(project: Project, source: Source) -> float:
    from pipelines.readers.prose.bulletin import REVIEW_BELOW

    stated: Any = source.layout.get("review_below", REVIEW_BELOW)
    unknown = [name for name in source.layout if name not in LAYOUT]
    if not unknown and isinstance(stated, int | float) and 0 <= stated <= 1:
        return float(stated)
    card = project.relative(project.raw / source.source_id / "source.yaml")
    en, zh = "layout of a bulletin takes review_below, a number from 0 to 1", "layout 只接受 review_below，取 0 到 1"
    shown = unknown[0] if unknown else str(stated)
    raise SourceRefused([Problem(source.source_id, card, "layout", en, zh, column="layout", value=shown)])


class _Told:
    """The rows of one document in the columns of the door."""

    def __init__(self, project: Project, source: Source, path: Path, text: str, place: str) -> None:
        self.source = source
        self.file = project.relative(path)
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.patterns = label_patterns()
        self.place = place

    def locator(self, row: Row) -> str:
        """As `pipelines.sources.identity` makes it: the characters of the number without its unit."""
        start, end = (row.printed.value_start, row.printed.value_end) if row.printed else (row.char_start, row.char_end)
        return f"char:{start}-{end}"

    def decided(self, row: Row, decided: set[str]) -> Row:
        """A figure for review that the ledger has an entry of is a figure."""
        if row.status == "review" and f"{self.source.source_id}:{self.locator(row)}" in decided:
            return replace(row, status="figure")
        return row

    def line(self, row: Row) -> int:
        return bisect_right(self.line_starts, row.char_start)

    def figure(self, row: Row) -> list[Any]:
        printed = row.printed
        assert printed is not None  # noqa: S101 - only figures come here
        label, breakdown = label_of(row, self.patterns)
        place = place_named(row.place, self.place)
        period, against = period_words(row.period or (self.source.published_on or "")[:4])
        breakdown = " ".join(word for word in (breakdown, against) if word)
        spans = (printed.value_start, printed.value_end, printed.unit_start, printed.unit_end, None, None)
        return [
            self.file, self.line(row), label, breakdown, place, period, printed.qualifier, printed.value,
            printed.unit, "", *("" if at is None else str(at) for at in spans),
        ]  # fmt: skip

    def problem(self, row: Row) -> Problem:
        place, line = self.locator(row), self.line(row)
        if row.printed is None:
            en, zh = f"{row.reason}; look at the original", IN_CHINESE[row.rule]
            return Problem(self.source.source_id, self.file, row.rule, en, zh, line, place, row.quote[:80])
        sure, subject = f"{row.reading_confidence:g}", row.subject or "?"
        read_as = f"{row.quote}: {subject} = {row.value} {row.unit}"
        en = f"{read_as}, with confidence {sure}; accept, mend or reject it with `gongfu review`"
        zh = f"{read_as}，把握 {sure}；请用 gongfu review 接受、改正或拒绝"
        return Problem(self.source.source_id, self.file, FOR_REVIEW, en, zh, line, place, row.printed.value)


class LabelPattern(NamedTuple):
    """A row of label_patterns: what a subject looks like, for which kind and unit, and what it is called."""

    pattern: re.Pattern[str]
    kind: str
    unit: str
    label: str
    breakdown: str


def label_patterns() -> list[LabelPattern]:
    """The rows of `prose/rules/label_patterns.csv`, in their order."""
    return [
        LabelPattern(re.compile(row["pattern"]), row["kind"], row["unit"], row["label"], row["breakdown"])
        for row in rows_of("label_patterns")
    ]


def label_of(row: Row, patterns: list[LabelPattern]) -> tuple[str, str]:
    """The label and breakdown that the crosswalk knows a figure by: of the first pattern that fits, else as printed."""
    assert row.printed is not None  # noqa: S101 - only figures come here
    kind, is_apart = row.printed.kind, row.printed.is_apart
    goal = "目标" if row.kind == "target" else ""
    for each in patterns:
        match = each.pattern.fullmatch(row.subject)
        fits = each.kind in ("*", kind) and each.unit in ("", row.unit)
        if match is not None and fits and not is_apart:
            part = match.expand(each.breakdown) or row.breakdown
            return match.expand(each.label), " ".join(word for word in (part, goal) if word)
    if not row.subject:
        return "未注明", row.breakdown
    end = "较他地" if is_apart else _LABEL_ENDS.get(kind, "")
    return row.subject + end, " ".join(word for word in (row.breakdown, goal) if word)


def place_named(word: str, own: str) -> str:
    """A place by its name: 全县 in a document of 云和县 is 云和县, 全市 there names no place of the document.

    Args:
        word: as printed.
        own: the place that the document's title names, or an empty string.
    """
    whole = re.fullmatch(r"[全我本](自治区|[省市县区州])", word)
    if whole is None:
        return word
    agrees = own.endswith(_OWN_PLACE[whole[1]]) or _WITHOUT_LEVEL.fullmatch(own) is not None
    return own if agrees else ""


def period_words(period: str) -> tuple[str, str]:
    """A period in words that staging reads, and what a change is against where that is not the year before."""
    state, _, base = period.partition("/")
    year = state[:4]
    if base and base.isdigit() and year.isdigit() and int(base) != int(year) - 1:
        return f"{year}年", f"较{base}年"
    if re.fullmatch(r"\d{4}-12-31", state):
        return f"{year}年末", ""
    if re.fullmatch(r"\d{4}\.\.\d{4}", state):
        return state.replace("..", "-"), ""
    months = re.fullmatch(r"(\d{4})-01\.\.\d{4}-(\d{2})", state)
    if months is not None:
        return f"{months[1]}年1-{int(months[2])}月", ""
    if re.fullmatch(r"\d{4}-H1", state):
        return f"{year}年上半年", ""
    return (f"{state}年" if re.fullmatch(r"\d{4}", state) else state), ""
