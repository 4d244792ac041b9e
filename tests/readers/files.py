"""Files for readers to read, written by the tests themselves, and the source that they belong to."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

from pipelines.project import Project
from pipelines.sources.card import RawFile, Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import openpyxl

    from pipelines.readers import Reader, Reading


def source_of(*paths: Path, **layout: object) -> Source:
    """A source with these files and this layout in its card."""
    return Source(
        source_id="a_source",
        title="测试",
        title_en="Test",
        publisher="测试",
        publisher_en="Test",
        published_on=None,
        published_on_precision="unknown",
        retrieved_on=date(2026, 11, 23),
        address=None,
        licence="facts",
        confidence=None,
        reader="bureau_export",
        stage=None,
        note=None,
        refresh_days=None,
        refused_share_limit=None,
        files=tuple(RawFile(path, "") for path in paths),
        layout=dict(layout),
    )


def written(folder: Path, data: bytes | str, name: str = "分省年度数据.csv") -> Path:
    """A file with these bytes; text is written in GB18030 with CRLF, as the bureau's site does."""
    path = folder / name
    path.write_bytes(data.replace("\n", "\r\n").encode("gb18030") if isinstance(data, str) else data)
    return path


def read_with(reader: Reader, path: Path, **layout: object) -> Reading:
    """Read one file with a reader."""
    return reader(Project(path.parent), source_of(path, **layout), path)


def workbook(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    """The bytes of an .xlsx workbook that `fill` has written."""
    import openpyxl

    book = openpyxl.Workbook()
    fill(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_parts(data: bytes, parts: dict[str, bytes]) -> bytes:
    """A copy of a zip archive with these parts put in or replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            if item.filename not in parts:
                new.writestr(item, old.read(item))
        for name, content in parts.items():
            new.writestr(name, content)
    return stream.getvalue()


def sheet_xml(rows: str) -> bytes:
    """A worksheet part around these rows."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def figures(reading: Reading) -> list[tuple[Any, ...]]:
    """What was read, as (label, place, period, value, unit, cell)."""
    names = ("label", "place", "period", "value", "unit", "cell")
    return reading.figures.select(names).rows()
