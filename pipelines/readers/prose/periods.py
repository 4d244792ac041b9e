"""Words of time: 2022年, 截至2022年底, “十四五”期间, 近5年, 目前; and what a change is against: 比上年, 较2017年."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

#: 2025; 114 of the Republic of China where a month, a quarter or a half follows; 二〇二五.
_YEAR = (
    r"(?:(?:19|20)\d{2}|(?:民国)?1[01]\d(?=年(?:度|\d{1,2}月|第|上半年|下半年|全年|底|中))"
    r"|[一二][九〇零○][〇零○一二三四五六七八九]{2}(?=年))"
)
_MONTH = r"(?:\d{1,2}(?=月)|十[一二]?(?=月[份底末])|[一二三四五六七八九](?=月[份底末]))"
_OTHER_YEAR = re.compile(
    r"(?:民国)?(?<!\d)1[01]\d(?=年(?:\d{1,2}月|第|上半年|下半年|度))|[一二][九〇零○][〇零○一二三四五六七八九]{2}(?=年)"
)
_COUNT = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,2})"
_PLANS = {"一五": 2006, "二五": 2011, "三五": 2016, "四五": 2021, "五五": 2026, "六五": 2031}
_WORDS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_REPUBLIC = 1911
_WITHIN = ("全年", "当年", "年末", "年底", "年初")
_AS_BEFORE = re.compile(r"(?:同期|水平)?(?:基本|大体|大致)?(?:持平|相当|相比|一致|相同|比)")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}


@dataclass(frozen=True, slots=True)
class Now:
    """What a text's relative words count from.

    Attributes:
        year: the year that the text reports on (去年 of a work report is this year, 今年 the next).
        written: the document's date as printed or known: `2026-01-26`, `2023-03`, `2023` or empty.
        is_ahead: whether a plan for the year after is told, so that 上半年 and 上年 count from that year.
    """

    year: int | None
    written: str
    is_ahead: bool = False

    @property
    def year_told(self) -> int | None:
        """The year that months, quarters and 上年 without a year count from."""
        return self.year + 1 if self.is_ahead and self.year is not None else self.year


@dataclass(frozen=True, slots=True)
class Time:
    """One expression of time.

    Attributes:
        start, end: its span in the reading text.
        role: when (a period that governs what follows), within (全年, 年末: of the period that governs already),
            base (what a change is against), length (three years: no period).
        value: in the form of the output, or empty where the words say no year (改革前).
        end_of_year: whether it is a state at the end of its period.
    """

    start: int
    end: int
    role: str
    value: str
    is_goal: bool = False


@cache
def _pattern() -> re.Pattern[str]:
    base = r"(?P<base>比|较|相比于?|对比|快于|高于|低于|慢于|好于|超过)?"
    return re.compile(
        # what no words of time begin with is passed over at once
        r"(?=[\d比较相对快高低慢好超截到至公今去上下本明当全年近过这最前未目如迄改此试整连每满为用历再同环十第“‘\"一二两三四五六七八九按月民首])(?:"
        rf"(?P<isodate>{_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?!\d))"
        rf"|{base}(?P<till>截至|截止到?|到|至)?(?:公元)?(?:"
        rf"(?P<range>(?P<r1>{_YEAR})年?(?:度|年?中)?[-—–~～至到]{{1,2}}(?P<r2>{_YEAR})年?(?:年?中(?=期间|[，。]))?)"
        rf"|(?P<months>(?:(?P<my>{_YEAR})年|(?P<mrel>今年|去年|上年))?(?P<m1>\d{{1,2}})月?[-—–~至到]{{1,2}}(?P<m2>\d{{1,2}})月(?:份)?)"
        rf"|(?P<date>(?:(?P<dy>{_YEAR})年|(?P<drel>今年|去年|上年|当年))?(?P<dm>{_MONTH})月(?:份)?(?:(?P<dd>\d{{1,2}})[日号])?(?P<dend>底|末)?(?P<dspan>[-—–~至到]{{1,2}}(?:\d{{1,2}}月)?\d{{1,2}}日)?)"
        rf"|(?P<part>(?:(?P<py>{_YEAR})年|(?P<prel>今年|去年|上年))?(?:(?P<halfyear>上半年|下半年)|[前首]?第?(?P<quarter>[一二三四1234])(?P<many>个)?季(?:度(?P<qend>末|底)?|(?=[的，、至经国平成]))|[前首](?P<firstm>{_COUNT})个?月))"
        rf"|(?P<year>{_YEAR})年?(?:度)?(?P<yend>末|底|年末|年底)?(?P<mid>年?中(?=[的人、，至达为常户总]|期间))?(?P<since>以来|至今|起|开始)?(?<=[年度末底中来今起始])"
        r"|(?P<plan>“?[“‘\"]?十(?P<pword>[一二三四五六]五)[”’\"]?”?(?P<pend>末)?(?:期间|时期|以来|规划)?)"
        rf"|(?P<since2>(?:{_COUNT}年(?:多)?[来间])|(?:{_COUNT}年(?=分别|累计|平均|年均|增长|提高|提升|增加|下降|降低|减少))|(?:(?:近|过去|这|最近|(?<!学)前|未来|今后)(?P<back>{_COUNT})年(?:来|间|里)?(?!度)))"
        r"|(?P<rel>[去上]年同[期月季]|去年年?[末底]|上年年?[末底]|今年年?[末底]|去年|上年|前年|今年|本年|明年|当年|全年|一年来|过去(?:的)?一年|年末|年底|年初)(?:度(?!假))?"
        r"|(?P<now>截至目前|到目前|目前|如今|当前|迄今|至今|截至今日)"
        r"|(?P<unknown>改革前|此前|试点前|改造前|整治前|过去(?=的\d))"
        rf"|(?P<ago>{_COUNT}年前)(?!后)"
        r"|(?P<before>上个?月(?:[末底])?|上个?季度?(?:[末底])?|前一季度?)"
        rf"|(?<!\.)(?P<length>连续{_COUNT}个(?:季度|月)|(?:连续|每|满|为期|用|历时|再过|第)?{_COUNT}(?:多|余)?年(?:以上|内|左右)?(?!来|间|代|级|度|生|制))"
        r"|(?P<yoy>同比|环比|按年(?=[升跌增减上下])|按月(?=[升跌增减上下])|(?<=[，、；（])[年月](?=[增减]\d))"
        r"))"
    )


def times_in(text: str, now: Now, start: int = 0, end: int | None = None) -> list[Time]:
    """Every expression of time in the characters [start, end) of `text`, in order."""
    found = []
    for match in _pattern().finditer(text, start, len(text) if end is None else end):
        time = _time(match, now, text)
        if time is not None:
            found.append(time)
    return found


def _time(match: re.Match[str], now: Now, text: str) -> Time | None:
    start, end = match.span()
    if (
        match["length"]
        and not any(c.isdigit() for c in match["length"])
        and match["length"][0] in "一二两三四五六七八九十"
    ):
        return None
    if match["yoy"]:
        return Time(start, end, "base", "yoy" if match["yoy"] == "同比" else "previous")
    value = _value(match, now)
    role = (
        "length"
        if match["length"]
        else "within"
        if match["rel"] in _WITHIN
        else "base"
        if match["base"] or text.startswith("相比", end)
        else "when"
    )
    if match["before"]:
        role, value = "base", "previous"
    elif (match["rel"] and "同" in match["rel"]) or _is_held_against(text, start, end):
        role = "base"
    goal = bool(match["till"] == "到" and value[:4].isdigit() and now.year is not None and int(value[:4]) > now.year)
    return Time(start, end, role, value, goal)


def _is_held_against(text: str, start: int, end: int) -> bool:
    """与上年持平, 同2020年相当."""
    return text[start - 1 : start] in ("与", "同", "和", "跟") and _AS_BEFORE.match(text, end) is not None


def _value(match: re.Match[str], now: Now) -> str:
    for name, reader in _READERS.items():
        if match[name]:
            return reader(match, now)
    return ""


def _year_of(match: re.Match[str], year: str, relative: str, now: Now) -> int | None:
    if match[year]:
        return _number_of_year(match[year])
    if now.year is None:
        return None
    return {"今年": _this_year(now), "去年": _this_year(now) - 1, "上年": _this_year(now) - 1}.get(
        match[relative] or "", now.year_told
    )


def with_plain_years(text: str) -> str:
    """The text with its years in digits of our era: 二〇二五年 and 114年7月 as 2025年."""
    return _OTHER_YEAR.sub(lambda match: str(_number_of_year(match[0])), text)


def _number_of_year(words: str) -> int:
    """2025 of 2025, 二〇二五 or 114 (of the Republic of China)."""
    digits = "".join("0" if word in "〇零○" else str(_WORDS.get(word, word)) for word in words.removeprefix("民国"))
    return int(digits) + (_REPUBLIC if len(digits) == 3 else 0)


def _this_year(now: Now) -> int:
    """The year that 今年 means: that of the document's date, else the year that the text reports on."""
    if now.written[:4].isdigit():
        return int(now.written[:4])
    return now.year or 0


