"""Text that was copied off a printed table, cut into a grid: each line a name and the figures after it.

Such text (out of a PDF or a reprint) has no delimiter. What stands at the end of a line and is numbers or signs for
"no figure" are its cells, what stands before them is its name (column 1). Where two blanks stand between cells, two
more mean that a cell between them is empty.
"""

from __future__ import annotations

import re

from pipelines.printed.heads import is_missing
from pipelines.printed.numerals import parse_number
from pipelines.printed.words import without_marks
from pipelines.readers.files.grid import CELLS_AT_MOST, Grid, GridFile

_CELL = re.compile(r"\S+")
_WIDE = "  "


def looks_like_print(text: str) -> bool:
    """Whether most lines with figures are cut by blanks, not by a delimiter."""
    cut, delimited = 0, 0
    for line in text.splitlines()[:2000]:
        numbers = sum(1 for word in line.split(" ") if parse_number(word))
        if numbers > 1:
            cut += 1
        elif sum(1 for word in re.split(r"[,;\t]", line) if parse_number(word)) > 1:
            delimited += 1
    return cut > delimited


def line_grid(file: GridFile, text: str) -> Grid:
    """Cut text into a name and figures per line; the addresses are `line:column`.

    Raises:
        SourceRefused: over `CELLS_AT_MOST` cells.
    """
    rows = [_cells(line) for line in text.splitlines()]
    if sum(len(row) for row in rows) > CELLS_AT_MOST:
        raise file.too_many_cells("the text")
    return Grid(None, tuple(rows), lines=tuple(range(1, len(rows) + 1)), ends_open=not text.endswith(("\n", "\r")))


def _cells(line: str) -> tuple[str, ...]:
    """The name first, then its figures; a line without figures is a name alone."""
    words = list(_CELL.finditer(line.replace("\t", _WIDE)))
    start = len(words)
    while start and _is_cell(words[start - 1].group()):
        start -= 1
    if start == len(words):
        return (line.rstrip(),)
    begin = words[start].start()
    figures = line.replace("\t", _WIDE)[begin:]
    split = figures.split(_WIDE) if _WIDE in figures else figures.split()
    return (line.replace("\t", _WIDE)[:begin].rstrip(), *(cell.strip() for cell in split))


def _is_cell(word: str) -> bool:
    bare = without_marks(word)
    return parse_number(bare) is not None or is_missing(word) or parse_number(bare.rstrip(".")) is not None
