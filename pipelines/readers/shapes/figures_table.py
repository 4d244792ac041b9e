"""Reader of figures tables: a CSV with one printed figure per row, typed from a publication by hand.

The plain form has the columns of `REQUIRED`. A table typed from prose also says where in the text each number,
unit and qualifier stands (`SPANS`, character offsets) and in which chapter and section.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from pipelines.problems import Problem, SourceRefused, shortened
from pipelines.readers import Reading
from pipelines.readers.accounts import LeftOut

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.sources.card import Source

REQUIRED = ("label", "breakdown", "place", "period", "qualifier", "value", "unit", "table")
SPANS = ("value_start", "value_end", "unit_start", "unit_end", "qualifier_start", "qualifier_end")
OPTIONAL = ("chapter", "section", *SPANS)
CELL_CHARACTERS_AT_MOST = 10_000
_HAS_DIGIT = re.compile(r"[0-9０-９]")


def read(project: Project, source: Source, path: Path) -> Reading:
    """Cut one figures table into rows of cells, every cell as text, each row with its line.

    Returns:
        A frame with `file`, `line`, and the columns of `REQUIRED` and `OPTIONAL` as text (empty cells are "").

    Raises:
        SourceRefused: not UTF-8, empty, or a column is missing or unknown.
    """
    import polars as pl

    table = _Table(project, source, path)
    header, rows = table.cut()
    columns: dict[str, list[str]] = {name: [] for name in header}
    lines: list[int] = []
    for line, cells in rows:
        lines.append(line)
        for name, cell in zip(header, cells, strict=True):
            columns[name].append(cell.strip())
    table.account(header, columns["value"])
    empty = [""] * len(lines)
    frame = pl.DataFrame(
        {"file": [table.name] * len(lines), "line": lines}
        | {name: columns.get(name, empty) for name in (*REQUIRED, *OPTIONAL)},
        schema={"file": pl.String, "line": pl.Int64} | dict.fromkeys((*REQUIRED, *OPTIONAL), pl.String),
    )
    return Reading(frame, table.problems, table.numbers, table.refused, table.left_out)


class _Table:
    """One figures table while it is being cut; collects the problems of its rows."""

    def __init__(self, project: Project, source: Source, path: Path) -> None:
        self.source_id = source.source_id
        self.path = path
        self.name = project.relative(path)
        self.problems: list[Problem] = []
        self.numbers = 0
        self.refused = 0
        self.left_out: list[LeftOut] = []

    def account(self, header: list[str], values: list[str]) -> None:
        """Count the cells with a digit: a value is a figure, the others are words beside it.

        Raises:
            SourceRefused: some row was neither taken nor named in a problem.
        """
        rows = list(csv.reader(io.StringIO(self.text(), newline="")))
        column = header.index("value")
        held = sum(1 for row in rows[1:] if len(row) > column and _HAS_DIGIT.search(row[column]))
        taken = sum(1 for value in values if _HAS_DIGIT.search(value))
        self.numbers = sum(1 for row in rows for cell in row if _HAS_DIGIT.search(cell))
        self.refused = held - taken
        if self.refused and not self.problems:
            en = f"{self.refused} of {held} values were read into no figure; mend the rows"
            raise SourceRefused([self.problem("numbers_unaccounted", en, "有数值未读入，请修正")])
        if beside := self.numbers - held:
            self.left_out = [LeftOut(self.name, "", "name", f"1:1-{len(rows)}:{len(header)}", beside)]

    def problem(
        self,
        rule: str,
        en: str,
        zh: str,
        line: int | None = None,
        column: str | None = None,
        value: object = None,
    ) -> Problem:
        return Problem(
            source_id=self.source_id,
            file=self.name,
            line=line,
            column=column,
            rule=rule,
            value=None if value is None else shortened(value),
            message_en=en,
            message_zh=zh,
        )

    def text(self) -> str:
        data = self.path.read_bytes()
        if not data.strip():
            raise SourceRefused(
                [self.problem("file_empty", "the file is empty; fetch it again", "文件为空，请重新获取")]
            )
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            en = f"byte {error.start} is not UTF-8 (is the file GB18030?); save it as UTF-8"
            zh = f"第 {error.start} 字节不是 UTF-8（可能是 GB18030），请另存为 UTF-8"
            raise SourceRefused([self.problem("encoding", en, zh, line=line)]) from None

    def cut(self) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
        reader = csv.reader(io.StringIO(self.text(), newline=""), strict=True)
        try:
            header = [name.strip() for name in next(reader)]
        except (StopIteration, csv.Error):
            raise SourceRefused([self.problem("header", "no header line", "没有表头", line=1)]) from None
        self.check(header)
        return header, self.rows(reader, len(header))

    def check(self, header: list[str]) -> None:
        refused = [
            self.problem("column_missing", f"column {name} is missing; add it", f"缺少列 {name}", 1, name)
            for name in REQUIRED
            if name not in header
        ]
        for name in dict.fromkeys(header):
            if name not in (*REQUIRED, *OPTIONAL):
                known = ", ".join((*REQUIRED, *OPTIONAL))
                en = f"unknown column; known are {known}"
                refused.append(self.problem("column_unknown", en, "未知的列", 1, name or "(no name)"))
            elif header.count(name) > 1:
                refused.append(self.problem("column_twice", "the column stands twice; keep one", "列重复", 1, name))
        if refused:
            raise SourceRefused(refused)

    def rows(self, reader: Iterator[list[str]], width: int) -> Iterator[tuple[int, list[str]]]:
        while True:
            line = reader.line_num + 1  # type: ignore[attr-defined]
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                en = f"the quotes of this line do not close ({error}); mend the row"
                raise SourceRefused([self.problem("csv_form", en, "引号不配对，请修正该行", line)]) from None
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != width:
                en = f"{len(cells)} cells where the header has {width}; mend the row"
                zh = f"本行 {len(cells)} 个单元格，表头有 {width} 个"
                self.problems.append(self.problem("row_width", en, zh, line, value=",".join(cells)))
            elif any(len(cell) > CELL_CHARACTERS_AT_MOST for cell in cells):
                self.problems.append(
                    self.problem("cell_too_long", "a cell is over 10 000 characters", "单元格过长", line)
                )
            else:
                yield line, cells
