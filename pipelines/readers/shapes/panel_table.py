"""Reader of panels: a row per place and period, an indicator per column; also groups of such columns side by side.

The columns of places and periods are known by their heads or by what they hold; in `年份, 地区, A, B, 地区, A, B` each
indicator belongs to the nearest of them on its left. Units stand in the heads (`GDP(亿元)`) or in the card:
`layout: {units: {Wage: 元, CPI: 上年=100}, skip_columns: [Region], period: 2019年, place: 浙江省}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.printed.heads import CORNERS, cleaned, indicator_and_unit, is_missing, is_place
from pipelines.printed.numerals import parse_number
from pipelines.printed.periods import period_words, periods_of_row
from pipelines.problems import shortened
from pipelines.readers.files.grid import column_letters
from pipelines.readers.shapes.tidy_table import says_the_same
from pipelines.readers.sheet_by_sheet import read_sheets
from pipelines.readers.sheet_table import FOOTER, SheetTable

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.readers import Reading
    from pipelines.readers.accounts import Accounts
    from pipelines.readers.files.grid import Grid, GridFile
    from pipelines.sources.card import Source

LAYOUT_KEYS = ("units", "unit", "labels", "skip_columns", "period", "place", "within", "header", "sheets")
_PLACE_HEADS = frozenset(("province", "region", "city", "area", "prov", "provinces", "place", "county"))
_PERIOD_HEADS = frozenset(("year", "time", "date", "month", "quarter", "period"))
_CODE_HEADS = frozenset(("id", "code", "代码", "编码", "行政区划代码", "地区代码", "序号", "no", "no."))
_HEADER_WITHIN_ROWS = 12


def read(project: Project, source: Source, path: Path) -> Reading:
    """Cut a panel into figures.

    Returns:
        A frame with `file`, `line` and `pipelines.readers.sheet_table.COLUMNS`, all text.

    Raises:
        SourceRefused: nothing says place or period, or a column that may tell figures apart.
    """
    return read_sheets(
        project, source, path, LAYOUT_KEYS, lambda file, grid, accounts: _Panel(file, grid, accounts, source.layout)
    )


def header_row(grid: Grid) -> int:
    """The row of heads: the first with several cells, none of them a number, above a row with numbers; 0 for none."""
    for row in range(1, min(grid.height - 1, _HEADER_WITHIN_ROWS) + 1):
        cells = [cell for cell in grid.rows[row - 1] if cell.strip()]
        below = [cell for cell in grid.rows[row] if cell.strip()]
        if (
            len(cells) > 2
            and not any(parse_number(cell) for cell in cells)
            and any(parse_number(cell) for cell in below)
        ):
            return row
    return 0


def roles_of(grid: Grid, header: int) -> dict[int, str]:
    """What each column holds: place, period, code, value or words."""
    found: dict[int, str] = {}
    rows = range(header + 1, grid.height + 1)
    for column in range(1, grid.width + 1):
        head = cleaned(grid.text(header, column)).lower()
        cells = [text for row in rows if (text := cleaned(grid.text(row, column))) and not is_missing(text)]
        if not cells:
            continue
        places = sum(1 for cell in cells if is_place(cell))
        periods = sum(1 for cell in cells if period_words(cell))
        numbers = sum(1 for cell in cells if parse_number(cell))
        if CORNERS.get(head) == "period" or (head in _PERIOD_HEADS and periods * 2 > len(cells)):
            found[column] = "period"
        elif places * 2 > len(cells):
            found[column] = "place"
        elif head in _CODE_HEADS:
            found[column] = "code"
        elif numbers * 2 > len(cells):
            found[column] = "value"
        else:
            found[column] = "words"
    return found


def is_panel(grid: Grid) -> bool:
    """Whether places and periods stand down the rows, under heads, beside columns of numbers."""
    header = header_row(grid)
    held = list(roles_of(grid, header).values()) if header else []
    return held.count("value") > 0 and "place" in held and "period" in held


class _Panel(SheetTable):
    """One sheet of a panel."""

    def __init__(self, file: GridFile, grid: Grid, accounts: Accounts, layout: dict[str, Any]) -> None:
        super().__init__(file, grid, accounts)
        self.layout = layout
        self.header = int(layout.get("header") or header_row(grid))

    def figures(self) -> list[dict[str, str | int]]:
        """Every figure of the sheet.

        Raises:
            SourceRefused: no heads, no place, no period, or a column that may tell figures apart.
        """
        if not self.header:
            en = "no row of heads above rows of numbers; say which it is in layout: header"
            raise self.refusal("header_missing", en, "找不到表头行")
        roles = roles_of(self.grid, self.header)
        skipped = {cleaned(str(name)) for name in self.layout.get("skip_columns") or ()}
        values = [c for c, role in roles.items() if role == "value" and self.head(c) not in skipped]
        end = self.last_row(roles)
        body = range(self.header + 1, end + 1)
        self.leave_out_words("head", range(1, self.header))
        self.leave_out("head", [self.header])
        self.leave_out("skipped_column", body, [c for c in roles if self.head(c) in skipped])
        self.leave_out("name", body, [c for c in roles if c not in values])
        self.leave_out_words("note", range(end + 1, self.grid.height + 1))
        self.refuse_unknown(roles, skipped)
        periods = self.periods_down(roles, body)
        found: list[dict[str, str | int]] = []
        for row in body:
            for column in values:
                if not is_missing(self.grid.text(row, column)):
                    figure = self.of_cell(row, column, roles, periods)
                    if figure:
                        found.append(figure)
        self.finish(found)
        return found

    def head(self, column: int) -> str:
        """The words over a column."""
        return cleaned(self.grid.text(self.header, column))

    def last_row(self, roles: dict[int, str]) -> int:
        """The last row before the notes."""
        for row in range(self.header + 1, self.grid.height + 1):
            first = cleaned(next((cell for cell in self.grid.rows[row - 1] if cell.strip()), ""))
            if FOOTER.match(first) and not any(self.is_plain_number(row, column) for column in roles):
                return row - 1
        return self.grid.height

    def refuse_unknown(self, roles: dict[int, str], skipped: set[str]) -> None:
        """Refuse a column of words that says more than the places and periods do.

        Raises:
            SourceRefused: naming it.
        """
        keys = [column for column, role in roles.items() if role in ("place", "period")]
        for column, role in roles.items():
            if role != "words" or self.head(column) in skipped:
                continue
            if not any(says_the_same(self.grid, key, column) for key in keys):
                name = shortened(self.head(column)) or column_letters(column)
                en = f"column {name} may tell figures apart; leave it out (layout: skip_columns), or give each its file"
                raise self.refusal("column_unknown", en, f"列 {name} 可能区分数据；请列入 skip_columns 或分开文件")

    def periods_down(self, roles: dict[int, str], body: range) -> dict[tuple[int, int], str]:
        """The period of each row by its column of periods; `2020.1` is what keeps the column in step."""
        found: dict[tuple[int, int], str] = {}
        for column in (column for column, role in roles.items() if role == "period"):
            texts = [self.merged_down(row, column) for row in body]
            runs = [text for at, text in enumerate(texts) if at == 0 or texts[at - 1] != text]
            read, out_of_step = periods_of_row(runs)
            if out_of_step:
                raise self.refusal("period_out_of_step", out_of_step.why_en, out_of_step.why_zh)
            at = 0
            for row, text in zip(body, texts, strict=True):
                at += text != runs[at]
                found[row, column] = read[at] or ""
        return found

    def of_cell(
        self, row: int, column: int, roles: dict[int, str], periods: dict[tuple[int, int], str]
    ) -> dict[str, str | int] | None:
        """One figure, with the nearest place and period on its left."""
        left = {role: key for key, role in roles.items() if role in ("place", "period") and key < column}
        beside = {role: key for key, role in reversed(roles.items()) if role in ("place", "period")}
        keys = beside | left
        place = (
            cleaned(self.merged_down(row, keys["place"])) if "place" in keys else str(self.layout.get("place") or "")
        )
        period = periods.get((row, keys["period"]), "") if "period" in keys else ""
        period = period or period_words(str(self.layout.get("period") or "")) or ""
        label, unit = indicator_and_unit(self.head(column))
        given = self.layout.get("units") or {}
        stated = str(given.get(self.head(column)) or given.get(label) or "")
        named = (self.layout.get("labels") or {}).get(self.head(column))
        for says, name, zh in ((label, "indicator", "指标"), (place, "place", "地区"), (period, "period", "时期")):
            if not says:
                en = f"nothing says the {name} of this figure; write it into the layout"
                self.note(f"{name}_missing", row, column, en, f"没有写明{zh}，请写入 layout")
                return None
        return self.figure(
            row, column, label=str(named or label), place=place, period=period,
            unit=stated or unit or str(self.layout.get("unit") or ""), within=str(self.layout.get("within") or ""),
        )  # fmt: skip
