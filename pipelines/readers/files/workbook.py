"""Excel workbooks, new (.xlsx) and old (.xls), as grids of printed text.

A workbook from outside may be small and unpack to anything, or claim a cell in its last row and column. So every
part is first unpacked piece by piece within bounds, the extent of each sheet measured on the way, and only then
read. Macros are never looked at.
"""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from pipelines.problems import SourceRefused
from pipelines.readers.files.grid import CELLS_AT_MOST, Grid
from pipelines.readers.files.number_format import is_general, number_text, shown
from pipelines.readers.files.workbook_parts import (
    CHARACTERS_AT_MOST,
    Extent,
    NotXml,
    TooManyCells,
    TooMuchText,
    looks_of,
    measure_sheet,
    raised_unit,
)

if TYPE_CHECKING:
    from zipfile import ZipFile

    from pipelines.readers.files.grid import GridFile

UNPACKED_BYTES_AT_MOST = 256 * 1024 * 1024
PARTS_AT_MOST = 10_000
#: Sheets of numbers pack to about a tenth; a bomb to less than a hundredth.
PACKED_SHARE_AT_LEAST = 0.01
SMALL_PART = 4 * 1024 * 1024

_PIECE = 1024 * 1024
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def xlsx_grids(file: GridFile, data: bytes) -> list[Grid]:
    """The worksheets of an .xlsx workbook, hidden ones too.

    Raises:
        SourceRefused: damaged, no workbook, unpacking to too much, or a sheet over `CELLS_AT_MOST` cells.
    """
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            _check_parts(file, book)
            extents = _measure(file, book)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise file.cut_off(type(error).__name__) from None
    return _calamine_grids(file, data, extents)


def xls_grids(file: GridFile, data: bytes) -> list[Grid]:
    """The worksheets of an .xls workbook, hidden ones too.

    xlrd reads it, not calamine, because calamine lays out every sheet in full as it opens the book (a far-off cell
    costs gigabytes), and because xlrd can be told the encoding of books older than 1997.

    Raises:
        SourceRefused: damaged, encrypted, no workbook, or a sheet over `CELLS_AT_MOST` cells.
    """
    book = _open_xls(file, data)
    try:
        return [_xls_grid(file, book, number) for number in range(book.nsheets)]
    except SourceRefused:
        raise
    except Exception as error:
        raise file.cut_off(type(error).__name__) from None


def _check_parts(file: GridFile, book: ZipFile) -> None:
    parts = book.infolist()
    unpacked = sum(part.file_size for part in parts)
    swollen = any(
        part.file_size > SMALL_PART and part.compress_size < part.file_size * PACKED_SHARE_AT_LEAST for part in parts
    )
    if len(parts) > PARTS_AT_MOST or unpacked > UNPACKED_BYTES_AT_MOST or swollen:
        size = unpacked // 1024 // 1024
        en = f"unpacks to {size} MiB in {len(parts)} parts; this is no statistical table"
        raise file.refusal("unpacks_to_too_much", en, f"解压后达 {size} MiB，拒绝读取")
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names and not any(name.endswith("workbook.xml") for name in names):
        en = "a zip archive, but no .xlsx workbook; give the table itself"
        raise file.refusal("format_unknown", en, "压缩包中没有 .xlsx 工作簿，请提供表格文件")


def _measure(file: GridFile, book: ZipFile) -> dict[str, Extent]:
    """Unpack every part within its stated size (a false size or checksum fails here) and measure the sheets."""
    from xml.parsers.expat import ExpatError

    extents: dict[str, Extent] = {}
    part = "styles"
    try:
        looks = looks_of(book)
        for item in book.infolist():
            part = item.filename
            if part.endswith(".xml") and "/worksheets/" in part:
                extents[part] = measure_sheet(book, part, looks)
                if sum(extent.rows * extent.columns for extent in extents.values()) > CELLS_AT_MOST:
                    raise TooManyCells
                if sum(extent.characters for extent in extents.values()) > CHARACTERS_AT_MOST:
                    raise TooMuchText
            elif not item.is_dir():
                with book.open(item) as stream:
                    while stream.read(_PIECE):
                        pass
    except TooManyCells:
        raise file.too_many_cells(part) from None
    except TooMuchText:
        size = CHARACTERS_AT_MOST // 1024 // 1024
        en = f"the cells hold over {size} million characters; this is no statistical table"
        raise file.refusal("unpacks_to_too_much", en, f"单元格文字超过 {size} 百万字符，拒绝读取") from None
    except (NotXml, ExpatError):
        raise file.cut_off(f"{part} is not well-formed") from None
    return extents


