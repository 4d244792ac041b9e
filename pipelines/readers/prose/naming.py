"""What numbers are called: from their own clause, from the noun that they count, or from the figures before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipelines.readers.prose.lists import subjects_of_list
from pipelines.readers.prose.subjects import counts_what_follows, label_of, noun_after, part_in

if TYPE_CHECKING:
    from pipelines.readers.prose.figure import Said, Spot
    from pipelines.readers.prose.surroundings import Surroundings

_GENERIC = ("规模", "总量", "占比", "比重", "增速", "增幅", "数量", "总数", "总额")
_TOTALS = ("总额", "总规模", "规模", "金额", "总投资", "总面积", "面积")
_PLACES = ("村", "县", "镇", "乡", "街道", "社区")
_AREAS = ("城市", "农村", "城镇", "乡村")
_INDUSTRIES = ("第一产业", "第二产业", "第三产业")
_OF_A_BUDGET = re.compile(r"(?:为|相当于|完成)(?:年初|年度|全年|调整)?(?:预算|计划|目标)")
_GOAL = re.compile(r"(?:年初|年度|全年|省定|市定|全年度)(?:预算|计划|目标|任务)(?:任务|目标)?")
#: What tells something of the figure before: 占, 对经济增长的贡献率, 拉动经济增长.
_PART_OF = re.compile(r"占(?!地)|对[^，。“]{2,10}贡献率$")
_AGAINST = re.compile(
    r"(?:剔除|扣除|不含|还原)[^，。]{0,16}(?:因素|影响)?后?|"
    r"按[^，。]{0,14}(?:折算|计算|折合)?|折合|同口径|全国平均水平?|全国水平|平均水平|上年同期|分|在|其"
)
_STRUCTURE = re.compile(r"[^，。；、]{0,10}结构(?=[^。；\d]{0,24}$)")
#: 新建高标准农田3万亩，改造提升2万亩: what is done to the thing named before.
_DOING = re.compile(r"(?:累计)?(?:改造|提升|新建|改建|扩建|改扩建|建成|续建|完工|完成|竣工|修复|新增|改造提升|新改建)")
#: 助餐点3897个并有序开放: what is told of the things, not what they are.
_GOES_ON = re.compile(
    r"并|且|均|全部|全线|入选|获|被|列入|纳入|达到|实现|落地|建成(?!区)|投产|开工|竣工|完成|通过|正在|已|分布|成为|进入(?!.{1,6}的)"
)
_GIVEN = re.compile(r"给予|发放|安排|提供|奖励|享受|获得?|每年|不低于|不少于|不超过")
_GIFT = re.compile(r"奖励|补助|补贴|贴息|资金|贷款|津贴|奖金|资助|经费|保障|救助|授信")
_DIGIT = re.compile(r"\d")
_VERB = re.compile(r"(?:分别|(?<![人户亩年日月平])均|同比|依次)[^、]*$")
_CLAUSES_BACK = 3


class Names(NamedTuple):
    """The subjects of a list of numbers, and whether they were taken over from figures before it."""

    subjects: list[str]
    are_inherited: bool


def names_of(around: Surroundings, spot: Spot) -> Names:
    """One subject for each number of the list, or one for all."""
    words = around.words(spot.clause_start, spot.first.low, spot.sentence)
    if len(spot.run) > 1 and spot.first.rule != "colon ratio":
        several = _of_a_list(around, spot, words)
        if several is not None:
            return several
    label = label_of(words) or _structure(around, spot)
    noun = _noun(around, spot, label)
    if noun:
        return Names([noun], are_inherited=False)
    is_more_of_it = bool(spot.said) and spot.said[-1].unit == spot.number.unit and _DOING.fullmatch(label)
    if label and not is_more_of_it and not _AGAINST.fullmatch(label):
        return _with_what_was_said(label, spot)
    if spot.said:
        return Names([spot.said[-1].subject], are_inherited=True)
    return Names([_label_before(around, spot)], are_inherited=True)


def _of_a_list(around: Surroundings, spot: Spot, words: str) -> Names | None:
    """A subject for each number: from the figures before, from the clause, or from the clause before it."""
    count, said = len(spot.run), spot.said
    label = label_of(words)
    if (not label or label.startswith(("占", "完成"))) and len(said) >= count:
        tail = label if label.startswith("占") else ""
        return Names([one.subject + tail for one in said[-count:]], are_inherited=True)
    several = subjects_of_list(label_of(_VERB.sub("", words) or words), count)
    if not several and not label:
        end = max(spot.sentence.start, spot.clause_start - 1)
        before = around.words(around.clause_start(spot.sentence.start, end), end, spot.sentence)
        several = subjects_of_list(label_of(before), count)
    if not several and "分别" in words and _are_alike(said[-count:], count):
        return Names([one.subject + label for one in said[-count:]], are_inherited=False)
    return Names([label_of(one) for one in several], are_inherited=False) if several else None


def _are_alike(said: list[Said], count: int) -> bool:
    """Whether the figures before are as many as the list, of one unit and of different things."""
    return len(said) == count == len({one.subject for one in said}) and len({one.unit for one in said}) == 1


def _structure(around: Surroundings, spot: Spot) -> str:
    """三次产业结构 of 三次产业结构进一步优化，调整为8.3:41.4:50.3."""
    if spot.first.rule != "colon ratio":
        return ""
    found = _STRUCTURE.search(around.text[spot.sentence.start : spot.first.low])
    return found[0] if found is not None else ""


def _noun(around: Surroundings, spot: Spot, label: str) -> str:
    """The noun after the number, where that is what it counts."""
    last = spot.run[-1]
    noun = noun_after(around.text, last, spot.sentence.end)
    if last.unit_class in ("percent", "fraction") and noun and around.text.startswith("的", last.high):
        return noun
    if not noun and last.unit in _PLACES:
        return last.unit
    if label in _TOTALS and around.text.startswith("的", last.high):
        return noun + label
    if last.unit_class == "money" and around.text.startswith("的", last.high) and _GIVEN.search(spot.lead):
        return noun if _GIFT.search(noun) else ""
    if not noun or last.unit_class in ("percent", "point"):
        return "" if label or spot.said else noun
    is_verb = bool(label) and _GOES_ON.match(noun) is not None
    return noun if (counts_what_follows(last) and not is_verb) or not label else ""


def _with_what_was_said(label: str, spot: Spot) -> Names:
    """A label that goes on from the figure before: 占比, 规模, 为预算, 拉动经济增长 0.4 个百分点."""
    said = spot.said
    is_push = label.startswith("拉动") and spot.number.unit_class == "point"
    if said and (_OF_A_BUDGET.match(label) or _GOAL.fullmatch(label)):
        return Names([said[-1].subject], are_inherited=True)
    if said and (is_push or _PART_OF.match(label) or label in _GENERIC):
        return Names([said[-1].subject + label], are_inherited=True)
    return Names([label], are_inherited=False)


def _label_before(around: Surroundings, spot: Spot) -> str:
    """The label of a clause before, where the number's own clause has none."""
    start, end = spot.sentence.start, spot.clause_start
    for _ in range(_CLAUSES_BACK):
        end = max(start, end - 1)
        begin = around.clause_start(start, end)
        label = label_of(_DIGIT.split(around.words(begin, end, spot.sentence), 1)[0])
        if label or begin <= start:
            return label
        end = begin
    return ""


def breakdown_of(around: Surroundings, spot: Spot, subject: str) -> str:
    """The part that the label names; 其中 for what stands after it in the same unit."""
    part = part_in(subject)
    if part:
        return part
    if spot.number.rule == "colon ratio" and ("产业" in subject or "三产" in subject):
        return _INDUSTRIES[spot.at] if spot.at < len(_INDUSTRIES) else ""
    begin = around.text.rfind("其中", spot.sentence.start, spot.number.start)
    if begin < 0:
        return ""
    after = around.text[begin + 2 : spot.number.start]
    if "；" in after:
        return ""
    among = next((one.unit for one in spot.said if one.breakdown == "其中"), None)
    goes_on = spot.number.unit == among or "，" not in after[1:]
    return "其中" if goes_on or _DIGIT.search(after) is None else ""


def area_apart(subject: str, breakdown: str, before: Said | None) -> tuple[str, str]:
    """Subject and breakdown, where a label is only 城市 or 农村 and goes on from the figure before."""
    if subject in _AREAS and before is not None:
        return before.subject, subject
    return subject, breakdown
