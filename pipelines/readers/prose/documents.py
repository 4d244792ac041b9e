"""A document as received, as text: plain text and Markdown in the encodings in use, HTML, DOCX and PDF.

Offsets count characters of the decoded file for text and HTML, and of the extracted text for DOCX and PDF, which is
kept here with its hash and the extractor's version.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import BadZipFile

from pipelines.problems import Problem, SourceRefused
from pipelines.readers.prose.reading import LOST, Reading, reading_of_pieces

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

BYTES_AT_MOST = 20 * 1024 * 1024
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OTHER_FORMATS = {
    b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"Rar!": "RAR", b"\x1f\x8b": "gzip",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
}  # fmt: skip
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
_EVERYDAY = re.compile(r"[的年是在和全一人中为上大有万國国個个与與，。、]")
_PAGE_WITH_TEXT = 20
_NUMBER = re.compile(r"\d[\d,.]*")


class Table(NamedTuple):
    """A table inside a document, which is the sheet reader's: where it stands and how many numbers it holds."""

    where: str
    numbers: int


@dataclass(frozen=True)
class Received:
    """A document as text.

    Attributes:
        text: what offsets count the characters of.
        pieces: the parts of `text` that are prose, each with its place (a page without its tags).
        extractor: name and version of what extracted the text, empty where it is the decoded file itself.
        page_starts: where each page of a PDF begins in `text`; empty for other forms.
        tables: the tables that are passed over.
    """

    text: str
    pieces: list[tuple[str, int]]
    extractor: str = ""
    page_starts: tuple[int, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def sha256(self) -> str:
        """The hash of the text, as UTF-8."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def reading(self) -> Reading:
        """The text as it reads."""
        return reading_of_pieces(self.text, self.pieces)


def received(path: Path, source_id: str = "", shown: str = "") -> Received:
    """Open a document; its content decides its form, not its name.

    Args:
        path: the file.
        source_id: whose it is, for the message of a refusal.
        shown: the path to show, where it is not `path` itself.

    Raises:
        SourceRefused: empty, too large, binary, a scan without text, or in no known encoding.
    """
    return _Opening(path, source_id, shown or str(path)).document()


class _Opening:
    """One file while it is being opened."""

    def __init__(self, path: Path, source_id: str, shown: str) -> None:
        self.path = path
        self.source_id = source_id
        self.shown = shown

    def refusal(self, rule: str, en: str, zh: str) -> SourceRefused:
        return SourceRefused([Problem(self.source_id, self.shown, rule, en, zh)])

    def document(self) -> Received:
        if self.path.stat().st_size > BYTES_AT_MOST:
            limit = BYTES_AT_MOST // 1024 // 1024
            raise self.refusal(
                "file_too_large",
                f"larger than {limit} MiB, longer than any bulletin; split it",
                f"文件超过 {limit} MiB，请拆分",
            )
        data = self.path.read_bytes()
        if not data.strip(b" \t\r\n\x00"):
            raise self.refusal("file_empty", "the file is empty; fetch it again", "文件为空，请重新获取")
        if data.startswith(b"%PDF"):
            return self._pdf(data)
        if data.startswith(b"PK\x03\x04"):
            return self._docx(data)
        for beginning, name in _OTHER_FORMATS.items():
            if data.startswith(beginning):
                raise self.refusal(
                    "format_unknown",
                    f"this is {name}; give the text as .txt, .md, .html, .docx or .pdf",
                    f"这是 {name}，请提供 .txt、.md、.html、.docx 或 .pdf",
                )
        text = self._decoded(data)
        if re.match(r"\s*<(?:!doctype html|html|head|body|div|p|meta|table)\b", text[:2048], re.IGNORECASE):
            page = _page(text)
            return Received(text, page.pieces, tables=tuple(page.tables))
        return Received(text, [(text, 0)])

    def _decoded(self, data: bytes) -> str:
        for beginning, encoding in _BOMS:
            if data.startswith(beginning):
                return data.decode(encoding, "replace")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            return self._other_encoding(data, error)

    def _other_encoding(self, data: bytes, error: UnicodeDecodeError) -> str:
        """GB18030 or Big5, whichever reads as everyday Chinese; UTF-8 with single bytes lost keeps the rest."""
        if len(_CONTROLS.findall(data)) * 50 > len(data):
            raise self.refusal(
                "format_unknown",
                "the file is binary; give the text as .txt, .md, .html, .docx or .pdf",
                "这是二进制文件，请提供 .txt、.md、.html、.docx 或 .pdf",
            )
        lost = data.decode("utf-8", "replace")
        guesses = [(encoding, data.decode(encoding, "replace")) for encoding in ("gb18030", "big5")]
        best = max((lost, *(text for _encoding, text in guesses)), key=_readable)
        if _readable(best) <= 0.02:
            raise self.refusal(
                "encoding",
                f"byte {error.start} is not UTF-8, nor is the file GB18030 or Big5; save it as UTF-8",
                f"第 {error.start} 字节不是 UTF-8，也不是 GB18030 或 Big5，请另存为 UTF-8",
            )
        return best

    def _docx(self, data: bytes) -> Received:
        import docx
        from docx.opc.exceptions import PackageNotFoundError
        from docx.oxml.ns import qn

        try:
            document = docx.Document(io.BytesIO(data))
            text = "\n".join(paragraph.text for paragraph in document.paragraphs)
            tables = _tables_of(document.element.body.iterchildren(qn("w:tbl")))
        except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
            raise self.refusal(
                "format_unknown",
                f"not a Word document that can be opened ({error}); save it as .docx again",
                "无法打开的 Word 文件，请另存为 .docx",
            ) from None
        if not text.strip():
            raise self.refusal("file_empty", "the document has no paragraph with text", "文档没有正文")
        return Received(text, [(text, 0)], f"python-docx {version('python-docx')}", tables=tables)

    def _pdf(self, data: bytes) -> Received:
        import pypdfium2

        try:
            pages = [
                page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in pypdfium2.PdfDocument(data)
            ]
        except pypdfium2.PdfiumError as error:
            raise self.refusal(
                "format_unknown",
                f"not a PDF that can be opened ({error}); fetch it again",
                "无法打开的 PDF，请重新获取",
            ) from None
        scanned = [number for number, page in enumerate(pages, 1) if len(page.strip()) < _PAGE_WITH_TEXT]
        if not pages or len(scanned) * 2 > len(pages):
            raise self.refusal(
                "no_text",
                f"pages {_listed(scanned)} are scans without text; run them through character recognition first",
                f"第 {_listed(scanned)} 页是扫描图，没有文字，请先识别",
            )
        starts, at = [], 0
        for page in pages:
            starts.append(at)
            at += len(page) + 1
        text = "\n".join(pages)
        return Received(text, [(text, 0)], f"pypdfium2 {version('pypdfium2')}", tuple(starts))


def _tables_of(tables: Iterable[Any]) -> tuple[Table, ...]:
    """The tables of a Word document that hold numbers, each paragraph of a cell once."""
    from docx.oxml.ns import qn

    found = []
    for at, table in enumerate(tables, 1):
        words = ["".join(run.text or "" for run in paragraph.iter(qn("w:t"))) for paragraph in table.iter(qn("w:p"))]
        numbers = sum(len(_NUMBER.findall(word)) for word in words)
        if numbers:
            found.append(Table(f"table {at}", numbers))
    return tuple(found)


def _listed(numbers: list[int]) -> str:
    return ", ".join(str(number) for number in numbers[:8]) + (", …" if len(numbers) > 8 else "")


def _readable(text: str) -> float:
    """The share of everyday characters, less that of characters that were lost."""
    head = text[:20_000]
    return (len(_EVERYDAY.findall(head)) - 2 * head.count(LOST)) / max(1, len(head))


_BLOCKS = {
    "p",
    "div",
    "br",
    "li",
    "tr",
    "td",
    "th",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "article",
    "table",
    "ul",
    "ol",
    "title",
    "header",
    "footer",
}
_SILENT = {"script", "style", "noscript", "template", "select"}
#: A page whose article stands in a table tells sentences there; a table of figures has at most a note.
_SENTENCES_OF_A_LAYOUT = 3


def _page(text: str) -> _Page:
    """The prose of a page, each piece with its place, and its tables."""
    page = _Page(text)
    page.feed(text)
    page.close()
    while page.open_tables:
        page.end_table()
    return page


class _Page(HTMLParser):
    """Collects words with their places. A table of figures is the sheet reader's; one that only lays out is prose."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[tuple[str, int]] = []
        self.tables: list[Table] = []
        self.open_tables: list[tuple[int, list[tuple[str, int]]]] = []
        self.silent: list[str] = []
        self.lines = [0]
        for match in re.finditer("\n", text):
            self.lines.append(match.end())

    def _here(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def _keep(self, words: str) -> None:
        (self.open_tables[-1][1] if self.open_tables else self.pieces).append((words, self._here()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """A block begins a new line; scripts are passed over."""
        if tag in _SILENT:
            self.silent.append(tag)
        if tag == "table":
            self.open_tables.append((self._here(), []))
        if tag in _BLOCKS:
            self._keep("\n")

    def handle_endtag(self, tag: str) -> None:
        """A block ends its line."""
        if tag in self.silent:
            while self.silent.pop() != tag:
                pass
        if tag == "table" and self.open_tables:
            self.end_table()
        if tag in _BLOCKS:
            self._keep("\n")

    def end_table(self) -> None:
        """A table that tells sentences gives its words to what is around it; another is named with its numbers."""
        start, pieces = self.open_tables.pop()
        words = "".join(piece for piece, _at in pieces)
        if words.count("。") >= _SENTENCES_OF_A_LAYOUT:
            (self.open_tables[-1][1] if self.open_tables else self.pieces).extend(pieces)
        elif numbers := len(_NUMBER.findall(words)):
            self.tables.append(Table(f"char:{start}-{self._here()}", numbers))

    def handle_data(self, data: str) -> None:
        """Words; a line end of the source is no line end of the page."""
        if not self.silent:
            self._keep(data.replace("\n", " ").replace("\r", " "))

    def handle_entityref(self, name: str) -> None:
        """A named character, such as &nbsp;."""
        self._character(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """A numbered character, such as &#37;."""
        self._character(f"&#{name};")

    def _character(self, reference: str) -> None:
        character = unescape(reference)
        if not self.silent and len(character) == 1:
            self._keep(character)
