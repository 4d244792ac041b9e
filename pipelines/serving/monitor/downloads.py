"""The figures of an indicator as files to take away: CSV, a workbook, SDMX-CSV; every print, each exact."""

from __future__ import annotations

import io
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pipelines.serving.delimited import write_csv
from pipelines.serving.figures import list_sheet
from pipelines.serving.sdmx.data import message
from pipelines.serving.sdmx.flows import CURRENT
from pipelines.serving.sdmx.formats import CSV_2
from pipelines.serving.sdmx.request import DataQuery
from pipelines.serving.workbook import write_workbook

if TYPE_CHECKING:
    from pipelines.serving.monitor.content import Content

#: Columns of the CSV, as the standard form names them.
COLUMNS = (
    "figure_id", "indicator", "ref_area", "freq", "time_period", "time_basis", "base_period", "breakdown", "value",
    "low", "high", "unit_measure", "qualifier", "obs_status", "published_on", "known_from", "source_id", "is_current",
)  # fmt: skip


def as_csv(content: Content, code: str) -> bytes:
    """For a spreadsheet, which executes nothing of it."""
    text = io.StringIO()
    write_csv(text, COLUMNS, map(attrgetter(*COLUMNS), content.by_indicator[code]))
    return text.getvalue().encode("utf-8-sig")


def as_workbook(content: Content, code: str) -> bytes:
    """For people: as printed and in the base unit, each with its source."""
    indicator = content.indicators[code]
    notes = (indicator.definition_zh, indicator.definition_en)
    with TemporaryDirectory() as folder:
        path = Path(folder, "figures.xlsx")
        write_workbook(path, [list_sheet(content.by_indicator[code], content.names, notes)], is_small=True)
        return path.read_bytes()


def as_sdmx(content: Content, code: str) -> bytes:
    """SDMX-CSV 2.0 of `GONGFU:CURRENT(1.0)` with its history, as the service of `gongfu serve` answers."""
    query = DataQuery(CURRENT, with_history=True)
    return b"".join(message(query, content.series[code], CSV_2, "", ""))
