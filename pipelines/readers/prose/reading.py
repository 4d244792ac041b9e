"""A text as received, and as it reads: one line per paragraph, full-width digits narrow, characters simplified.

Every character of the reading text remembers the character of the received text that it came from, so that a span found
in the one points into the other.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

LOST = "\ufffd"
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF1A)} | {
    ord("％"): "%",
    ord("．"): ".",
    ord("／"): "/",
    ord("﹪"): "%",
    ord("−"): "-",
    ord("－"): "-",
    ord("＋"): "+",
    ord("："): ":",
    ord("∶"): ":",
    ord("("): "（",
    ord(")"): "）",
    ord(";"): "；",
    ord("﹐"): "，",
    ord("「"): "“",
    ord("」"): "”",
    ord("『"): "“",
    ord("』"): "”",
    ord("·"): "·",
    ord("•"): "·",
    ord("\u3000"): " ",
    ord("\xa0"): " ",
}
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f*]")
_SPACE = re.compile(r"[ \t\r\n]+")
_LOOSE_COMMA = re.compile(r"(?<!\d),|,(?!\d)")
_ENDS_BLOCK = "%‰。！？；：!?;:”）)】》…"
_NEW_BLOCK = re.compile(
    r"(?:#|[一二三四五六七八九十百]+、|（[一二三四五六七八九十]+）|\([一二三四五六七八九十]+\)|\d{1,2}[.、．](?!\d)|(?:19|20)\d{2}年|全年|全省|全市|年末|图\s?\d|表\s?\d|——|[-•▪■])"
)
_SHORT_LINE = 25
_CUT_LINES = 5
_ONE_DIGIT = re.compile(r"\d(?!\d)")
#: A line end inside a number, before its unit or before the comma after it.
_CUT_NUMBER = re.compile(
    r"\d\n\.\d|\D\d+\.\n\d|\d[万亿千百]{0,2}\n(?:[万亿元%‰]|个百|公顷|千瓦|平方|立方)|\d[万亿]\n|[^\n]\n[，。、；%]"
)


Span = tuple[int, int]


def matches(pattern: re.Pattern[str], text: str, spans: list[Span]) -> Iterator[re.Match[str]]:
    """Every match of a pattern in the given parts of a text, in order."""
    for start, end in spans:
        yield from pattern.finditer(text, start, end)


@dataclass(frozen=True)
class Reading:
    """A text as it reads.

    Attributes:
        source: the text as received; every span that leaves the reader points into it.
        text: the text that the rules read.
        origin: for each character of `text` its place in `source`.
    """

    source: str
    text: str
    origin: array[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of `source` that the characters [start, end) of `text` came from."""
        return self.origin[start], self.origin[end - 1] + 1


@cache
def _simplified() -> dict[int, str]:
    """Traditional to simplified, character by character (the table of OpenCC, Apache-2.0)."""
    table = resources.files("opencc").joinpath("dictionary/TSCharacters.txt").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in table.splitlines() if "\t" in line)
    return {ord(one): many.split(" ")[0] for one, many in pairs if len(one) == 1} | _WIDE


def reading_of(source: str) -> Reading:
    """The reading text of a plain text."""
    return reading_of_pieces(source, [(source, 0)])


def reading_of_pieces(source: str, pieces: list[tuple[str, int]]) -> Reading:
    """The reading text of pieces of `source` (text, place in source): the words of a page without its tags."""
    kept: list[str] = []
    origin: array[int] = array("q")
    for piece, at in pieces:
        last = 0
        for match in _UNSEEN.finditer(piece):
            _keep(piece, last, match.start(), at, kept, origin)
            last = match.end()
        _keep(piece, last, len(piece), at, kept, origin)
    letters = _LOOSE_COMMA.sub("，", "".join(kept).translate(_simplified()))
    return Reading(source, *_joined(letters, origin))


def _keep(piece: str, start: int, end: int, at: int, kept: list[str], origin: array[int]) -> None:
    kept.append(piece[start:end])
    origin.extend(range(at + start, at + end))


def _joined(letters: str, origin: array[int]) -> tuple[str, array[int]]:
    """Spaces between Chinese characters and line ends inside a sentence taken out; one newline between paragraphs."""
    kept: list[str] = []
    places: array[int] = array("q")
    last = 0
    short = _short_line(letters)
    for match in _SPACE.finditer(letters):
        start, end = match.span()
        kept.append(letters[last:start])
        places.extend(origin[last:start])
        last = end
        if start == 0 or end == len(letters):
            continue
        gap = _gap(letters, start, end, short)
        if gap:
            kept.append(gap)
            places.append(origin[start])
    kept.append(letters[last:])
    places.extend(origin[last:])
    return "".join(kept), places


def _short_line(letters: str) -> int:
    """Below how many letters a line without an end is a heading: less where every line is cut at one width."""
    cut = [len(line) for line in letters.split("\n") if line and line[-1] not in _ENDS_BLOCK]
    width, _count = Counter(cut).most_common(1)[0] if cut else (0, 0)
    is_cut = sum(abs(each - width) <= 1 for each in cut) * 2 > len(cut) > _CUT_LINES
    return min(_SHORT_LINE, width - 2) if is_cut else _SHORT_LINE


def _gap(letters: str, start: int, end: int, short: int) -> str:
    """What stays of the white space at [start, end): a newline between paragraphs, a space between Latin words."""
    before, after = letters[start - 1], letters[end]
    if "\n" in letters[start:end]:
        return "\n" if _ends_block(letters, start, end, short) else ""
    if before.isdigit() and after.isdigit() and _is_spaced(letters, start, end):
        return ""
    if before.isascii() and after.isascii() and before.isalnum() and after.isalnum():
        return " "
    if before == "%" and after.isdigit():
        return " "
    return ""


def _is_spaced(letters: str, start: int, end: int) -> bool:
    """Whether the digits of a number were set apart one by one: 4 1 . 2."""
    before, after = letters[max(0, start - 2) : start], letters[end : end + 2]
    return (
        not before[:-1].isdigit()
        and before[:-1] != "."
        and _ONE_DIGIT.match(after) is not None
        and (after[1:] == " " or before[:-1] == " ")
    )


def _ends_block(letters: str, start: int, end: int, short: int) -> bool:
    """Whether the line that ends here is a paragraph of its own, and not one that a page break cut in two."""
    head = letters[max(0, start - 5) : start]
    if _CUT_NUMBER.search(head + "\n" + letters[end : end + 3]):
        return False
    begin = letters.rfind("\n", max(0, start - 400), start) + 1
    line = letters[begin:start].strip()
    return (
        letters[start - 1] in _ENDS_BLOCK
        or _NEW_BLOCK.match(letters, end) is not None
        or (_NEW_BLOCK.match(line) is not None and len(line) < 60)
        or len(line) < short
    )
