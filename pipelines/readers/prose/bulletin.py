"""The reader of prose: a text to its figures with their characters, every other number with why it is none."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.readers.prose.figure import Row, Said, Spot
from pipelines.readers.prose.governing import (
    change_period_of,
    is_multiple_of_then,
    is_planned,
    place_of,
    state_period_of,
)
from pipelines.readers.prose.kinds import Kind, kind_at
from pipelines.readers.prose.left_alone import reason_to_leave
from pipelines.readers.prose.lists import runs_of, turns
from pipelines.readers.prose.naming import Names, area_apart, breakdown_of, names_of
from pipelines.readers.prose.numerals import Number, numbers_in
from pipelines.readers.prose.printing import printed_of
from pipelines.readers.prose.ranks import ranks_in
from pipelines.readers.prose.ratios import joined_fractions, joined_ratios
from pipelines.readers.prose.refusals import reason_to_refuse
from pipelines.readers.prose.scopes import Sentence, document_of, sentences_of, telling_spans
from pipelines.readers.prose.surroundings import Surroundings

if TYPE_CHECKING:
    from pipelines.readers.prose.reading import Reading, Span

REVIEW_BELOW = 0.6
_LONGEST_LEAD = 120
_HEAD = 8
_OF_THE_WHOLE = ("目前", "截至", "近年来", "下一步", "总体", "全")
_MONEY = re.compile(
    r"额|收入|产值|投资|资金|贷款|存款|支出|经费|生产总值|GDP|税收|利润|营收|市值|增加值|规模|订单|效益|销售"
)
_PEOPLE = re.compile(r"(?:人口|人数|人才|人|农民|群众|职工|学生|儿童|毕业生|在校生|考生)$")
_WITHOUT_UNIT = re.compile(r"(?:指数|系数|得分|评分|比|之比|倍差|死亡率|发生率|密度|总和生育率)$")


def figures_of(reading: Reading, published: str = "", threshold: float = REVIEW_BELOW) -> list[Row]:
    """Every number of a text as a row, in the order of the text.

    Args:
        reading: the text.
        published: the date of publication where it is known from outside, as `2023`, `2023-03` or `2023-03-10`.
        threshold: below this confidence (0 to 1) a figure's status is review.
    """
    return _Pass(reading, published, threshold).rows()


class _Pass:
    """One pass over the sentences of a text."""

    def __init__(self, reading: Reading, published: str, threshold: float) -> None:
        self.reading = reading
        self.text = reading.text
        document = document_of(reading.text, published)
        self.sentences = sentences_of(self.text, document)
        self.spans = telling_spans(self.sentences)
        self.around = Surroundings(reading, document, self.spans)
        self.threshold = threshold
        self.out: list[Row] = []
        self.first_said: Said | None = None
        self.carried: Said | None = None
        self.town = ""
        self.paragraph_said: Said | None = None

    def rows(self) -> list[Row]:
        numbers = _all_numbers(self.text, self.spans)
        at = 0
        for sentence in self.sentences:
            self._enter(sentence)
            first = at
            while at < len(numbers) and numbers[at].start < sentence.end:
                at += 1
            if at > first:
                self._sentence(sentence, numbers[first:at])
        return sorted(self.out, key=lambda row: (row.char_start, row.char_end))

    def _sentence(self, sentence: Sentence, numbers: list[Number]) -> None:
        figures = [number for number in numbers if not self._set_aside(sentence, number)]
        said: list[Said] = []
        last_end = sentence.start
        self.carried = self.first_said if self.text.startswith("其中", sentence.start) else None
        for run in runs_of(self.text, figures):
            self._run(sentence, run, last_end, said)
            last_end = run[-1].high
        self.first_said = said[0] if said else self.first_said
        self.paragraph_said = self.paragraph_said or self.first_said

    def _enter(self, sentence: Sentence) -> None:
        """What a paragraph says first goes on in it, so does the town that a sentence of it opens with."""
        if self.text[sentence.start - 1 : sentence.start] in ("", "\n"):
            self.town, self.paragraph_said = "", None
        elif self.text.startswith(_OF_THE_WHOLE, sentence.start):
            self.town = ""
        places = self.around.places_between(sentence.start, min(sentence.end, sentence.start + _HEAD))
        self.town = next((place.word if place.is_town else "" for place in places), self.town)

    def _set_aside(self, sentence: Sentence, number: Number) -> bool:
        """Leave a number alone or refuse it; True where that was done."""
        rule, wrong = reason_to_refuse(self.text, number)
        if rule:
            self._refuse(number, rule, wrong)
            return True
        reason = self._why_left(sentence, number)
        if reason and number.rule == "number":
            end = number.start + len(number.digits)
            self._emit(number.start, end, status="left_out", rule=reason, reason=reason)
        return bool(reason)

    def _why_left(self, sentence: Sentence, number: Number) -> str:
        if any(time.start < number.end and number.start < time.end for time in sentence.times):
            return "time"
        why = self.around.name_at(number.start)
        if why and not (why == "quoted name" and number.unit_class == "rank"):
            return why
        return "" if number.rule == "colon ratio" else reason_to_leave(self.text, number, sentence.end)

    def _run(self, sentence: Sentence, run: list[Number], last_end: int, said: list[Said]) -> None:
        """One list of numbers: its subjects, then each figure."""
        begin = self.around.clause_start(max(sentence.start, last_end), run[0].low)
        leads = [self.text[max(begin, run[0].low - _LONGEST_LEAD) : run[0].low]]
        for before, number in pairwise(run):
            between = self.text[before.high : number.low]
            leads.append(leads[-1] + between if turns(between) else leads[-1])
        spots = [Spot(sentence, run, at, begin, lead, said[:]) for at, lead in enumerate(leads)]
        names = names_of(self.around, spots[0])
        said.extend(self._figure(spot, names) for spot in spots)

    def _figure(self, spot: Spot, names: Names) -> Said:
        before = _taken_from(spot) if names.are_inherited else None
        after = self.text[spot.number.high : spot.number.high + 8]
        kind = kind_at(spot.number, spot.lead, after, follows_ratio=bool(spot.said) and spot.said[-1].kind == "ratio")
        subject = names.subjects[min(spot.at, len(names.subjects) - 1)]
        if not subject and self.paragraph_said is not None:
            subject = self.paragraph_said.subject
        breakdown = breakdown_of(self.around, spot, subject) or (before.breakdown if before is not None else "")
        subject, breakdown = area_apart(subject, breakdown, spot.said[0] if spot.said else self.first_said)
        source = before or self.carried
        place = place_of(self.around, spot) or (
            source.place if source is not None else self.town or spot.sentence.place
        )
        period = self._period(spot, kind, subject)
        name = "target" if kind.name != "rank" and is_planned(self.around, spot) else kind.name
        said = Said(subject, place, period, breakdown, name, spot.number.unit)
        self._accept(spot.number, said, kind, is_inherited=before is not None)
        return said

    def _period(self, spot: Spot, kind: Kind, subject: str) -> str:
        state, is_own = state_period_of(self.around, spot, kind, subject)
        if not is_own and self.carried is not None:
            state = self.carried.period
        is_change = kind.name == "growth_rate" or (kind.name == "difference" and not kind.is_apart)
        is_change = is_change or is_multiple_of_then(self.around, spot)
        return change_period_of(self.around, state, spot) if is_change else state

    def _accept(self, number: Number, said: Said, kind: Kind, *, is_inherited: bool) -> None:
        unit = number.unit or _implied_unit(number, said.subject)
        is_bare = not unit and not number.multiplier and not number.unit_class
        if is_bare and kind.name in ("level", "difference") and not _WITHOUT_UNIT.search(said.subject):
            self._refuse(number, "no_unit", "a number without a unit" + ("" if said.subject else " or a subject"))
            return
        sure = _confidence(number, said, is_inherited=is_inherited)
        start, end = self.reading.span(number.start, number.end)
        value = -number.value if number.value is not None and kind.sign < 0 else number.value
        status = "figure" if sure >= self.threshold else "review"
        rule = kind.rule if number.rule in ("number", "shared unit") else number.rule
        printed = printed_of(self.reading, number, kind.name, is_apart=kind.is_apart, has_fallen=kind.sign < 0)
        self.out.append(
            Row(
                start, end, self.reading.source[start:end], value, unit, number.qualifier, said.kind, said.place,
                said.period, said.subject, said.breakdown, status, sure, rule, "",
                printed,
            )
        )  # fmt: skip

    def _refuse(self, number: Number, rule: str, reason: str) -> None:
        self._emit(number.start, number.end, status="refused", rule=rule, reason=reason)

    def _emit(self, start: int, end: int, *, status: str, rule: str, reason: str) -> None:
        begin, stop = self.reading.span(start, end)
        quote = self.reading.source[begin:stop]
        self.out.append(Row(begin, stop, quote, None, "", "", "", "", "", "", "", status, 0.0, rule, reason))


def _all_numbers(text: str, spans: list[Span]) -> list[Number]:
    """Numbers, ranks and ratios of a text, each place once."""
    ranks = ranks_in(text, spans)
    taken = {number.start for number in ranks}
    plain = [
        number
        for number in numbers_in(text, spans)
        if taken.isdisjoint(range(number.start - 2, min(number.end, number.start + 12)))
    ]
    return joined_fractions(text, joined_ratios(text, sorted(plain + ranks, key=lambda number: number.start)))


def _taken_from(spot: Spot) -> Said | None:
    """The figure that a number takes its subject from: its fellow of an earlier list, or the last one."""
    if len(spot.said) >= len(spot.run):
        return spot.said[spot.at - len(spot.run)]
    return spot.said[-1] if spot.said else None


def _implied_unit(number: Number, subject: str) -> str:
    """元 where a sum of money prints none (网络零售总额突破2.7万亿), 人 where people are counted."""
    if number.unit_class or not number.multiplier:
        return ""
    if _MONEY.search(subject[-10:]):
        return "元"
    return "人" if _PEOPLE.search(subject) else ""


def _confidence(number: Number, said: Said, *, is_inherited: bool) -> float:
    """How sure a reading is, from 0 to 1: what had to be taken over, guessed or was not found takes something off."""
    sure = 0.97
    sure -= 0.45 if not said.subject else 0.08 if is_inherited else 0.0
    sure -= 0.15 if not number.unit and not number.unit_class else 0.0
    sure -= 0.05 if number.rule == "shared unit" else 0.0
    sure -= 0.1 if number.rule in ("spelled numeral", "doubling", "tenths") else 0.0
    sure -= 0.05 if not said.period else 0.0
    sure -= 0.05 if not said.place else 0.0
    sure -= 0.1 if len(said.subject) > 30 else 0.0
    return round(max(0.05, sure), 2)
