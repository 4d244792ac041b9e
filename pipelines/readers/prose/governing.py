"""Which place, which period and which plan govern a figure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.readers.prose.kinds import is_cumulated, is_end_state, is_from
from pipelines.readers.prose.periods import Time, with_base
from pipelines.readers.prose.subjects import blanked, counts_what_follows

if TYPE_CHECKING:
    from pipelines.readers.prose.figure import Spot
    from pipelines.readers.prose.kinds import Kind
    from pipelines.readers.prose.places import Place
    from pipelines.readers.prose.scopes import Sentence
    from pipelines.readers.prose.surroundings import Surroundings

_YEAR = 4
_SPAN = re.compile(r"(\d{4})\.\.(\d{4})")
_UP_TO_A_MARK = re.compile(r".*[，；：]", re.DOTALL)
_PART_END = re.compile(r"[，；]")
_NUMBER_OR_PART = re.compile(r"[\d；]")
#: 2024年的27家, 2024年底27家: words of time beside their own number.
_BESIDE = re.compile(r"年?(?:底|末)?的?(?:约|近|超)?")
_OF_NEXT = re.compile(r"的(?:约|近|超)?\d")
_PLANNED = re.compile(
    r"力争|争取(?=[^，。]{0,12}(?:达|实现|突破|完成))|预期目标|拟(?=[建新投开])|计划(?=[建投新完实到引培安])|目标(?:是|为|:)"
    r"|将(?=达|超|突破|建成|新增|带动|投入|实现|完成|新建|继续|进一步|力争|再|增至|提高)"
)
#: In the review part of a work report 计划 and 将 tell of what was done.
_PLANNED_IN_REVIEW = re.compile(r"力争|预期目标(?:是|为|:)")
_GOAL_AFTER = re.compile(r"(?:左右|以内|以上|以下)?的?(?:年度|预期|控制|调控)?目标(?!任务)")
_DONE = re.compile(r"完成|超额|实现")
_HEADS = ("", "如", "例如", "比如", "其中", "在")
_WIDER = ("全国", "全球", "世界", "全世界", "我国")
_OF_ALL = re.compile(r"\d|的?(?:\d|平均)|人均|居民|城镇|农村|城乡|国内|生产总值|GDP|共|总|为|增长|规模以上|粮食|人口")
_TO = re.compile(r"(?:从|由)[^，。；]{0,16}(?:到|至|为)(?:约|近)?$")
_YEAR_END = re.compile(r"(?:年末|年底)[^，。；]{0,20}$")
_THROUGHOUT = re.compile(r"全年|当年|本年")
_OWN_NUMBER = re.compile(r"年?(?:底|末)?的?(?:约|近|超|不足|不到)?\d")
#: 2012年以来 and 五年累计 tell what was added up, unless 达到 says otherwise.
_RANGE = re.compile(r"\d{4}\D{1,5}\d{4}")
_ADDED_UP = re.compile(r"以来|至今|起|开始|累计")
#: 比2024年的7534人减少…: the number of the time that a change is against.
#: 是2020年的1.4倍: the time that the multiple is of.
_TIMES_THEN = re.compile(r"年?(?:同期|底|末)?的(?:约|近|超)?")
_OF_ITS_OWN = re.compile(r"年?(?:底|末)?的(?:约|近|超)?")
_NOT_WHEN = ("规划", "远景", "首", "专项")
_DOCUMENT_NAMES = ("title of a document", "quoted name", "address")


def place_of(around: Surroundings, spot: Spot) -> str:
    """The nearest place before the number in its sentence, a name only in its own clause or from the sentence's head.

    Returns:
        As printed, or an empty string where the sentence names none.
    """
    for place in reversed(around.places_between(spot.sentence.start, spot.number.start)):
        is_wider = place.word in _WIDER and around.document.place != "全国"
        if is_wider and not _OF_ALL.match(around.text, place.end):
            continue
        near = not _PART_END.search(around.text, place.end, spot.number.start)
        if place.is_general or near or _heads(around, place, spot.sentence):
            return place.word
    return ""


def _heads(around: Surroundings, place: Place, sentence: Sentence) -> bool:
    words = blanked(around.text, sentence.start, place.start, sentence.times, [])
    return words.strip("，、：: ") in _HEADS


def state_period_of(around: Surroundings, spot: Spot, kind: Kind, subject: str) -> tuple[str, bool]:
    """The period of the state that a number tells, and whether its own sentence says it."""
    own = next((time for time in reversed(spot.sentence.times) if _tells_when(around, time, spot)), None)
    period = spot.sentence.period if own is None else own.value
    span = _SPAN.fullmatch(period)
    if span is None:
        return _state(around, period, spot), own is not None
    if is_from(spot.lead, around.text[spot.run[-1].high : spot.run[-1].high + 30]):
        return str(int(span[1]) - 1), own is not None
    if own is not None and (
        _ADDED_UP.search(around.text, own.start, own.end + 2) or _RANGE.search(around.text, own.start, own.end)
    ):
        is_state = is_end_state(around.text[max(own.end, spot.number.start - 12) : spot.number.start])
    else:
        is_state = _is_state_of_the_end(around, spot, kind, subject)
    if is_state:
        return span[2], own is not None
    return period, own is not None


def is_multiple_of_then(around: Surroundings, spot: Spot) -> bool:
    """Whether a multiple is one of an earlier time: 是2020年的1.4倍."""
    if spot.number.unit != "倍":
        return False
    times = [time for time in spot.sentence.times if time.start < spot.number.start and time.value[:4].isdigit()]
    return bool(times) and _TIMES_THEN.fullmatch(around.text, times[-1].end, spot.number.low) is not None


def _tells_when(around: Surroundings, time: Time, spot: Spot) -> bool:
    if time.start >= spot.number.start:
        return False
    if spot.number.unit == "倍" and _TIMES_THEN.fullmatch(around.text, time.end, spot.number.low):
        return False
    if time.role == "base" and time.value[:4].isdigit():
        return _OF_ITS_OWN.fullmatch(around.text, time.end, spot.number.low) is not None
    return time.role == "when" and _reaches(around, time, spot)


def _is_state_of_the_end(around: Surroundings, spot: Spot, kind: Kind, subject: str) -> bool:
    """Whether a figure under a span of years tells how things stood at its end, and not what was added up over it."""
    number, start = spot.number, spot.sentence.start
    if is_end_state(around.text[max(start, number.start - 12) : number.start]):
        return True
    if _TO.search(around.text[max(start, number.low - 40) : number.low]):
        return True
    if kind.name in ("share", "rank", "ratio"):
        return True
    is_stated = not counts_what_follows(number) or subject in spot.lead
    return kind.name == "level" and is_stated and not is_cumulated(_phrase(around, spot))


def _phrase(around: Surroundings, spot: Spot) -> str:
    """The words before a number with those of the figures that 、 joins to it: 新增园区11个、集群9个."""
    start, low = spot.sentence.start, spot.first.low
    last = _UP_TO_A_MARK.match(around.text, start, low)
    return around.text[last.end() if last is not None else start : low]


def _reaches(around: Surroundings, time: Time, spot: Spot) -> bool:
    """Whether words of time go as far as the number: not where they belong to another number or to a name."""
    if around.text[time.end : time.end + 3].startswith(_NOT_WHEN):
        return False
    if around.text[time.start] != "“" and around.name_at(time.start) in _DOCUMENT_NAMES:
        return False
    own = spot.first if spot.first.rule == "colon ratio" else spot.number
    if _BESIDE.fullmatch(around.text, time.end, own.low):
        return True
    after = around.text[time.end : min(spot.sentence.end, time.end + 4)]
    is_of_another = _OF_NEXT.match(after) is not None
    is_from_then = after[:1].isdigit() and around.text[time.start - 1 : time.start] in ("从", "由")
    if is_of_another or is_from_then:
        return False
    opens = _heads_with_time(around, time, spot.sentence)
    return opens or "；" not in around.text[time.end : spot.number.start]


def _heads_with_time(around: Surroundings, time: Time, sentence: Sentence) -> bool:
    """Whether no number and no clause stands before words of time in their sentence: 到2030年，A达到…；B达到…"""
    return _NUMBER_OR_PART.search(around.words(sentence.start, time.start, sentence)) is None


def _state(around: Surroundings, period: str, spot: Spot) -> str:
    """The last day of the year where 年末 or 年底 says so."""
    start, low = spot.sentence.start, spot.number.low
    if period.endswith("-12-31") and _THROUGHOUT.search(around.text, start, low):
        return period[:4]
    if not (len(period) == _YEAR and period.isdigit()):
        return period
    opens = around.text.startswith(("年末", "年底"), start) and spot.number.unit_class != "rank"
    near = _YEAR_END.search(around.text[max(0, low - 24) : low])
    is_state = near is not None or (opens and _THROUGHOUT.search(around.text, start, low) is None)
    return f"{period}-12-31" if is_state else period


def change_period_of(around: Surroundings, state: str, spot: Spot) -> str:
    """The period of a change that ends at `state`, with what it is against."""
    if not state:
        return ""
    is_average = "年均" in spot.lead
    reach = spot.sentence.start if is_average else spot.clause_start
    is_multiple = spot.number.unit == "倍"
    bases = [
        time
        for time in spot.sentence.times
        if (time.role == "base" or (is_multiple and time.role == "when" and time.value[:4] < state[:4]))
        and reach <= time.start < spot.number.start
    ]
    if bases and not (is_average and bases[-1].value in ("yoy", "previous")):
        return with_base(state, bases)
    span = spot.sentence.period
    if is_average and ".." in span and span.rpartition("..")[2] == state.rpartition("..")[2]:
        return span
    return _from_and_to(around, spot) or with_base(state, bases)


def _from_and_to(around: Surroundings, spot: Spot) -> str:
    """`2024/2018` for a change that is told after 由2018年的…增加到2024年的… in the same part of its sentence."""
    times = [
        time
        for time in spot.sentence.times
        if time.start < spot.number.start and time.value[:4].isdigit() and time.role == "when"
    ]
    at = next((at for at in range(len(times) - 1, -1, -1) if _begins(around, times[at])), None)
    if at is None or "；" in around.text[times[at].end : spot.number.start]:
        return ""
    first = times[at].value[:4]
    last = times[at + 1].value[:4] if at + 1 < len(times) else spot.sentence.period[-4:]
    return f"{last}/{first}" if last.isdigit() and last > first else ""


def _begins(around: Surroundings, time: Time) -> bool:
    """由2018年的11.5亿元"""
    before = around.text[time.start - 1 : time.start]
    return before in ("从", "由") and _OWN_NUMBER.match(around.text, time.end) is not None


def is_planned(around: Surroundings, spot: Spot) -> bool:
    """Whether the figure is a goal: in a part that tells what is planned, or after words of planning."""
    sentence, number = spot.sentence, spot.number
    if sentence.is_plan or any(time.is_goal and time.start < number.start for time in sentence.times):
        return True
    if _GOAL_AFTER.match(around.text, number.high, sentence.end):
        return _DONE.search(around.text[max(sentence.start, number.low - 8) : number.low]) is None
    words = _PLANNED_IN_REVIEW if around.document.plans_ahead else _PLANNED
    return words.search(around.text, sentence.start, number.low) is not None
