"""The reader of prose: a text to its figures, each with its characters, and every other number with the reason why it is none."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal

from pipelines.readers.prose.kinds import Kind, is_cumulated, is_end_state, is_from, kind_of
from pipelines.readers.prose.left_alone import names_in, reason_to_leave, reason_to_refuse
from pipelines.readers.prose.lists import runs_of, subjects_of_list
from pipelines.readers.prose.numerals import Number, numbers_in
from pipelines.readers.prose.periods import Time, with_base
from pipelines.readers.prose.places import Place, places_in
from pipelines.readers.prose.ranks import ranks_in
from pipelines.readers.prose.ratios import joined_ratios
from pipelines.readers.prose.reading import Reading
from pipelines.readers.prose.scopes import Document, Sentence, document_of, sentences_of
from pipelines.readers.prose.subjects import blanked, counts_what_follows, label_of, noun_after, part_in

_PLANNED = re.compile(
    r"力争|争取(?=[^，。]{0,12}(?:达|实现|突破|完成))|预期目标|拟(?=[建新投开])|计划(?=[建投新完实到引培安])|将(?=达|超|突破|建成|新增|带动|投入|实现|完成|新建|继续|进一步|力争|再|增至|提高)|目标(?:是|为|:)"
)
_PLANNED_IN_REVIEW = re.compile(r"力争|预期目标(?:是|为|:)")
_GROWTH_AFTER = re.compile(r"的?(?:年均|平均|高速|中高速|两位数)?(?:增长(?!极)|增速|增幅|涨幅|速度增长|的速度)")
_GOAL_AFTER = re.compile(r"(?:左右|以内|以上|以下)?的?(?:年度|预期|控制|调控)?目标(?!任务)")
REVIEW_BELOW = 0.6
_LONGEST_LEAD = 120
_LONGEST_BRACKET = 20
_WIDER = ("全国", "全球", "世界", "全世界", "我国")
_OF_ALL = re.compile(r"\d|的?(?:\d|平均)|人均|居民|城镇|农村|城乡|国内|生产总值|GDP|共|总|为|增长|规模以上|粮食|人口")
_GENERIC = ("规模", "总量", "占比", "比重", "增速", "增幅", "数量", "总数", "总额")
_INDUSTRIES = ("第一产业", "第二产业", "第三产业")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, refusal or number left alone; spans count characters of the text as received."""

    char_start: int
    char_end: int
    quote: str
    value: Decimal | None
    unit: str
    qualifier: str
    kind: str
    place: str
    period: str
    subject: str
    breakdown: str
    status: str
    reading_confidence: float
    rule: str
    reason: str


def figures_of(reading: Reading, published: str = "", threshold: float = REVIEW_BELOW) -> list[Row]:
    """Every number of a text as a row, in the order of the text.

    Args:
        reading: the text.
        published: the date of publication where it is known from outside, as `2023`, `2023-03` or `2023-03-10`.
        threshold: below this confidence (0 to 1) a figure's status is review.
    """
    return _Reader(reading, document_of(reading.text, published), threshold).rows()


@dataclass(slots=True)
class _Said:
    """A figure of the sentence that later ones may go on from."""

    subject: str
    place: str
    period: str
    breakdown: str
    kind: str
    unit: str


