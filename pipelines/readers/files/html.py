"""Tables of an HTML page, which statistical sites like to send under the name of a workbook."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from pipelines.readers.files.grid import CELLS_AT_MOST, Grid
from pipelines.readers.files.workbook_parts import raised_unit

if TYPE_CHECKING:
    from pipelines.readers.files.grid import GridFile

_BEGINNINGS = ("<!doctype html", "<html", "<table", "<head", "<meta", "<body")
_SPAN_AT_MOST = 1000
#: Elements whose text the page raises, strikes out or does not show at all.
_NOT_PRINT = frozenset({"sup", "del", "s", "strike", "script", "style", "template"})
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|text-decoration[^;]*line-through")
_EMPTY_ELEMENTS = frozenset(
    {"br", "img", "hr", "input", "meta", "link", "col", "wbr", "area", "base", "embed", "source"}
)
#: A comment that never closes makes the parser look for its end from every other one.
_OPEN_COMMENTS_AT_MOST = 1000


def looks_like_html(text: str) -> bool:
    """Whether a text is an HTML page or table."""
    head = text[:2048].lstrip().lower()
    return head.startswith(_BEGINNINGS) or (head.startswith("<") and "<table" in text[: 64 * 1024].lower())


def html_grids(file: GridFile, text: str) -> list[Grid]:
    """The tables of a page, one grid each, named `table 1`, `table 2`, …; spans are laid out and kept as merged.

    Raises:
        SourceRefused: no table, a table that never closes, or over `CELLS_AT_MOST` cells.
    """
    if text.count("<!--") > text.count("-->") + _OPEN_COMMENTS_AT_MOST:
        raise file.cut_off("comments open and never close")
    parser = _Tables(file)
    parser.feed(text)
    parser.close()
    if parser.depth:
        raise file.cut_off("a table opens and never closes")
    if not parser.grids:
        raise file.refusal("no_table", "an HTML page without a table; fetch the table", "网页中没有表格，请获取表格")
    return parser.grids


class _Tables(HTMLParser):
    """Collects tables; one inside another is read as text of the outer one's cell."""

    def __init__(self, file: GridFile) -> None:
        super().__init__(convert_charrefs=True)
        self.file = file
        self.grids: list[Grid] = []
        self.depth = 0
        self.cells = 0
        self.unshown: list[str] = []
        self._begin()

    def _begin(self) -> None:
        self.placed: dict[tuple[int, int], str] = {}
        self.concealed: dict[tuple[int, int], str] = {}
        self.merged: list[tuple[int, int, int, int]] = []
        self.row = 0
        self.column = 0
        self.spans = (1, 1)
        self.words: list[str] | None = None
        self.hidden_row = False
        self.is_hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row or a cell; what the page does not show of a cell is kept apart."""
        given = dict(attrs)
        hides = tag in _NOT_PRINT or "hidden" in given or _HIDING.search((given.get("style") or "").lower()) is not None
        if self.depth == 1 and tag in ("tr", "td", "th"):
            self._open(tag, given, hides=hides)
        elif tag not in _EMPTY_ELEMENTS and (self.unshown or (hides and self.words is not None)):
            self.unshown.append(tag)
        elif tag == "table":
            self.depth += 1
            if self.depth == 1:
                self._begin()
        elif tag == "br" and self.words is not None:
            self.words.append("\n")

    def _open(self, tag: str, given: dict[str, str | None], *, hides: bool) -> None:
        self._close_cell()
        if tag == "tr":
            self.row += 1
            self.column = 0
            self.hidden_row = hides
            return
        self.row = max(self.row, 1)
        self.spans = (_span(given.get("rowspan")), _span(given.get("colspan")))
        self.words = []
        self.is_hidden = hides or self.hidden_row

    def handle_endtag(self, tag: str) -> None:
        """Close a cell, a row or a table."""
        if self.unshown and tag in self.unshown:
            while self.unshown.pop() != tag:
                pass
        elif self.depth == 1 and tag in ("td", "th", "tr"):
            self._close_cell()
        elif tag == "table" and self.depth:
            if self.depth == 1:
                self._close_cell()
                self._close_table()
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        """Keep the words of the open cell."""
        if self.words is None:
            return
        if not self.unshown:
            self.words.append(data)
        elif self.unshown[-1] == "sup" and raised_unit(data, self.words):
            self.words.append(raised_unit(data, self.words))

    def _close_cell(self) -> None:
        if self.words is None:
            return
        text = "".join(self.words).replace("\xa0", " ").strip()
        self.words, self.unshown = None, []
        self.column += 1
        while (self.row, self.column) in self.placed:
            self.column += 1
        height, width = self.spans
        self.cells += height * width
        if self.cells > CELLS_AT_MOST:
            raise self.file.too_many_cells("the page")
        for row in range(self.row, self.row + height):
            for column in range(self.column, self.column + width):
                self.placed.setdefault((row, column), "")
        if self.is_hidden and text:
            self.concealed[self.row, self.column], text = text, ""
        self.placed[self.row, self.column] = text
        if height > 1 or width > 1:
            self.merged.append((self.row, self.column, self.row + height - 1, self.column + width - 1))
        self.column += width - 1

    def _close_table(self) -> None:
        height = min(self.row, max((row for row, _ in self.placed), default=0))
        widths = [0] * (height + 1)
        for row, column in self.placed:
            if row <= height:
                widths[row] = max(widths[row], column)
        if sum(widths) > CELLS_AT_MOST:
            raise self.file.too_many_cells("the page")
        rows = tuple(
            tuple(self.placed.get((row, column), "") for column in range(1, widths[row] + 1))
            for row in range(1, height + 1)
        )
        self.grids.append(Grid(f"table {len(self.grids) + 1}", rows, tuple(self.merged), concealed=self.concealed))


def _span(text: str | None) -> int:
    return min(int(text), _SPAN_AT_MOST) if text and text.isascii() and text.isdigit() and int(text) > 0 else 1
