"""A first layout card for a file, from what its grids look like, and the questions that only a person can answer.

Nothing is taken for granted: what cannot be seen in the print is written as `?`, which the reader refuses until
somebody has filled it in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipelines.printed.heads import (
    CORNERS,
    cleaned,
    indicator_and_unit,
    is_missing,
    is_place,
    is_unit,
)
from pipelines.printed.periods import period_in_title, period_words
from pipelines.printed.words import TABLE_NUMBER, chinese_part, has_chinese, part_of, subject_in, without_marks
from pipelines.readers.files.grid import column_letters
from pipelines.readers.shapes.tidy_table import heads_of, is_headless
from pipelines.readers.sheet_table import FOOTER
from pipelines.readers.yearbook_heads import NOTE, RANK, UNIT_IN_TITLE, HeadedTable
from pipelines.rules import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.readers.files.grid import Grid

_YEAR = re.compile(r"(?:19|20)\d\d")
_HEADS_OPEN = Words(
    "heads: write what stands over each column, such as 生产总值/第一产业(亿元)",
    "heads：请写明每列之上的表头，如生产总值/第一产业(亿元)",
)
_NO_ROWS = Words("no rows of figures were found here", "此处未见数字行")
_CONTINUED = re.compile(r"续表|[（(]续[)）]|continued", re.IGNORECASE)
_HEADER_ROWS_AT_MOST = 8


@dataclass
class Proposal:
    """One table as it seems to stand.

    Attributes:
        fields: the keys of its card.
        questions: what only a person can say, in a few words each, with an answer where something speaks for one.
        notes: what a person may want to look at.
    """

    fields: dict[str, Any]
    questions: list[Words] = field(default_factory=list)
    notes: list[Words] = field(default_factory=list)


def proposals(grids: Sequence[Grid]) -> list[Proposal]:
    """A card for every table that seems to stand in the grids."""
    found: list[Proposal] = []
    still_open: set[str] = set()
    asked: list[Words] = []
    for number, grid in enumerate(grids, 1):
        for first, last in _blocks(grid):
            proposal = _Seen(grid, first, last).proposal()
            if len(grids) > 1:
                proposal.fields = {"sheet": grid.sheet or number} | proposal.fields
            title = " ".join(cell for row in grid.rows[first - 1 : first + 2] for cell in row)
            if found and _CONTINUED.search(title):
                proposal.fields["continued_from"] = len(found)
                if "header" in found[-1].fields and "header" not in proposal.fields:
                    proposal.questions = [one for one in proposal.questions if one != _HEADS_OPEN]
                    proposal.fields.pop("heads", None)
                for key in still_open & {key for key, words in proposal.fields.items() if words == "?"}:
                    del proposal.fields[key]  # asked once, of the table that this one goes on from
                proposal.questions = [one for one in proposal.questions if one not in asked]
            else:
                still_open, asked = set(), []
            still_open |= {key for key, words in proposal.fields.items() if words == "?"}
            asked += proposal.questions
            found.append(proposal)
    return found


def _is_number(cell: str) -> bool:
    return HeadedTable.number(cell)


def _numbers(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells[1:] if _is_number(cell))


def _is_period_row(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells[1:] if cell.strip()]
    return len(filled) > 1 and all(period_words(cell) for cell in filled)


def _is_body_row(cells: Sequence[str]) -> bool:
    """Whether a row holds figures, most of what stands right of its first column."""
    filled = [cell for cell in cells[1:] if not is_missing(cell)]
    return bool(filled) and _numbers(cells) * 2 >= len(filled) and not _is_period_row(cells) and not _is_heads(filled)


def _is_heads(filled: Sequence[str]) -> bool:
    """Whether the only numbers of a row are years, and words stand beside them: `2021`, `2021年为2020年%`."""
    numbers = [cell for cell in filled if _is_number(cell)]
    return len(numbers) < len(filled) and all(_YEAR.fullmatch(cell.strip()) for cell in numbers)


def _blocks(grid: Grid) -> list[tuple[int, int]]:
    """First and last row of each table: a title row with a table number after figures begins another one."""
    starts, seen = [1], False
    for row in range(1, grid.height + 1):
        cells = grid.rows[row - 1]
        filled = [cell for cell in cells if cell.strip()]
        text = cleaned(filled[0]) if filled else ""
        is_title = len(filled) == 1 and (TABLE_NUMBER.match(text) or _CONTINUED.search(text))
        if is_title and seen:
            starts.append(row)
            seen = False
        elif _is_body_row(cells):
            seen = True
    ends = [start - 1 for start in starts[1:]] + [grid.height]
    return list(zip(starts, ends, strict=True))


def tidy_layout(grid: Grid) -> dict[str, Any] | None:
    """The columns of a table with one figure in each row, by what they hold; None where it does not look so."""
    heads = heads_of(grid)
    rows = grid.rows if is_headless(grid) else grid.rows[1:]
    if len(heads) < 3 or len(set(heads)) < len(heads) or not all(heads) or not rows:
        return None
    kinds = {head: _kind([row[at] for row in rows if at < len(row)]) for at, head in enumerate(heads)}
    values = [head for head, kind in kinds.items() if kind == "number"]
    periods = [head for head, kind in kinds.items() if kind == "period"]
    if len(values) != 1 or len(periods) != 1:
        return None
    columns: dict[str, str] = {"value": values[0], "period": periods[0]}
    words = {head: {row[at] for row in rows if at < len(row)} for at, head in enumerate(heads)}
    texts = [head for head, kind in kinds.items() if kind == "text" and any(map(has_chinese, words[head]))]
    named = [head for head in texts if re.search(r"name|指标|项目|indicator|metric", head, re.IGNORECASE)]
    named = named or (texts if len(texts) == 1 else [])
    if named:
        columns["label"] = named[0]
    beside = [head for head in texts if head not in named[:1] and len(words[head]) > 1]
    if beside:
        columns["breakdown"] = beside[0]
    for part, kind in (("place", "place"), ("unit", "unit")):
        if found := [head for head, each in kinds.items() if each == kind]:
            columns[part] = found[0]
    return {"columns": columns}


def _kind(cells: Sequence[str]) -> str:
    filled = [cleaned(cell) for cell in cells if not is_missing(cell)]
    if not filled:
        return "empty"
    for kind, belongs in (("period", period_words), ("number", _is_number), ("unit", is_unit)):
        if all(belongs(cell) for cell in filled):
            return kind
    return "place" if sum(1 for cell in filled if is_place(cell)) * 2 > len(filled) else "text"


class _Seen:
    """One block of a grid while its card is being written."""

    def __init__(self, grid: Grid, first: int, last: int) -> None:
        self.grid = grid
        self.first = first
        self.last = self._before_notes(first, last)
        self.figures = [row for row in range(first, self.last + 1) if _is_body_row(grid.rows[row - 1])]
        self.questions: list[Words] = []
        self.notes: list[Words] = []

    def proposal(self) -> Proposal:
        if not self.figures:
            return Proposal({"body": f"{self.first}-{self.last}"}, [_NO_ROWS])
        names = self.names()
        columns = self.columns(names)
        are_above = self.names_above(names)
        body_first = min(self.body_first(names), self.figures[0] - are_above)
        header = self.header(body_first, columns)
        fields: dict[str, Any] = {}
        title = self.title(header, body_first)
        if found := TABLE_NUMBER.search(title):
            fields["table"] = found[1]
        if header:
            fields["header"] = _rows(header)
        fields["body"] = f"{body_first}-{self.figures[-1]}"
        fields["names"] = {column_letters(column): role for column, role in names.items()}
        heads = self.heads(header, columns)
        fields["across"] = self.across(heads)
        self.open_heads(fields, heads)
        if are_above:
            fields["names_above"] = True
        skip = [row for row in self.figures if RANK.search(self.grid.text(row, 1))]
        if skip:
            fields["skip"] = _rows(skip)
            self.notes.append(
                Words(
                    "rows of ranks are skipped; take `skip` out to keep them", "名次各行已略去；如需保留，请删去`skip`"
                )
            )
        self.what_holds_for_all(fields, title, heads, names)
        return Proposal(fields, self.questions, self.notes)

    def _before_notes(self, first: int, last: int) -> int:
        for row in range(first, last + 1):
            words = cleaned(next((cell for cell in self.grid.rows[row - 1] if cell.strip()), ""))
            if FOOTER.match(words) or NOTE.match(words):
                return row - 1
        return last

    def names(self) -> dict[int, str]:
        """Columns left of the figures, each with what most of its cells are."""
        left = 1
        for column in range(2, self.grid.width + 1):
            cells = [self.grid.text(row, column) for row in self.figures]
            filled = [cell for cell in cells if cell.strip()]
            if filled and sum(1 for cell in filled if _is_number(cell) or is_missing(cell)) * 2 > len(filled):
                break
            left = column
        found: dict[int, str] = {}
        for column in range(1, left + 1):
            texts = [without_marks(cleaned(self.grid.text(row, column))) for row in self.figures]
            found[column] = _role([text for text in texts if text]) if any(texts) else "skip"
        if len(self.figures) and all(role == "skip" for role in found.values()):
            found[1] = self.role_of_lines_above()
        return found

    def role_of_lines_above(self) -> str:
        texts = [cleaned(self.grid.text(row - 1, 1)) for row in self.figures if row > 1]
        return _role([text for text in texts if text])

    def columns(self, names: dict[int, str]) -> list[int]:
        return [
            column
            for column in range(max(names) + 1, self.grid.width + 1)
            if any(_is_number(self.grid.text(row, column)) for row in self.figures)
        ]

    def body_first(self, names: dict[int, str]) -> int:
        """The first row of the body: that of the first figures, or the names and sections right above it."""
        row = self.figures[0]
        name = min(names)
        while row > self.first + 1:
            above = self.grid.rows[row - 2]
            filled = [column for column, cell in enumerate(above, 1) if cell.strip()]
            text = cleaned(self.grid.text(row - 1, name))
            if filled and filled != [name]:
                break
            if filled and (text in CORNERS or TABLE_NUMBER.match(text) or UNIT_IN_TITLE.search(text)):
                break
            if filled and not (names[name] == "indicator" or is_place(chinese_part(text))):
                break
            row -= 1
        return row

    def header(self, body_first: int, columns: list[int]) -> list[int]:
        """The rows above the body in which something stands over the figures."""
        found: list[int] = []
        is_apart = False
        for row in range(body_first - 1, max(self.first, body_first - _HEADER_ROWS_AT_MOST) - 1, -1):
            over = [column for column in columns if self.grid.text(row, column).strip()]
            filled = [cell for cell in self.grid.rows[row - 1] if cell.strip()]
            is_title = len(filled) == 1 and (TABLE_NUMBER.match(cleaned(filled[0])) or UNIT_IN_TITLE.search(filled[0]))
            wide = any(top == row and left == 1 and right >= max(columns) for top, left, _, right in self.grid.merged)
            says_unit = any(UNIT_IN_TITLE.search(cell) for cell in filled)
            if is_title or wide or (says_unit and all(self.is_unit_line(row, column) for column in over)):
                break
            if is_apart and filled and len(over) < 2:
                break  # beyond an empty row one cell is a title
            if over and not all(UNIT_IN_TITLE.search(self.grid.text(row, column)) for column in over):
                found.insert(0, row)
            is_apart = bool(found) and (is_apart or not filled)
        return found

    def is_unit_line(self, row: int, column: int) -> bool:
        """Whether a cell on the line of the unit says nothing but a unit, in any language."""
        text = self.grid.text(row, column)
        return UNIT_IN_TITLE.search(text) is not None or is_unit(cleaned(text).strip("()（）")) or not has_chinese(text)

    def title(self, header: list[int], body_first: int) -> str:
        above = min([*header, body_first])
        return cleaned(
            " ".join(cell for row in self.grid.rows[self.first - 1 : above - 1] for cell in row if cell.strip())
        )

    def heads(self, header: list[int], columns: list[int]) -> dict[int, list[str]]:
        across = {
            (row, column): self.grid.text(top, left)
            for top, left, bottom, right in self.grid.merged
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        }
        found: dict[int, list[str]] = {}
        for column in columns:
            texts = [across.get((row, column)) or self.grid.text(row, column) for row in header]
            found[column] = [chinese_part(without_marks(text)) for text in texts if text.strip()]
        return found

    @staticmethod
    def across(heads: dict[int, list[str]]) -> str:
        words = [text for texts in heads.values() for text in texts]
        names = [text for text in words if not period_words(text) and not is_unit(text.strip("()（）"))]
        if words and not names:
            return "period"
        if names and sum(1 for text in names if is_place(text)) * 2 > len(names):
            return "place"
        return "indicator"

    def open_heads(self, fields: dict[str, Any], heads: dict[int, list[str]]) -> None:
        """Heads that the grid does not show over their columns are left to a person."""
        bare = [column for column, texts in heads.items() if not any(texts)]
        without_merges = (
            not self.grid.merged and len(fields.get("header", "")) > 1 and "-" in str(fields.get("header", ""))
        )
        english_only = any(
            texts and not any(has_chinese(text) or period_words(text) for text in texts) for texts in heads.values()
        )
        if bare or (self.grid.kind == "csv" and without_merges):
            fields["heads"] = {
                column_letters(column): "/".join(texts) if texts and not bare else "?"
                for column, texts in heads.items()
            }
            self.questions.append(_HEADS_OPEN)
        elif english_only:
            self.notes.append(Words("some heads are in English only", "部分表头只有英文"))

    def names_above(self, names: dict[int, str]) -> bool:
        name = min(names)
        bare = sum(1 for row in self.figures if not self.grid.text(row, name).strip())
        above = sum(
            1
            for row in self.figures
            if row > self.first and self.grid.text(row - 1, name).strip() and row - 1 not in self.figures
        )
        return bare * 2 > len(self.figures) and above * 2 > len(self.figures)

    def what_holds_for_all(
        self, fields: dict[str, Any], title: str, heads: dict[int, list[str]], names: dict[int, str]
    ) -> None:
        """Indicator, place, period and unit that neither heads nor names say: from the title, else a question."""
        roles = {*names.values(), fields["across"]}
        in_heads = [text for texts in heads.values() for text in texts]
        if "indicator" not in roles:
            words = subject_in(title)
            fields["indicator"] = words or "?"
            (self.notes if words else self.questions).append(
                Words(
                    "indicator: taken from the title; is it known by it?", "indicator：取自标题；指标是否即以此为名？"
                )
            )
        if "place" not in roles:
            fields["place"] = "?"
            self.questions.append(
                Words(
                    "place: no column or head names places; write the one that the table is about",
                    "place：各列与表头均无地名；请写明本表所指地区",
                )
            )
        in_title = bool(period_in_title(title))
        if "period" not in roles and not any(period_words(text) for text in in_heads) and not in_title:
            fields["period"] = "?"
            self.questions.append(
                Words(
                    "period: nothing says it; write 2022年 or 2022年第一季度",
                    "period：未见时期；请写明，如2022年、2022年第一季度",
                )
            )
        unit = UNIT_IN_TITLE.search(title)
        indicator_cells = [
            self.grid.text(row, column)
            for column, role in names.items()
            if role == "indicator"
            for row in range(min(self.figures), max(self.figures) + 1)
        ]
        printed = (
            "unit" in roles
            or (unit and is_unit(unit[1]))
            or any(_unit_in(text) for text in [*in_heads, *indicator_cells])
        )
        if not printed and "heads" not in fields:
            fields["unit"] = "?"
            self.questions.append(
                Words(
                    "unit: no head, name or title prints one; write it as 万元, 人, %",
                    "unit：表头、名目、标题均未见单位；请写明，如万元、人、%",
                )
            )


def _unit_in(text: str) -> str:
    words = chinese_part(without_marks(text))
    return words if is_unit(words.strip("()（）")) else indicator_and_unit(words)[1]


def _role(cells: list[str]) -> str:
    if not cells:
        return "skip"
    cells = [words if len(words := chinese_part(cell)) > 1 else cell.split()[-1] for cell in cells]
    for role, belongs in (
        ("period", period_words),
        ("unit", lambda cell: is_unit(cell.strip("()（）"))),
        ("place", is_place),
    ):
        if sum(1 for cell in cells if belongs(part_of(cell) or cell)) * 2 > len(cells):
            return role
    if all(cell.isdigit() for cell in cells):
        return "skip"
    return "indicator" if any(has_chinese(cell) for cell in cells) else "place"


def _rows(rows: Sequence[int]) -> str:
    """3, 3-5 or 3-5,7."""
    parts: list[list[int]] = []
    for row in rows:
        if parts and row == parts[-1][1] + 1:
            parts[-1][1] = row
        else:
            parts.append([row, row])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)
