"""Tables of the published warehouse as files: SDMX-CSV 2.0, plain CSV, or XLSX that no spreadsheet executes.

SDMX-CSV is written by pysdmx. An observation carries its codes, the number as printed (`OBS_VALUE` times ten to the
power of `UNIT_MULT`, in `UNIT_MEASURE`), and the printed words, so that the reader `sdmx_csv` gives it back as it was.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from pipelines.problems import BuildStopped
from pipelines.readers.shapes.sdmx_csv import OWN_DATAFLOW

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import duckdb
    from pysdmx.model import Schema

#: A spreadsheet takes a cell that begins so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
XLSX_ROWS_AT_MOST = 1_048_575

_OBSERVATIONS = """
    select
        observations.freq as "FREQ", observations.ref_area as "REF_AREA", observations.indicator as "INDICATOR",
        observations.breakdown as "BREAKDOWN", observations.time_basis as "TIME_BASIS",
        coalesce(observations.base_period, '') as "BASE_PERIOD", observations.source_id as "SOURCE_ID",
        observations.locator as "LOCATOR", observations.time_period as "TIME_PERIOD",
        cast(observations.period_start as varchar) as "PERIOD_START",
        cast(observations.period_end as varchar) as "PERIOD_END",
        printed.value_printed as "OBS_VALUE", observations.unit_measure as "UNIT_MEASURE",
        cast(observations.unit_mult as varchar) as "UNIT_MULT", cast(observations.decimals as varchar) as "DECIMALS",
        observations.qualifier as "QUALIFIER", observations.obs_status as "OBS_STATUS",
        observations.conf_status as "CONF_STATUS", coalesce(observations.published_on, '') as "PUBLISHED_ON",
        printed.label as "LABEL", printed.breakdown_printed as "BREAKDOWN_PRINTED",
        printed.place_printed as "PLACE_PRINTED", printed.period_printed as "PERIOD_PRINTED",
        printed.qualifier_printed as "QUALIFIER_PRINTED", coded.unit_words as "UNIT_PRINTED"
    from facts.observations as observations
    inner join landing.printed_figures as printed on observations.figure_id = printed.figure_id
    inner join staging.stg_coded_figures as coded on observations.figure_id = coded.figure_id
    where (len($sources) = 0 or list_contains($sources, observations.source_id))
        and (len($indicators) = 0 or list_contains($indicators, observations.indicator))
        and not exists (
            select 1 from reference.corrections as corrections
            where corrections.figure_id = observations.figure_id and corrections.status <> 'withdrawn'
                and corrections.action in ('override', 'scale')
        )
    order by observations.source_id, printed.line, observations.locator
"""
_DIMENSIONS = (
    "FREQ", "REF_AREA", "INDICATOR", "BREAKDOWN", "TIME_BASIS", "BASE_PERIOD", "SOURCE_ID", "LOCATOR", "TIME_PERIOD",
)  # fmt: skip
_CORRECTED = """
    select count(*) from reference.corrections
    where status <> 'withdrawn' and action in ('override', 'scale')
        and (len($sources) = 0 or list_contains($sources, source_id))
"""


def write_sdmx_csv(
    connection: duckdb.DuckDBPyConnection, path: Path, sources: Sequence[str] = (), indicators: Sequence[str] = ()
) -> tuple[int, int]:
    """Write observations as SDMX-CSV 2.0.

    Returns:
        How many were written, and how many were left out because a ledger corrects them: what they print is not what
        they say.

    Raises:
        BuildStopped: none to write.
    """
    from pysdmx.io import write_sdmx
    from pysdmx.io.format import Format
    from pysdmx.io.pd import PandasDataset

    which = {"sources": list(sources), "indicators": list(indicators)}
    frame = connection.execute(_OBSERVATIONS, which).df()
    if frame.empty:
        raise BuildStopped("no observation is of these sources and indicators; nothing was written", exit_code=2)
    (corrected,) = connection.execute(_CORRECTED, {"sources": list(sources)}).fetchone() or (0,)
    for name in frame.columns:
        if name != "OBS_VALUE":
            frame[name] = frame[name].map(harmless)
    dataset = PandasDataset(structure=_structure(list(frame.columns)), data=frame)
    write_sdmx(dataset, Format.DATA_SDMX_CSV_2_0_0, output_path=str(path))
    return len(frame), int(corrected)


def _structure(names: Sequence[str]) -> Schema:
    """The dataflow of the observations: what tells them apart, the value, and what is said of it."""
    from pysdmx.model import Component, Components, Concept, DataType, Role, Schema

    agency, _, rest = OWN_DATAFLOW.partition(":")
    flow, _, version = rest.rstrip(")").partition("(")

    def role(name: str) -> Role:
        return Role.MEASURE if name == "OBS_VALUE" else Role.DIMENSION if name in _DIMENSIONS else Role.ATTRIBUTE

    components = [
        Component(
            name,
            required=role(name) is Role.DIMENSION,
            role=role(name),
            concept=Concept(name),
            local_dtype=DataType.STRING,
            attachment_level="O" if role(name) is Role.ATTRIBUTE else None,
        )
        for name in names
    ]
    return Schema("dataflow", agency, flow, Components(components), version)


def write_table(connection: duckdb.DuckDBPyConnection, table: str, path: Path, form: str) -> int:
    """Write one table as `csv` or `xlsx`; the number of its rows.

    Raises:
        BuildStopped: no such table, or more rows than a sheet holds.
    """
    schema, _, name = table.rpartition(".")
    known = connection.execute(
        "select count(*) from information_schema.tables where table_schema = ? and table_name = ?",
        [schema or "marts", name],
    ).fetchone()
    if not known or not known[0]:
        raise BuildStopped(f'there is no table {table}; `gongfu sql "show all tables"` lists them', exit_code=2)
    relation = connection.table(f'"{schema or "marts"}"."{name}"')
    names, rows = relation.columns, relation.fetchall()
    if form == "xlsx":
        _write_xlsx(path, names, rows)
    else:
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            write_csv(stream, names, rows)
    return len(rows)


def write_csv(stream: Any, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:  # noqa: ANN401 - any text stream
    """Write rows as CSV that no spreadsheet executes."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([harmless(name) for name in names])
    writer.writerows([harmless(value) for value in row] for row in rows)


def _write_xlsx(path: Path, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    import openpyxl

    if len(rows) > XLSX_ROWS_AT_MOST:
        raise BuildStopped(f"{len(rows)} rows; a sheet holds {XLSX_ROWS_AT_MOST}: export csv", exit_code=2)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([harmless(name) for name in names])
    for row in rows:
        sheet.append([_cell(value) for value in row])
    book.save(path)


def _cell(value: Any) -> Any:  # noqa: ANN401 - any DuckDB value
    """A value of a cell: numbers stay numbers while a double holds them exactly; text is harmless."""
    if hasattr(value, "as_tuple"):
        number = float(value)
        return number if format(number, ".15g") == plain_decimal(value) else plain_decimal(value)
    return value if isinstance(value, (int, float, bool)) or value is None else harmless(str(value))


def harmless(value: object) -> object:
    """A cell that no spreadsheet executes: text that would be taken for a formula gets an apostrophe before it."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return plain_decimal(value) if hasattr(value, "as_tuple") else value


def plain_decimal(value: Any) -> str:  # noqa: ANN401 - a Decimal
    """A decimal without the zeros that only fill its column's scale."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
