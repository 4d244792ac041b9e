"""What stands around a figure in its raw file, as printed: lines of a text, or rows of a sheet under their heads."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.readers.files.grid import column_letters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.readers.files.grid import Grid

#: How many rows and columns are shown on either side of the figure's own.
NEIGHBOURS = 2
#: Raw text larger than this is not read to show a few of its lines.
_TEXT_BYTES_AT_MOST = 64 * 1024 * 1024
_HEADS_AT_MOST = 3
#: A sentence is shown this far on either side of its figure.
_SENTENCE = 60
_STOPS = "。！？\n"
_CELL = re.compile(r"[A-Z]{1,3}\d+")


@dataclass(frozen=True)
class Neighbour:
    """A row of the raw file beside the figure's own, or the figure's own.

    Attributes:
        place: line of the file, or row of the sheet.
        text: as printed.
        is_own: it is the figure's.
    """

    place: str
    text: str
    is_own: bool


def around(project: Project, path: Path, printed: dict[str, Any]) -> list[Neighbour]:
    """The rows around a figure; none where its file is gone, no longer what it was, or too large to open for it.

    Args:
        project: whose raw/.
        path: the raw file.
        printed: the figure's row of landing.printed_figures.
    """
    if not path.is_file() or not path.resolve().is_relative_to(project.raw.resolve()):
        return []
    if printed.get("char_start") is not None and path.suffix != ".csv":
        return _sentences_around(path, printed)
    cell = printed["cell"] or ""
    if cell.startswith("/"):
        return _nodes_around(path, cell)
    if _CELL.fullmatch(cell):
        return _cells_around(project, path, cell, printed["sheet"])
    return _lines_around(path, printed)


def _sentences_around(path: Path, printed: dict[str, Any]) -> list[Neighbour]:
    """The sentence of a text that a figure stands in, the figure in 【】; none where the text cannot be opened now."""
    from pipelines.problems import SourceRefused
    from pipelines.readers.prose.documents import received

    try:
        text = received(path).text
    except SourceRefused:
        return []
    start, end = int(printed["char_start"]), int(printed["unit_char_end"] or printed["char_end"])
    begin = max(start - _SENTENCE, *(text.rfind(stop, 0, start) + 1 for stop in _STOPS))
    stops = [at for at in (text.find(stop, end) for stop in _STOPS) if at >= 0]
    stop = min(end + _SENTENCE, *stops, len(text)) if stops else min(end + _SENTENCE, len(text))
    sentence = f"{text[begin:start]}【{text[start:end]}】{text[end : stop + 1]}"
    return [Neighbour(str(printed["line"]), " ".join(sentence.split()), is_own=True)]


def _lines_around(path: Path, printed: dict[str, Any]) -> list[Neighbour]:
    if path.stat().st_size > _TEXT_BYTES_AT_MOST:
        return []
    lines = _decoded(path.read_bytes()).splitlines()
    own = int(printed["line"])
    if own > len(lines):
        return []
    shown = {1, _head_line(lines, own, printed["cell"]), *range(max(1, own - NEIGHBOURS), own + NEIGHBOURS + 1)}
    return [Neighbour(str(line), lines[line - 1], line == own) for line in sorted(shown) if line <= len(lines)]


def _head_line(lines: list[str], own: int, cell: str | None) -> int:
    """The nearest line above that holds words, no number, in the figure's column; 1 where the column is not known."""
    _, _, column = (cell or "").partition(":")
    if not column.isdigit():
        return 1
    for line in range(own - 1, 0, -1):
        try:
            cells = next(csv.reader([lines[line - 1]]), [])
        except csv.Error:
            return 1
        if len(cells) >= int(column) and _is_head(cells[int(column) - 1]):
            return line
    return 1


def _nodes_around(path: Path, pointer: str) -> list[Neighbour]:
    """The elements of a JSON list around the one that a pointer leads into, each on a line."""
    if path.stat().st_size > _TEXT_BYTES_AT_MOST:
        return []
    steps = pointer[1:].split("/")
    at = next((number for number, step in enumerate(steps) if step.isdigit()), None)
    try:
        nodes = json.loads(_decoded(path.read_bytes()))
        for step in steps[:at]:
            nodes = nodes[step]
        own = int(steps[at or 0])
        shown = range(max(0, own - NEIGHBOURS), min(len(nodes), own + NEIGHBOURS + 1))
        above = "/".join(["", *steps[:at]])
        return [
            Neighbour(f"{above}/{number}", json.dumps(nodes[number], ensure_ascii=False), number == own)
            for number in shown
        ]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []


def _cells_around(project: Project, path: Path, cell: str, sheet: str | None) -> list[Neighbour]:
    from pipelines.problems import SourceRefused
    from pipelines.readers.files.grid import column_number
    from pipelines.readers.files.opening import read_grids
    from pipelines.sources.card import undescribed

    try:
        grids = read_grids(project, undescribed(path, {}), path)
    except SourceRefused:
        return []
    grid = next((grid for grid in grids if grid.sheet == sheet), None)
    if grid is None:
        return []
    letters = cell.rstrip("0123456789")
    row, column = int(cell.removeprefix(letters)), column_number(letters)
    rows = [*_heads(grid, row, column), *range(max(1, row - NEIGHBOURS), min(grid.height, row + NEIGHBOURS) + 1)]
    return [Neighbour(str(shown), _cells(grid, shown, column), shown == row) for shown in sorted(set(rows))]


def _heads(grid: Grid, row: int, column: int) -> Iterator[int]:
    """The rows of the heads that stand over a cell, from the nearest up."""
    found = 0
    for above in range(row - 1, 0, -1):
        is_head = _is_head(_text(grid, above, column))
        if is_head:
            yield above
        elif found:
            return
        found += is_head
        if found == _HEADS_AT_MOST:
            return


def _cells(grid: Grid, row: int, column: int) -> str:
    """A row's name and the cells around a column, each with its letters; a merged range stands once."""
    columns = sorted({1, *range(max(1, column - NEIGHBOURS), min(grid.width, column + NEIGHBOURS) + 1)})
    told: list[str] = []
    ranges: list[tuple[int, int, int, int]] = []
    for each in columns:
        merged = _merged(grid, row, each)
        text = " ".join(grid.text(merged[0], merged[1]).split())
        if text and merged not in ranges:
            letters = column_letters(merged[1]) + (f":{column_letters(merged[3])}" if merged[3] > merged[1] else "")
            told.append(f"{letters} {text}")
        ranges.append(merged)
    return " · ".join(told)


def _text(grid: Grid, row: int, column: int) -> str:
    """A cell's text; all cells of a merged range print the same."""
    first_row, first_column, *_ = _merged(grid, row, column)
    return grid.text(first_row, first_column)


def _merged(grid: Grid, row: int, column: int) -> tuple[int, int, int, int]:
    """The merged range that a cell lies in, as first row and column, last row and column; else the cell itself."""
    for merged in grid.merged:
        if merged[0] <= row <= merged[2] and merged[1] <= column <= merged[3]:
            return merged
    return row, column, row, column


def _is_head(text: str) -> bool:
    from pipelines.printed.heads import is_missing
    from pipelines.printed.numerals import parse_number

    return bool(text.strip()) and not is_missing(text) and parse_number(text) is None


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")
