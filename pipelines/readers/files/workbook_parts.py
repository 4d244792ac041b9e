"""The parts of an .xlsx workbook that say how its cells look: styles, shared strings, sheets' XML, all within bounds.

A workbook from outside may be small and unpack to anything. So every part is unpacked piece by piece, the extent of
each sheet measured on the way, and nothing kept but what differs from what the cells store.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipelines.readers.files.grid import CELLS_AT_MOST
from pipelines.readers.files.number_format import BUILT_IN, is_general, number_text, shown

if TYPE_CHECKING:
    from zipfile import ZipFile

#: Characters of all strings that cells refer to; one long string may be referred to by every cell.
CHARACTERS_AT_MOST = 64 * 1024 * 1024

_PIECE = 1024 * 1024
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_OTHER_BOOK = re.compile(r"\[[^\]]+\][^!]*!")
Place = tuple[int, int]


class TooManyCells(Exception):
    """A sheet, or all sheets together, reach over more cells than a statistical table has."""


class TooMuchText(Exception):
    """The strings of the cells are more text than a statistical table has."""


class NotXml(Exception):
    """A part declares a document type, which no workbook does."""


@dataclass
class Looks:
    """What a workbook's styles and strings say.

    Attributes:
        formats: number format of each cell style, by its number.
        struck: cell styles whose font is struck out or raised.
        lengths: characters of each shared string.
        marked: shared strings of which a part is struck out or raised, with what is left of them.
        from_1904: whether days count from 1904.
    """

    formats: list[str] = field(default_factory=list)
    struck: frozenset[int] = frozenset()
    lengths: list[int] = field(default_factory=list)
    marked: dict[int, str] = field(default_factory=dict)
    from_1904: bool = False


@dataclass
class Extent:
    """What one sheet's part holds, measured without keeping it.

    Attributes:
        prints: what cells show, where that is not what they store: a number's format, a string without its raised part.
        stored: the number behind such a print.
        struck: cells struck out as a whole.
    """

    rows: int = 0
    columns: int = 0
    characters: int = 0
    uncomputed: dict[Place, str] = field(default_factory=dict)
    linked: set[Place] = field(default_factory=set)
    errors: dict[Place, str] = field(default_factory=dict)
    prints: dict[Place, str] = field(default_factory=dict)
    stored: dict[Place, str] = field(default_factory=dict)
    struck: set[Place] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)

    def is_hidden(self, row: int, column: int) -> bool:
        """Whether a cell's row or column is hidden, or the cell struck out."""
        if row in self.hidden_rows or (row, column) in self.struck:
            return True
        return any(first <= column <= last for first, last in self.hidden_columns)


def parse(book: ZipFile, name: str, handler: Any) -> None:  # noqa: ANN401 - any object with the three methods
    """Feed a part to `start`, `end` and `characters` of a handler, piece by piece.

    Raises:
        NotXml: it declares a document type.
        xml.parsers.expat.ExpatError: it is not well-formed.
    """
    from xml.parsers import expat

    def doctype(*_: object) -> None:
        raise NotXml

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, attributes: handler.start(tag.rpartition(" ")[2], attributes)
    parser.EndElementHandler = lambda tag: handler.end(tag.rpartition(" ")[2])
    parser.CharacterDataHandler = handler.characters
    parser.StartDoctypeDeclHandler = doctype
    with book.open(name) as stream:
        while piece := stream.read(_PIECE):
            parser.Parse(piece, False)
    parser.Parse(b"", True)


def looks_of(book: ZipFile) -> Looks:
    """Read styles, shared strings and the calendar of a workbook."""
    looks = Looks()
    names = set(book.namelist())
    if "xl/styles.xml" in names:
        styles = _Styles()
        parse(book, "xl/styles.xml", styles)
        looks.formats = [styles.format_of(number) for number, _ in styles.cells]
        looks.struck = frozenset(at for at, (_, font) in enumerate(styles.cells) if font in styles.struck)
    if "xl/sharedStrings.xml" in names:
        strings = _Strings()
        parse(book, "xl/sharedStrings.xml", strings)
        looks.lengths, looks.marked = strings.lengths, strings.marked
    if "xl/workbook.xml" in names:
        calendar = _Calendar()
        parse(book, "xl/workbook.xml", calendar)
        looks.from_1904 = calendar.from_1904
    return looks


