"""What a figure is: level, share, growth_rate, difference, ratio, rank or target, and the sign that its words carry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipelines.readers.prose.numerals import Number
from pipelines.readers.prose.tables import pattern_of

_SPEED = re.compile(
    r"(?:增速|增幅|涨幅|升幅|增长率|成长率|年增率|增长速度|(?P<fall>降幅|跌幅|下降率))[^，。；、]{0,10}$"
)
_TO = re.compile(r"(?:至|到|为)(?:了)?(?:约|近|超过|超|逾)*$")
_FROM = re.compile(r"(?:从|由)[^，。；]{0,12}$")
_TO_AFTER = re.compile(
    r"[^，。；\d]{0,12}?(?:增长|提升|提高|增加|上升|扩大|下降|降低|减少|降|升|增|缩小|回落|压缩|缩短|跃升|攀升|调整|发展|优化|改善|变为|拓展|扩)(?:到|至|为)"
)
_NOUN_RATIO = re.compile(
    r"(?:比|倍差|系数|比例|之比|比值|倍数)(?:为|是|上年同期|上年末?|去年|同期|\d{4}年|降至|降到|缩小到|缩小至|缩至|由|从|达到|达|约|约为|下降到|下降至|扩大到|在|，|全国|低于|保持|优化|调整|控制在|的)*[^，。；]{0,4}$"
)
_GROWTH_AFTER = re.compile(r"的?(?:年均|平均|高速|中高速|两位数)?(?:增长(?!极)|增速|增幅|涨幅|速度增长|的速度)")
_OF_A_QUANTITY = re.compile(
    r"增长|增加|减少|下降|降低|提高|上升|上涨|下跌|回落|缩短|缩小|扩大|提升|上调|前移|增产|减产|偏[高低多少]|加快|放缓"
)
#: 提升2个等级 is a step on a scale.
_STEPS = 10
_IMPROVED = ("亩", "公里", "公顷", "平方公里", "平方米")
_AGAINST_EARLIER = re.compile(r"比|较|从|由|同比")
_AGAINST_THEN = re.compile(r"(?:比|较)[^，。；、]{1,8}$")
_MORE_OR_LESS = re.compile(r"(?:比|较)[^，。；]{1,10}(?:多|高|少|低)(?:出|了)?(?:约|近|超过)?$")
_REACHED = re.compile(
    r"(?:达到|达|突破|增至|增加到|提高到|提高至|提升到|提升至|增长到|升至|升到|降至|降到|上升到|下降到|扩大到)(?:约|近|了)?$"
)
_FLOWS = re.compile(r"(?:新|净|(?<![上同])月|(?<![上去前\d])年(?!末)|合计|累计|改造|新建|优化|整治|提质)(?:增加)?$")
_NATURAL = re.compile(r"(?:自然增长率|人口增长率)[^，。；]{0,3}$")


@cache
def _change() -> re.Pattern[str]:
    fall, rise, filler = (pattern_of("kinds", key) for key in ("fall", "rise", "filler"))
    return re.compile(rf"(?:(?P<fall>{fall})|(?P<rise>{rise}))了?(?:{filler})*$")


@cache
def _apart() -> re.Pattern[str]:
    less, more = pattern_of("kinds", "less"), pattern_of("kinds", "more")
    return re.compile(
        rf"(?:(?P<less>{less})|(?P<more>{more}))[^，。；、：\d]{{0,16}}?(?:约|近|超过|超|了|整整|达|出|各|分别)*$"
    )


@cache
def _cumulated() -> re.Pattern[str]:
    return re.compile(pattern_of("kinds", "cumulated"))


@dataclass(frozen=True, slots=True)
class Kind:
    """What the words around a number make of it.

    Attributes:
        name: level, share, growth_rate, difference, ratio or rank.
        sign: -1 where the words say that it fell or lies below.
        is_apart: a difference between two places or groups, not between two times.
        rule: short name of what decided.
    """

    name: str
    sign: int
    is_apart: bool
    rule: str


def kind_at(number: Number, lead: str, after: str, *, follows_ratio: bool) -> Kind:
    """The kind of a number between the words `lead` and `after`.

    Args:
        follows_ratio: whether the figure before it is a ratio, so that a bare number goes on with it.
    """
    kind = kind_of(number, lead)
    if kind.name == "share" and _GROWTH_AFTER.match(after):
        return Kind("growth_rate", 1, False, "rate of change")
    if kind.name == "level" and follows_ratio and not number.unit and not number.multiplier:
        return Kind("ratio", 1, False, "ratio of two quantities")
    return kind


def kind_of(number: Number, lead: str) -> Kind:
    """The kind of a number after the words `lead` of its clause (without its qualifier)."""
    if number.unit_class == "rank":
        return Kind("rank", 1, False, "rank")
    if number.unit_class == "ratio" and number.rule == "colon ratio":
        return Kind("ratio", 1, False, "colon ratio")
    change = _change().search(lead)
    if number.unit_class == "point":
        return _difference_in_points(lead, change)
    if number.unit_class in ("percent", "fraction", "ratio") or (number.unit == "倍"):
        return _of_hundred(number, lead, change)
    is_bare_change = change is not None and not number.multiplier and _OF_A_QUANTITY.match(change[0])
    if number.unit == "" and not is_bare_change and _NOUN_RATIO.search(lead):
        return Kind("ratio", 1, False, "ratio of two quantities")
    return _of_quantity(number, lead, change)


def _difference_in_points(lead: str, change: re.Match[str] | None) -> Kind:
    apart = _apart().search(lead)
    if change is not None and change["rise"] in ("增速", "增幅", "涨幅", "升幅") and apart is not None:
        change = None
    if change is not None:
        return Kind("difference", -1 if change["fall"] else 1, False, "change in percentage points")
    if apart is not None:
        return Kind("difference", -1 if apart["less"] else 1, True, "difference in percentage points")
    return Kind("difference", 1, False, "percentage points")


def _of_hundred(number: Number, lead: str, change: re.Match[str] | None) -> Kind:
    if _NATURAL.search(lead):
        return Kind("share", 1, False, "rate")
    is_fold = number.unit == "倍"
    if change is not None and number.rule != "doubling":
        return Kind("growth_rate", -1 if change["fall"] else 1, False, "change in percent")
    speed = _SPEED.search(lead)
    if speed is not None and not is_fold:
        return Kind("growth_rate", -1 if speed["fall"] else 1, False, "rate of change")
    if is_fold:
        return Kind("ratio", 1, False, "multiple")
    return Kind("share", 1, False, "percentage")


def _of_quantity(number: Number, lead: str, change: re.Match[str] | None) -> Kind:
    is_net = change is not None and change[0].startswith("净增") and _AGAINST_THEN.search(lead[: change.start()])
    if change is not None and is_net:
        return Kind("difference", 1, False, "absolute change")
    if change is not None and _is_change_of_a_quantity(number, lead, change):
        return Kind("difference", -1 if change["fall"] else 1, False, "absolute change")
    if _MORE_OR_LESS.search(lead):
        return Kind("difference", -1 if "少" in lead[-3:] or "低" in lead[-3:] else 1, True, "absolute difference")
    return Kind("level", 1, False, "quantity")


def _is_change_of_a_quantity(number: Number, lead: str, change: re.Match[str]) -> bool:
    if change[0].startswith("提升") and _is_improved(number, lead):
        return False
    return _OF_A_QUANTITY.match(change[0]) is not None and _FLOWS.search(lead[: change.start()]) is None


def _is_improved(number: Number, lead: str) -> bool:
    """农房风貌提升26万户 tells how many were improved, 产能提升20万吨 by how much something grew."""
    counts = number.unit_class in ("count", "household") or number.unit in _IMPROVED
    is_step = number.value is not None and number.value < _STEPS
    return counts and not is_step and _AGAINST_EARLIER.search(lead) is None


def is_from(lead: str, after: str) -> bool:
    """Whether a number is the first of a pair 从 … 提升至 …"""
    return _FROM.search(lead) is not None and _TO_AFTER.match(after) is not None


def is_cumulated(words: str) -> bool:
    """Whether the words before a number say that it was added up over a period and is no state at its end."""
    return _cumulated().search(words) is not None


def is_end_state(lead: str) -> bool:
    """Whether the words say that a level was reached by the end of the period (达到, 突破, 提高到)."""
    return _REACHED.search(lead) is not None
