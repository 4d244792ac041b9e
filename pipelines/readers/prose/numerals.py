"""Numbers in a text with their multipliers, units and qualifiers: 约2600元, 5000多人次, 15万余家, 三分之一, 超百亿元.

Every pattern here is a row of plain pieces without nesting, so that time grows with the length of the text alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from pipelines.readers.prose.reading import Span, matches
from pipelines.readers.prose.tables import rows_of

MULTIPLIERS = {
    "万亿": 10**12,
    "千亿": 10**11,
    "百亿": 10**10,
    "十亿": 10**9,
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "万": 10**4,
    "千": 10**3,
    "百": 10**2,
}
_MULTIPLIER = "万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千(?![瓦米克伏])|百(?!分)"
_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MORE = "[余多来几]"
_LIMIT = "及以上|及以下|以上|以下|以内|之内|左右|上下|之多"
_PER = (
    r"[/每](?:平方公里|平方米|立方米|万元|亿元|百万人口?|万人口?|十万人口?|千米|公里|人次|人|户|亩|公顷|吨|年|月|天|日|小时|分钟|秒|千瓦时|度|个|家|米|克|车|床|件|升|公斤|千克|头|次|股|mu)"
    r"(?:·(?:年|月|天|日|次))?"
)
_ABOUT_OF = re.compile(r"约占[^，。；、]{0,16}$")
_LIMIT_AFTER = re.compile(_LIMIT)
#: 突破12项关键技术 tells how many were mastered, and no bound.
_SOLVED = re.compile(r"[^，。；、]{0,10}(?:技术|难题|瓶颈|工艺)")
LONGEST_INTEGER = 12


@dataclass(slots=True)
class Number:
    """One number of the reading text.

    Attributes:
        start, end: its span with the unit.
        low, high: its span with the words of its qualifier.
        value: in the unit without multiplier (万 and 亿 multiplied out); None where it cannot be read.
        digits: as printed, without multiplier.
        multiplier: 万, 亿, … or empty.
        unit: as printed, without multiplier; empty where none stands beside it.
        unit_class: money, person, count, percent, point, … (rules/units.csv), or rank, fraction, ratio.
        qualifier: exact, about, at_least, more_than, at_most, less_than, nearly.
        limit: a word like 以上 after the unit, or empty.
        rule: short name of what found it.
        word: of its qualifier, as printed.
    """

    start: int
    end: int
    low: int
    high: int
    value: Decimal | None
    digits: str
    multiplier: str
    unit: str
    unit_class: str
    qualifier: str
    limit: str
    rule: str
    word: str = ""


@cache
def _units() -> dict[str, str]:
    return {row["unit"]: row["class"] for row in rows_of("units")}


@cache
def _unit_pattern() -> str:
    """All units, the longest first, none where a word goes on (项 but not 项目)."""
    rows = sorted(rows_of("units"), key=lambda row: -len(row["unit"]))
    return "|".join(_one_unit(row["unit"], row["not_before"]) for row in rows)


def _one_unit(unit: str, not_before: str) -> str:
    latin = r"(?![A-Za-z])" if unit[-1].isascii() and unit[-1].isalpha() else ""
    return re.escape(unit) + (f"(?![{not_before}])" if not_before else "") + latin


@cache
def _arabic() -> re.Pattern[str]:
    return re.compile(
        r"(?P<sign>(?<![0-9A-Za-z%‰年月日元人个万亿])-)?"
        r"(?P<digits>\d{1,3}(?:,\d{3}){1,4}(?:\.\d+)?(?![\d])|\d+(?:\.\d+)?)"
        rf" ?(?P<more>{_MORE})?(?P<mult>{_MULTIPLIER})?(?P<more2>{_MORE})?"
        rf"(?P<unit>(?:个(?P<many>[多余]))?(?P<word>{_unit_pattern()})(?P<per>{_PER})?|(?P<bare>{_PER}))?"
        rf"(?P<more3>[余多](?![个部方种层元样点地家项类年渠边轮语头]))?(?P<limit>(?:{_LIMIT}))?"
    )


@cache
def _chinese() -> re.Pattern[str]:
    unit = _unit_pattern()
    return re.compile(
        r"(?P<part>(?P<below>[百千万]|[一二两三四五六七八九十]{1,3})分之(?P<above>[一二两三四五六七八九十百零点]{1,6}))"
        r"|(?P<half>一半|半数|过半(?![年月天])|近半(?![年月天]))"
        r"|(?P<tenth>[一二两三四五六七八九]成(?![立果为功效员本都分长绩型熟品就])(?P<andhalf>半|五(?=[的以左，。、；]))?)"
        r"|(?P<fold>翻了?(?P<almost>近|约|超)?(?P<folds>[一两三四]|\d)番)"
        rf"|(?P<round>(?<=[超近破过达约逾])(?P<big>(?>[一两三四五六七八九十]?(?:万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|百)))(?P<more>{_MORE})?(?:(?P<runit>(?>{unit}))(?![级企产园强]|大(?!关))|(?![级企产园强个的]|大(?!关))))"
        rf"|(?P<spelled>(?<![第一二三四五六七八九十百千])[一二两三四五六七八九](?:[十百千]|(?=[万亿][^千百十一]))[一二三四五六七八九十百千零]{{0,6}}(?P<smult>万亿|亿|万)?(?P<smore>[余多])?(?P<sunit>(?:{unit})))"
    )


@cache
def _before() -> re.Pattern[str]:
    rows = sorted((row for row in rows_of("qualifiers") if row["place"] == "before"), key=lambda row: -len(row["word"]))
    words = (f"(?<![{row['not_after']}]){row['word']}" if row["not_after"] else row["word"] for row in rows)
    return re.compile(r"(?:" + "|".join(words) + r")(?=(?:了|达|为|到)?$)")


@cache
def _codes() -> dict[tuple[str, str], str]:
    return {(row["place"], row["word"]): row["code"] for row in rows_of("qualifiers")}


def numbers_in(text: str, spans: list[Span]) -> list[Number]:
    """Every Arabic number and every Chinese numeral that is a quantity in the given parts of a text, in order."""
    found = [_arabic_number(text, match) for match in matches(_arabic(), text, spans)]
    found += [
        number for match in matches(_chinese(), text, spans) if (number := _chinese_number(text, match)) is not None
    ]
    return _compounded(_without_overlaps(sorted(found, key=lambda number: (number.start, -number.end))))


def _compounded(numbers: list[Number]) -> list[Number]:
    """3万2千人 and 4万7,885元 as one number each."""
    out: list[Number] = []
    for number in numbers:
        if out and _goes_on(out[-1], number):
            out[-1] = _sum_of(out[-1], number)
        else:
            out.append(number)
    return out


def _goes_on(before: Number, number: Number) -> bool:
    if before.end != number.start or before.unit or not before.multiplier or before.high != before.end:
        return False
    if before.value is None or number.value is None or "." in before.digits:
        return False
    are_digits = {before.rule, number.rule} <= {"number", "compound numeral"}
    step = MULTIPLIERS[before.multiplier]
    fills_the_step = bool(number.multiplier) or number.value * 10 >= step  # 3万5 may be 35 000 or 30 005
    return are_digits and fills_the_step and number.value < step


def _sum_of(before: Number, number: Number) -> Number:
    assert before.value is not None and number.value is not None  # noqa: S101 - _goes_on asked
    tells = number if before.qualifier == "exact" else before
    return replace(
        number, start=before.start, low=before.low, value=before.value + number.value,
        digits=before.digits + before.multiplier + number.digits, qualifier=tells.qualifier, word=tells.word,
        multiplier=number.multiplier or before.multiplier, rule="compound numeral",
    )  # fmt: skip


def _without_overlaps(numbers: list[Number]) -> list[Number]:
    kept: list[Number] = []
    for number in numbers:
        if not kept or number.start >= kept[-1].high:
            kept.append(number)
    return kept


def _arabic_number(text: str, match: re.Match[str]) -> Number:
    digits = match["digits"]
    integer = digits.split(".")[0].replace(",", "")
    value = None
    if len(integer) <= LONGEST_INTEGER:
        value = Decimal(digits.replace(",", "")) * MULTIPLIERS.get(match["mult"] or "", 1)
        value = -value if match["sign"] else value
    unit, kind = _unit_of(match)
    if kind == "tenth":
        unit, kind, value = "%", "percent", value * 10 if value is not None else None
    end = match.end("unit") if match["unit"] else max(match.end(name) for name in ("digits", "more", "mult", "more2"))
    more = match["more"] or match["more2"] or match["many"] or match["more3"] or ""
    return _qualified(
        text,
        Number(
            match.start(), end, match.start(), match.end(), value, digits, match["mult"] or "", unit, kind, "exact",
            match["limit"] or "", "number",
        ),
        more,
    )  # fmt: skip


def _unit_of(match: re.Match[str]) -> tuple[str, str]:
    word = match["word"] or ""
    per = match["per"] or match["bare"] or ""
    kind = _units().get(word, "")
    if match["many"]:
        word = "个" + word
    if match["bare"]:
        return "元" + per, "money"
    return word + per, kind


def _qualified(text: str, number: Number, more: str) -> Number:
    """The number with the qualifier that the words before and after it carry; a word before it wins."""
    codes = _codes()
    before = text[max(0, number.start - 6) : number.start]
    word = _before().search(before)
    loose = _ABOUT_OF.search(text[max(0, number.start - 20) : number.start])
    if word is not None and not (word[0].startswith("突破") and _SOLVED.match(text, number.high)):
        number.low = number.start - len(before) + word.start()
        number.qualifier, number.word = codes["before", word[0]], word[0]
    elif loose is not None:
        number.qualifier = "about"
    elif number.limit:
        number.qualifier, number.word = codes["after", number.limit], number.limit
    elif more:
        number.qualifier, number.word = codes["after", more], more
    return number


def _chinese_number(text: str, match: re.Match[str]) -> Number | None:
    readers = {"part": _part, "half": _half, "tenth": _tenth, "fold": _fold, "round": _round, "spelled": _spelled}
    number = readers[str(match.lastgroup)](match) if match.lastgroup in readers else None
    if number is None:
        number = next((readers[name](match) for name in readers if match[name]), None)
    if number is None:
        return None
    tail = _LIMIT_AFTER.match(text, number.end)
    if tail is not None:
        number.high, number.limit = tail.end(), tail[0]
    more = match["more"] or match["smore"] or ""
    qualified = _qualified(text, number, more)
    if match["half"] and match[0][0] in "过近":
        qualified.qualifier = "more_than" if match[0][0] == "过" else "nearly"
    if match["fold"] and text.startswith("多", number.end):
        qualified.qualifier, qualified.word = _codes()["after", "多"], "多"
    if match["almost"]:
        qualified.qualifier, qualified.word = _codes()["before", match["almost"]], match["almost"]
    return qualified


def _plain(
    match: re.Match[str], value: Decimal | None, unit: str, kind: str, rule: str, multiplier: str = ""
) -> Number:
    start, end = match.span()
    return Number(start, end, start, end, value, match[0], multiplier, unit, kind, "exact", "", rule)


def _part(match: re.Match[str]) -> Number | None:
    below, above = match["below"], match["above"]
    value = chinese_value(above)
    if value is None:
        return None
    if below == "百":
        return _plain(match, value, "%", "percent", "fraction")
    if below == "千":
        return _plain(match, value, "‰", "percent", "fraction")
    divisor = chinese_value(below)
    if divisor is None or divisor == 0:
        return None
    return _plain(match, (value / divisor).quantize(Decimal("0.000001")).normalize(), "", "fraction", "fraction")


def _half(match: re.Match[str]) -> Number:
    return _plain(match, Decimal("0.5"), "", "fraction", "fraction")


def _tenth(match: re.Match[str]) -> Number:
    tenths = Decimal(_DIGITS[match[0][0]]) + (Decimal("0.5") if match["andhalf"] else 0)
    return _plain(match, tenths * 10, "%", "percent", "tenths")


def _fold(match: re.Match[str]) -> Number:
    times = _DIGITS.get(match["folds"], 0) or int(match["folds"])
    return _plain(match, Decimal(2**times), "倍", "ratio", "doubling")


def _round(match: re.Match[str]) -> Number | None:
    if match["runit"] == "年" or (len(match["big"]) == 1 and not match["runit"]):
        return None
    big = match["big"]
    first = _DIGITS.get(big[0], 10 if big[0] == "十" and big[1:] in ("万", "亿") else 1)
    rest = big if big in MULTIPLIERS else big[1:]
    value = Decimal(MULTIPLIERS[big] if big in MULTIPLIERS else first * MULTIPLIERS[rest])
    unit = match["runit"] or ""
    return _plain(match, value, unit, _units().get(unit, ""), "round number", rest)


def _spelled(match: re.Match[str]) -> Number | None:
    unit = match["sunit"]
    head = match["spelled"][: len(match["spelled"]) - len(unit)].rstrip("余多")
    mult = match["smult"] or ""
    value = chinese_value(head.removesuffix(mult))
    if value is None or unit == "届" or _units().get(unit) not in ("money", "person", "measure", "count", "household"):
        return None
    return _plain(match, value * MULTIPLIERS.get(mult, 1), unit, _units()[unit], "spelled numeral", mult)


def chinese_value(words: str) -> Decimal | None:
    """The value of a numeral below ten thousand in Chinese words (三百二十, 六点五), or None."""
    whole, point, part = words.partition("点")
    total, digit = 0, 0
    for word in whole:
        if word in _TENS:
            total += (digit or 1) * _TENS[word]
            digit = 0
        elif word in _DIGITS:
            digit = _DIGITS[word]
        else:
            return None
    if any(word not in _DIGITS for word in part) or (point and not part):
        return None
    decimals = "".join(str(_DIGITS[word]) for word in part)
    return Decimal(f"{total + digit}.{decimals}" if decimals else total + digit)
