"""Reader of yearbook tables: stacked and merged heads, two languages, 其中 rows, notes, several tables on a sheet.

Where a table's parts stand is for a person to say, in a card (`pipelines.readers.layout_card`; `gongfu propose` writes
a first one). What is printed in them is read here: the words of stacked heads and of names, their units, and the
figures. A figure that nothing names in full is put aside, and a table whose heads do not cover its figures is refused
whole, because its heads may stand one column off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.printed.heads import cleaned, indicator_and_unit, is_missing, is_unit
from pipelines.printed.numerals import parse_number
from pipelines.printed.periods import period_in_title, period_words
from pipelines.printed.words import chinese_part, has_chinese, indentation, part_of, without_marks, without_numbering
from pipelines.problems import SourceRefused, shortened
from pipelines.readers.accounts import Accounts
from pipelines.readers.files.grid import GridFile, column_letters
from pipelines.readers.files.opening import read_grids
from pipelines.readers.layout_card import tables_of
from pipelines.readers.sheet_table import FOOTER, SheetTable, number_with_unit, reading_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipelines.problems import Problem
    from pipelines.project import Project
    from pipelines.readers import Reading
    from pipelines.readers.files.grid import Grid
    from pipelines.readers.layout_card import TableCard
    from pipelines.sources.card import Source

NOTE = re.compile(r"(Notes?|Sources?|Source of data)\s*\d*\s*[:：.]", re.IGNORECASE)
UNIT_IN_TITLE = re.compile(r"(?:计量)?单\s*位\s*[:：]\s*([^\s()（）,，;；]+)")
RANK = re.compile(r"位次|名次|排名|排序|[Rr]ank")
RANK_UNIT = "位"


def read(project: Project, source: Source, path: Path) -> Reading:
    """Cut the tables that the card lays out in one file into printed figures.

    Returns:
        A frame with `file`, `line` and `pipelines.readers.sheet_table.COLUMNS`, all text. `label` is the head or name
        that no other stands over, `breakdown` what stands below it (其中 rows, second heads), joined with `/`.

    Raises:
        SourceRefused: no layout card or one that does not fit, heads that do not cover the figures, or nothing that
            says what the figures are.
    """
    file = GridFile(project, source, path)
    cards = tables_of(file, source)
    grids = read_grids(project, source, path, may_be_lines=True)
    accounts = Accounts.of(grids)
    figures: list[dict[str, str | int]] = []
    problems: list[Problem] = []
    refused: list[Problem] = []
    read: list[Grid] = []
    for card in cards:
        try:
            grid = sheet_of(file, grids, card)
            read.append(grid)
            table = YearbookTable(file, grid, card, accounts)
        except SourceRefused as refusal:
            refused.extend(refusal.problems)
            continue
        try:
            figures.extend(table.figures())
        except SourceRefused as refusal:
            refused.extend(refusal.problems)
            table.refuse_whole()
        problems.extend(table.problems)
    if refused and not figures:
        raise SourceRefused(refused)
    for grid in grids:
        if not any(grid is one for one in read):
            accounts.leave_out_sheet(grid, "hidden" if grid.is_hidden else "other_sheet")
        elif all(card.body for card in cards):
            accounts.leave_out_rows(grid, "outside_layout", {row for card in cards for row in card.body})
    return reading_of(file, accounts, figures, refused + problems)


def sheet_of(file: GridFile, grids: list[Grid], card: TableCard) -> Grid:
    """The sheet that a card names.

    Raises:
        SourceRefused: none is named so, or none is named and there are several.
    """
    if card.sheet is None and len(grids) == 1:
        return grids[0]
    named = [grid for grid in grids if cleaned(grid.sheet or "") == cleaned(str(card.sheet or ""))]
    if len(named) == 1 and card.sheet is not None:
        return named[0]
    if isinstance(card.sheet, int) and 0 < card.sheet <= len(grids):
        return grids[card.sheet - 1]
    there = ", ".join(shortened(grid.sheet or "") for grid in grids[:12])
    en = f"layout names sheet {shortened(str(card.sheet))}; the file has {there}"
    raise file.refusal("sheet_missing", en, f"版式说明中的工作表不存在；文件有：{there}")


@dataclass
class _Named:
    """What heads and names say about a figure so far.

    Attributes:
        path: words of the indicator, the widest first.
    """

    path: list[str] = field(default_factory=list)
    place: str = ""
    period: str = ""
    unit: str = ""
    within: str = ""

    def joined(self, other: _Named) -> _Named:
        """Both together; what the other says is the narrower."""
        return _Named(
            self.path + other.path,
            other.place or self.place,
            other.period or self.period,
            other.unit or self.unit,
            other.within or self.within,
        )


class YearbookTable(SheetTable):
    """One table while it is being read."""

    def __init__(self, file: GridFile, grid: Grid, card: TableCard, accounts: Accounts) -> None:
        super().__init__(file, grid, accounts)
        self.card = card
        self.filled_across = {
            (row, column): grid.text(top, left)
            for top, left, bottom, right in grid.merged
            if right > left
            for row in range(top, min(bottom, grid.height) + 1)
            for column in range(left, min(right, grid.width) + 1)
        }
        self.body = self._body()

    def figures(self) -> list[dict[str, str | int]]:
        """Every figure of the table.

        Raises:
            SourceRefused: heads that do not cover the figures, or nothing that says what these are.
        """
        columns = self.figure_columns()
        self.account_for_words()
        if not columns:
            raise self.refusal("header_missing", "no figures where the layout says that they stand", "所指行列没有数字")
        fixed = self.fixed()
        heads = {column: self.head(column) for column in columns}
        self.take_from_left(heads)
        self.refuse_uncovered(heads, fixed)
        found: list[dict[str, str | int]] = []
        for row, named in self.named_rows(columns):
            width = len(self.grid.rows[row - 1])
            if self.grid.kind == "csv" and width != max(columns) and not self.fits(row, columns):
                en = f"{width - 1} cells after the name where the heads have {max(columns) - 1}; mend the row"
                self.note("row_width", row, None, en, f"本行有 {width - 1} 个单元格，表头有 {max(columns) - 1} 个")
                continue
            found.extend(self.figures_of_row(row, fixed.joined(named), heads))
        self.check_outside(columns)
        self.finish(found)
        return found

    def refuse_whole(self) -> None:
        """The numbers of a table that is refused are refused with it."""
        sheet = self.grid.sheet or ""
        self.accounts.refuse((sheet, row, column) for row in self.body for column in range(1, self.grid.width + 1))

    def account_for_words(self) -> None:
        """Heads, names, titles and notes are no figures, nor is what the card skips."""
        self.leave_out("head", self.card.header)
        self.leave_out("skipped_row", self.card.skip)
        self.leave_out("skipped_column", self.body, self.card.skip_columns)
        self.leave_out("name", self.body, [column for column, role in self.card.names.items() if role != "skip"])
        self.leave_out("rank", self.body, [column for column, role in self.card.names.items() if role == "skip"])
        first, last = min(self.card.header + self.body, default=1), max(self.body, default=0)
        self.leave_out_words("head", range(1, first))
        self.leave_out_words("note", range(last + 1, self.grid.height + 1))

    # where things stand

    def _body(self) -> list[int]:
        """Rows that may hold figures, the skipped ones left out."""
        skipped = set(self.card.skip) | set(self.card.header)
        if self.card.body:
            rows = [row for row in self.card.body if row <= self.grid.height]
            return [row for row in rows if row not in skipped]
        first = max(self.card.header, default=0) + 1
        last = self.grid.height
        for row in range(first, self.grid.height + 1):
            words = cleaned(next((cell for cell in self.grid.rows[row - 1] if cell.strip()), ""))
            if FOOTER.match(words) or NOTE.match(words):
                last = row - 1
                break
        return [row for row in range(first, last + 1) if row not in skipped]

    def figure_columns(self) -> list[int]:
        """Columns that are no names and hold a figure, or are said to by `heads`."""
        beside = set(self.card.names) | set(self.card.skip_columns)
        held = {
            column
            for row in self.body
            for column, cell in enumerate(self.grid.rows[row - 1], 1)
            if column not in beside and self.number(cell)
        }
        if self.grid.kind == "csv" and self.card.heads:
            return sorted(set(self.card.heads) - beside)  # a row with more cells than heads is put aside
        return sorted((held | set(self.card.heads)) - beside)

    def fits(self, row: int, columns: list[int]) -> bool:
        """Whether a long row of a text file only adds empty or skipped cells after its last figure."""
        cells = self.grid.rows[row - 1]
        skipped = set(self.card.skip_columns)
        beyond = [cell for at, cell in enumerate(cells, 1) if at > max(columns) and at not in skipped]
        return len(cells) > max(columns) and not any(cell.strip() for cell in beyond)

    @staticmethod
    def number(cell: str) -> bool:
        """Whether a cell holds a number, footnote marks apart."""
        text = without_marks(cell.strip())
        return parse_number(text) is not None or number_with_unit(text) is not None

    @staticmethod
    def is_blank(cell: str) -> bool:
        """Whether a cell says that there is no figure, with or without a footnote mark."""
        return is_missing(cell) or is_missing(without_marks(cell))

    # what the figures are

    def fixed(self) -> _Named:
        """What holds for the whole table: from the card, else a unit or a single period printed above the heads."""
        first = min(self.card.header + self.body, default=1)
        titles = " ".join(cell for row in self.grid.rows[: first - 1] for cell in row if cell.strip())
        titles = cleaned(titles)
        named = _Named(place=self.card.place, period=self.card.period, unit=self.card.unit)
        if self.card.indicator:
            label, unit = indicator_and_unit(self.card.indicator)
            named.path = label.split("/")
            named.unit = unit or named.unit
        if not named.unit and (found := UNIT_IN_TITLE.search(titles)) and is_unit(found[1]):
            named.unit = found[1]
        named.period = named.period or period_in_title(titles)
        return named

    def head(self, column: int) -> _Named:
        """What the stacked heads over a column say, from top to bottom."""
        if column in self.card.heads:
            return self.words_of([self.card.heads[column]], self.card.across, is_path=True)
        texts: list[str] = []
        for row in self.card.header:
            text = self.filled_across.get((row, column)) or self.merged_down(row, column)
            if text.strip() and text not in texts:
                texts.append(text)
        if any(has_chinese(text) for text in texts):  # a row in English only is a translation
            texts = [text for text in texts if has_chinese(text) or self.number(text) or period_words(text)]
        return self.words_of(texts, self.card.across)

    def take_from_left(self, heads: dict[int, _Named]) -> None:
        """A column whose heads begin below those of the one on its left is a part of that: it has its name and unit.

        `生产总值(亿元)` stands over its own column, 第一产业, 第二产业 and #工业 a row lower over the next ones.
        """
        if self.card.across != "indicator" or len(self.card.header) < 2:
            return
        top, whole = min(self.card.header), None
        for column in sorted(heads):
            if column in self.card.heads:
                continue
            stands_above = self.filled_across.get((top, column)) or self.merged_down(top, column)
            if stands_above.strip():
                whole = column
            elif whole and heads[whole].path and heads[column].path and self.all_named(heads, whole, column):
                named = heads[column]
                path = heads[whole].path[:1] + named.path
                heads[column] = _Named(path, named.place, named.period, named.unit or heads[whole].unit)

    @staticmethod
    def all_named(heads: dict[int, _Named], first: int, last: int) -> bool:
        """Whether no column without figures stands between two."""
        return all(column in heads for column in range(first, last + 1))

    def words_of(self, texts: list[str], role: str, *, is_path: bool = False) -> _Named:
        """Sort printed words into period, unit and what they name."""
        named = _Named()
        for text in texts:
            words = chinese_part(without_marks(" ".join(text.split())))
            bare = words.strip("()（）")
            if period := period_words(words) or period_words(bare):
                named.period = period
            elif is_unit(bare):
                named.unit = bare
            elif role == "place":
                named.place = self.place_words(text)
            else:
                label, unit = indicator_and_unit(words)
                named.unit = unit or named.unit
                for name in label.split("/") if is_path else [label]:
                    words = without_numbering(part_of(name) or name)
                    if words and words not in named.path:
                        named.path.append(words)
        if role == "indicator" and not named.unit and named.path and RANK.search(named.path[-1]):
            named.unit = RANK_UNIT
        return named

    @staticmethod
    def place_words(text: str) -> str:
        """A place as printed in Chinese; both languages where only one character is left of the Chinese."""
        flat = cleaned(without_marks(text))
        words = chinese_part(part_of(flat) or flat)
        return words if len(words) > 1 else flat

    def refuse_uncovered(self, heads: dict[int, _Named], fixed: _Named) -> None:
        """Refuse a table of which some column of figures is not named: its heads may stand one column off.

        Raises:
            SourceRefused: naming the first such column.
        """
        across = self.card.across
        named_by_rows = set(self.card.names.values())
        for column, head in heads.items():
            if not {"indicator": head.path, "place": head.place, "period": head.period}[across]:
                en = (
                    f"no {across} heads column {column_letters(column)}, which holds figures; if the heads stand one "
                    "column off, mend them; else write it into heads, or the column into skip_columns"
                )
                raise self.refusal(
                    f"{across}_missing", en, f"{column_letters(column)} 列有数字但没有表头，表头可能错位"
                )
        self.refuse_twins(heads)
        for name, says, rule in (
            ("indicator", bool(fixed.path) or all(head.path for head in heads.values()), "indicator_missing"),
            ("place", bool(fixed.place) or all(head.place for head in heads.values()), "place_missing"),
            ("period", bool(fixed.period) or all(head.period for head in heads.values()), "period_missing"),
        ):
            if not says and name not in named_by_rows:
                en = f"nothing in the table says the {name}; write it into the layout"
                raise self.refusal(rule, en, f"表中没有写明 {name}，请写入 layout")
        covered = {
            column
            for row in self.card.header
            for (at, column), text in self.filled_across.items()
            if at == row and text.strip()
        }
        beyond = sorted(covered - set(heads) - set(self.card.names) - set(self.card.skip_columns))
        if beyond:
            columns = ", ".join(column_letters(column) for column in beyond[:5])
            if all(self.is_empty(column) for column in beyond) and any(column > max(heads) for column in beyond):
                en = f"a merged head covers {columns}, which holds no figure; the heads may stand one column off"
                raise self.refusal("heads_shifted", en, f"合并表头覆盖了没有数字的 {columns} 列，表头可能错位")

    def refuse_twins(self, heads: dict[int, _Named]) -> None:
        """Refuse a table of which two columns have the same heads: a row of heads is missing, or they are shifted.

        Raises:
            SourceRefused: naming the first two.
        """
        seen: dict[tuple[object, ...], int] = {}
        for column, head in heads.items():
            key = (tuple(head.path), head.place, head.period)
            if key in seen:
                twins = f"{column_letters(seen[key])} and {column_letters(column)}"
                en = (
                    f"columns {twins} have the same heads; name all rows of heads, or the heads stand one column off; "
                    "else write them into heads, or one into skip_columns"
                )
                raise self.refusal("heads_twice", en, f"{twins.replace(' and ', '、')} 列的表头相同，表头行不全或错位")
            seen[key] = column

    def is_empty(self, column: int) -> bool:
        """Whether no row of the body has anything in a column."""
        return not any(self.grid.text(row, column).strip() for row in self.body)

    def named_rows(self, columns: list[int]) -> Iterator[tuple[int, _Named]]:  # noqa: C901 - what a row is by its names
        """Each row that holds figures, with what its names say; 其中 rows stand below the name before them."""
        above = ""
        within = ""
        sections: list[tuple[int, _Named]] = []
        for row in self.body:
            has_figures = any(not self.is_blank(self.grid.text(row, column)) for column in columns)
            named = _Named()
            for column, role in self.card.names.items():
                if role == "skip":
                    continue
                text = self.merged_down(row, column)
                if role == self.first_role and row in self.card.rows:
                    text = self.stated_name(row, text)
                elif self.card.names_above and role == self.first_role:
                    above, text = (text, text) if text.strip() else (above, above if has_figures else "")
                if not text.strip():
                    continue
                if role == "indicator":
                    self.place_in_order(named, text, sections, has_figures=has_figures)
                else:
                    self.take(named, role, text)
            named.within = named.within or within
            if has_figures:
                yield row, named
                above = ""
            elif named.place and not self.card.names_above:
                within = named.place  # 重庆市 on a line of its own above 江北区
            elif self.numbers_in_names(row) > 1:
                en = "numbers stand among the words of this row; mend the row, or put it under skip"
                self.note("row_form", row, None, en, "本行文字中夹有数字，请修正或列入 skip")

    def stated_name(self, row: int, printed: str) -> str:
        """The name that the card gives a row: `printed = meant`, or only what is meant where nothing is printed.

        Raises:
            SourceRefused: the row prints something else than the card says.
        """
        expected, _, meant = self.card.rows[row].rpartition("=")
        if cleaned(expected) != cleaned(printed):
            en = (
                f"layout names row {self.grid.line(row)}, which prints {shortened(cleaned(printed)) or 'nothing'}; "
                f"write it as `{cleaned(printed)} = {cleaned(meant)}`"
            )
            raise self.refusal("layout_contradicts", en, f"版式说明中第 {self.grid.line(row)} 行的名称与文件不一致")
        return meant.strip()

    def numbers_in_names(self, row: int) -> int:
        """How many numbers stand in the columns of names."""
        texts = [self.grid.text(row, column) for column in self.card.names]
        return sum(1 for text in texts for word in text.split() if self.number(word) and not period_words(word))

    @property
    def first_role(self) -> str:
        """What the first column of names holds."""
        return next((role for role in self.card.names.values() if role not in ("skip", "unit")), "")

    def take(self, named: _Named, role: str, text: str) -> None:
        """What one name that is no indicator says."""
        words = cleaned(without_marks(text))
        if role == "period":
            named.period = period_words(chinese_part(words)) or period_words(words.strip("()（）")) or words
        elif role == "unit":
            named.unit = chinese_part(words).strip("()（）")
        elif role == "place":
            place = self.place_words(text)
            if named.place and not has_chinese(place):
                return  # the same place in English
            named.within, named.place = named.place, place

    def place_in_order(
        self, named: _Named, text: str, sections: list[tuple[int, _Named]], *, has_figures: bool
    ) -> None:
        """Take an indicator's name; 其中, # or a deeper place below such a one puts it under the name before it."""
        depth = indentation(text)
        own = self.words_of([text], "indicator")
        is_part = part_of(chinese_part(without_marks(text))) is not None or part_of(text) is not None
        while sections and not is_part and sections[-1][0] >= depth:
            sections.pop()
        if is_part or (sections and sections[-1][1].path[1:]):
            parent = next((one for _, one in reversed(sections) if is_part and len(one.path) == 1), None)
            parent = parent or (sections[0][1] if sections else None)
            if parent:
                own = _Named(parent.path[:1] + own.path, unit=own.unit or parent.unit)
        elif sections and not own.unit:
            own.unit = sections[-1][1].unit
        named.path, named.unit = own.path, own.unit or named.unit
        if own.path and (is_part or has_figures or own.unit):
            sections.append((depth, own))

    # the figures

    def figures_of_row(self, row: int, named: _Named, heads: dict[int, _Named]) -> Iterator[dict[str, str | int]]:
        """The figures of one row that are named in full; the others are put aside."""
        for column, head in heads.items():
            text = self.grid.text(row, column)
            if self.is_blank(text):
                self.leave_out("note", [row], [column])  # a footnote mark where no figure is
                continue
            full = named.joined(head) if self.card.across != "indicator" else head.joined(named)
            full.unit = head.unit or named.unit
            if self.is_named(row, column, full):
                figure = self.figure(
                    row, column, label=full.path[0], breakdown="/".join(full.path[1:]), place=full.place,
                    within=full.within or self.card.within, period=full.period, unit=full.unit, table=self.card.table,
                )  # fmt: skip
                if figure:
                    yield figure

    def is_named(self, row: int, column: int, full: _Named) -> bool:
        """Whether everything says what the figure is; else it is put aside with what is missing."""
        for says, name, zh in (
            (full.path, "indicator", "没有写明指标"),
            (full.place, "place", "没有写明地区"),
            (full.period, "period", "没有写明时期"),
        ):
            if not says:
                en = f"nothing printed says the {name} of this figure; write it into the layout"
                self.note(f"{name}_missing", row, column, en, f"{zh}，请写入 layout")
                return False
        return True

    def check_outside(self, columns: list[int]) -> None:
        """Figures below the body that no other table claims are named, not dropped in silence."""
        claimed = set(self.body) | set(self.card.skip) | set(self.card.header)
        if self.card.body:
            return
        for row in range(max(self.body, default=0) + 1, self.grid.height + 1):
            numbers = sum(1 for column in columns if self.number(self.grid.text(row, column)))
            if row not in claimed and numbers * 2 > len(columns):
                en = "a row of numbers below the notes; give its table an entry of its own in the layout"
                self.note("row_below_notes", row, None, en, "注释下方还有数据行，请在版式说明中另列一表")
