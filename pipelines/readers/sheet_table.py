"""What tables of a grid share while being read: merged cells, cells that cannot be trusted, problems."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipelines.problems import Problem, shortened
from pipelines.readers import Reading
from pipelines.readers.files.grid import column_letters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipelines.problems import SourceRefused
    from pipelines.readers.files.grid import Grid, GridFile

COLUMNS = ("label", "breakdown", "place", "period", "qualifier", "value", "unit", "table", "sheet", "cell")
#: How the notes below a table begin.
FOOTER = re.compile(r"(注|备注|说明|数据来源|资料来源|来源)\s*\d*\s*[：:.．、]?")


class SheetTable:
    """One table of a grid while it is being read; collects the problems of its rows."""

    def __init__(self, file: GridFile, grid: Grid) -> None:
        self.file = file
        self.grid = grid
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
        is_last = row == self.grid.height and column == len(self.grid.rows[row - 1])
        if self.grid.ends_open and is_last:
            en = "the file ends within this line, so its last figure may be cut short; fetch it again, or end the line"
            self.note("perhaps_cut_off", row, column, en, "文件在此行中结束，最后一个数字可能不完整，请重新获取")
            return False
        return True

    def name_linked(self, found: list[dict[str, str | int]]) -> None:
        """Say which figures another workbook computed."""
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
        """A problem of one row or cell."""
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


def reading_of(figures: Sequence[Mapping[str, Any]], problems: list[Problem]) -> Reading:
    """Figures as the frame that landing takes: `file`, `line` and `COLUMNS`, all but the line as text."""
    import polars as pl

    schema = {"file": pl.String, "line": pl.Int64} | dict.fromkeys(COLUMNS, pl.String)
    return Reading(pl.DataFrame(figures, schema=schema, orient="row"), problems)