def _range(match: re.Match[str], _now: Now) -> str:
    return f"{_number_of_year(match['r1'])}..{_number_of_year(match['r2'])}"


def _months(match: re.Match[str], now: Now) -> str:
    year = _year_of(match, "my", "mrel", now)
    return "" if year is None else f"{year}-{int(match['m1']):02d}..{year}-{int(match['m2']):02d}"


def _date(match: re.Match[str], now: Now) -> str:
    year = _year_of(match, "dy", "drel", now)
    month = int(match["dm"]) if match["dm"].isdigit() else _count_of(match["dm"])
    if year is None or not 1 <= month <= 12:
        return ""
    if match["dd"]:
        return f"{year}-{month:02d}-{int(match['dd']):02d}"
    return (
        f"{year}-{month:02d}-{_last_day(year, month):02d}"
        if match["dend"] or match["till"] == "截至"
        else f"{year}-{month:02d}"
    )


def _last_day(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _part(match: re.Match[str], now: Now) -> str:
    year = _year_of(match, "py", "prel", now)
    if year is None:
        return ""
    if match["halfyear"]:
        return f"{year}-H1" if match["halfyear"] == "上半年" else f"{year}-H2"
    if match["quarter"]:
        quarter = _QUARTERS[match["quarter"]]
        if match["qend"]:
            return f"{year}-{quarter * 3:02d}-{_last_day(year, quarter * 3)}"
        return (
            f"{year}-01..{year}-{quarter * 3:02d}"
            if re.search("[前首]", match["part"]) or match["many"]
            else f"{year}-Q{quarter}"
        )
    months = int(match["firstm"]) if match["firstm"].isdigit() else _count_of(match["firstm"])
    return f"{year}-01..{year}-{months:02d}"


def _single_year(match: re.Match[str], now: Now) -> str:
    year = _number_of_year(match["year"])
    if match["mid"]:
        return f"{year}-06-30"
    if match["since"] in ("以来", "至今", "起", "开始"):
        last = int(now.written[:4]) if now.written else now.year
        return f"{year}..{last}" if last is not None and last > year else str(year)
    return f"{year}-12-31" if match["yend"] else str(year)


def _plan(match: re.Match[str], _now: Now) -> str:
    first = _PLANS.get(match["pword"])
    if first is None:
        return ""
    return f"{first + 4}-12-31" if match["pend"] else f"{first}..{first + 4}"


def _years_back(match: re.Match[str], now: Now) -> str:
    words = match["since2"]
    count = re.search(_COUNT, words)
    if count is None or now.year is None:
        return ""
    years = int(count[0]) if count[0].isdigit() else _count_of(count[0])
    if years == 1:
        return str(now.year)
    if words[0] in "未今":
        return f"{now.year + 1}..{now.year + years}"
    return f"{now.year - years + 1}..{now.year}"


def _count_of(words: str) -> int:
    if len(words) == 1:
        return _WORDS[words]
    if words[0] == "十":
        return 10 + _WORDS[words[1]]
    return _WORDS[words[0]] * 10


def _relative(match: re.Match[str], now: Now) -> str:
    word, year = match["rel"], now.year
    if year is None:
        return ""
    base = {
        "今": _this_year(now),
        "本": _this_year(now),
        "明": _this_year(now) + 1,
        "去": _this_year(now) - 1,
        "前": _this_year(now) - 2,
    }
    if word.startswith("上年"):
        year = (now.year_told or year) - 1
    elif word.startswith("去年同"):
        year -= 1
    elif word in _WITHIN:
        year = now.year_told or year
    else:
        year = base.get(word[0], year)
    if word.endswith(("末", "底")):
        return f"{year}-12-31"
    return str(year)


def _years_ago(match: re.Match[str], now: Now) -> str:
    count = re.match(_COUNT, match["ago"])
    if count is None or now.year is None:
        return ""
    return str(now.year - (int(count[0]) if count[0].isdigit() else _count_of(count[0])))


def _today(_match: re.Match[str], now: Now) -> str:
    return now.written or (str(now.year) if now.year else "")


def _iso(match: re.Match[str], _now: Now) -> str:
    year, month, day = re.split(r"[-/.]", match["isodate"])
    return f"{year}-{int(month):02d}-{int(day):02d}"


_READERS = {
    "isodate": _iso,
    "range": _range,
    "months": _months,
    "date": _date,
    "part": _part,
    "year": _single_year,
    "plan": _plan,
    "since2": _years_back,
    "rel": _relative,
    "ago": _years_ago,
    "now": _today,
}


_SPAN = re.compile(r"\d{4}\.\.\d{4}")
_FIRST_YEAR = re.compile(r"\d{4}")
_IS_PART = re.compile(r"\d{4}-(?!12-31)")


def with_base(period: str, bases: list[Time]) -> str:
    """The period of a change: `2025/2024` against the year before, `2022/2017` where one is named; a span stays."""
    if not bases and _SPAN.fullmatch(period):
        return period
    year = _FIRST_YEAR.match(period)
    if year is None:
        return period
    is_part = "-" in period and not period.endswith("-12-31")
    if is_part and bases and bases[-1].value == "previous":
        return f"{period}/{_one_before(period)}" if _one_before(period) else period
    named = next((time.value for time in reversed(bases) if time.value[:4].isdigit()), "")
    if is_part:
        against = named if _IS_PART.match(named) else period.replace(year[0], named[:4] or str(int(year[0]) - 1))
        return f"{period}/{against}"
    named = named[6:10] if _SPAN.fullmatch(named) else named
    end = period[-4:] if ".." in period else year[0]
    return f"{end}/{named[:4]}" if named and named[:4] != end else f"{end}/{int(end) - 1}"


def _one_before(period: str) -> str:
    """The month or quarter before a month or quarter, else an empty string."""
    month = re.fullmatch(r"(\d{4})-(\d{2})(?:-\d{2})?", period)
    quarter = re.fullmatch(r"(\d{4})-Q([1-4])", period)
    if month is not None:
        year, before = int(month[1]), int(month[2]) - 1
        return f"{year}-{before:02d}" if before else f"{year - 1}-12"
    if quarter is not None:
        year, before = int(quarter[1]), int(quarter[2]) - 1
        return f"{year}-Q{before}" if before else f"{year - 1}-Q4"
    return ""
