"""Where things stand in what the national bureau's data site exports: its tables, their titles and two axes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.printed.heads import CORNERS, cleaned, is_place, place_before
from pipelines.printed.numerals import parse_number
from pipelines.printed.periods import are_in_order, period_in_title, period_words, periods_of_row
from pipelines.problems import shortened
from pipelines.readers.files.grid import column_letters
from pipelines.readers.sheet_table import FOOTER, SheetTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.readers.accounts import Accounts
    from pipelines.readers.files.grid import Grid, GridFile

HEADER_WITHIN_ROWS = 60

_TITLES = {
    "Database": "database",
    "Indicators": "indicator",
    "Indicator": "indicator",
    "Region": "place",
    "Year": "period",
    "Time": "period",
    "Unit": "unit",
    "频率": "frequency",
    "频度": "frequency",
    "数据库": "database",
    "指标": "indicator",
    "时间": "period",
    "地区": "place",
    "单位": "unit",
    "计量单位": "unit",
}
_TITLE = re.compile(rf"({'|'.join(_TITLES)})\s*[：:]\s*(.*)", re.DOTALL)


def blocks(grid: Grid) -> Iterator[tuple[int, int]]:
    """The tables that stand below one another in a grid, as first and last row; title rows begin a new one."""
    first, below_header = 1, False
    for row in range(1, grid.height + 1):
        is_title = any(_TITLE.fullmatch(cleaned(cell)) for cell in grid.rows[row - 1])
        if is_title and below_header:
            yield first, row - 1
            first, below_header = row, False
        elif not is_title and sum(1 for cell in grid.rows[row - 1] if cell.strip()) > 1:
            below_header = True
    yield first, grid.height


@dataclass
class Axes:
    """How a table's two axes are laid out.

    Attributes:
        header: the row of the column heads.
        across: what the columns are: period, place or indicator.
        columns: head of each column that holds figures.
        stubs: what each column left of the figures holds, where it holds a key of its rows.
    """

    header: int
    across: str
    columns: dict[int, str]
    stubs: dict[int, str] = field(default_factory=dict)


class LaidOutTable(SheetTable):
    """One table of a file, from row `first` to row `last` of its grid, whose axes are looked for."""

    def __init__(self, file: GridFile, grid: Grid, first: int, last: int, accounts: Accounts) -> None:
        super().__init__(file, grid, accounts)
        self.first = first
        self.last = last
        self.starts_with_places: bool | None = None

    def axes(self) -> Axes:
        """Find the row of the column heads: periods across, else a corner word, else periods below.

        Raises:
            SourceRefused: no such row.
        """
        rows = range(self.first, min(self.last, self.first + HEADER_WITHIN_ROWS) + 1)
        for row in rows:
            columns = self.periods_across(row)
            if columns:
                return Axes(row, "period", columns)
        for row in rows:
            axes = self.named_across(row)
            if axes:
                return axes
        en = "no row of periods, places or indicators to head the columns; give the table with its header"
        raise self.refusal("header_missing", en, "找不到表头（时期、地区或指标），请提供带表头的表格")

    def periods_across(self, row: int) -> dict[int, str]:
        """The periods that head the columns of a row, by column; none where the row is no head.

        Raises:
            SourceRefused: they do not run one way, or one stands twice.
        """
        cells = self.grid.rows[row - 1]
        periods, out_of_step = periods_of_row(cells[1:])
        named = {column: words for column, words in enumerate(periods, 2) if words}
        if out_of_step and len(named) + out_of_step.cells >= sum(1 for cell in cells[1:] if cell.strip()) / 2:
            column = out_of_step.position + 2
            en = f"head {shortened(cells[column - 1])} in column {column_letters(column)}: {out_of_step.why_en}"
            raise self.refusal("period_out_of_step", en, out_of_step.why_zh)
        if not named:
            return {}
        others = sum(1 for column, cell in enumerate(cells, 1) if cell.strip() and column >= min(named)) - len(named)
        if others > len(named) or any(is_place(cell) for cell in cells[: min(named) - 1]):
            return {}
        bare = all(cleaned(cells[column - 1]).replace(".", "").isdigit() for column in named)
        years = [int(words[:4]) for words in named.values()]
        stepping = len({later - earlier for earlier, later in pairwise(years)}) <= 1
        corner = cleaned(cells[0]) if cells else ""
        if bare and not (stepping and (len(named) > 1 or corner in CORNERS)):
            return {}  # numbers that happen to look like years
        if not self.grid.merged and not are_in_order(list(named.values())):
            en = "the periods over the columns do not run one way, or one stands twice; fetch the table again"
            raise self.refusal("period_out_of_step", en, "表头时期的顺序不一致或重复，请重新获取")
        return named

    def named_across(self, row: int) -> Axes | None:
        """Column heads that are places or indicators, above rows that are something else."""
        cells = self.grid.rows[row - 1]
        named = {column: cleaned(cell) for column, cell in enumerate(cells, 1) if cell.strip()}
        if any(_TITLE.fullmatch(text) or FOOTER.match(text) for text in named.values()):
            return None
        corners = [column for column, text in named.items() if text in CORNERS]
        below = self.grid.text(row + 1, 1)
        if not corners and not (period_words(below) and any(column > 1 for column in named)):
            return None
        left = max(corners, default=1)
        columns = {column: text for column, text in named.items() if column > left}
        if not columns or any(parse_number(text) for text in columns.values()):
            return None  # a row of figures heads nothing
        places = sum(1 for text in columns.values() if is_place(text))
        return Axes(row, "place" if places * 2 > len(columns) else "indicator", columns)

    def titles(self, header: int) -> dict[str, str]:
        """What the title rows above the header say, in whatever order and cell they stand."""
        found: dict[str, str] = {}
        for row in range(self.first, header + 1):
            cells = [cleaned(cell) for cell in self.grid.rows[row - 1]]
            for position, cell in enumerate(cells):
                title = _TITLE.fullmatch(cell)
                if title:
                    following = cells[position + 1] if position + 1 < len(cells) and row < header else ""
                    found.setdefault(_TITLES[title[1]], title[2].strip() or following)
        words = " ".join(cleaned(cell) for row in range(self.first, header) for cell in self.grid.rows[row - 1])
        if not found.get("period") and (period := period_in_title(words)):
            found["period"] = period
        return {key: words for key, words in found.items() if words}

    def end_of_body(self, axes: Axes) -> int:
        """The last row before the notes."""
        for row in range(axes.header + 1, self.last + 1):
            first = next((cell for cell in self.grid.rows[row - 1] if cell.strip()), "")
            if FOOTER.match(cleaned(first)):
                return row - 1
        return self.last

    def stubs(self, axes: Axes, end: int) -> None:
        """Say for each column left of the figures what it holds: by its head, else by what most of its cells are."""
        for column in range(1, min(axes.columns)):
            head = CORNERS.get(cleaned(self.grid.text(axes.header, column)))
            cells = [
                text for row in range(axes.header + 1, end + 1) if (text := cleaned(self.merged_down(row, column)))
            ]
            role = head or _role(cells)
            if role and role != axes.across:
                axes.stubs[column] = role

    def names_places(self, axes: Axes) -> bool:
        """Whether the names of the rows begin with places: `浙江省_地区生产总值(亿元)_本期值`."""
        if self.starts_with_places is None:
            columns = [column for column, role in axes.stubs.items() if role == "indicator"]
            texts = [
                cleaned(self.grid.text(row, column))
                for row in range(axes.header + 1, self.last + 1)
                for column in columns
            ]
            texts = [text for text in texts if text]
            named = sum(1 for text in texts if place_before(text)[0])
            self.starts_with_places = axes.across != "place" and named * 2 > len(texts) > 0
        return self.starts_with_places


def _role(cells: list[str]) -> str | None:
    """What most cells of a column left of the figures are; None for running numbers and for an empty column."""
    if not cells or all(cell.isdigit() and not period_words(cell) for cell in cells):
        return None
    if sum(1 for cell in cells if period_words(cell)) * 2 > len(cells):
        return "period"
    if sum(1 for cell in cells if is_place(cell)) * 2 > len(cells):
        return "place"
    return "indicator"
