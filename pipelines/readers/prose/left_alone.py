"""Digits that are no figure, each with its reason: dates, ordinals, document numbers, names, thresholds inside a name; and those that must be refused."""

from __future__ import annotations

import re
from functools import cache

from pipelines.readers.prose.numerals import LONGEST_INTEGER, Number
from pipelines.readers.prose.reading import LOST
from pipelines.readers.prose.tables import pattern_of

_NAME_IN_QUOTES = 16
_AFTER_ORDINAL = re.compile(r"(?:号|届|期工程|期(?!间)|条线|次会议|大道|路(?!口)|师|团级|后(?![，。；、续])|型|系列|版|世纪|年代|时(?!长|间)|点(?:整|半|\d)|：\d\d|:\d\d(?!\.)|分$|级(?!以上医)|星级|维|元化|公里时速|制|度夜)")
_LATIN_BEFORE = re.compile(r"[A-Za-z_@#№.][-—]?$")
_LATIN_AFTER = re.compile(r"-?[A-Za-z_@]")
_AGE_WORD = re.compile(r"(?:寿命|年龄|岁数)[^，。；]{0,12}$")


@cache
def _named() -> re.Pattern[str]:
    return re.compile(pattern_of("names", "named"))


@cache
def _thresholds() -> re.Pattern[str]:
    return re.compile(r"^(?:（含）)?的?[^，。；、：]{0,12}?(?:" + pattern_of("names", "threshold_nouns") + ")")


def names_in(text: str) -> list[tuple[int, int, str]]:
    """The spans of names that hold digits (15分钟公共服务圈, 山区26县), book titles, quoted names and addresses."""
    spans = [(match.start(), match.end(), "name") for match in _named().finditer(text)]
    spans += [(match.start(), match.end(), "title of a document") for match in re.finditer(r"《[^》\n]{1,120}》|〈[^〉\n]{1,60}〉", text)]
    spans += [
        (match.start(), match.end(), "quoted name")
        for match in re.finditer(rf"“[^”“\n]{{1,{_NAME_IN_QUOTES}}}”|\"[^\"\n]{{1,{_NAME_IN_QUOTES}}}\"", text)
    ]
    spans += [(match.start(), match.end(), "footnote mark") for match in re.finditer(r"[\[［〔【]\s?\d{1,4}\s?[\]］〕】]", text)]
    spans += [(match.start(), match.end(), "address") for match in re.finditer(r"(?:https?://|www\.)[\w./?=&%:#~+-]{1,300}", text)]
    spans += [
        (match.start(), match.end(), "telephone number")
        for match in re.finditer(r"(?<!\d)(?:0\d{2,3}[-—]\d{7,8}|1[3-9]\d{9}|[48]00-\d{3,4}-\d{3,4})(?!\d)", text)
    ]
    return sorted(spans)


def reason_to_leave(text: str, number: Number, sentence_end: int) -> str:
    """Why this number is no figure, or an empty string."""
    before = text[max(0, number.start - 12) : number.start]
    after = text[number.end : min(sentence_end, number.end + 30)]
    digits = number.digits
    if before.endswith("第") and number.rule == "number":
        return "ordinal"
    if re.search(r"(?:图|表|附件|附表|专栏|注|编号|邮编|电话|传真|热线)\d{0,3}[-—]?$", before) and not number.unit:
        return "number of a chart, a table or a line"
    if before.endswith("\n") or not before:
        if not number.unit and re.match(r"[.、．）\s]", after):
            return "number of a heading"
    if not number.unit and re.match(r"[.．、](?=[\u4e00-\u9fff“])", after) and before[-1:] in "。：:；" and len(digits) <= 2:
        return "number of a heading"
    if len(digits) <= 2 and not number.unit and before.endswith("（") and after.startswith("）"):
        return "number of a heading"
    if not number.unit or number.unit in ("P", "分", "点", "度"):
        bare = text[number.start + len(digits) : number.start + len(digits) + 4]
        if _AFTER_ORDINAL.match(bare):
            return "ordinal or code"
    if not number.unit and not number.multiplier and re.fullmatch(r"(?:19|20)\d{2}", digits) and not re.match(r"[、，。；]", after):
        return "year"
    if _LATIN_BEFORE.search(before) or (not number.unit and _LATIN_AFTER.match(after)):
        return "code"
    if not number.unit and not number.multiplier and (re.search(r"[+×·/]$", before) or re.match(r"[+×·/]", after)):
        return "part of a name"
    if number.unit_class == "grade" or (number.unit_class == "measure" and after.startswith("级")):
        return "grade in a name"
    if number.unit_class == "age":
        return "" if _AGE_WORD.search(text[max(0, number.start - 20) : number.start]) else "age that cuts a population"
    if number.qualifier == "more_than" and re.match(r"的[^，。；\d]{1,16}\d", text[number.high : min(sentence_end, number.high + 20)]) and number.unit_class not in ("percent", "point"):
        return "threshold inside a name"
    if number.limit in ("以上", "以下", "及以上", "及以下", "以内") and _is_threshold(text, number, sentence_end):
        return "threshold inside a name"
    return ""


def _is_threshold(text: str, number: Number, sentence_end: int) -> bool:
    """Whether 以上 cuts a kind of things that is counted elsewhere (10亿元以上项目47个) and is no figure of its own."""
    after = text[number.high : min(sentence_end, number.high + 24)]
    if not after or after[0] in "，。；、：）,;和及":
        return False
    if number.unit_class in ("percent", "point", "count", "ratio"):
        return False
    clause = re.split(r"[，。；]", after)[0]
    return _thresholds().match(clause) is not None or re.search(r"\d", clause) is not None


def reason_to_refuse(text: str, number: Number) -> tuple[str, str]:
    """Why this number cannot be read as it stands: (rule, what is wrong), or two empty strings."""
    whole = number.digits.split(".")[0].replace(",", "")
    around = text[max(0, number.start - 2) : number.end + 2]
    if LOST in around or re.search(r"[\ue000-\uf8ff]", around) or re.search(r"锟斤拷|烫烫|屯屯", text[max(0, number.start - 12) : number.end + 6]):
        return "lost_characters", "characters beside the digits were lost"
    if re.search(r"\d[?？]\d|[?？]\d|\d[?？][万亿元%个]", around):
        return "lost_characters", "characters beside the digits were lost"
    if len(whole) > LONGEST_INTEGER:
        return "lost_separators", "too many digits for one number: the separators of a list were lost"
    if number.multiplier and "," not in number.digits and len(whole) >= (7 if number.multiplier == "万" else 8):
        return "lost_separators", f"more digits than a count of {number.multiplier} has: the separators of a list were lost"
    if re.match(r"\.\d", text[number.start + len(number.digits) : number.start + len(number.digits) + 2]):
        return "lost_separators", "two decimal points in one number: the separators of a list were lost"
    if number.start >= 1 and re.search(r"\d\.$", text[max(0, number.start - 2) : number.start]):
        return "lost_separators", "two decimal points in one number: the separators of a list were lost"
    if not number.unit and re.match(r"[，,]\d{3}(?!\d|[%‰])", text[number.end : number.end + 5]) and "." not in number.digits and len(whole) <= 3:
        return "unclear_separator", "a comma that may part thousands or two numbers"
    if len(whole) == 3 and re.search(r"(?<![\d.])\d{1,3}[，,]$", text[max(0, number.start - 5) : number.start]) and number.unit_class != "percent":
        return "unclear_separator", "a comma that may part thousands or two numbers"
    if number.unit_class == "percent" and len(whole) > 5:
        return "lost_separators", "too many digits for a percentage: the separators of a list were lost"
    return "", ""
