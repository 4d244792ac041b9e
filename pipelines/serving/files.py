"""Which file an export makes: the form by its ending, with sources and terms in it or beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pipelines.asking import builds, catalogue, tables
from pipelines.asking.names import Names, names
from pipelines.asking.observations import Observation, Wanted, counted, observations
from pipelines.asking.panel import Panel, panel
from pipelines.asking.warehouse import Unanswered
from pipelines.serving import figures as sheets
from pipelines.serving.columnar import write_parquet
from pipelines.serving.delimited import write_csv_file
from pipelines.serving.sdmx_csv import write_sdmx_csv
from pipelines.serving.workbook import Sheet, write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from pipelines.asking.catalogue import Source
    from pipelines.asking.tables import Table
    from pipelines.asking.warehouse import Warehouse

SDMX_ENDING = ".sdmx.csv"
ENDINGS = (".xlsx", ".csv", ".parquet", SDMX_ENDING)
SOURCE_COLUMNS = (
    "source_id", "title_zh", "title_en", "publisher_zh", "publisher_en", "published_on", "retrieved_on", "licence",
    "address", "cite_as",
)  # fmt: skip


@dataclass(frozen=True)
class Written:
    """What an export wrote.

    Attributes:
        rows: in the file.
        corrected: figures left out because a ledger says other than they print (SDMX-CSV alone).
        left_out: figures left out of a panel, of parts of a year.
        internal: rows left out because they stand on sources for internal use.
    """

    rows: int
    corrected: int = 0
    left_out: int = 0
    internal: int = 0


def ending_of(path: Path) -> str:
    """The ending by which a file's form is chosen.

    Raises:
        Unanswered: no form has it.
    """
    for ending in (SDMX_ENDING, *ENDINGS):
        if path.name.lower().endswith(ending):
            return ending
    known = ", ".join(ENDINGS)
    raise Unanswered(
        f"{path.name} has no known ending; a file is one of {known}", zh=f"{path.name}的扩展名不认识；可用：{known}"
    )


def write_figures(warehouse: Warehouse, path: Path, wanted: Wanted, *, wide: bool, today: date) -> Written:
    """Write the wanted figures, as a list or as a panel.

    Raises:
        Unanswered: there is none, or the file's ending is no form of theirs.
    """
    written = _write_wanted(warehouse, path, wanted, wide=wide, today=today)
    every_print = replace(wanted, vintages="all") if ending_of(path) == SDMX_ENDING else wanted
    return replace(written, internal=_internal(warehouse, every_print))


def _internal(warehouse: Warehouse, wanted: Wanted) -> int:
    """How many of the wanted figures are of internal sources."""
    internal = _internal_sources(warehouse)
    asked = internal.intersection(wanted.sources) if wanted.sources else internal
    return counted(warehouse, replace(wanted, sources=tuple(asked), audience="internal")) if asked else 0


def _internal_sources(warehouse: Warehouse) -> set[str]:
    every = catalogue.sources(warehouse, audience="internal")
    return {each.source_id for each in every if each.access == "internal"}


def _write_wanted(warehouse: Warehouse, path: Path, wanted: Wanted, *, wide: bool, today: date) -> Written:
    ending = ending_of(path)
    if ending == SDMX_ENDING:
        if wide or wanted != Wanted(sources=wanted.sources, indicators=wanted.indicators):
            raise Unanswered(
                "SDMX-CSV holds every vintage of whole sources or indicators: choose by --source and --indicator alone",
                zh="SDMX-CSV含各来源或指标的全部版次：只可用--source和--indicator筛选",
            )
        rows, corrected = write_sdmx_csv(warehouse, path, wanted.sources, wanted.indicators)
        used = [each for each in catalogue.sources(warehouse) if each.figures]
        _write_sources(path, [each for each in used if not wanted.sources or each.source_id in wanted.sources])
        return Written(rows, corrected=corrected)
    called = names(warehouse)
    if wide:
        return _write_panel(warehouse, path, ending, panel(warehouse, wanted), called, today)
    found = list(observations(warehouse, wanted))
    _refuse_none(found)
    used_sources = _sources_of(found, called)
    if ending == ".xlsx":
        data = sheets.list_sheet(found, called, _notes(warehouse, today))
        return Written(write_workbook(path, _book(data, used_sources, found, called)))
    rows = _write_plain(path, ending, sheets.LIST_COLUMNS, sheets.listed(found, called))
    _write_sources(path, used_sources)
    return Written(rows)


def write_table(warehouse: Warehouse, path: Path, name: str, *, today: date) -> Written:
    """Write a table or view whole.

    Raises:
        UnknownName: there is none of that name.
        Unanswered: the file's ending is no form of a table's.
    """
    ending = ending_of(path)
    if ending == SDMX_ENDING:
        raise Unanswered(
            f"only figures are SDMX; export {name} as .csv, .xlsx or .parquet",
            zh=f"只有数字可成SDMX；请将{name}导出为.csv、.xlsx或.parquet",
        )
    table = tables.table_named(warehouse, name)
    held = list(tables.rows_of(warehouse, table))
    found = _public(warehouse, table, held)
    withheld = len(held) - len(found)
    # A row of a code list may name a source that this warehouse does not hold.
    named = tables.sources_in(table, found)
    used = [each for each in catalogue.sources(warehouse) if each.source_id in named]
    columns = [column.name for column in table.columns]
    if ending == ".xlsx":
        data = sheets.table_sheet(table, found, _notes(warehouse, today))
        rows = write_workbook(path, [data, sheets.sources_sheet(used), sheets.columns_sheet(table)])
        return Written(rows, internal=withheld)
    rows = _write_plain(path, ending, columns, found)
    _write_sources(path, used)
    return Written(rows, internal=withheld)


def _public(warehouse: Warehouse, table: Table, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows that stand on no internal source.

    Raises:
        Unanswered: there are internal sources, and the table does not say which of its rows stand on one.
    """
    internal = _internal_sources(warehouse)
    if not internal:
        return rows
    if not tables.names_sources(table) and table.schema != "reference":
        raise Unanswered(
            f"{table.full_name} does not say which sources its rows stand on, and some are internal: not exported",
            zh=f"{table.full_name}未标明各行的来源，而部分来源限内部使用：不予导出",
        )
    return [row for row in rows if not internal & tables.sources_of_row(table, row)]


