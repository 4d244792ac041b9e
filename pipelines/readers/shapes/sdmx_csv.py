"""Reader of SDMX-CSV 2.0 (`STRUCTURE,STRUCTURE_ID,ACTION,…`), the warehouse's own and that of others.

The warehouse's own dataflow (`OWN_DATAFLOW`, written by `gongfu export`) carries codes and printed words, and comes
back as it was. Of another, the card says which components hold what:
`layout: {columns: {label: INDICATOR, breakdown: [SEX, AGE], place: REF_AREA, period: TIME_PERIOD}, unit: 元}`.

pysdmx judges the form of the file. The cells are taken as the text that they are: as pysdmx reads them, the place
000000 becomes 0 and the print 27.80 becomes 27.8.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pipelines.problems import shortened
from pipelines.readers import Reading
from pipelines.readers.files.grid import GridFile
from pipelines.readers.files.opening import read_grids
from pipelines.readers.shapes.tidy_table import plain
from pipelines.readers.sheet_table import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.problems import Problem
    from pipelines.project import Project
    from pipelines.readers.files.grid import Grid
    from pipelines.sources.card import Source

OWN_DATAFLOW = "GONGFU:OBSERVATIONS(1.0)"
#: Component of the own dataflow for each column of a printed figure.
PRINTED = {
    "label": "LABEL",
    "breakdown": "BREAKDOWN_PRINTED",
    "place": "PLACE_PRINTED",
    "qualifier": "QUALIFIER_PRINTED",
    "value": "OBS_VALUE",
    "unit": "UNIT_PRINTED",
}
#: Components of the own dataflow that say which days a figure is about.
PERIOD = ("TIME_PERIOD", "PERIOD_START", "PERIOD_END")
#: Component of the own dataflow for each code that a coded figure brings with it.
CODED = {
    "coded_indicator": "INDICATOR",
    "coded_breakdown": "BREAKDOWN",
    "coded_time_basis": "TIME_BASIS",
    "coded_base_period": "BASE_PERIOD",
    "coded_obs_status": "OBS_STATUS",
}
_DEFAULT = {"label": "INDICATOR", "place": "REF_AREA", "period": "TIME_PERIOD", "value": "OBS_VALUE", "unit": "UNIT"}
_ROWS_TO_JUDGE = 20
#: How SDMX-CSV writes what is missing: a number, a text, or nothing.
MISSING = frozenset({"NaN", "#N/A", ""})


def read(project: Project, source: Source, path: Path) -> Reading:
    """Cut an SDMX-CSV file into figures; `cell` is `line:column` of OBS_VALUE.

    Raises:
        SourceRefused: not SDMX-CSV 2.0, several structures, or a component that is not there.
    """
    import polars as pl

    file = GridFile(project, source, path)
    grid = read_grids(project, source, path)[0]
    structure = structure_of(file, grid)
    columns, fixed = _components(file, source, grid, own=structure == OWN_DATAFLOW)
    value = columns["value"][0]
    problems: list[Problem] = []
    figures: list[dict[str, str | int]] = []
    names = [*COLUMNS, *CODED]
    for row in range(2, grid.height + 1):
        cells = grid.rows[row - 1]
        if len(cells) != len(grid.rows[0]):
            en = f"{len(cells)} cells where the header has {len(grid.rows[0])}; mend the row"
            problems.append(file.problem("row_width", en, "单元格数与表头不符", grid.line(row)))
            continue
        if cells[value].strip() in MISSING:
            continue
        if cells[2].strip() in ("D", "M"):
            en = f"ACTION {cells[2]} is no observation of its own; keep rows of action I, A or R"
            problems.append(file.problem("action", en, "该行不是观测值", grid.line(row), "ACTION"))
            continue
        words = {
            name: "/".join(text for at in ats if (text := plain(cells[at])) not in MISSING)
            for name, ats in columns.items()
        }
        if structure == OWN_DATAFLOW and words["period"].count("/") == 2:
            words["period"] = words["period"].replace("/", " ", 1)  # 2022-Q3 2022-01-01/2022-09-30
        figure: dict[str, str | int] = {"file": file.name, "line": grid.line(row)}
        figure |= dict.fromkeys(names, "") | fixed | {name: text for name, text in words.items() if text}
        figures.append(figure | {"cell": grid.address(row, value + 1), "sheet": ""})
    schema = {"file": pl.String, "line": pl.Int64} | dict.fromkeys(names, pl.String)
    return Reading(pl.DataFrame(figures, schema=schema, orient="row"), problems)


def structure_of(file: GridFile, grid: Grid) -> str:
    """The one structure that a file is of, such as `GONGFU:OBSERVATIONS(1.0)`.

    Raises:
        SourceRefused: pysdmx does not take it for SDMX-CSV 2.0, or it holds several.
    """
    from pysdmx.errors import Invalid
    from pysdmx.io.csv.sdmx20.reader import read as judge

    header = [cell.strip() for cell in grid.rows[0]]
    if header[:3] != ["STRUCTURE", "STRUCTURE_ID", "ACTION"]:
        en = "no SDMX-CSV 2.0: the header must begin with STRUCTURE,STRUCTURE_ID,ACTION"
        raise file.refusal("sdmx_form", en, "不是 SDMX-CSV 2.0", 1)
    head = io.StringIO()
    csv.writer(head).writerows(grid.rows[: 1 + _ROWS_TO_JUDGE])
    try:
        judge(head.getvalue())
    except (Invalid, ValueError, KeyError, IndexError) as error:
        en = f"no SDMX-CSV 2.0: {shortened(error)}; export it again"
        raise file.refusal("sdmx_form", en, "不是 SDMX-CSV 2.0") from None
    structures = {row[1].strip() for row in grid.rows[1:] if len(row) > 1}
    if len(structures) != 1:
        en = f"{len(structures)} structures in one file; give each a file of its own"
        raise file.refusal("sdmx_structures", en, "文件中的数据结构不止一个，请分开")
    return structures.pop()


def _components(
    file: GridFile, source: Source, grid: Grid, *, own: bool
) -> tuple[dict[str, list[int]], dict[str, str]]:
    """Where each part of a figure stands, counted from 0, and what the card says of all of them.

    Raises:
        SourceRefused: a component that is not there, or a part that nothing says.
    """
    header = [cell.partition(":")[0].strip() for cell in grid.rows[0]]
    given = source.layout.get("columns")
    stated = {str(key): value for key, value in given.items()} if isinstance(given, dict) else {}
    fixed = {
        {"indicator": "label"}.get(str(key), str(key)): str(value)
        for key, value in source.layout.items()
        if key in ("indicator", "place", "period", "unit")
    }
    wanted = PRINTED | CODED | {"period": list(PERIOD)} if own else _DEFAULT | stated
    columns: dict[str, list[int]] = {}
    for part, components in wanted.items():
        names = components if isinstance(components, list) else [components]
        missing = [str(name) for name in names if str(name) not in header]
        if missing and part in fixed:
            continue
        if missing:
            en = f"component {shortened(missing[0])} for the {part} is not there; say in layout: columns which holds it"
            raise file.refusal("component_missing", en, f"缺少 {part} 对应的列", 1)
        columns[part] = [header.index(str(name)) for name in names]
    return columns, fixed
