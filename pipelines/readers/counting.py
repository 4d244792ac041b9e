"""How many numbers a file holds: every cell with a digit, on all sheets and in all tables.

No reader shares this: it knows nothing of heads, units or tables, so that what a reader drops is missed here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.readers.files.grid import Grid

Cell = tuple[str, int, int]
_DIGIT = re.compile(r"[0-9０-９]")


def numbers_in(grids: Iterable[Grid]) -> set[Cell]:
    """The cells that hold a digit, shown or concealed, as (sheet, row, column); the sheet of a text file is ""."""
    found: set[Cell] = set()
    for grid in grids:
        sheet = grid.sheet or ""
        for row, cells in enumerate(grid.rows, 1):
            found.update((sheet, row, column) for column, cell in enumerate(cells, 1) if _DIGIT.search(cell))
        found.update((sheet, *place) for place, text in grid.concealed.items() if _DIGIT.search(text))
    return found
