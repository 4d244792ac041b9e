"""What headings and openings give to the sentences under them: the period, the place, whether a plan is told."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipelines.readers.prose.periods import Now, Time, times_in, with_plain_years
from pipelines.readers.prose.places import place_of_opening, place_of_title
from pipelines.readers.prose.reading import Span

_HEADING = re.compile(
    r"(?:#+ ?)?(?:(?P<top>[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}(?:章|部分))"
    r"|(?P<second>（[一二三四五六七八九十]{1,3}）)|(?P<third>\d{1,2}[.、．](?!\d)))"
)
_PLAN_HEADING = re.compile(
    r"今年(?:的)?(?:工作|政府|主要|重点|经济|发展|目标)|下一步|下步|目标任务|预期目标|主要目标|工作安排|工作部署|工作打算|重点工作|重点任务|主要任务|总体要求|工作建议|展望|工作思路|今后|未来"
)
_REVIEW_HEADING = re.compile(r"回顾|总结|成效|成就|完成情况|做法|过去|工作情况|实践|初衷")
_GOAL = re.compile(r"(?:预期目标|主要目标|发展目标|工作目标|总体目标|目标任务)(?:是|为|:|如下)")
#: 这是实力跃升的五年。 heads paragraphs of a work report.
_YEARS_TOLD = re.compile(
    r"(?:[一二三四五六七八九十]是)?(?:这|过去)[^。，；]{2,40}的([五三四]|\d)年[。，；]?(?:$|[^。]{0,60}$)"
)
_OPENING = 14
#: A year, a quarter or a plan has one of these.
_OPENS_WITH_TIME = re.compile(r"[年季五]")
_YEAR = 4
_SINCE = ("以来", "至今", "起", "开始")
_WHOLE_YEARS = re.compile(r"\d{4}(?:\.\.\d{4})?")
_WHOLE_YEARS_OR_PARTS = re.compile(r"\d{4}(?:\.\.\d{4})?|\d{4}-(?:H[12]|Q[1-4])")
_PLAN_OPENS = re.compile(r"(?:今年|20\d\d年)(?:政府)?(?:工作|经济社会|我们|，?做好|[^。，；]{0,12}民生实事)")
#: Words that a report explains after its end.
_APPENDIX = re.compile(r"(?:附件?[:：一二三四\d]*|附录)?(?:名词|用语|词语|注释|术语)[^。，]{0,6}(?:解释|说明|注释)?$")
_LOOK = 32
#: What every figure has: a digit, or a numeral in words that can be a quantity or a rank.
_TELLS = re.compile(
    r"\d|分之|[一二两三四五六七八九]成|[一过近]半|半数|番|[超近破过达约逾][十百千万亿]"
    r"|[一二两三四五六七八九][十百千万亿]|第[一二三四五六七八九十]|[首位]位|榜首|之首|居首|前[一二三四五六七八九十]"
)
_SENTENCE = re.compile(r"[^。！？\n]{0,500}[。！？\n]?[”’]?")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the reading text and what governs it from outside.

    Attributes:
        start, end: its span.
        period: of the paragraph, section or document; empty where the text does not say.
        place: of the section or document.
        is_plan: whether it stands in a part that tells what is planned.
        times: the expressions of time in it (spans count from the start of the text).
        tells: whether it can hold a figure at all; of one that cannot only the opening was looked at.
    """

    start: int
    end: int
    period: str
    place: str
    is_plan: bool
    times: list[Time]
    tells: bool


@dataclass(frozen=True, slots=True)
class Document:
    """What the head of a text says of the whole.

    Attributes:
        now: the year that it reports on and its date.
        place: the place of its title, or empty.
        plans_ahead: whether it is a work report, whose last part is a plan.
    """

    now: Now
    place: str
    plans_ahead: bool


def document_of(text: str, published: str = "") -> Document:
    """What the head of `text` says; `published` is its date where it is known from outside."""
    head = with_plain_years(text[:800])
    is_report = re.search(r"工作报告|政府工作|报告政府工作", head) is not None
    written = published or _date_of(head, text)
    title = re.search(r"(20\d{2})年?[^\n。]{0,24}(?:工作报告|公报|经济运行|国民经济|统计|人口)", head)
    year = int(title[1]) if title is not None else None
    reviewed = re.search(r"(?:^|\n)一、[^\n]{0,12}?(20\d{2})年[^\n]{0,16}(?:回顾|工作|总结)", text[:3000])
    if is_report:
        stated = year or (int(written[:4]) if written[:4].isdigit() else None)
        year = int(reviewed[1]) if reviewed is not None else stated - 1 if stated is not None else None
        written = written or (str(year + 1) if year else "")
    if year is None:
        year = _latest_year(text, written)
    return Document(Now(year, written), place_of_title(text), is_report)


def _date_of(head: str, text: str) -> str:
    """The date that the head (or else the last lines) of a document prints."""
    for part in (head, with_plain_years(text[-200:])):
        match = re.search(r"(20\d{2})(?:年|-|/)(\d{1,2})(?:月|-|/)(\d{1,2})日?", part)
        if match is not None:
            return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"
    match = re.search(r"[（(]?(20\d{2})年(\d{1,2})月(?!\d|份|末|底|以)", head[:400])
    return f"{match[1]}-{int(match[2]):02d}" if match is not None else ""


def _latest_year(text: str, written: str) -> int | None:
    """The last year that the text speaks of and that is no goal (到2024年底)."""
    years = [int(match[1]) for match in re.finditer(r"(?<![到至\d—-])(20\d{2})年(?!\d{1,2}月\d)", text)]
    limit = int(written[:4]) if written[:4].isdigit() else 9999
    years = [year for year in years if year <= limit]
    if years:
        return max(years)
    return limit if limit != 9999 else None


