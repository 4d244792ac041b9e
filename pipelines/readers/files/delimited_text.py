"""Comma, semicolon or tab text in the encodings that Chinese statistical sites export: UTF-8, UTF-16, GB18030."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pipelines.readers.files.grid import CELLS_AT_MOST, Grid

if TYPE_CHECKING:
    from pipelines.readers.files.grid import GridFile

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = "\t,;"
_LINES_TO_JUDGE = 200
#: GB18030 gives nearly any bytes some meaning; real Chinese tables use the 6763 characters of GB 2312 nearly always.
_COMMON_SHARE_AT_LEAST = 0.8


def decoded(file: GridFile, data: bytes) -> str:
    """The text of a file.

    Raises:
        SourceRefused: in no encoding that is known here, or cut off within a character.
    """
    for beginning, encoding in _BOMS:
        if data.startswith(beginning):
            return _strictly(file, data, encoding)
    if len(data) > 3 and (guess := _utf_16_without_mark(data)):
        return _strictly(file, data, guess)
    try:
        return _text_only(file, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.start > len(data) - 4 and error.start > 0:
            raise file.cut_off("its last character is not whole") from None
        wrong = error.start
    return _gb18030(file, data, wrong)


def text_grid(file: GridFile, text: str) -> Grid:
    """Cut text into rows at its delimiter.

    Raises:
        SourceRefused: quotes that never close, a cell without end, or over `CELLS_AT_MOST` cells.
    """
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    cells = 0
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise file.cut_off("a quote opens and never closes") from None
            en = f"the quotes of this row do not close ({error}); mend the row"
            raise file.refusal("csv_form", en, "引号不配对，请修正该行", line) from None
        rows.append(tuple(row))
        lines.append(line)
        cells += len(row)
        if cells > CELLS_AT_MOST:
            raise file.too_many_cells("the text")
    if delimiter == "\t" and _are_led_by_commas(rows):
        rows = [tuple(cell.removeprefix(",") for cell in row) for row in rows]
    return Grid(None, tuple(rows), lines=tuple(lines), ends_open=not text.endswith(("\n", "\r")))


def _are_led_by_commas(rows: list[tuple[str, ...]]) -> bool:
    """Whether an export stands its cells behind a tab and a comma both (`北京市<tab>,49670.2`)."""
    cells = [cell for row in rows for cell in row[1:] if cell]
    return bool(cells) and sum(1 for cell in cells if cell.startswith(",")) * 10 > len(cells) * 9


def _delimiter(text: str) -> str:
    """The delimiter that most rows agree on; a comma inside numbers never beats tabs between cells."""
    head = text[: 256 * 1024].splitlines()[:_LINES_TO_JUDGE]
    counts = {mark: sum(1 for line in head if mark in line) for mark in _DELIMITERS}
    best = max(counts.values())
    return next((mark for mark in _DELIMITERS if best and counts[mark] * 2 > best), ",")


def _strictly(file: GridFile, data: bytes, encoding: str) -> str:
    try:
        return _text_only(file, data.decode(encoding))
    except UnicodeDecodeError as error:
        if error.start > len(data) - 4:
            raise file.cut_off("its last character is not whole") from None
        raise _unknown(file, data, error.start) from None


def _utf_16_without_mark(data: bytes) -> str | None:
    """UTF-16 without its mark shows by the zero bytes of its commas, digits and line ends."""
    head = data[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 10 < len(head) // 2 or min(even, odd) * 4 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _gb18030(file: GridFile, data: bytes, wrong: int) -> str:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        if error.reason == "incomplete multibyte sequence" and error.start > len(data) - 4:
            raise file.cut_off("its last character is not whole") from None
        raise _unknown(file, data, wrong) from None
    unusual = [char for char in text if ord(char) > 127]
    common = sum(1 for char in unusual if _is_in_gb2312(char))
    if common < _COMMON_SHARE_AT_LEAST * len(unusual):
        raise _unknown(file, data, wrong)
    return _text_only(file, text)


def _is_in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return char in "—·–−‰…\u3000\ue004\xa0"
    return True


def _text_only(file: GridFile, text: str) -> str:
    """Refuse bytes that happen to decode and are no text."""
    head = text[: 64 * 1024]
    if sum(1 for char in head if ord(char) < 32 and char not in "\t\r\n\f\x1a") > len(head) // 100:
        raise file.refusal(
            "format_unknown", "neither text nor a workbook; fetch it again", "不是文本或工作簿，请重新获取"
        )
    return text.removeprefix("\ufeff").rstrip("\x1a")


def _unknown(file: GridFile, data: bytes, wrong: int) -> Exception:
    from charset_normalizer import from_bytes

    best = from_bytes(data[: 64 * 1024]).best()
    guess = f" (perhaps {best.encoding})" if best and best.encoding not in {"utf_8", "gb18030"} else ""
    line = data.count(b"\n", 0, wrong) + 1
    en = f"neither UTF-8, UTF-16 nor GB18030{guess}; save it as UTF-8"
    return file.refusal("encoding", en, f"编码不是 UTF-8、UTF-16 或 GB18030{guess}，请另存为 UTF-8", line)
