"""What tables of a grid share while being read: merged cells, cells that cannot be trusted, problems."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipelines.printed.heads import is_unit
from pipelines.printed.numerals import has_decimal_comma, has_groups_of_three, is_chinese_numeral, parse_number
from pipelines.printed.periods import period_words
from pipelines.printed.words import without_marks
from pipelines.problems import Problem, shortened
from pipelines.readers import Reading
from pipelines.readers.files.grid import column_letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipelines.problems import SourceRefused
    from pipelines.readers.accounts import Accounts
    from pipelines.readers.files.grid import Grid, GridFile

COLUMNS = (
    "label", "breakdown", "place", "within", "period", "qualifier", "value", "stored", "unit", "table", "sheet", "cell"
)  # fmt: skip
#: How the notes below a table begin.
FOOTER = re.compile(
    r"(注|备注|说明|数据来源|资料来源|来源(?!于))\s*\d*\s*[：:.．、]?|"
    r"(?:Notes?|(?:Data )?Sources?|Source of data)\s*\d*\s*[:：.]|[a-z]\)",
    re.IGNORECASE,
)
#: A number with its unit behind it, as a format such as `0.0"万元"` or `0.0%` shows it.
_WITH_UNIT = re.compile(r"([-+−]?[0-9０-９][0-9０-９.．,，]*)\s*([^0-9０-９.．,，\s].*)")


def number_with_unit(text: str) -> tuple[str, str] | None:
    """`6.2%`, `1.2万元` as number and unit; None for anything else."""
    found = _WITH_UNIT.fullmatch(text)
    if found and parse_number(found[1]) and is_unit(found[2]) and period_words(text) is None:
        return found[1], found[2].replace("％", "%")
    return None


class SheetTable:
    """One table of a grid while it is being read; collects the problems of its rows."""

    def __init__(self, file: GridFile, grid: Grid, accounts: Accounts) -> None:
        self.file = file
        self.grid = grid
        self.accounts = accounts
        self.problems: list[Problem] = []
        self._filled_down = {
            (row, left): self.grid.text(top, left)
            for top, left, bottom, right in grid.merged
            if left == right
            for row in range(top, min(bottom, grid.height) + 1)
        }

    def merged_down(self, row: int, column: int) -> str:
        """The cell's text, or that of the upright merged range that it lies in."""
        return self._filled_down.get((row, column)) or self.grid.text(row, column)

    def is_readable(self, row: int, column: int) -> bool:
        """Whether a cell holds what was stored in it, whole; else it is put aside."""
        if (row, column) in self.grid.uncomputed:
            en = "a formula without a stored value; open the workbook, let it calculate, and save it"
            self.note("formula_without_value", row, column, en, "公式没有保存的计算结果，请在表格软件中重新计算并保存")
            return False
        if self.may_be_cut_short(row, column):
            en = "the file ends within this line, so that its last figure may be cut short; fetch the file again"
            self.note("perhaps_cut_off", row, column, en, "文件在此行中结束，最后一个数字可能不完整，请重新获取")
            return False
        if is_chinese_numeral(self.grid.text(row, column)):
            en = "a Chinese numeral alone in a cell, perhaps a dash that was misread; compare it with the page"
            self.note("perhaps_a_dash", row, column, en, "单元格中只有一个汉字数字，可能是短横线的误识，请核对")
            return False
        return True

    def may_be_cut_short(self, row: int, column: int) -> bool:
        """Whether the last cell of a file without a last line end looks unlike the cells beside and above it."""
        if not self.grid.ends_open or (row, column) != (self.grid.height, len(self.grid.rows[row - 1])):
            return False
        this = parse_number(self.grid.text(row, column))
        for neighbour in (self.grid.text(row, column - 1), self.grid.text(row - 1, column)):
            other = parse_number(neighbour)
            if this and other and this.decimals == other.decimals and period_words(neighbour) is None:
                small, large = sorted((abs(this.number), abs(other.number)))
                if large <= 3 * small:  # a digit that is missing makes ten times less
                    return False
        return True

    def figure(  # noqa: PLR0913 - the parts of a figure
        self, row: int, column: int, *, label: str, place: str, period: str, unit: str, breakdown: str = "",
        within: str = "", qualifier: str = "", table: str = "",
    ) -> dict[str, str | int] | None:  # fmt: skip
        """One figure as landing takes it; None where its cell cannot be trusted, with the reason among the problems."""
        if not self.is_readable(row, column):
            return None
        value = without_marks(self.grid.text(row, column).strip())
        if found := number_with_unit(value):
            value, printed = found
            if unit and unit.replace("％", "%") != printed:
                en = f"printed with {printed}, under a head in {shortened(unit)}; say which in the card's layout"
                self.note("unit_twice", row, column, en, f"单元格印作 {printed}，表头为 {shortened(unit)}，请核对")
                return None
            unit = printed
        if not unit:
            en = "no unit is printed for this figure; write it into the layout"
            self.note("unit_missing", row, column, en, "没有写明计量单位，请写入 layout")
            return None
        return {
            "file": self.file.name,
            "line": self.grid.line(row),
            "label": label,
            "breakdown": breakdown,
            "place": place,
            "within": within,
            "period": period,
            "qualifier": qualifier,
            "value": value,
            "stored": self.grid.stored.get((row, column), ""),
            "unit": unit,
            "table": table,
            "sheet": self.grid.sheet or "",
            "cell": self.grid.address(row, column),
        }

    def leave_out(self, reason: str, rows: Iterable[int], columns: Iterable[int] | None = None) -> None:
        """Account for cells that are no figures; without columns for whole rows."""
        sheet, wanted = self.grid.sheet or "", list(columns) if columns is not None else None
        for row in rows:
            if 1 <= row <= self.grid.height:
                held = wanted if wanted is not None else range(1, len(self.grid.rows[row - 1]) + 1)
                self.accounts.leave_out(reason, ((sheet, row, column) for column in held))

    def leave_out_words(self, reason: str, rows: Iterable[int]) -> None:
        """Account for the words of rows (titles, heads, notes); numbers that stand there alone are not among them."""
        for row in rows:
            numbers = [column for column in range(1, self.grid.width + 1) if self.is_plain_number(row, column)]
            held = len(numbers) > 1
            self.leave_out(
                reason,
                [row],
                [column for column in range(1, self.grid.width + 1) if not (held and column in numbers)],
            )

    def is_plain_number(self, row: int, column: int) -> bool:
        """Whether a cell is a number and no year."""
        text = self.grid.text(row, column)
        return parse_number(without_marks(text)) is not None and period_words(text) is None

    def refuse_decimal_commas(self, found: list[dict[str, str | int]]) -> None:
        """Refuse a table in which some numbers have a decimal comma, and others may or may not have one.

        Raises:
            SourceRefused: naming one of each.
        """
        comma = next((figure for figure in found if has_decimal_comma(str(figure["value"]))), None)
        other = next((figure for figure in found if has_groups_of_three(str(figure["value"]))), None)
        if comma and other:
            en = (
                f"{comma['cell']} prints {comma['value']} with a decimal comma, so that {other['value']} in "
                f"{other['cell']} has two readings; fetch the table with decimal points"
            )
            zh = f"{comma['cell']} 以逗号作小数点，{other['cell']} 的 {other['value']} 有两种读法，请另行获取"
            raise self.refusal("decimal_comma", en, zh)

    def finish(self, found: list[dict[str, str | int]]) -> None:
        """What only the whole table shows: decimal commas, and figures that another workbook computed."""
        self.refuse_decimal_commas(found)
        last = self.grid.address(self.grid.height, len(self.grid.rows[-1])) if self.grid.rows else ""
        if self.grid.ends_open and found and found[-1]["cell"] == last:
            value = found[-1]["value"]
            en = f"the file ends without a line end; its last figure {value} is taken: compare it with the site"
            zh = f"文件末尾没有换行，最后一个数字 {value} 照收，请与网站核对"
            self.problems.append(self.file.problem("perhaps_cut_off", en, zh, int(found[-1]["line"]), last))
        if not self.grid.linked:
            return
        linked = {self.grid.address(row, column) for row, column in self.grid.linked}
        taken = [str(figure["cell"]) for figure in found if figure["cell"] in linked]
        if taken:
            en = (
                f"{len(taken)} figures from {taken[0]} on were computed from another workbook; "
                "their stored values are taken: compare them with it"
            )
            zh = f"从 {taken[0]} 起有 {len(taken)} 个数字取自其他工作簿的保存值，请核对"
            self.problems.append(self.file.problem("external_link", en, zh, column=taken[0]))

    def note(self, rule: str, row: int, column: int | None, en: str, zh: str) -> None:
        """A problem of one row or cell, whose numbers are thereby refused."""
        sheet = self.grid.sheet or ""
        columns = [column] if column else range(1, len(self.grid.rows[row - 1]) + 1)
        self.accounts.refuse((sheet, row, each) for each in columns)
        value = shortened(self.grid.text(row, column)) if column else None
        place = None
        if column:
            place = column_letters(column) + str(row) if self.grid.kind == "sheet" else str(column)
        self.problems.append(
            Problem(self.file.source_id, self.file.name, rule, en, zh, self.grid.line(row), place, value)
        )

    def refusal(self, rule: str, en: str, zh: str) -> SourceRefused:
        """A reason against the whole table, to be raised."""
        where = f"sheet {self.grid.sheet}: " if self.grid.sheet else ""
        return self.file.refusal(rule, f"{where}{en}", f"{where}{zh}")


def reading_of(
    file: GridFile,
    accounts: Accounts,
    figures: Sequence[Mapping[str, Any]],
    problems: list[Problem],
    more_columns: Sequence[str] = (),
) -> Reading:
    """Figures as the frame that landing takes: `file`, `line` and `COLUMNS`, all but the line as text.

    Raises:
        SourceRefused: numbers of the file are neither among the figures nor left out nor refused.
    """
    import polars as pl

    accounts.close(file, ((str(figure["sheet"]), str(figure["cell"])) for figure in figures))
    schema = {"file": pl.String, "line": pl.Int64} | dict.fromkeys((*COLUMNS, *more_columns), pl.String)
    frame = pl.DataFrame(figures, schema=schema, orient="row")
    return Reading(frame, problems, len(accounts.numbers), len(accounts.refused), accounts.summary(file.name))
