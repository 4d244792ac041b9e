"""Reader of plain tidy tables: one header row, one figure in each row below, in a CSV or the first sheet of a workbook.

The columns are known by their heads (`ALIASES`), or the card says them:
`layout: {columns: {value: amount_yuan, label: metric_name, breakdown: resident_group_cn}, place: 浙江省, unit: 元}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.printed.heads import cleaned, indicator_and_unit, is_missing
from pipelines.printed.periods import period_words
from pipelines.printed.words import without_marks
from pipelines.problems import SourceRefused, shortened
from pipelines.readers.files.grid import GridFile
from pipelines.readers.files.opening import read_grids
from pipelines.readers.sheet_table import SheetTable, reading_of

if TYPE_CHECKING:
    from collections.abc import Iterator
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
    "qualifier": ("qualifier",),
    "value": ("value", "数值", "值", "obs_value"),
    "unit": ("unit", "单位", "计量单位"),
    "table": ("table",),
}
_NEEDED = ("label", "place", "period", "unit")
_FIXED = {"indicator": "label", "place": "place", "period": "period", "unit": "unit"}
_APOSTROPHE_BEFORE = "=+-@"


def read(project: Project, source: Source, path: Path) -> Reading:
    """Cut a tidy table into printed figures.

    Returns:
        A frame with `file`, `line` and `pipelines.readers.sheet_table.COLUMNS`, all text.

    Raises:
        SourceRefused: no column of values, or nothing that says the indicator, place, period or unit.
    """
    file = GridFile(project, source, path)
    grid = read_grids(project, source, path)[0]
    columns, fixed = columns_of(file, source, grid)
    table = SheetTable(file, grid)
    figures: list[dict[str, str | int]] = []
    for row in range(2, grid.height + 1):
        figures.extend(_figures(table, row, columns, fixed))
    table.name_linked(figures)
    return reading_of(figures, table.problems)


def is_tidy(project: Project, source: Source, path: Path) -> bool:
    """Whether a file's first row heads one figure per row."""
    try:
        grid = read_grids(project, source, path)[0]
    except SourceRefused:
        return False
    heads = {cleaned(cell).lower() for cell in grid.rows[0]}
    return all(heads & set(ALIASES[part]) for part in ("value", "period", "label"))


def columns_of(file: GridFile, source: Source, grid: Grid) -> tuple[dict[str, list[int]], dict[str, str]]:
    """In which columns each part of a figure stands, and what holds for all of them.

    Raises:
        SourceRefused: a column that is not there, or a part that nothing says.
    """
    heads = [cleaned(cell) for cell in grid.rows[0]]
    stated = source.layout.get("columns") or {}
    unknown = sorted(source.layout.keys() - {"columns", *_FIXED}) + sorted(
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
    open_ones = [key for key, value in fixed.items() if value == "?"]
    if open_ones:
        en = f"layout: {open_ones[0]} is still a question mark; write what holds for the table"
        raise file.refusal("layout_form", en, "layout 中还有未填写的问号")
    if "value" not in columns:
        en = f"no column of values; say which it is in layout: columns: value (heads: {', '.join(heads[:20])})"
        raise file.refusal("column_missing", en, "没有数值列，请在 layout 中写明", 1)
    for part in _NEEDED:
        if part not in columns and not fixed.get(part) and part != "unit":
            en = f"no column says the {part}; write it into the layout"
            raise file.refusal(f"{part}_missing", en, f"没有写明 {part}，请写入 layout", 1)
    return columns, fixed


def _figures(
    table: SheetTable, row: int, columns: dict[str, list[int]], fixed: dict[str, str]
) -> Iterator[dict[str, str | int]]:
    """The figure of one row; a row with a value that is not named in full is put aside."""
    (column,) = columns["value"][:1]
    grid = table.grid
    text = grid.text(row, column)
    if is_missing(text) or not table.is_readable(row, column):
        return
    cells = {part: [plain(grid.text(row, at)) for at in at_columns] for part, at_columns in columns.items()}
    parts = {part: "/".join(cell for cell in texts if cell) for part, texts in cells.items()}
    named = fixed | {part: words for part, words in parts.items() if words}
    if not named.get("unit") and named.get("label"):
        named["label"], named["unit"] = indicator_and_unit(named["label"])
    for part in _NEEDED:
        if not named.get(part):
            en = f"nothing says the {part} of this figure; fill the cell, or write it into the layout"
            table.note(f"{part}_missing", row, column, en, f"没有写明 {part}")
            return
    value = without_marks(plain(text))
    if grid.kind == "csv" and len(grid.rows[row - 1]) != len(grid.rows[0]):
        en = f"{len(grid.rows[row - 1])} cells where the header has {len(grid.rows[0])}; mend the row"
        table.note(
            "row_width", row, None, en, f"本行 {len(grid.rows[row - 1])} 个单元格，表头有 {len(grid.rows[0])} 个"
        )
        return
    yield {
        "file": table.file.name,
        "line": grid.line(row),
        "label": named["label"],
        "breakdown": named.get("breakdown", ""),
        "place": named["place"],
        "period": period_words(named["period"]) or named["period"],
        "qualifier": named.get("qualifier", ""),
        "value": value,
        "unit": named["unit"],
        "table": named.get("table", ""),
        "sheet": grid.sheet or "",
        "cell": grid.address(row, column),
    }


def plain(cell: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from taking it for a formula."""
    text = cell.strip()
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in _APOSTROPHE_BEFORE else text
