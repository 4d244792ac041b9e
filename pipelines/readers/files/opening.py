"""A file from outside opened as grids, whatever its name says that it is: its content decides.

Text in UTF-8, UTF-16 or GB18030, an Excel workbook old or new, an HTML table, or a printed table copied as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.readers.files.grid import BYTES_AT_MOST, Grid, GridFile

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.sources.card import Source

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_FORMATS = {b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"Rar!": "RAR", b"\x1f\x8b": "gzip"}


def read_grids(project: Project, source: Source, path: Path, *, may_be_lines: bool = False) -> list[Grid]:
    """Cut a file into grids: one per sheet of a workbook or table of an HTML page, one for a text file.

    Empty sheets give no grid. With `may_be_lines`, text without a delimiter is cut as a printed table is
    (`pipelines.readers.files.lines`).

    Raises:
        SourceRefused: empty, cut off, too large, unpacking to too much, encrypted, or in no known form or encoding.
    """
    file = GridFile(project, source, path)
    if path.stat().st_size > BYTES_AT_MOST:
        limit = BYTES_AT_MOST // 1024 // 1024
        raise file.refusal("file_too_large", f"larger than {limit} MiB; split it", f"文件超过 {limit} MiB，请拆分")
    data = path.read_bytes()
    if not data.strip(b" \t\r\n\x00"):
        raise file.refusal("file_empty", "the file is empty; fetch it again", "文件为空，请重新获取")
    grids = [
        grid
        for grid in _grids(file, data, may_be_lines=may_be_lines)
        if any(cell.strip() for row in grid.rows for cell in row)
    ]
    if not grids:
        raise file.refusal("file_empty", "no cell holds anything; fetch the file again", "文件没有内容，请重新获取")
    return grids


def _grids(file: GridFile, data: bytes, *, may_be_lines: bool) -> list[Grid]:
    from pipelines.readers.files import delimited_text, html, lines, workbook

    if data.startswith(_ZIP):
        return workbook.xlsx_grids(file, data)
    if data.startswith(_OLE):
        return workbook.xls_grids(file, data)
    for beginning, name in _OTHER_FORMATS.items():
        if data.startswith(beginning):
            en = f"this is {name}, not a table; give the table itself as .csv, .xls or .xlsx"
            raise file.refusal("format_unknown", en, f"这是 {name} 文件，不是表格；请提供 .csv、.xls 或 .xlsx")
    text = delimited_text.decoded(file, data)
    if html.looks_like_html(text):
        return html.html_grids(file, text)
    if may_be_lines and lines.looks_like_print(text):
        return [lines.line_grid(file, text)]
    return [delimited_text.text_grid(file, text)]
