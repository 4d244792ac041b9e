"""A file read sheet by sheet, one table a sheet, of a shape that needs no card to say where its tables stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pipelines.readers.accounts import Accounts
from pipelines.readers.files.grid import GridFile
from pipelines.readers.files.opening import read_grids
from pipelines.readers.sheet_table import reading_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pipelines.problems import Problem
    from pipelines.project import Project
    from pipelines.readers import Reading
    from pipelines.readers.files.grid import Grid
    from pipelines.sources.card import Source


class Table(Protocol):
    """The table of a sheet."""

    problems: list[Problem]

    def figures(self) -> list[dict[str, str | int]]:
        """Every figure of the table."""


def read_sheets(
    project: Project,
    source: Source,
    path: Path,
    layout_keys: Sequence[str],
    table_of: Callable[[GridFile, Grid, Accounts], Table],
) -> Reading:
    """The figures of the sheets that the card's `layout: {sheets: …}` names; of all that are not hidden without it.

    Raises:
        SourceRefused: the layout says what this shape does not take (`layout_key`), or what a table raises.
    """
    file = GridFile(project, source, path)
    unknown = sorted(source.layout.keys() - set(layout_keys))
    if unknown:
        en = f"layout of a {source.reader} takes {', '.join(layout_keys)}; take {', '.join(unknown)} out"
        raise file.refusal("layout_key", en, f"layout 只能写 {'、'.join(layout_keys)}")
    grids = read_grids(project, source, path)
    accounts = Accounts.of(grids)
    wanted = [str(sheet) for sheet in source.layout.get("sheets") or ()]
    figures: list[dict[str, str | int]] = []
    problems: list[Problem] = []
    for grid in grids:
        if grid.sheet not in wanted if wanted else grid.is_hidden:
            accounts.leave_out_sheet(grid, "other_sheet" if wanted else "hidden")
            continue
        table = table_of(file, grid, accounts)
        figures.extend(table.figures())
        problems.extend(table.problems)
    return reading_of(file, accounts, figures, problems)
