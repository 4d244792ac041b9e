"""A file read sheet by sheet, one table a sheet, of a shape that needs no card to say where its tables stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

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


def refuse_open_questions(file: GridFile, layout: dict[str, Any]) -> None:
    """Refuse a layout in which a `?` of `gongfu propose` still stands.

    Raises:
        SourceRefused: naming the key (`layout_form`).
    """
    for key, value in layout.items():
        words = value.items() if isinstance(value, dict) else [(key, value)]
        for name, word in words:
            if word == "?":
                en = f"layout: {name} is still a question mark; write what holds for the table"
                raise file.refusal("layout_form", en, "layout 中还有未填写的问号")


def read_sheets(
    project: Project,
    source: Source,
    path: Path,
    layout_keys: Sequence[str],
    table_of: Callable[[GridFile, Grid, Accounts], Table],
) -> Reading:
    """The figures of the sheets that the card's `layout: {sheets: …}` names; of all that are not hidden without it.

    Raises:
        SourceRefused: the layout says what this shape does not take (`layout_key`), a question in it is still open
            (`layout_form`), or what a table raises.
    """
    file = GridFile(project, source, path)
    unknown = sorted(source.layout.keys() - set(layout_keys))
    if unknown:
        en = f"layout of a {source.reader} takes {', '.join(layout_keys)}; take {', '.join(unknown)} out"
        raise file.refusal("layout_key", en, f"layout 只能写 {'、'.join(layout_keys)}")
    refuse_open_questions(file, source.layout)
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