def _calamine_grids(file: GridFile, data: bytes, extents: dict[str, Extent]) -> list[Grid]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    parts = _part_of_sheet(data)
    grids = []
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for about in book.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet:
                extent = extents.get(parts.get(about.name, ""), Extent())
                is_shown = about.visible == SheetVisibleEnum.Visible
                grids.append(_calamine_grid(book, about.name, extent, is_shown=is_shown))
    except BaseException as error:
        # a panic of the Rust library is no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit)):
            raise
        if "Password" in type(error).__name__:
            raise file.refusal(
                "encrypted", "protected by a password; save it without", "文件已加密，请去除密码"
            ) from None
        raise file.cut_off(type(error).__name__) from None
    return grids


def _calamine_grid(book: Any, name: str, extent: Extent, *, is_shown: bool) -> Grid:  # noqa: ANN401 - calamine loads late
    sheet = book.get_sheet_by_name(name)
    merged = tuple(
        (first[0] + 1, first[1] + 1, last[0] + 1, last[1] + 1) for first, last in sheet.merged_cell_ranges or ()
    )
    rows = [[_cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    concealed = {
        place: extent.stored[place] for place, text in extent.prints.items() if not text and place in extent.stored
    }
    for (row, column), text in (extent.prints | extent.uncomputed | extent.errors).items():
        rows.extend([] for _ in range(row - len(rows)))
        cells = rows[row - 1]
        cells.extend([""] * (column - len(cells)))
        cells[column - 1] = text
    return Grid(
        name,
        tuple(tuple(row) for row in _only_shown(rows, extent, concealed)),
        merged,
        uncomputed=frozenset(extent.uncomputed),
        linked=frozenset(extent.linked),
        stored=extent.stored,
        concealed=concealed,
        is_hidden=not is_shown,
    )


def _only_shown(rows: list[list[str]], extent: Extent, concealed: dict[tuple[int, int], str]) -> list[list[str]]:
    """The rows with "" where the page shows nothing; what stands there goes into `concealed`."""
    if not (extent.hidden_rows or extent.hidden_columns or extent.struck):
        return rows
    for row, cells in enumerate(rows, 1):
        for column, text in enumerate(cells, 1):
            if text and extent.is_hidden(row, column):
                concealed[row, column] = text
                cells[column - 1] = ""
    return rows


def _part_of_sheet(data: bytes) -> dict[str, str]:
    """Which part of the archive holds which sheet, by the book's own relations."""
    import zipfile
    from xml.etree import ElementTree  # expat refuses entity bombs; the parts are bounded above

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            relations = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - bounded
            workbook = ElementTree.fromstring(book.read("xl/workbook.xml"))  # noqa: S314 - bounded
    except (KeyError, ElementTree.ParseError):
        return {}
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    found = {}
    for element in workbook.iter():
        if element.tag.endswith("}sheet"):
            identity = next((value for key, value in element.attrib.items() if key.endswith("}id")), None)
            target = targets.get(identity, "")
            found[element.get("name", "")] = target[1:] if target.startswith("/") else f"xl/{target}"
    return found


def _cell_text(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return number_text(cell)
    if isinstance(cell, datetime):
        whole = cell.hour == cell.minute == cell.second == 0
        return cell.date().isoformat() if whole else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


def _open_xls(file: GridFile, data: bytes) -> Any:  # noqa: ANN401 - xlrd loads late and has no types
    import xlrd

    try:
        book = xlrd.open_workbook(
            file_contents=data, logfile=io.StringIO(), on_demand=True, formatting_info=True, ragged_rows=True
        )
        if book.biff_version < 80 and book.codepage in (None, 1252):
            # books older than 1997 that do not say so were written on Chinese machines
            book = xlrd.open_workbook(
                file_contents=data, logfile=io.StringIO(), on_demand=True, ragged_rows=True, encoding_override="gb18030"
            )
    except Exception as error:
        if "encrypted" in str(error).lower() or b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0" in data:
            raise file.refusal(
                "encrypted", "protected by a password; save it without", "文件已加密，请去除密码"
            ) from None
        raise file.cut_off(type(error).__name__) from None
    return book


def _xls_grid(file: GridFile, book: Any, number: int) -> Grid:  # noqa: ANN401 - xlrd has no types
    sheet = book.sheet_by_index(number)
    if sheet.nrows * sheet.ncols > CELLS_AT_MOST:
        raise file.too_many_cells(f"sheet {sheet.name}")
    extent = _xls_extent(book, sheet)
    rows = [[_xls_text(book, cell) for cell in sheet.row(row)] for row in range(sheet.nrows)]
    concealed = {}
    for (row, column), text in extent.prints.items():
        if not text and (row, column) in extent.stored:
            concealed[row, column] = extent.stored[row, column]
        rows[row - 1][column - 1] = text
    merged = tuple((top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells)
    rows = _only_shown(rows, extent, concealed)
    book.unload_sheet(number)
    return Grid(
        sheet.name,
        tuple(tuple(row) for row in rows),
        merged,
        stored=extent.stored,
        concealed=concealed,
        is_hidden=sheet.visibility != 0,
    )


def _xls_extent(book: Any, sheet: Any) -> Extent:  # noqa: ANN401 - xlrd has no types
    """What the cells of a sheet show that is not what they store."""
    import xlrd

    extent = Extent()
    if not book.formatting_info:
        return extent
    extent.hidden_rows = {row + 1 for row, about in sheet.rowinfo_map.items() if about.hidden}
    extent.hidden_columns = [(column + 1, column + 1) for column, about in sheet.colinfo_map.items() if about.hidden]
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            style = book.xf_list[cell.xf_index] if cell.xf_index is not None else None
            font = book.font_list[style.font_index] if style else None
            place = (row + 1, column + 1)
            if font is not None and cell.ctype != xlrd.XL_CELL_EMPTY and (font.struck_out or font.escapement == 1):
                extent.struck.add(place)
            if style and cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
                number_format = book.format_map[style.format_key].format_str
                if not is_general(number_format):
                    text = shown(cell.value, number_format, from_1904=bool(book.datemode))
                    extent.prints[place] = text
                    if text != (plain := number_text(cell.value)):
                        extent.stored[place] = plain
            elif (runs := sheet.rich_text_runlist_map.get((row, column))) and cell.ctype == xlrd.XL_CELL_TEXT:
                extent.prints[place] = _without_marked_runs(book, str(cell.value), runs)
    return extent


def _without_marked_runs(book: Any, text: str, runs: list[tuple[int, int]]) -> str:  # noqa: ANN401 - xlrd has no types
    """A cell's text without the runs that are struck out or raised; what stands before the first run is kept."""
    bounds = [start for start, _ in runs] + [len(text)]
    kept = text[: bounds[0]]
    for (start, font), end in zip(runs, bounds[1:], strict=True):
        run = text[start:end]
        is_marked = book.font_list[font].struck_out or book.font_list[font].escapement == 1
        kept += raised_unit(run, [kept]) if is_marked else run
    return kept


def _xls_text(book: Any, cell: Any) -> str:  # noqa: ANN401 - xlrd has no types
    import xlrd

    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return number_text(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _cell_text(xlrd.xldate.xldate_as_datetime(cell.value, book.datemode))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return _cell_text(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return _ERRORS.get(cell.value, "#N/A")
    return str(cell.value)
