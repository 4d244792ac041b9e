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
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.printed.periods import period_words
from pipelines.problems import shortened
from pipelines.readers.accounts import Accounts
from pipelines.readers.files.grid import GridFile
from pipelines.readers.files.opening import read_grids
from pipelines.readers.shapes.tidy_table import plain
from pipelines.readers.sheet_by_sheet import refuse_open_questions
from pipelines.readers.sheet_table import COLUMNS, SheetTable, reading_of

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.readers import Reading
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
#: Components that are obeyed, or say nothing of what a figure is about.
_ATTRIBUTES = ("UNIT_MULT", "OBS_STATUS", "CONF_STATUS", "DECIMALS", "COMMENT_OBS", "TITLE", "OBS_NOTE")
#: How SDMX-CSV writes what is missing: a number, a text, or nothing.
MISSING = frozenset({"NaN", "#N/A", ""})


def read(project: Project, source: Source, path: Path) -> Reading:
    """Cut an SDMX-CSV file into figures; `cell` is `line:column` of OBS_VALUE.

    Raises:
        SourceRefused: not SDMX-CSV 2.0, several structures, or a component that is not there.
    """
    file = GridFile(project, source, path)
    grids = read_grids(project, source, path)
    grid, accounts = grids[0], Accounts.of(grids)
    structure = structure_of(file, grid)
    columns, fixed = _components(file, source, grid, own=structure == OWN_DATAFLOW)
    value = columns["value"][0]
    figures: list[dict[str, str | int]] = []
    names = [*COLUMNS, *CODED]
    table = SheetTable(file, grid, accounts)
    table.leave_out("head", [1])
    table.leave_out("name", range(2, grid.height + 1), set(range(1, grid.width + 1)) - {value + 1})
    attributes = _attributes(grid, own=structure == OWN_DATAFLOW)
    for row in range(2, grid.height + 1):
        cells = grid.rows[row - 1]
        if len(cells) != len(grid.rows[0]):
            en = f"{len(cells)} cells where the header has {len(grid.rows[0])}; mend the row"
            table.note("row_width", row, None, en, "单元格数与表头不符")
            continue
        if cells[value].strip() in MISSING:
            continue
        if cells[2].strip() in ("D", "M"):
            en = f"ACTION {cells[2]} is no observation of its own; keep rows of action I, A or R"
            table.note("action", row, value + 1, en, "该行不是观测值")
            continue
        if reason := attributes.against(cells):
            table.note("attribute_unknown", row, value + 1, *reason)
            continue
        words = {
            name: "/".join(text for at in ats if (text := plain(cells[at])) not in MISSING)
            for name, ats in columns.items()
        }
        if structure == OWN_DATAFLOW and words["period"].count("/") == 2:
            words["period"] = words["period"].replace("/", " ", 1)  # 2022-Q3 2022-01-01/2022-09-30
        figure: dict[str, str | int] = {"file": file.name, "line": grid.line(row)}
        figure |= dict.fromkeys(names, "") | fixed | {name: text for name, text in words.items() if text}
        figure |= attributes.of(cells, str(figure["unit"]), str(figure["period"]))
        figures.append(figure | {"cell": grid.address(row, value + 1), "sheet": ""})
    return reading_of(file, accounts, figures, table.problems, tuple(CODED))


#: Observation statuses that the words of a period carry into staging; A is a plain observation.
_STATUS_NOTES = {"A": "", "": "", "F": "（预测）", "P": "（初步）"}
#: Powers of ten as unit words begin with them.
_POWERS = {
    0: "",
    2: "百",
    3: "千",
    4: "万",
    5: "十万",
    6: "百万",
    7: "千万",
    8: "亿",
    9: "十亿",
    10: "百亿",
    12: "万亿",
}


@dataclass(frozen=True)
class _Attributes:
    """Where the attributes of an observation stand in a dataflow that is not the warehouse's own."""

    unit_mult: int | None = None
    obs_status: int | None = None
    conf_status: int | None = None

    def against(self, cells: tuple[str, ...]) -> tuple[str, str] | None:
        """Why an observation is not taken: a power, a status or a confidentiality that nothing here stands for."""
        if self.unit_mult is not None and _power(cells[self.unit_mult]) is None:
            given = shortened(cells[self.unit_mult])
            return f"UNIT_MULT {given} is no power that has unit words; ask for the dataflow in another unit", (
                f"UNIT_MULT {given} 没有对应的单位词"
            )
        if self.obs_status is not None and cells[self.obs_status].strip() not in _STATUS_NOTES:
            given = shortened(cells[self.obs_status])
            return f"OBS_STATUS {given} is taken by no rule; map it or leave the row out", f"OBS_STATUS {given} 未处理"
        if self.conf_status is not None and cells[self.conf_status].strip() not in ("", "F"):
            given = shortened(cells[self.conf_status])
            return f"CONF_STATUS {given}: not free to publish; leave the row out", f"CONF_STATUS {given}：不可公开"
        return None

    def of(self, cells: tuple[str, ...], unit: str, period: str) -> dict[str, str]:
        """Unit and period words with what the attributes say of them."""
        power = _power(cells[self.unit_mult]) if self.unit_mult is not None else 0
        note = _STATUS_NOTES[cells[self.obs_status].strip()] if self.obs_status is not None else ""
        return {
            "unit": _POWERS[power or 0] + unit,
            "period": (period_words(period) or period) + note if note else period,
        }


def _power(cell: str) -> int | None:
    text = cell.strip() or "0"
    power = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else None
    return power if power in _POWERS else None


def _attributes(grid: Grid, *, own: bool) -> _Attributes:
    if own:
        return _Attributes()
    header = [cell.partition(":")[0].strip() for cell in grid.rows[0]]
    at = {name: header.index(name) for name in ("UNIT_MULT", "OBS_STATUS", "CONF_STATUS") if name in header}
    return _Attributes(at.get("UNIT_MULT"), at.get("OBS_STATUS"), at.get("CONF_STATUS"))


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
        SourceRefused: a component that is not there, a part that nothing says, or a question that is still open.
    """
    refuse_open_questions(file, source.layout)
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
    if not own:
        _refuse_unnamed(file, source, grid, header, columns)
    return columns, fixed


def _refuse_unnamed(
    file: GridFile, source: Source, grid: Grid, header: list[str], columns: dict[str, list[int]]
) -> None:
    """Refuse a dimension that nothing names: SEX=M must not come in as the total.

    Raises:
        SourceRefused: naming the first.
    """
    mapped = {at for ats in columns.values() for at in ats}
    left_out = {str(name) for name in source.layout.get("skip_columns") or ()}
    for at, name in enumerate(header):
        holds = any(at < len(row) and row[at].strip() not in MISSING for row in grid.rows[1:])
        if at > 2 and at not in mapped and name not in (*_ATTRIBUTES, *left_out) and holds:
            en = (
                f"component {shortened(name)} is named by nothing and may tell observations apart; write it into "
                f"layout: columns: breakdown, or into layout: skip_columns"
            )
            zh = f"{shortened(name)} 未在 layout 中说明，可能区分观测值；请写入 columns.breakdown 或 skip_columns"
            raise file.refusal("dimension_unnamed", en, zh, 1)