def _write_panel(warehouse: Warehouse, path: Path, ending: str, found: Panel, called: Names, today: date) -> Written:
    held = [figure for row in found.rows for figure in row.cells if figure]
    _refuse_none(held)
    used = _sources_of(held, called)
    if ending == ".xlsx":
        data = sheets.panel_sheet(found, called, _notes(warehouse, today))
        return Written(write_workbook(path, _book(data, used, held, called)), left_out=found.left_out)
    heads, rows = sheets.panel_table(found, called)
    written = _write_plain(path, ending, heads, rows)
    _write_sources(path, used)
    return Written(written, left_out=found.left_out)


def _book(data: Sheet, used: Sequence[Source], found: Sequence[Observation], called: Names) -> list[Sheet]:
    return [data, sheets.sources_sheet(used), sheets.definitions_sheet({each.indicator for each in found}, called)]


def _write_plain(path: Path, ending: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    return (write_parquet if ending == ".parquet" else write_csv_file)(path, columns, rows)


def _write_sources(path: Path, used: Sequence[Source]) -> None:
    if not used:
        return
    rows = [[*(getattr(each, name) for name in SOURCE_COLUMNS[:-1]), sheets.attribution(each)] for each in used]
    write_csv_file(path.with_name(f"{path.name}.sources.csv"), SOURCE_COLUMNS, rows)


def _notes(warehouse: Warehouse, today: date) -> tuple[str, ...]:
    record = builds.read(warehouse.path)
    version = f"，数据版次 {record.version}" if record else ""
    return (f"共富 gongfu 导出，{today}{version}。来源、发布机构与许可见“来源”表，指标定义见“定义”表。",)


def _sources_of(found: Sequence[Observation], called: Names) -> list[Source]:
    return [called.sources[each] for each in sorted({figure.source_id for figure in found})]


def _refuse_none(found: Sequence[Observation]) -> None:
    if not found:
        raise Unanswered(
            "no figure is of these indicators, places, sources and periods; nothing was written",
            zh="没有符合这些指标、地区、来源与时期的数字；未写入文件",
        )
