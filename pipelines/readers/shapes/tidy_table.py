"""Reader of plain tidy tables: one header row, one figure in each row below, in a CSV or the first sheet of a workbook.

The columns are known by their heads (`ALIASES`), or the card says them:
`layout: {columns: {value: amount_yuan, label: metric_name, breakdown: resident_group_cn}, place: 浙江省, unit: 元}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.printed.heads import cleaned, indicator_and_unit, is_missing
from pipelines.printed.numerals import parse_number
from pipelines.printed.periods import at_frequency, frequency, period_words, periods_of_row
from pipelines.problems import SourceRefused, shortened
from pipelines.readers.accounts import Accounts
from pipelines.readers.files.grid import GridFile
from pipelines.readers.files.opening import read_grids
from pipelines.readers.sheet_table import SheetTable, reading_of

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.readers import Reading
    from pipelines.readers.files.grid import Grid
    from pipelines.sources.card import Source

#: What each part of a figure is called in the heads of tidy tables.
ALIASES = {
    "label": ("label", "indicator", "指标", "指标名称"),
    "breakdown": ("breakdown", "分组", "分类"),
    "place": ("place", "area", "region", "地区", "地区名称", "省份", "城市"),
    "period": ("period", "time", "year", "时间", "年份", "时期"),
    "within": ("within", "省"),
    "frequency": ("frequency", "freq", "频率", "频度"),
    "qualifier": ("qualifier",),
    "value": ("value", "数值", "值", "obs_value"),
    "unit": ("unit", "单位", "计量单位"),
    "table": ("table",),
}
_NEEDED = ("label", "place", "period")
_FIXED = {
    "indicator": "label", "place": "place", "period": "period", "unit": "unit", "within": "within",
    "frequency": "frequency",
}  # fmt: skip
_APOSTROPHE_BEFORE = "=+-@"


def read(project: Project, source: Source, path: Path) -> Reading:
    """Cut a tidy table into printed figures.

    Returns:
        A frame with `file`, `line` and `pipelines.readers.sheet_table.COLUMNS`, all text.

    Raises:
        SourceRefused: no column of values, or nothing that says the indicator, place, period or unit.
    """
    file = GridFile(project, source, path)
    grids = read_grids(project, source, path)
    grid, accounts = grids[0], Accounts.of(grids)
    for other in grids[1:]:
        accounts.leave_out_sheet(other, "hidden" if other.is_hidden else "other_sheet")
    columns, fixed = columns_of(file, source, grid)
    table = SheetTable(file, grid, accounts)
    first = 1 if is_headless(grid) else 2
    body = range(first, grid.height + 1)
    table.leave_out("head", range(1, first))
    named = {column for part, at_columns in columns.items() if part != "value" for column in at_columns}
    table.leave_out("name", body, named)
    table.leave_out("skipped_column", body, skipped_columns(source, grid))
    table.leave_out("name", body, (set(range(1, grid.width + 1)) - set(columns["value"])))
    periods = _periods(table, body, columns)
    given = source.layout.get("units")
    units = {cleaned(str(key)): str(value) for key, value in given.items()} if isinstance(given, dict) else {}
    found = (_figure(table, row, columns, fixed, units, periods) for row in body)
    figures = [figure for figure in found if figure is not None]
    table.finish(figures)
    return reading_of(file, accounts, figures, table.problems)


def is_tidy(project: Project, source: Source, path: Path) -> bool:
    """Whether a file's first row heads one figure per row."""
    try:
        grid = read_grids(project, source, path)[0]
    except SourceRefused:
        return False
    heads = {cleaned(cell).lower() for cell in grid.rows[0]}
    return all(heads & set(ALIASES[part]) for part in ("value", "period", "label"))


def is_headless(grid: Grid) -> bool:
    """Whether the first row is a figure like those below it: a file that only its columns explain."""
    return any(parse_number(cell) and not period_words(cell) for cell in grid.rows[0]) and any(
        period_words(cell) for cell in grid.rows[0]
    )


def heads_of(grid: Grid) -> list[str]:
    """The heads of the columns; of a file without a row of heads `1`, `2`, …"""
    if is_headless(grid):
        return [str(column) for column in range(1, grid.width + 1)]
    return [cleaned(cell) for cell in grid.rows[0]]


def skipped_columns(source: Source, grid: Grid) -> list[int]:
    """The columns that the card skips, by their heads."""
    given = source.layout.get("skip_columns") or []
    names = [cleaned(str(name)) for name in (given if isinstance(given, list) else str(given).split(","))]
    return [column for column, head in enumerate(heads_of(grid), 1) if head in names]


