"""What yearbooks print around the words of a table: two languages in one cell, footnote marks, numbering, 其中."""

from __future__ import annotations

import re

from pipelines.printed.heads import cleaned

_CJK = "\u3400-\u9fff"
#: A run of marks is tried from its beginning alone and never taken apart again: 40 asterisks before 注 cost nothing.
_MARKS = re.compile(
    r"(?<![①-⑳¹²³⁴-⁹*＊※])(?:\s*+(?:[①-⑳¹²³⁴-⁹*＊※]|\[\d{1,2}\]|［\d{1,2}］|〔\d{1,2}〕|【\d{1,2}】))++\s*+$"
)
_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}(?:[、．]|\.(?!\d)))\s*"
)
_PART_OF = re.compile(r"^(?:其\s*中\s*[:：]?\s*#?|[#＃])\s*")
_WORD = re.compile(r"[(（][^()（）]*[)）]|[^\s(（]+|[(（]")
_LATIN = re.compile(r"[A-Za-z]")
_ABBREVIATION = re.compile(r"[A-Z][A-Z0-9&.+-]*")
_INDENT = re.compile(r"^[ \u3000\xa0]*")
TABLE_NUMBER = re.compile(r"(?:续?表\s*)?(\d{1,2}(?:[-–—]\d{1,3}){1,2})(?![\d年])")
_BESIDE_SUBJECT = re.compile(r"[（(][^()（）]*[)）]|(?:计量)?单\s*位\s*[:：].*")


def without_marks(text: str) -> str:
    """`123①`, `123[1]`, `天津*` without their footnote marks."""
    return _MARKS.sub("", text)


def without_numbering(text: str) -> str:
    """`一、地区生产总值`, `1. 学前教育`, `（二）就业` without their numbering."""
    return _NUMBERING.sub("", text)


def part_of(text: str) -> str | None:
    """The name after 其中 or #; None for a name that is no part of the one before."""
    found = _PART_OF.match(text.strip())
    return text.strip()[found.end() :].strip() if found else None


def chinese_part(text: str) -> str:
    """The Chinese words of a cell that holds two languages; the whole cell where it holds only one."""
    flat = " ".join(text.split())
    if not has_chinese(flat) or not _LATIN.search(flat):
        return cleaned(flat)
    words = [(word.group(), word.start()) for word in _WORD.finditer(flat)]
    kept, end = "", 0
    for position, (word, start) in enumerate(words):
        following = words[position + 1][0] if position + 1 < len(words) else ""
        is_bracket = word[0] in "(（"
        is_name = has_chinese(word) or (_ABBREVIATION.fullmatch(word) and has_chinese(following))
        if is_name or (is_bracket and not _LATIN.search(word) and not kept.endswith(word)):
            kept += ("" if start == end else " ") + word
            end = start + len(word)
    return cleaned(kept)


def has_chinese(text: str) -> bool:
    """Whether any Chinese character stands in it."""
    return re.search(rf"[{_CJK}]", text) is not None


def indentation(text: str) -> int:
    """How far a name is set in; a full-width blank counts as two."""
    blanks = _INDENT.match(text)
    return sum(2 if blank == "\u3000" else 1 for blank in blanks[0]) if blanks else 0


def subject_in(title: str) -> str:
    """What a table is about: its title without number, unit and brackets (`1-6 各市户数（2022年）` is `各市户数`)."""
    return _BESIDE_SUBJECT.sub("", chinese_part(TABLE_NUMBER.sub("", title))).strip()