class _Reader:
    """One pass over the sentences of a text."""

    def __init__(self, reading: Reading, document: Document, threshold: float) -> None:
        self.reading = reading
        self.text = reading.text
        self.document = document
        self.threshold = threshold
        self.names = names_in(self.text)
        self.name_starts = [start for start, _end, _why in self.names]
        self.places = places_in(self.text)
        self.place_starts = [place.start for place in self.places]
        self.out: list[Row] = []
        self.first_said: _Said | None = None
        self.carried: _Said | None = None

    def rows(self) -> list[Row]:
        ranks = ranks_in(self.text)
        taken = {(number.start) for number in ranks}
        plain = [number for number in numbers_in(self.text) if not any(at in taken for at in range(number.start - 2, number.end))]
        numbers = joined_ratios(self.text, sorted(plain + ranks, key=lambda number: number.start))
        at = 0
        for sentence in sentences_of(self.text, self.document):
            first = at
            while at < len(numbers) and numbers[at].start < sentence.end:
                at += 1
            if at > first:
                self._sentence(sentence, numbers[first:at])
        return sorted(self.out, key=lambda row: (row.char_start, row.char_end))

    def _sentence(self, sentence: Sentence, numbers: list[Number]) -> None:
        figures = [number for number in numbers if not self._set_aside(sentence, number)]
        said: list[_Said] = []
        last_end = sentence.start
        self.carried = self.first_said if self.text.startswith("其中", sentence.start) else None
        for run in runs_of(self.text, figures):
            self._run(sentence, run, last_end, said)
            last_end = run[-1].high
        if said:
            self.first_said = said[0]

    def _set_aside(self, sentence: Sentence, number: Number) -> bool:
        """Leave a number alone or refuse it; True where that was done."""
        rule, wrong = reason_to_refuse(self.text, number) if number.rule == "number" else ("", "")
        if wrong:
            self._emit(number, "refused", rule, wrong)
            return True
        reason = self._why_left(sentence, number)
        if reason and number.rule == "number":
            self._emit(number, "left_out", reason, reason)
        return bool(reason)

    def _why_left(self, sentence: Sentence, number: Number) -> str:
        for time in sentence.times:
            if time.start < number.end and number.start < time.end:
                return "time"
        why = self._name_at(number.start)
        if why and not (why == "quoted name" and number.unit_class == "rank"):
            return why
        return "" if number.rule == "colon ratio" else reason_to_leave(self.text, number, sentence.end)

    def _name_at(self, place: int) -> str:
        """What kind of name stands at a place of the text, or an empty string."""
        last = bisect_right(self.name_starts, place)
        return next((why for start, end, why in self.names[max(0, last - 4) : last] if start <= place < end), "")

    def _emit(self, number: Number, status: str, rule: str, reason: str) -> None:
        start, end = self.reading.span(number.start, number.end if status == "refused" else self._digits_end(number))
        quote = self.reading.source[start:end]
        self.out.append(Row(start, end, quote, None, "", "", "", "", "", "", "", status, 0.0, rule, reason))

    def _digits_end(self, number: Number) -> int:
        return number.start + len(number.digits) if self.text.startswith(number.digits, number.start) else number.end

    def _run(self, sentence: Sentence, run: list[Number], last_end: int, said: list[_Said]) -> None:
        """One list of numbers (mostly of one): its subjects, then each figure."""
        first = run[0]
        clause_start = self._clause_start(sentence.start, first.low, last_end)
        raw_lead = self.text[max(clause_start, first.low - _LONGEST_LEAD) : first.low]
        subjects, inherited = self._subjects(sentence, run, clause_start, last_end, said)
        added: list[_Said] = []
        for at, number in enumerate(run):
            kind = kind_of(number, raw_lead)
            if kind.name == "level" and not number.unit and not number.multiplier and said and said[-1].kind == "ratio":
                kind = Kind("ratio", 1, False, "ratio of two quantities")
            subject = subjects[at] if at < len(subjects) else (subjects[-1] if subjects else "")
            before = said[-len(run) + at] if inherited and len(said) >= len(run) else (said[-1] if said and inherited else None)
            if kind.name == "share" and _GROWTH_AFTER.match(self.text, number.high):
                kind = Kind("growth_rate", 1, False, "rate of change")
            added.append(self._figure(sentence, number, kind, subject, raw_lead, before, clause_start, said, at, run))
        said.extend(added)

    def _clause_start(self, start: int, end: int, last_end: int) -> int:
        """Where the words that belong to the number at `end` begin: after the last stop or the figure before it; brackets without digits are passed over."""
        begin = max(start, last_end)
        before = end
        while True:
            stop = max(self.text.rfind(mark, begin, before) for mark in "，；：:。（）！？")
            if stop < 0 or self.text[stop] != "）":
                return max(begin, stop + 1)
            opened = self.text.rfind("（", begin, stop)
            if opened < 0 or stop - opened > _LONGEST_BRACKET or re.search(r"\d", self.text[opened:stop]):
                return max(begin, stop + 1)
            before = opened

    def _subjects(
        self, sentence: Sentence, run: list[Number], clause_start: int, last_end: int, said: list[_Said]
    ) -> tuple[list[str], bool]:
        """The subjects of a run and whether they were taken over from figures before it."""
        first = run[0]
        words = self._words(clause_start, first.low, sentence)
        if len(run) > 1 and run[0].rule != "colon ratio":
            if not label_of(words) or label_of(words).startswith("占") or label_of(words).startswith("完成"):
                if len(said) >= len(run):
                    tail = label_of(words)
                    return [one.subject + (tail if tail.startswith("占") else "") for one in said[-len(run) :]], True
            several = subjects_of_list(label_of(_until_verb(words)), len(run))
            if several:
                return [label_of(one) for one in several], False
            earlier = self._list_before(sentence, clause_start, len(run)) if not label_of(words) else []
            if earlier:
                return earlier, False
        label = label_of(words)
        if not label and first.rule == "colon ratio":
            structure = re.search(r"[^，。；、]{0,10}结构(?=[^。；\d]{0,24}$)", self.text[sentence.start : first.low])
            label = structure[0] if structure is not None else ""
        noun = noun_after(self.text, run[-1], sentence.end)
        if run[-1].unit_class in ("percent", "fraction") and self.text.startswith("的", run[-1].high) and noun:
            return [noun], False
        if noun and (counts_what_follows(run[-1]) or not label) and (run[-1].unit_class not in ("percent", "point") or not (label or said)):
            return [noun], False
        if label and not _is_only_against(label):
            if said and re.match(r"(?:为|相当于|完成)(?:年初|年度|全年|调整)?(?:预算|计划|目标)", label):
                return [said[-1].subject], True
            if said and (label.startswith("占") or label in _GENERIC):
                return [said[-1].subject + label], True
            return [label], False
        if said:
            return [said[-1].subject], True
        return [self._label_before(sentence, clause_start)], True

    def _list_before(self, sentence: Sentence, clause_start: int, count: int) -> list[str]:
        """The subjects of a list in the clause before (A、B从无到有，分别达2个、3个)."""
        end = max(sentence.start, clause_start - 1)
        begin = self._clause_start(sentence.start, end, sentence.start)
        return [label_of(one) for one in subjects_of_list(label_of(self._words(begin, end, sentence)), count)]

    def _words(self, start: int, end: int, sentence: Sentence) -> str:
        words = blanked(self.text, start, end, sentence.times, self._places(start, end))
        return re.sub(r"\[\d{1,3}\]|（[A-Za-z&./ ]{1,12}）", "", words)

    def _label_before(self, sentence: Sentence, clause_start: int) -> str:
        """The label of the clause before, where the number's own clause has none."""
        end = clause_start
        for _ in range(3):
            end = max(sentence.start, end - 1)
            begin = self._clause_start(sentence.start, end, sentence.start)
            label = label_of(re.split(r"\d", self._words(begin, end, sentence))[0])
            if label or begin <= sentence.start:
                return label
            end = begin
        return ""

    def _places(self, start: int, end: int) -> list[Place]:
        first = bisect_right(self.place_starts, start - 1)
        last = bisect_right(self.place_starts, end - 1)
        return self.places[first:last]

    def _figure(
        self, sentence: Sentence, number: Number, kind: Kind, subject: str, lead: str, before: _Said | None, clause_start: int, before_all: list[_Said], at: int, run: list[Number]
    ) -> _Said:
        place, own_place = self._place(sentence, number)
        if not own_place and (before or self.carried) is not None:
            place = (before or self.carried).place
        when, own_time = self._when(sentence, number, lead, run, kind, not counts_what_follows(number) or subject in lead)
        if not own_time and self.carried is not None:
            when = self.carried.period
        bases = [time for time in sentence.times if time.role == "base" and time.start < number.start and (time.start >= clause_start or "年均" in lead)]
        is_change = kind.name == "growth_rate" or (kind.name == "difference" and not kind.is_apart)
        period = with_base(when, bases) if is_change and when else when
        among = next((one.unit for one in before_all if one.breakdown == "其中"), None)
        breakdown = self._breakdown(sentence, number, subject, among, at) or (before.breakdown if before is not None else "")
        if subject in ("城市", "农村", "城镇", "乡村") and (before_all or self.first_said is not None):
            breakdown, subject = subject, (before_all[0] if before_all else self.first_said).subject
        name = "target" if self._is_planned(sentence, number) and kind.name != "rank" else kind.name
        value = number.value if number.value is None or kind.sign > 0 else -number.value
        unit = number.unit or self._implied_unit(number, subject)
        self._emit_figure(number, value, unit, name, place, period, subject, breakdown, before is not None, kind)
        return _Said(subject, place, when, breakdown, name, number.unit)

    def _emit_figure(
        self, number: Number, value: Decimal | None, unit: str, name: str, place: str, period: str, subject: str,
        breakdown: str, inherited: bool, kind: Kind,
    ) -> None:  # fmt: skip
        start, end = self.reading.span(number.start, number.end)
        quote = self.reading.source[start:end]
        if not unit and not number.multiplier and number.unit_class == "" and kind.name == "level":
            status = "left_out" if not _is_amount(subject) else "figure"
            if status == "left_out":
                reason = "a number without a unit" if subject else "a number without a unit or a subject"
                self.out.append(Row(start, end, quote, None, "", "", "", "", "", "", "", "refused", 0.0, "no_unit", reason))
                return
        confidence = _confidence(number, subject, period, place, inherited)
        status = "figure" if confidence >= self.threshold else "review"
        rule = kind.rule if number.rule in ("number", "shared unit") else number.rule
        self.out.append(
            Row(start, end, quote, value, unit, number.qualifier, name, place, period, subject, breakdown, status, confidence, rule, "")
        )

    def _place(self, sentence: Sentence, number: Number) -> tuple[str, bool]:
        """The place that governs: the nearest before the number in its sentence, a name only in its own clause or from the sentence's head."""
        for place in reversed(self._places(sentence.start, number.start)):
            heads = self._words_before(place, sentence) in ("", "如", "例如", "比如", "其中", "在")
            if place.word in _WIDER and self.document.place != "全国" and not _OF_ALL.match(self.text, place.end):
                continue
            if place.is_general or heads or not re.search(r"[，；]", self.text[place.end : number.start]):
                return place.word, True
        return sentence.place, False

    def _words_before(self, place: Place, sentence: Sentence) -> str:
        return blanked(self.text, sentence.start, place.start, sentence.times, []).strip("，、：: ")

    def _when(self, sentence: Sentence, number: Number, lead: str, run: list[Number], kind: Kind, is_stated: bool) -> tuple[str, bool]:
        """The period of the state that a number tells: the nearest words of time before it, or what governs the sentence."""
        first = run[0]
        for time in reversed(sentence.times):
            if time.start >= number.start or time.role != "when":
                continue
            close = self.text[time.end : first.low if first.rule == "colon ratio" else number.low]
            is_local = re.fullmatch(r"(?:年)?(?:底|末)?的?(?:约|近|超)?", close) is not None
            if is_local or not self._is_local_time(time, sentence):
                if not self._in_name(time):
                    return self._state(time.value, number, sentence), True
        span = re.fullmatch(r"(\d{4})\.\.(\d{4})", sentence.period)
        if span is not None:
            if is_from(lead, self.text[run[-1].high : run[-1].high + 30]):
                return str(int(span[1]) - 1), False
            if is_end_state(self.text[max(sentence.start, number.start - 12) : number.start]) or re.search(r"(?:从|由)[^，。；]{0,16}(?:到|至|为)(?:约|近)?$", self.text[max(sentence.start, number.low - 40) : number.low]):
                return span[2], False
            if kind.name in ("share", "rank", "ratio") or (kind.name == "level" and is_stated and not is_cumulated(lead)):
                return span[2], False
        return self._state(sentence.period, number, sentence), False

    def _state(self, period: str, number: Number, sentence: Sentence) -> str:
        opens = self.text.startswith(("年末", "年底"), sentence.start)
        near = re.search(r"(?:年末|年底)[^，。；]{0,20}$", self.text[max(0, number.low - 24) : number.low])
        if re.fullmatch(r"\d{4}", period) and (near is not None or (opens and number.unit_class != "rank")):
            return f"{period}-12-31"
        return period

    def _is_local_time(self, time: Time, sentence: Sentence) -> bool:
        """Whether the time belongs to the one number right after it (从2020年的3.68万亿元)."""
        after = self.text[time.end : min(sentence.end, time.end + 4)]
        if re.match(r"的(?:约|近|超)?\d", after):
            return True
        return re.match(r"\d", after) is not None and self.text[time.start - 1 : time.start] in ("从", "由")

    def _in_name(self, time: Time) -> bool:
        after = self.text[time.end : time.end + 3]
        if after.startswith(("规划", "远景", "首", "专项")):
            return True
        return self.text[time.start] != "“" and self._name_at(time.start) in ("title of a document", "quoted name", "address")

    def _is_planned(self, sentence: Sentence, number: Number) -> bool:
        if sentence.is_plan:
            return True
        if any(time.is_goal and time.start < number.start for time in sentence.times):
            return True
        if _GOAL_AFTER.match(self.text, number.high, sentence.end):
            return re.search(r"完成|超额|实现", self.text[max(sentence.start, number.low - 8) : number.low]) is None
        words = _PLANNED_IN_REVIEW if self.document.plans_ahead else _PLANNED
        return words.search(self.text, sentence.start, number.low) is not None

    def _breakdown(self, sentence: Sentence, number: Number, subject: str, unit_among: str | None, at: int) -> str:
        """The part that the label names; 其中 for what stands after it in the same unit."""
        part = part_in(subject)
        if part:
            return part
        begin = self.text.rfind("其中", sentence.start, number.start)
        if number.rule == "colon ratio" and "产业" in subject:
            return _INDUSTRIES[at] if at < len(_INDUSTRIES) else ""
        if begin < 0 or "；" in self.text[begin : number.start]:
            return ""
        is_first = re.search(r"\d", self.text[begin : number.start]) is None
        return "其中" if is_first or number.unit == unit_among or "，" not in self.text[begin + 3 : number.start] else ""

    def _implied_unit(self, number: Number, subject: str) -> str:
        """元 where a sum of money prints none (网络零售总额突破2.7万亿), 人 where people are counted."""
        if number.unit_class or not number.multiplier:
            return ""
        if re.search(r"(?:额|收入|产值|投资|资金|贷款|存款|支出|经费|生产总值|GDP|税收|利润|营收|余额|市值|增加值|规模|订单|效益|销售)", subject[-10:]):
            return "元"
        if re.search(r"(?:人口|人数|人才|人|农民|群众|职工|学生|儿童|毕业生|在校生|考生)$", subject):
            return "人"
        return ""


