"""Words of time: 2022年, 截至2022年底, “十四五”期间, 近5年, 目前; and what a change is against: 比上年, 较2017年."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_YEAR = r"(?:19|20)\d{2}"
_COUNT = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,2})"
_PLANS = {"一五": 2006, "二五": 2011, "三五": 2016, "四五": 2021, "五五": 2026, "六五": 2031}
_WORDS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_WITHIN = ("全年", "当年", "年末", "年底", "年初")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}


@dataclass(frozen=True, slots=True)
class Now:
    """What a text's relative words count from.

    Attributes:
        year: the year that the text reports on (去年 of a work report is this year, 今年 the next).
        written: the document's date as printed or known: `2026-01-26`, `2023-03`, `2023` or empty.
    """

    year: int | None
    written: str


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
        r"(?=[\d比较相对快高低慢好超截到至公今去上下本明当全年近过这最前未目如迄改此试整连每满为用历再同环十第“‘\"一二两三四五六七八九])(?:"
        rf"(?P<isodate>{_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?!\d))"
        rf"|{base}(?P<till>截至|截止到?|到|至)?(?:公元)?(?:"
        rf"(?P<range>(?P<r1>{_YEAR})年?(?:度)?[-—–~～至到]{{1,2}}(?P<r2>{_YEAR})年?)"
        rf"|(?P<months>(?:(?P<my>{_YEAR})年|(?P<mrel>今年|去年|上年))?(?P<m1>\d{{1,2}})月?[-—–~至到]{{1,2}}(?P<m2>\d{{1,2}})月(?:份)?)"
        rf"|(?P<date>(?:(?P<dy>{_YEAR})年|(?P<drel>今年|去年|上年|当年))?(?P<dm>\d{{1,2}})月(?:份)?(?:(?P<dd>\d{{1,2}})[日号])?(?P<dend>底|末)?(?P<dspan>[-—–~至到]{{1,2}}(?:\d{{1,2}}月)?\d{{1,2}}日)?)"
        rf"|(?P<part>(?:(?P<py>{_YEAR})年|(?P<prel>今年|去年|上年))?(?:(?P<halfyear>上半年|下半年)|前?第?(?P<quarter>[一二三四1234])(?P<many>个)?季(?:度|(?=[的，、至]))|前(?P<firstm>\d{{1,2}})个月))"
        rf"|(?P<year>{_YEAR})年?(?:度)?(?P<yend>末|底|年末|年底)?(?P<since>以来|至今|起|开始)?(?<=[年度末底来今起始])"
        r"|(?P<plan>“?[“‘\"]?十(?P<pword>[一二三四五六]五)[”’\"]?”?(?P<pend>末)?(?:期间|时期|以来|规划)?)"
        rf"|(?P<since2>(?:{_COUNT}年(?:多)?[来间])|(?:(?:近|过去|这|最近|前|未来|今后)(?P<back>{_COUNT})年(?:来|间|里)?(?!度)))"
        r"|(?P<rel>去年同期|上年同期|去年年?[末底]|上年年?[末底]|今年年?[末底]|去年|上年|前年|今年|本年|明年|当年|全年|一年来|过去(?:的)?一年|年末|年底|年初)"
        r"|(?P<now>截至目前|到目前|目前|如今|当前|迄今|至今|截至今日)"
        r"|(?P<unknown>改革前|此前|试点前|改造前|整治前|过去(?=的\d))"
        rf"|(?P<length>连续{_COUNT}个(?:季度|月)|(?:连续|每|满|为期|用|历时|再过|第)?{_COUNT}(?:多|余)?年(?:以上|内|左右)?(?!来|间|代|级|度|生|制))"
        r"|(?P<yoy>同比|环比)"
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
    if match["rel"] and "同期" in match["rel"]:
        role = "base"
    goal = bool(match["till"] == "到" and value[:4].isdigit() and now.year is not None and int(value[:4]) > now.year)
    return Time(start, end, role, value, goal)


def _value(match: re.Match[str], now: Now) -> str:
    for name, reader in _READERS.items():
        if match[name]:
            return reader(match, now)
    return ""


def _year_of(match: re.Match[str], year: str, relative: str, now: Now) -> int | None:
    if match[year]:
        return int(match[year])
    if now.year is None:
        return None
    return {"今年": _this_year(now), "去年": _this_year(now) - 1, "上年": _this_year(now) - 1}.get(
        match[relative] or "", now.year
    )


def _this_year(now: Now) -> int:
    """The year that 今年 means: that of the document's date, else the year that the text reports on."""
    if now.written[:4].isdigit():
        return int(now.written[:4])
    return now.year or 0


def _range(match: re.Match[str], _now: Now) -> str:
    return f"{match['r1']}..{match['r2']}"


def _months(match: re.Match[str], now: Now) -> str:
    year = _year_of(match, "my", "mrel", now)
    return "" if year is None else f"{year}-{int(match['m1']):02d}..{year}-{int(match['m2']):02d}"


def _date(match: re.Match[str], now: Now) -> str:
    year = _year_of(match, "dy", "drel", now)
    month = int(match["dm"])
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
        return (
            f"{year}-01..{year}-{quarter * 3:02d}"
            if match["part"].find("前") >= 0 or match["many"]
            else f"{year}-Q{quarter}"
        )
    return f"{year}-01..{year}-{int(match['firstm']):02d}"


def _single_year(match: re.Match[str], now: Now) -> str:
    year = int(match["year"])
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
    if word in ("上年", "上年末", "上年年末", "上年底", "上年同期", "去年同期"):
        year -= 1
    else:
        year = base.get(word[0], year)
    if word.endswith(("末", "底")):
        return f"{year}-12-31"
    return str(year)


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
    "now": _today,
}


def with_base(period: str, bases: list[Time]) -> str:
    """The period of a change: `2025/2024` against the year before, `2022/2017` where one is named; a span stays."""
    if not bases and ".." in period and "-" not in period:
        return period
    year = re.match(r"\d{4}", period)
    if year is None:
        return period
    named = next((time.value for time in reversed(bases) if time.value[:4].isdigit()), "")
    named = named[6:10] if re.fullmatch(r"\d{4}\.\.\d{4}", named) else named
    end = year[0] if ".." not in period else period[-4:]
    if "-" in period and not period.endswith("-12-31") and not named:
        return f"{period}/{period.replace(year[0], str(int(year[0]) - 1))}"
    return f"{end}/{named[:4]}" if named and named[:4] != end else f"{end}/{int(end) - 1}"