def sentences_of(text: str, document: Document) -> list[Sentence]:
    """The sentences of a text, each with the period, the place and the plan that headings and openings give it."""
    return _Walk(document, text).sentences()


def telling_spans(sentences: list[Sentence]) -> list[Span]:
    """The parts of the text that can hold figures, neighbouring sentences together."""
    spans: list[Span] = []
    for sentence in sentences:
        if sentence.tells and spans and spans[-1][1] == sentence.start:
            spans[-1] = (spans[-1][0], sentence.end)
        elif sentence.tells:
            spans.append((sentence.start, sentence.end))
    return spans


class _Walk:
    """One pass over the text, line by line, that carries what governs from line to line."""

    def __init__(self, document: Document, text: str) -> None:
        self.document = document
        self.text = text
        self.ahead = replace(document.now, is_ahead=True)
        self.section = str(document.now.year) if document.now.year else ""
        self.is_plan = False
        self.opening = ""
        self.place = document.place
        self.found: list[Sentence] = []

    def sentences(self) -> list[Sentence]:
        start = 0
        for line in self.text.split("\n"):
            self._line(start, start + len(line))
            start += len(line) + 1
        return self.found

    def _line(self, start: int, end: int) -> None:
        line = self.text[start:end]
        heading = _HEADING.match(line)
        if heading is not None and len(line) < 60 and not line.endswith(("。", "；")):
            self._heading(heading, start, end)
        elif self.document.plans_ahead and (years := _YEARS_TOLD.match(line)) is not None:
            self.opening = times_in(f"这{years[1]}年来", self.document.now)[0].value
        elif _PLAN_OPENS.match(line) and self.document.plans_ahead and self._is_ahead(line):
            self.is_plan = True
        elif _APPENDIX.match(line):
            self.is_plan = False
        paragraph, is_plan = "", self.is_plan
        place = place_of_opening(line) or self.place
        cursor = start
        while cursor < end:
            match = _SENTENCE.match(self.text, cursor, end)
            stop = match.end() if match is not None and match.end() > cursor else end
            tells = _TELLS.search(self.text, cursor, stop) is not None
            if self.document.plans_ahead and not is_plan:
                is_plan = _GOAL.search(self.text, cursor, stop) is not None
            now = self.ahead if is_plan else self.document.now
            times = times_in(self.text, now, cursor, stop if tells else self._opening_end(cursor, stop))
            paragraph = self._opening(cursor, start, times, is_plan=is_plan) or paragraph
            period = paragraph or self.opening or self._section_period(is_plan)
            self.found.append(Sentence(cursor, stop, period, place, is_plan, times, tells))
            cursor = stop

    def _opening_end(self, start: int, stop: int) -> int:
        """Where to stop looking for words of time in a sentence without figures: only its opening governs others."""
        end = min(stop, start + _LOOK)
        return end if _OPENS_WITH_TIME.search(self.text, start, end) is not None else start

    def _section_period(self, is_plan: bool) -> str:
        year = self.document.now.year
        if is_plan and year is not None and self.section == str(year):
            return str(year + 1)
        return self.section

    def _is_ahead(self, words: str) -> bool:
        year = self.document.now.year
        named = re.search(r"(20\d{2})年", words)
        return year is not None and (int(named[1]) > year if named is not None else "今年" in words)

    def _heading(self, heading: re.Match[str], start: int, end: int) -> None:
        line = self.text[start:end]
        periods = [time.value for time in times_in(line, self.document.now) if time.role == "when" and time.value]
        if heading["top"]:
            year = self.document.now.year
            later = bool(periods) and year is not None and periods[0][:4].isdigit() and int(periods[0][:4]) > year
            is_review = _REVIEW_HEADING.search(line) is not None
            if self.document.plans_ahead:  # what follows a report's plan, such as 加强政府自身建设, is planned, too
                self.is_plan = (self.is_plan or later or _PLAN_HEADING.search(line) is not None) and not is_review
            else:
                self.is_plan = later and not is_review
            self.section = periods[0] if periods else str(year) if year else ""
            self.opening = ""
        elif periods:
            self.opening = periods[0]

    def _goes_on(self, time: Time) -> bool:
        """Whether words of time govern more than their sentence: 2003年以来 does not."""
        return not self.text.endswith(_SINCE, time.start, time.end)

    def _opening(self, start: int, line_start: int, times: list[Time], *, is_plan: bool) -> str:
        """The period that a sentence's first words set for its paragraph, a paragraph's for the next ones too."""
        whens = [time.value for time in times if time.role == "when"]
        years = {value for value in whens if len(value) == _YEAR and value.isdigit()}
        for time in times:
            if time.start - start > _OPENING:
                break
            plain = (_WHOLE_YEARS if is_plan else _WHOLE_YEARS_OR_PARTS).fullmatch(time.value)
            if time.value in years and len(years) > 1:
                continue
            follows = self.text[time.end : time.end + 1]
            if self.text[time.start - 1 : time.start] in ("由", "从", "比", "较"):
                continue
            if (
                time.role == "when"
                and plain is not None
                and not time.is_goal
                and self._goes_on(time)
                and follows not in "规的“》"
                and self.text[time.start - 1 : time.start] not in ("《", "“")
            ):
                if start == line_start and self.document.plans_ahead:
                    self.opening = time.value
                return time.value
        return ""
