"""Digits that are no figure, each with its reason: ordinals, headings, codes, names, ages, thresholds inside a name."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from pipelines.readers.prose.numerals import Number
from pipelines.readers.prose.reading import Span, matches
from pipelines.readers.prose.tables import compiled, first_letters, pattern_of

_NAME_IN_QUOTES = 16
_AFTER_ORDINAL = re.compile(
    r"(?:号|届|期工程|期(?!间)|条线|次会议|大道|路(?!口)|师|团级|后(?![，。；、续])|型|系列|版|世纪|年代|时(?!长|间)|点(?:整|半|\d)|：\d\d|:\d\d(?!\.)|分$|级(?!以上医)|星级|维|元化|公里时速|制|度夜)"
)
_NUMBERED = re.compile(r"[.、．](?=[\u4e00-\u9fff“])")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_CHANGED = re.compile(r"(?:提高|增加|延长|增长|上升|减少|缩短)了?约?$")
_WHOSE_NUMBER = re.compile(r"的[^，。；\d]{1,16}\d")
_CLAUSE_END = re.compile(r"[，。；]")
_LATIN_BEFORE = re.compile(r"[A-Za-z_@#№.][-—]?$")
#: GDP 65230元: an abbreviation that is a label, and no code of letters and digits.
_ABBREVIATION = re.compile(r"(?:GDP|GNP|CPI|PPI|R&D|AQI|FDI)$")
_LATIN_AFTER = re.compile(r"-?[A-Za-z_@]")
_LABELLED = re.compile(r"(?:图|表|附件|附表|专栏|注|编号|邮编|电话|传真|热线)\d{0,3}[-—]?$")
_LIMITS = ("以上", "以下", "及以上", "及以下", "以内")
#: 超50亿企业3家
_SIZED = re.compile(r"(?:企业|项目|园区|产业|集群|强镇|镇|村|县|俱乐部)[^，。；\d]{0,6}\d")
_AGE_WORD = re.compile(r"(?:寿命|年龄|岁数)[^，。；]{0,12}$")


@cache
def _named() -> re.Pattern[str]:
    return re.compile(rf"(?=[{first_letters('names', 'named')}])(?:{pattern_of('names', 'named')})")


@cache
def _thresholds() -> re.Pattern[str]:
    return re.compile(r"^(?:（含）)?的?[^，。；、：]{0,12}?(?:" + pattern_of("names", "threshold_nouns") + ")")


_NAMES: tuple[tuple[str, str], ...] = (
    ("title of a document", r"《[^》\n]{1,120}》|〈[^〉\n]{1,60}〉"),
    ("quoted name", rf"“[^”“\n]{{1,{_NAME_IN_QUOTES}}}”|\"[^\"\n]{{1,{_NAME_IN_QUOTES}}}\""),
    ("footnote mark", r"[\[［〔【]\s?\d{1,4}\s?[\]］〕】]"),
    ("address", r"(?:https?://|www\.)[\w./?=&%:#~+-]{1,300}"),
    ("telephone number", r"(?<!\d)(?:0\d{2,3}[-—]\d{7,8}|1[3-9]\d{9}|[48]00-\d{3,4}-\d{3,4})(?!\d)"),
)


def names_in(text: str, spans: list[Span]) -> list[tuple[int, int, str]]:
    """Names that hold digits (15分钟公共服务圈), titles, quoted names and addresses in the given parts of a text."""
    found = [(match.start(), match.end(), "name") for match in matches(_named(), text, spans)]
    for why, pattern in _NAMES:
        found += [(match.start(), match.end(), why) for match in matches(compiled(pattern), text, spans)]
    return sorted(found)


class _Near(NamedTuple):
    """A number and the characters beside it."""

    text: str
    number: Number
    sentence_end: int
    before: str
    after: str

    @property
    def is_bare(self) -> bool:
        return not self.number.unit and not self.number.multiplier


def reason_to_leave(text: str, number: Number, sentence_end: int) -> str:
    """Why this number is no figure, or an empty string."""
    before = text[max(0, number.start - 12) : number.start]
    near = _Near(text, number, sentence_end, before, text[number.end : min(sentence_end, number.end + 30)])
    return next((reason for reason, applies in _REASONS if applies(near)), "")


def _is_ordinal(near: _Near) -> bool:
    if near.before.endswith("第") and near.number.rule == "number":
        return True
    if near.number.unit and near.number.unit not in ("P", "分", "点", "度"):
        return False
    digits_end = near.number.start + len(near.number.digits)
    return _AFTER_ORDINAL.match(near.text, digits_end) is not None


def _numbers_a_line(near: _Near) -> bool:
    """图1, 表2, 电话 …, and 1. or （1） before what it numbers."""
    if near.number.unit:
        return False
    if _LABELLED.search(near.before):
        return True
    if len(near.number.digits) > 2:
        return False
    if near.before.endswith("（") and near.after.startswith("）"):
        return True
    if near.before[-1:] in ("", "\n"):
        return near.after[:1] in tuple(".、．） \n")
    return near.before[-1:] in "。：:；" and re.match(r"[.．、](?=[\u4e00-\u9fff“])", near.after) is not None


def _is_year(near: _Near) -> bool:
    is_named = near.is_bare and near.after[:1] not in tuple("、，。；")
    return is_named and _YEAR.fullmatch(near.number.digits) is not None


def _is_code(near: _Near) -> bool:
    """5G, PM2.5, T800."""
    if _LATIN_BEFORE.search(near.before):
        is_amount = near.number.multiplier or near.number.unit_class in ("money", "percent", "point")
        return not (is_amount and _ABBREVIATION.search(near.before))
    return not near.number.unit and _LATIN_AFTER.match(near.after) is not None


def _is_joined(near: _Near) -> bool:
    """1+2, 4×4."""
    return near.is_bare and (near.before[-1:] in ("+", "×", "·", "/") or near.after[:1] in ("+", "×", "·", "/"))


def _is_grade(near: _Near) -> bool:
    """25兆瓦级, 330千伏."""
    is_size = near.number.unit_class == "measure" or (
        bool(near.number.multiplier) and near.number.unit_class in ("", "money")
    )
    of_a_kind = is_size and near.after.startswith("级")
    return of_a_kind or near.number.unit_class == "grade"


def _is_age(near: _Near) -> bool:
    if near.number.unit_class != "age":
        return False
    if _CHANGED.search(near.before):
        return False
    return _AGE_WORD.search(near.text[max(0, near.number.start - 20) : near.number.start]) is None


def _is_threshold(near: _Near) -> bool:
    """Whether 以上 or 超 cuts a kind of things that is counted elsewhere (10亿元以上项目47个)."""
    number, after = near.number, near.text[near.number.high : min(near.sentence_end, near.number.high + 24)]
    if number.unit_class in ("percent", "point"):
        return False
    if number.qualifier == "more_than" and _WHOSE_NUMBER.match(after[:20]):
        return True
    if number.multiplier and not number.unit and _SIZED.match(after) is not None:
        return True
    if number.limit not in _LIMITS or number.unit_class in ("count", "ratio") or after[:1] in "，。；、：）,;和及":
        return False
    clause = _CLAUSE_END.split(after, 1)[0]
    return _thresholds().match(clause) is not None or any(letter.isdigit() for letter in clause)


_REASONS: tuple[tuple[str, Callable[[_Near], bool]], ...] = (
    ("number of a line, a chart or a telephone", _numbers_a_line),
    ("ordinal or code", _is_ordinal),
    ("year", _is_year),
    ("code", _is_code),
    ("part of a name", _is_joined),
    ("grade in a name", _is_grade),
    ("age that cuts a population", _is_age),
    ("threshold inside a name", _is_threshold),
)
