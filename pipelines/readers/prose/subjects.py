"""The printed label of a figure: the words before it without time, place and verb, or the noun that it counts."""

from __future__ import annotations

import re
from functools import cache

from pipelines.readers.prose.numerals import Number
from pipelines.readers.prose.periods import Time
from pipelines.readers.prose.places import Place
from pipelines.readers.prose.tables import pattern_of, words_of

_EDGE = "，。、；：:,（）()“ 和及与\n"
_NOUN_STOPS = re.compile(
    r"[，。；：:（）()\n！？\d]|(?<=.)[户人村亩社]均|(?:[、,]|和|及|与)(?=[^，。；]{0,14}\d)|[、和及与](?=[^，。；]{0,3}[，。；])"
)
_AGE = re.compile(r"^的?\d{1,2}周?岁(?:及以上|以上|以下)?(?:的)?")
_NO_NOUN = re.compile(
    r"(?:以上|以来|大关|关口|[增升降减提扩缩跃攀压调拓优][^，。；\d]{0,2}[至到为]|增长|增加|提高|提升|下降|降低|上升|减少|高于|高出|低于|占|的水平|的?(?:控制|预期|年度|调控)?目标|的比例|的速度|的增速|的比重)"
)
_LONGEST = 60
_NOUN = 18
_CONNECTIVES = ("其中", "此外", "同时", "另外", "合计", "共计", "总计", "目前", "截至")
#: 分季度看: how what follows is cut, and no label.
_VIEW = re.compile(r"(?:分[^，]{1,8}|从[^，]{1,10}|总体)[看来]|按[^，]{1,8}分")
_COUNTED = ("count", "person", "household")
_VERBS = "增长|增加|提高|提升|上升|上涨|下降|降低|减少|回落|扩大|缩小"
#: What a figure is compared with, or how, before its verb: no part of its label.
_COMPARED = re.compile(
    r"(?<![占之])(?:比(?![例重率值])|较)[^，。；、]{0,12}(?:高|低|快|慢|多|少)(?:出|于)?$"
    rf"|(?<![占之])(?:比(?![例重率值])|较)[^，。；、]{{1,12}}?(?=(?:{_VERBS}|高|低|快|多|少|长)[^，。；、]{{0,4}}$)"
    r"|不?(?:高于|低于|快于|慢于|好于|优于|高出)[^，。；、]{1,16}$"
    rf"|(?:同比|环比|年均|累计|分别|同期|平均每年|名义|实际)(?=(?:{_VERBS})?[^，。；、]{{0,3}}$)"
    r"|超过(?:全国|全省|全市)[^，。；、]{0,8}$"
    r"|从(?![业事])[^，。；、\d]{0,8}的?$"
)


@cache
def _leading() -> re.Pattern[str]:
    return re.compile(
        rf"^(?:{pattern_of('labels', 'leading')}|[一二三四五六七八九十]{{1,3}}是|\d{{1,2}}[.、．]"
        r"|[一二三四五六七八九十]{1,2}年(?=累计|净增|生产|新增|来|共))"
    )


@cache
def _trailing() -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern_of('labels', 'trailing')})$")


@cache
def _stop_verbs() -> re.Pattern[str]:
    return re.compile(pattern_of("labels", "stop_verbs"))


def blanked(text: str, start: int, end: int, times: list[Time], places: list[Place]) -> str:
    """The words of [start, end) without expressions of time and general words of place."""
    cuts = [(time.start, time.end) for time in times if time.start < end and start < time.end]
    for place in places:
        listed = "、" in (text[place.start - 1 : place.start], text[place.end : place.end + 1])
        if not listed and (place.leads or place.word.startswith(("全", "我"))):
            cuts.append((place.start, place.end))
    if not cuts:
        return text[start:end]
    kept, at = [], start
    for cut, stop in sorted(cuts):
        kept.append(text[at : max(at, cut)])
        at = max(at, stop)
    return "".join(kept) + text[at : max(at, end)]


def label_of(words: str) -> str:
    """The label in the words before a number: verbs, comparisons and qualifiers taken off both ends."""
    words = words[-_LONGEST * 2 :].strip(_EDGE)
    for _ in range(6):
        before = words
        words = _COMPARED.sub("", words).strip(_EDGE)
        words = _trailing().sub("", words).strip(_EDGE)
        if words == before:
            break
    for _ in range(5):
        shorter = _leading().sub("", words).lstrip(_EDGE + "的")
        if shorter == words or len(shorter) < 2:
            break
        words = shorter
    if len(words) < 2 or words in _CONNECTIVES or _VIEW.fullmatch(words):
        return ""
    return _balanced(words[-_LONGEST:])


def _balanced(words: str) -> str:
    """A quotation mark or a bracket whose other one was stripped gets it back."""
    if words.count("（") > words.count("）"):
        words += "）"
    return "“" + words if words.count("”") > words.count("“") else words


def noun_after(text: str, number: Number, sentence_end: int) -> str:
    """The noun that a counting number stands before (26家金融机构成立 → 金融机构), or an empty string."""
    after = _AGE.sub("", text[number.high : min(sentence_end, number.high + 36)])
    if not after or after[0] in "，。、；：:,（）)和及与\n！？”" or after[0].isdigit():
        return ""
    if _NO_NOUN.match(after):
        return ""
    after = after.removeprefix("的")
    stop = _NOUN_STOPS.search(after)
    words = after[: stop.start() if stop is not None else len(after)]
    verb = _stop_verbs().search(words, 2)
    words = words[: verb.start()] if verb is not None else words
    words = _balanced(words[:_NOUN].strip(_EDGE))
    return words if len(words) >= 2 or words in "县村镇乡市省国" else ""


def counts_what_follows(number: Number) -> bool:
    """Whether the number's unit is one that stands before what it counts."""
    return number.unit_class in _COUNTED or (number.unit == "" and bool(number.multiplier))


def part_in(words: str) -> str:
    """The part of a population or an economy that a label names, or an empty string."""
    own = words.partition("占")[0]
    return next((part for part in words_of("labels", "parts") if 0 <= own.find(part) <= 1), "")
