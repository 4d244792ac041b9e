"""Excel workbooks, new (.xlsx) and old (.xls), as grids of printed text.

A workbook from outside may be small and unpack to anything, or claim a cell in its last row and column. So every
part is first unpacked piece by piece within bounds, the extent of each sheet measured on the way, and only then
read. Macros are never looked at.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipelines.problems import SourceRefused
from pipelines.readers.files.grid import CELLS_AT_MOST, Grid

if TYPE_CHECKING:
    from zipfile import ZipFile

    from pipelines.readers.files.grid import GridFile

UNPACKED_BYTES_AT_MOST = 256 * 1024 * 1024
PARTS_AT_MOST = 10_000
#: Sheets of numbers pack to about a tenth; a bomb to less than a hundredth.
PACKED_SHARE_AT_LEAST = 0.01
SMALL_PART = 4 * 1024 * 1024

_PIECE = 1024 * 1024
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_OTHER_BOOK = re.compile(r"\[[^\]]+\][^!]*!")
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


def number_text(number: float) -> str:
    """A stored number as Excel prints it: at most 15 significant digits, no exponent, no `.0`."""
    text = format(Decimal(f"{number:.15g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


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


@dataclass
class _Extent:
    """What one sheet's part holds, measured without keeping it."""

    rows: int = 0
    columns: int = 0
    uncomputed: dict[tuple[int, int], str] = field(default_factory=dict)
    linked: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


class _TooManyCells(Exception):
    pass


class _NotXml(Exception):
    pass


def _measure(file: GridFile, book: ZipFile) -> dict[str, _Extent]:
    """Unpack every part within its stated size (a false size or checksum fails here) and measure the sheets."""
    from xml.parsers.expat import ExpatError

    extents = {}
    for part in book.infolist():
        try:
            if part.filename.endswith(".xml") and "/worksheets/" in part.filename:
                extents[part.filename] = _measure_sheet(book, part.filename)
            elif not part.is_dir():
                with book.open(part) as stream:
                    while stream.read(_PIECE):
                        pass
        except _TooManyCells:
            raise file.too_many_cells(part.filename) from None
        except (_NotXml, ExpatError):
            raise file.cut_off(f"{part.filename} is not well-formed") from None
    return extents


def _measure_sheet(book: ZipFile, name: str) -> _Extent:
    from xml.parsers import expat

    scan = _SheetScan()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.characters
    parser.StartDoctypeDeclHandler = scan.doctype
    with book.open(name) as stream:
        while piece := stream.read(_PIECE):
            parser.Parse(piece, False)
    parser.Parse(b"", True)
    return scan.extent


class _SheetScan:
    """Follows the cells of a sheet's XML: how far they reach, and which formulas lack a stored value."""

    def __init__(self) -> None:
        self.extent = _Extent()
        self.row = 0
        self.column = 0
        self.inside: str | None = None
        self.formula: list[str] | None = None
        self.value: list[str] = []
        self.is_error = False

    def doctype(self, *_: object) -> None:
        raise _NotXml

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = name.rpartition(" ")[2]
        if element == "row":
            stated = attributes.get("r", "")
            self.row = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 9 else self.row + 1
            self.column = 0
        elif element == "c":
            place = _CELL.fullmatch(attributes.get("r", ""))
            if place:
                self.row, self.column = int(place[2]), _column_number(place[1])
            else:
                self.column += 1
            self.formula, self.value, self.is_error = None, [], attributes.get("t") == "e"
        elif element in ("f", "v", "t"):
            self.inside = element
            if element == "f":
                self.formula = []

    def characters(self, text: str) -> None:
        if self.inside == "f" and self.formula is not None:
            self.formula.append(text)
        elif self.inside in ("v", "t"):
            self.value.append(text)

    def end(self, name: str) -> None:
        element = name.rpartition(" ")[2]
        if element in ("f", "v", "t"):
            self.inside = None
        elif element == "c" and (self.value or self.formula is not None):
            self.close_cell()

    def close_cell(self) -> None:
        extent = self.extent
        extent.rows, extent.columns = max(extent.rows, self.row), max(extent.columns, self.column)
        if extent.rows * extent.columns > CELLS_AT_MOST:
            raise _TooManyCells
        if self.is_error:
            extent.errors[self.row, self.column] = "".join(self.value)
        elif self.formula is not None:
            formula = "".join(self.formula)
            if not self.value:
                extent.uncomputed[self.row, self.column] = f"={formula}"
            elif _OTHER_BOOK.search(formula):
                extent.linked.add((self.row, self.column))


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _calamine_grids(file: GridFile, data: bytes, extents: dict[str, _Extent]) -> list[Grid]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    parts = _part_of_sheet(data)
    grids = []
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for about in book.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet:
                extent = extents.get(parts.get(about.name, ""), _Extent())
                grids.append(_calamine_grid(book, about.name, extent))
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


def _calamine_grid(book: Any, name: str, extent: _Extent) -> Grid:  # noqa: ANN401 - calamine loads late
    sheet = book.get_sheet_by_name(name)
    merged = tuple(
        (first[0] + 1, first[1] + 1, last[0] + 1, last[1] + 1) for first, last in sheet.merged_cell_ranges or ()
    )
    rows = [[_cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), text in (extent.uncomputed | extent.errors).items():
        rows.extend([] for _ in range(row - len(rows)))
        cells = rows[row - 1]
        cells.extend([""] * (column - len(cells)))
        cells[column - 1] = text
    return Grid(
        name,
        tuple(tuple(row) for row in rows),
        merged,
        uncomputed=frozenset(extent.uncomputed),
        linked=frozenset(extent.linked),
    )


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
    rows = tuple(tuple(_xls_text(book, cell) for cell in sheet.row(row)) for row in range(sheet.nrows))
    merged = tuple((top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells)
    book.unload_sheet(number)
    return Grid(sheet.name, rows, merged)


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
