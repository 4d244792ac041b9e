"""Reader of yearbook tables: stacked and merged heads, two languages, 其中 rows, notes, several tables on a sheet.

Where a table's parts stand is for a person to say, in a card (`pipelines.readers.layout_card`; `gongfu propose` writes
a first one). What is printed in them is read here: the words of stacked heads and of names, their units, and the
figures. A figure that nothing names in full is put aside, and a table whose heads do not cover its figures is refused
whole, because its heads may stand one column off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.printed.heads import TOTALS, cleaned
from pipelines.printed.periods import period_words
from pipelines.printed.words import chinese_part, has_chinese, indentation, part_of, subject_in, without_marks
from pipelines.problems import SourceRefused, shortened
from pipelines.readers.accounts import Accounts
from pipelines.readers.files.grid import GridFile
from pipelines.readers.files.opening import read_grids
from pipelines.readers.layout_card import tables_of
from pipelines.readers.sheet_table import reading_of
from pipelines.readers.yearbook_heads import HeadedTable, Named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipelines.problems import Problem
    from pipelines.project import Project
    from pipelines.readers import Reading
    from pipelines.readers.files.grid import Grid
    from pipelines.readers.layout_card import TableCard
    from pipelines.sources.card import Source


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
        SourceRefused: none is named so, or none is named and several are shown.
    """
    shown = [grid for grid in grids if not grid.is_hidden] or grids
    if card.sheet is None and len(shown) == 1:
        return shown[0]
    named = [grid for grid in grids if cleaned(grid.sheet or "") == cleaned(str(card.sheet or ""))]
    if len(named) == 1 and card.sheet is not None:
        return named[0]
    if isinstance(card.sheet, int) and 0 < card.sheet <= len(grids):
        return grids[card.sheet - 1]
    there = ", ".join(shortened(grid.sheet or "") for grid in grids[:12])
    if card.sheet is None:
        en = f"layout names no sheet, and the file has {there}; add sheet: to the table"
        raise file.refusal("sheet_missing", en, f"版式说明没有写明工作表，文件有：{there}；请在表中加上sheet:")
    en = f"layout names sheet {shortened(str(card.sheet))}; the file has {there}"
    raise file.refusal("sheet_missing", en, f"版式说明中的工作表不存在；文件有：{there}")


class YearbookTable(HeadedTable):
    """One table while it is being read."""

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

    # what the figures are

    def named_rows(self, columns: list[int]) -> Iterator[tuple[int, Named]]:  # noqa: C901 - what a row is by its names
        """Each row that holds figures, with what its names say; 其中 rows stand below the name before them."""
        above = ""
        within = ""
        sections: list[tuple[int, Named]] = []
        for row in self.body:
            has_figures = any(not self.is_blank(self.grid.text(row, column)) for column in columns)
            named = Named()
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

    def take(self, named: Named, role: str, text: str) -> None:
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

    def place_in_order(self, named: Named, text: str, sections: list[tuple[int, Named]], *, has_figures: bool) -> None:
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
                own = Named(parent.path[:1] + own.path, unit=own.unit or parent.unit)
        elif sections and not own.unit:
            own.unit = sections[-1][1].unit
        named.path, named.unit = own.path, own.unit or named.unit
        if own.path and (is_part or has_figures or own.unit):
            sections.append((depth, own))

    # the figures

    def figures_of_row(self, row: int, named: Named, heads: dict[int, Named]) -> Iterator[dict[str, str | int]]:
        """The figures of one row that are named in full; the others are put aside."""
        for column, head in heads.items():
            text = self.grid.text(row, column)
            if self.is_blank(text):
                self.leave_out("note", [row], [column])  # a footnote mark where no figure is
                continue
            full = named.joined(head) if self.card.across != "indicator" else head.joined(named)
            full.unit = head.unit or named.unit
            if full.path and full.path[0] in TOTALS:  # 合计 of what the title says
                full.path = [*filter(None, [self.subject()]), *full.path[1:]]
            if self.is_named(row, column, full):
                figure = self.figure(
                    row, column, label=full.path[0], breakdown="/".join(full.path[1:]), place=full.place,
                    within=full.within or self.card.within, period=full.period, unit=full.unit, table=self.card.table,
                )  # fmt: skip
                if figure:
                    yield figure

    def subject(self) -> str:
        """What the table is about, by the rows above its heads; "" where they do not say it."""
        return subject_in(self.titles())

    def is_named(self, row: int, column: int, full: Named) -> bool:
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