def measure_sheet(book: ZipFile, name: str, looks: Looks) -> Extent:
    """Follow the cells of a sheet's XML: how far they reach, what they show, which formulas lack a stored value.

    Raises:
        TooManyCells: over `CELLS_AT_MOST`.
        TooMuchText: over `CHARACTERS_AT_MOST`.
    """
    scan = _Sheet(looks)
    parse(book, name, scan)
    return scan.extent


class _Calendar:
    from_1904 = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")

    def end(self, tag: str) -> None: ...

    def characters(self, text: str) -> None: ...


class _Styles:
    """Number formats and fonts of cell styles."""

    def __init__(self) -> None:
        self.custom: dict[int, str] = {}
        self.cells: list[tuple[int, int]] = []
        self.struck: set[int] = set()
        self.fonts = -1
        self.within: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        parent = self.within[-1] if self.within else ""
        if tag == "numFmt" and parent == "numFmts":
            self.custom[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
        elif tag == "font" and parent == "fonts":
            self.fonts += 1
        elif parent == "font" and "fonts" in self.within and _is_mark(tag, attributes):
            self.struck.add(self.fonts)
        elif tag == "xf" and parent == "cellXfs":
            self.cells.append((int(attributes.get("numFmtId", "0")), int(attributes.get("fontId", "0"))))
        self.within.append(tag)

    def end(self, tag: str) -> None:  # noqa: ARG002 - what every handler is told
        self.within.pop()

    def characters(self, text: str) -> None: ...

    def format_of(self, number: int) -> str:
        return self.custom.get(number) or BUILT_IN.get(number, "General")


def _is_mark(tag: str, attributes: dict[str, str]) -> bool:
    """Whether an element of a font strikes its text out or raises it."""
    if tag in ("strike", "dstrike"):
        return attributes.get("val", "1") not in ("0", "false")
    return tag == "vertAlign" and attributes.get("val") == "superscript"


class _Text:
    """The text of one string item, the raised and struck-out runs apart."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.length = 0
        self.is_marked = False
        self.run_is_marked = False
        self.inside = False
        self.phonetic = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "r":
            self.run_is_marked = False
        elif tag == "rPh":
            self.phonetic += 1
        elif tag == "t":
            self.inside = not self.phonetic
        elif _is_mark(tag, attributes):
            self.run_is_marked = True

    def end(self, tag: str) -> None:
        if tag == "t":
            self.inside = False
        elif tag == "rPh":
            self.phonetic -= 1
        elif tag == "r":
            self.run_is_marked = False

    def characters(self, text: str) -> None:
        if not self.inside:
            return
        self.length += len(text)
        if self.run_is_marked:
            self.is_marked = True
            self.kept.append(raised_unit(text, self.kept))
        else:
            self.kept.append(text)


def raised_unit(text: str, before: list[str]) -> str:
    """A raised 2 or 3 after m is a square or cubic metre; any other raised text is a footnote mark."""
    so_far = "".join(before).rstrip()
    return {"2": "²", "3": "³"}.get(text.strip(), "") if so_far.endswith(("m", "M", "米")) else ""


class _Strings:
    """Lengths of all shared strings, and what is left of those with raised or struck-out parts."""

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self.marked: dict[int, str] = {}
        self.text: _Text | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "si":
            self.text = _Text()
        elif self.text:
            self.text.start(tag, attributes)

    def end(self, tag: str) -> None:
        if tag == "si" and self.text:
            if self.text.is_marked:
                self.marked[len(self.lengths)] = "".join(self.text.kept)
            self.lengths.append(self.text.length)
            self.text = None
        elif self.text:
            self.text.end(tag)

    def characters(self, text: str) -> None:
        if self.text:
            self.text.characters(text)


class _Sheet:
    """Follows the cells of a sheet."""

    def __init__(self, looks: Looks) -> None:
        self.looks = looks
        self.extent = Extent()
        self.row = 0
        self.column = 0
        self.inside: str | None = None
        self.formula: list[str] | None = None
        self.value: list[str] = []
        self.kind = ""
        self.style = 0
        self.text: _Text | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            stated = attributes.get("r", "")
            self.row = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 9 else self.row + 1
            self.column = 0
            if attributes.get("hidden") in ("1", "true"):
                self.extent.hidden_rows.add(self.row)
        elif tag == "c":
            self.open_cell(attributes)
        elif tag in ("f", "v"):
            self.inside = tag
            if tag == "f":
                self.formula = []
        elif tag == "is":
            self.text = _Text()
        elif self.text:
            self.text.start(tag, attributes)
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = attributes.get("min", "0"), attributes.get("max", "0")
            if first.isdigit() and last.isdigit():
                self.extent.hidden_columns.append((int(first), int(last)))

    def open_cell(self, attributes: dict[str, str]) -> None:
        place = _CELL.fullmatch(attributes.get("r", ""))
        if place:
            self.row, self.column = int(place[2]), _column_number(place[1])
        else:
            self.column += 1
        style = attributes.get("s", "0")
        self.formula, self.value, self.kind = None, [], attributes.get("t", "n")
        self.style = int(style) if style.isascii() and style.isdigit() and len(style) < 7 else 0

    def characters(self, text: str) -> None:
        if self.inside == "f" and self.formula is not None:
            self.formula.append(text)
        elif self.inside == "v":
            self.value.append(text)
        elif self.text:
            self.text.characters(text)

    def end(self, tag: str) -> None:
        if tag in ("f", "v"):
            self.inside = None
        elif tag == "is" and self.text:
            self.value = ["".join(self.text.kept)]
            if self.text.is_marked:
                self.extent.prints[self.row, self.column] = self.value[0]
            self.extent.characters += self.text.length
            self.text = None
        elif self.text:
            self.text.end(tag)
        elif tag == "c" and (self.value or self.formula is not None):
            self.close_cell()

    def close_cell(self) -> None:
        extent, place = self.extent, (self.row, self.column)
        extent.rows, extent.columns = max(extent.rows, self.row), max(extent.columns, self.column)
        if extent.rows * extent.columns > CELLS_AT_MOST:
            raise TooManyCells
        value = "".join(self.value)
        if self.style in self.looks.struck:
            extent.struck.add(place)
        if self.kind == "e":
            extent.errors[place] = value
        elif self.formula is not None and not value:
            extent.uncomputed[place] = f"={''.join(self.formula)}"
        else:
            if self.formula is not None and _OTHER_BOOK.search("".join(self.formula)):
                extent.linked.add(place)
            self.take_looks(place, value)

    def take_looks(self, place: Place, value: str) -> None:
        if self.kind == "s":
            at = int(value) if value.isascii() and value.isdigit() and len(value) < 9 else -1
            if 0 <= at < len(self.looks.lengths):
                self.extent.characters += self.looks.lengths[at]
                if self.extent.characters > CHARACTERS_AT_MOST:
                    raise TooMuchText
                if at in self.looks.marked:
                    self.extent.prints[place] = self.looks.marked[at]
        elif self.kind == "n" and self.style < len(self.looks.formats):
            number_format = self.looks.formats[self.style]
            if is_general(number_format):
                return
            try:
                number = float(value)
                text = shown(number, number_format, from_1904=self.looks.from_1904)
            except (ValueError, ArithmeticError):
                return
            self.extent.prints[place] = text
            if text != (plain := number_text(number)):
                self.extent.stored[place] = plain


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
