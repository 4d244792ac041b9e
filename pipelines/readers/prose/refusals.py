"""Numbers that cannot be read as they stand: characters beside them were lost, or the separators of a list."""

from __future__ import annotations

import re
from collections.abc import Callable

from pipelines.readers.prose.numerals import LONGEST_INTEGER, Number
from pipelines.readers.prose.reading import LOST

#: More digits than a printed number of 万 or 亿 has.
_DIGITS_OF_A_MULTIPLE = {"万": 7}
_DIGITS_OF_ANOTHER_MULTIPLE = 8
_DIGITS_OF_A_PERCENTAGE = 6
_DIGITS_OF_A_LONG_PERCENTAGE = 4
_DIGITS_OF_A_LONG_NUMBER = 6
_RESPECTIVELY = re.compile(r"分别[^，。；、\d]{0,8}$")
#: What none of the reasons can apply without.
_SUSPECT = re.compile(r"[\ufffd\ue000-\uf8ff?？lIOo]|锟斤拷|烫烫|屯屯|\d[，, ]\d|\d{4}|\d\.\d*\.|分别|\d[亿万千百]\d")
_PRIVATE_USE = re.compile(r"[\ue000-\uf8ff]")
_GARBLED = re.compile(r"锟斤拷|烫烫|屯屯")
#: 6l.5, O.6: a letter that stands where a digit was.
_LETTER_FOR_DIGIT = re.compile(r"\d[lIOo](?=[\d.])|(?<![A-Za-z])[lIOo]\.\d")
_ASKED = re.compile(r"[?？]\d|\d[?？][\d万亿元%个]")


#: What each rule says, in Chinese.
IN_CHINESE = {
    "lost_characters": "数字旁有丢失的字符，请对照原件",
    "lost_separators": "数字过长，疑为列表分隔符丢失，请对照原件",
    "unclear_separator": "逗号、空格或位数可能有两种读法，请对照原件",
    "no_unit": "数字没有单位或指标名称，请对照原件",
}


def reason_to_refuse(text: str, number: Number) -> tuple[str, str]:
    """Why a number cannot be read: the rule and what is wrong, or two empty strings."""
    if number.rule != "number":
        return "", ""
    if _SUSPECT.search(text, max(0, number.start - 14), number.end + 6) is None:
        return "", ""
    return next(((rule, wrong) for rule, wrong, applies in _REASONS if applies(text, number)), ("", ""))


def _whole(number: Number) -> str:
    return number.digits.split(".")[0].replace(",", "")


def _lost_characters(text: str, number: Number) -> bool:
    beside = text[max(0, number.start - 2) : number.end + 2]
    if LOST in beside or any(each.search(beside) for each in (_PRIVATE_USE, _ASKED, _LETTER_FOR_DIGIT)):
        return True
    return _GARBLED.search(text[max(0, number.start - 12) : number.end + 6]) is not None


def _too_many_digits(_text: str, number: Number) -> bool:
    digits = len(_whole(number))
    if digits > LONGEST_INTEGER:
        return True
    if number.unit_class == "percent":
        return digits >= _DIGITS_OF_A_PERCENTAGE
    if not number.multiplier or "," in number.digits:
        return False
    return digits >= _DIGITS_OF_A_MULTIPLE.get(number.multiplier, _DIGITS_OF_ANOTHER_MULTIPLE)


def _alone_after_respectively(text: str, number: Number) -> bool:
    """分别为233233953462千瓦时: one long number where 分别 promises several."""
    if _RESPECTIVELY.search(text[max(0, number.start - 14) : number.start]) is None or "," in number.digits:
        return False
    if re.match(r"[、,和及与]\D{0,3}\d|，\d", text[number.end : number.end + 6]):
        return False
    limit = _DIGITS_OF_A_LONG_PERCENTAGE if number.unit_class == "percent" else _DIGITS_OF_A_LONG_NUMBER
    return len(_whole(number)) >= limit


def _two_points(text: str, number: Number) -> bool:
    end = number.start + len(number.digits)
    before = text[max(0, number.start - 2) : number.start]
    return re.match(r"\.\d", text[end : end + 2]) is not None or re.search(r"\d\.$", before) is not None


def _unclear_comma(text: str, number: Number) -> bool:
    """12，345万元 may be one number or two."""
    whole = _whole(number)
    may_lead = not number.unit and "." not in number.digits and len(whole) <= 3
    if may_lead and re.match(r"[，,]\d{3}(?!\d|[%‰])", text[number.end : number.end + 5]):
        return True
    if len(whole) != 3 or number.unit_class == "percent":
        return False
    return re.search(r"(?<![\d.])\d{1,3}[，,]$", text[max(0, number.start - 5) : number.start]) is not None


def _unclear_space(text: str, number: Number) -> bool:
    """5 326万元 may be one number or two."""
    if re.fullmatch(r"(?:19|20)\d{2}", number.digits):
        return False
    before = text[max(0, number.start - 6) : number.start]
    begins = not number.unit and re.match(r" \d", text[number.end : number.end + 2]) is not None
    return (begins and before[-1:] not in "-:/") or re.search(r"(?<![-:/\d])\d{1,4} $", before) is not None


def _unclear_step(text: str, number: Number) -> bool:
    """3万5元 may be 35 000 or 30 005."""
    goes_on = re.match(r"\d", text[number.end : number.end + 1]) is not None and not number.unit
    return goes_on or re.search(r"\d[亿万千百]$", text[max(0, number.start - 2) : number.start]) is not None


_REASONS: tuple[tuple[str, str, Callable[[str, Number], bool]], ...] = (
    ("lost_characters", "characters beside the digits were lost", _lost_characters),
    ("lost_separators", "too many digits for one number: the separators of a list were lost", _too_many_digits),
    ("lost_separators", "one long number after 分别: the separators of a list were lost", _alone_after_respectively),
    ("lost_separators", "two decimal points in one number: the separators of a list were lost", _two_points),
    ("unclear_separator", "a comma that may part thousands or two numbers", _unclear_comma),
    ("unclear_separator", "a step that may stand for the next lower one, or for ones", _unclear_step),
    ("unclear_separator", "a space that may part one number or two numbers", _unclear_space),
)
