"""What stands beside what: the numbers of one list, and the list of subjects that they belong to."""

from __future__ import annotations

import re
from functools import cache

from pipelines.readers.prose.numerals import MULTIPLIERS, Number
from pipelines.readers.prose.tables import pattern_of

_BETWEEN = re.compile(r"(?:[、,，/ ]|和|及|与|以及|或|至|到|[-—–~～]){1,2}(?:约|近|超过|超|分别|，)*")
#: 一、二、三产业, 一、二、三产, 第一、二、三产业: the same three.
_INDUSTRIES = re.compile(r"(第?)一、(?:第?)二(?:、|和)(?:第?)三(产业|产(?!值))")
_LONGEST_LIST = 40
_LOOK = 60
_RESPECTIVELY = re.compile(r"分别[^。；]*$")
_TURN = re.compile(
    r"(?:、|，|和|及|与)(?:分别|同比)?(?:增长|增加|提高|提升|上升|上涨|下降|降低|减少|回落|下跌)(?:了|约|近)?"
)
_CHANGED = re.compile(r"(?:增加|增长|上升|提高|上涨|扩大|减少|下降|降低|回落|下跌|缩小|缩短)了?(?:约|近)?$")
_SEPARATORS = (r"[、,]", r"[、,]|和|及|与|以及|暨", r"和|及|与|以及")


def runs_of(text: str, numbers: list[Number]) -> list[list[Number]]:
    """Neighbouring numbers with nothing but separators between them, as one run each."""
    runs: list[list[Number]] = []
    for number in numbers:
        if runs and len(runs[-1]) < _LONGEST_LIST and _is_next(text, runs[-1][-1], number):
            runs[-1].append(number)
        else:
            runs.append([number])
    for run in runs:
        _share_unit(run)
    return runs


def _is_next(text: str, before: Number, number: Number) -> bool:
    gap = text[before.high : number.low]
    if before.rule == number.rule == "colon ratio":
        return gap == ":"
    if before.unit_class == "rank" or number.unit_class == "rank":
        return before.unit_class == number.unit_class and gap in ("、", "和", "，", ",", "及")
    is_alike = before.unit == number.unit
    if not gap:
        return bool(before.unit) and is_alike
    if is_alike and turns(gap):
        return _RESPECTIVELY.search(text[max(0, before.low - _LOOK) : before.low]) is not None
    if _BETWEEN.fullmatch(gap) is None or (gap[0] == "，" and not is_alike):
        return False
    is_one_thing_twice = gap[0] == "或" and bool(before.unit and number.unit) and not is_alike
    return not (is_one_thing_twice or _leads_to(text, before, gap))


def _leads_to(text: str, before: Number, gap: str) -> bool:
    """减少4600人至366万人: the second is what the change led to, and no end of a range."""
    changed = _CHANGED.search(text[max(0, before.low - 8) : before.low])
    return gap[0] in "至到" and bool(before.unit) and changed is not None


def turns(gap: str) -> bool:
    """Whether a list goes on in another direction: 分别增长5%、4%和下降3%."""
    return _TURN.fullmatch(gap) is not None


def _share_unit(run: list[Number]) -> None:
    """Bare members of a list take unit and multiplier of the next member that prints them."""
    for at in range(len(run) - 2, -1, -1):
        number, following = run[at], run[at + 1]
        if number.unit == "个" and following.unit == "个百分点":
            number.unit, number.unit_class = following.unit, following.unit_class
        if number.unit or not following.unit or number.unit_class or number.rule != "number":
            continue
        number.unit, number.unit_class = following.unit, following.unit_class
        if not number.multiplier and following.multiplier and number.value is not None:
            number.multiplier = following.multiplier
            number.value *= MULTIPLIERS[following.multiplier]
        number.rule = "shared unit"


def subjects_of_list(words: str, count: int) -> list[str]:
    """`count` subjects out of the words before a list of numbers, or an empty list where they cannot be told apart.

    The last member carries what all share at its end (第一、二、三产业增加值), the first what all share at its head
    (对东盟、欧盟进出口总额).
    """
    words = _INDUSTRIES.sub(_each_industry, words.strip("，。；：:、, "))
    clause = re.split(r"[，；：:。]", words)[-1] if count > 1 else words
    if count == 2 and "城乡" in clause:
        return [clause.replace("城乡", "城镇"), clause.replace("城乡", "农村")]
    for text in (clause, words.replace("，", "、")):
        for separator in _SEPARATORS:
            parts = [part for part in re.split(separator, text) if part]
            if len(parts) == count:
                return _completed(parts)
    return []


def _each_industry(match: re.Match[str]) -> str:
    order = "第" if match[2] == "产业" else match[1]
    return "、".join(f"{order}{word}{match[2]}" for word in "一二三")


def _completed(parts: list[str]) -> list[str]:
    """Each member with the tail that only the last one prints and the head that only the first one prints."""
    head = "第" if parts[0].startswith("第") and len(parts[0]) <= 3 else ""
    tail = _shared_tail(parts)
    named = [part if not head or part.startswith(head) else head + part for part in parts]
    return [_ending(name, tail) for name in named]


def _ending(name: str, tail: str) -> str:
    if name.endswith("产业") and tail.startswith("产业"):
        tail = tail.removeprefix("产业")
    return name if name.endswith(tail) else name + tail


@cache
def _strong_tail() -> re.Pattern[str]:
    end = r"(?:增速|占比|增加值|总额|收入|占[^、]{2,16}(?:比重|比例|份额)?)?$"
    return re.compile(f"(?:{pattern_of('lists', 'strong_tails')}){end}")


@cache
def _weak_tail() -> re.Pattern[str]:
    return re.compile(f"(?:{pattern_of('lists', 'weak_tails')})$")


_OWN_NOUN = re.compile(r"[数率量额值比重次]$|就业$|企业$|收入$|投资$")


def _shared_tail(parts: list[str]) -> str:
    """What only the last member prints for all (金融业、软件业增加值: 增加值), or an empty string."""
    last, others = parts[-1], parts[:-1]
    if any(_OWN_NOUN.search(part) for part in others):
        return ""
    at = last.find("居民")
    if at > 0 and all(part in ("城镇", "城市", "城镇常住", "农村") for part in others):
        return last[at:]
    at = last.find("人均")
    if at > 0:
        return last[at:]
    own = _strong_tail().search(last)
    if own is None and all(len(part) <= 6 for part in others):
        own = _weak_tail().search(last)
    return own[0] if own is not None and own.start() > 0 else ""