def columns_of(file: GridFile, source: Source, grid: Grid) -> tuple[dict[str, list[int]], dict[str, str]]:
    """In which columns each part of a figure stands, and what holds for all of them.

    Raises:
        SourceRefused: a column that is not there, or a part that nothing says.
    """
    heads = heads_of(grid)
    stated = source.layout.get("columns") or {}
    unknown = sorted(source.layout.keys() - {"columns", "skip_columns", "units", *_FIXED}) + sorted(
        set(stated if isinstance(stated, dict) else {"columns": 0}) - set(ALIASES)
    )
    if unknown:
        en = f"layout of a tidy_table takes columns ({', '.join(ALIASES)}), {', '.join(_FIXED)}; not {unknown[0]}"
        raise file.refusal("layout_key", en, "layout 中有无法识别的键")
    columns: dict[str, list[int]] = {}
    for part, aliases in ALIASES.items():
        wanted = stated.get(part, [head for head in heads if head.lower() in aliases][:1])
        names = [str(name) for name in (wanted if isinstance(wanted, list) else [wanted])]
        missing = [name for name in names if heads.count(cleaned(name)) != 1]
        if missing:
            en = (
                f"no column, or more than one, is headed {shortened(missing[0])}; the heads are {', '.join(heads[:20])}"
            )
            raise file.refusal("column_missing", en, f"没有名为 {shortened(missing[0])} 的列，或不止一列", 1)
        if names:
            columns[part] = [heads.index(cleaned(name)) + 1 for name in names]
    fixed = {_FIXED[key]: cleaned(str(value)) for key, value in source.layout.items() if key in _FIXED and value}
    given = source.layout.get("units")
    units = given if isinstance(given, dict) else {}
    open_ones = [str(key) for key, value in [*fixed.items(), *units.items()] if value == "?"]
    if open_ones:
        en = f"layout: {open_ones[0]} is still a question mark; write what holds for the table"
        raise file.refusal("layout_form", en, "layout 中还有未填写的问号")
    if "value" not in columns:
        en = f"no column of values; say which it is in layout: columns: value (heads: {', '.join(heads[:20])})"
        raise file.refusal("column_missing", en, "没有数值列，请在 layout 中写明", 1)
    for part in _NEEDED:
        if part not in columns and not fixed.get(part):
            en = f"no column says the {part}; write it into the layout"
            raise file.refusal(f"{part}_missing", en, f"没有写明 {part}，请写入 layout", 1)
    mapped = {column for at_columns in columns.values() for column in at_columns}
    beside = [
        head
        for column, head in enumerate(heads, 1)
        if column not in mapped
        and column not in skipped_columns(source, grid)
        and _holds_anything(grid, column)
        and not any(says_the_same(grid, other, column) for other in mapped - set(columns["value"]))
    ]
    if beside:
        en = (
            f"column {shortened(beside[0])} may tell figures apart; map it (layout: columns: breakdown), or "
            f"leave it out (layout: skip_columns: [{', '.join(beside)}])"
        )
        zh = f"列 {shortened(beside[0])} 可能区分数据；请写入 layout 的 columns.breakdown，或列入 skip_columns"
        raise file.refusal("column_unknown", en, zh, 1)
    return columns, fixed


def says_the_same(grid: Grid, known: int, column: int) -> bool:
    """Whether a column only says in other words what a known one says (its code, its translation)."""
    means: dict[str, str] = {}
    for row in range(1 if is_headless(grid) else 2, grid.height + 1):
        if means.setdefault(grid.text(row, known), grid.text(row, column)) != grid.text(row, column):
            return False
    return len(set(means.values())) > 1


def _holds_anything(grid: Grid, column: int) -> bool:
    return any(grid.text(row, column).strip() for row in range(1, grid.height + 1))


def _periods(table: SheetTable, rows: range, columns: dict[str, list[int]]) -> dict[int, str]:
    """The period of each row, read in its column: `2020.1` is what keeps the column in step."""
    if len(columns.get("period", [])) != 1:
        return {}
    (column,) = columns["period"]
    texts = [table.grid.text(row, column) for row in rows]
    runs: list[str] = []
    for text in texts:
        if not runs or runs[-1] != text:
            runs.append(text)
    read, out_of_step = periods_of_row(runs)
    if out_of_step:
        raise table.refusal("period_out_of_step", out_of_step.why_en, out_of_step.why_zh)
    found: dict[int, str] = {}
    at = 0
    for row, text in zip(rows, texts, strict=True):
        if text != runs[at]:
            at += 1
        found[row] = read[at] or ""
    return found


def _figure(
    table: SheetTable,
    row: int,
    columns: dict[str, list[int]],
    fixed: dict[str, str],
    units: dict[str, str],
    periods: dict[int, str],
) -> dict[str, str | int] | None:
    """The figure of one row; a row with a value that is not named in full is put aside."""
    (column,) = columns["value"][:1]
    grid = table.grid
    if is_missing(grid.text(row, column)):
        return None
    cells = {part: [plain(grid.text(row, at)) for at in at_columns] for part, at_columns in columns.items()}
    parts = {part: "/".join(cell for cell in texts if cell) for part, texts in cells.items()}
    named = fixed | {part: words for part, words in parts.items() if words}
    if not parts.get("unit") and named.get("label"):
        label, unit = indicator_and_unit(named["label"])
        named["label"], named["unit"] = label, units.get(label) or unit or fixed.get("unit", "")
    for part in ("label", "place", "period"):
        if not named.get(part):
            en = f"nothing says the {part} of this figure; fill the cell, or write it into the layout"
            table.note(f"{part}_missing", row, column, en, f"没有写明 {part}")
            return None
    if grid.kind == "csv" and len(grid.rows[row - 1]) != len(grid.rows[0]):
        en = f"{len(grid.rows[row - 1])} cells where the header has {len(grid.rows[0])}; mend the row"
        table.note(
            "row_width", row, None, en, f"本行 {len(grid.rows[row - 1])} 个单元格，表头有 {len(grid.rows[0])} 个"
        )
        return None
    period: str | None = periods.get(row) or period_words(named["period"]) or named["period"]
    if stated := frequency(named.get("frequency", "")):
        period = at_frequency(period or "", stated)
    if not period:
        en = f"{named['period']} is finer than the frequency that the file states; mend one of them"
        table.note("period_finer_than_frequency", row, column, en, "时期比文件所写频率更细")
        return None
    return table.figure(
        row, column, label=named["label"], breakdown=named.get("breakdown", ""), place=named["place"],
        within=named.get("within", ""), period=period, qualifier=named.get("qualifier", ""), unit=named.get("unit", ""),
        table=named.get("table", ""),
    )  # fmt: skip


def plain(cell: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from taking it for a formula."""
    text = cell.strip()
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in _APOSTROPHE_BEFORE else text