def _until_verb(words: str) -> str:
    return re.sub(r"(?:分别|(?<![人户亩年日月])均|同比|依次)[^、]*$", "", words) or words


def _is_only_against(label: str) -> bool:
    """Whether a label is nothing but what a figure is held against (按年平均汇率折算, 全国平均水平)."""
    return re.fullmatch(r"按[^，。]{0,14}(?:折算|计算|折合)?|折合|同口径|全国平均水平?|全国水平|平均水平|上年同期|分|在|其", label) is not None


def _is_amount(subject: str) -> bool:
    return re.search(r"(?:指数|系数|得分|比|倍差|总和生育率)$", subject) is not None


def _confidence(number: Number, subject: str, period: str, place: str, inherited: bool) -> float:
    """How sure a reading is, from 0 to 1: each thing that had to be taken over or was not found takes something off."""
    sure = 0.97
    sure -= 0.45 if not subject else 0.08 if inherited else 0.0
    sure -= 0.15 if not number.unit and number.unit_class == "" else 0.0
    sure -= 0.05 if number.rule == "shared unit" else 0.0
    sure -= 0.1 if number.rule in ("spelled numeral", "doubling", "tenths") else 0.0
    sure -= 0.05 if not period else 0.0
    sure -= 0.05 if not place else 0.0
    sure -= 0.1 if len(subject) > 30 else 0.0
    return round(max(0.05, sure), 2)
