"""The words of table heads: indicators with their units, places, and the signs for "no figure"."""

from __future__ import annotations

import re

from pipelines.printed.code_lists import is_known_place, is_known_unit

MISSING = frozenset(
    {"", "-", "--", "---", "—", "——", "–", "－", "…", "……", "...", "#", "/", "N/A", "n/a", "nan", "NaN"}
)

#: A bracket that the print forgot to close is closed.
_UNIT_AT_END = re.compile(r"(.*?)\s*[(（]([^()（）]+)(?:[)）]\s*[0-9a-zⅰ-ⅹ①-⑳*]{0,2})?")
_UNIT_INSIDE = re.compile(r"([^()（）]+)[(（]([^()（）]+)[)）](_.+)")
#: Forms of units that no list can end: an index to a base, a unit by another one.
_INDEX = re.compile(r"(?:上年|上月|上年同期|上年同月|上年末|基期|\d{4}年?)=100|以?\d{4}年?(?:价格)?为100")
_PER = re.compile(r"([^/]+)/(?:[十百千万亿]*[\u4e00-\u9fff]{1,6}|百户|万人)(?:·年)?")

_PLACE_ENDING = re.compile(r"[\u4e00-\u9fff]{1,12}(?:省|市|自治区|特别行政区|自治州|地区|盟|县|区)")

CORNERS = {
    "地区": "place", "省份": "place", "省市": "place", "省": "place", "城市": "place", "地市": "place",
    "地名": "place", "省（自治区、直辖市）": "place", "省级行政区": "place", "市县": "place", "县市": "place",
    "指标": "indicator", "项目": "indicator", "指标名称": "indicator",
    "时间": "period", "年份": "period", "年度": "period", "日期": "period", "月份": "period", "季度": "period",
    "年": "period", "市(县)": "place", "市（县）": "place", "市(州)": "place", "市别": "place", "县(市、区)": "place",
    "市县名称": "place", "地区名称": "place", "城市名称": "place",
    "Region": "place", "Regions": "place", "Province": "place", "City": "place", "Area": "place",
    "Indicators": "indicator", "Indicator": "indicator", "Item": "indicator", "Year": "period", "Time": "period",
}  # fmt: skip

#: Heads and names that say only that everything is counted, not of what.
TOTALS = frozenset({"合计", "总计", "共计", "总数", "Total", "Grand total"})


def cleaned(cell: str) -> str:
    """A header cell without the blanks that typesetting put around and into it (`北　京 `)."""
    text = cell.replace("\xa0", " ").replace("\u3000", " ").strip()
    return re.sub(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])", "", " ".join(text.split()))


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no figure."""
    return cell.strip().replace("\u3000", "") in MISSING


def indicator_and_unit(words: str) -> tuple[str, str]:
    """`人口数(人口抽样调查)(人)` as (`人口数(人口抽样调查)`, `人`); the unit is "" where none is in brackets."""
    text = cleaned(words)
    found = _UNIT_AT_END.fullmatch(text)
    if found and found[1] and is_unit(found[2]):
        return found[1].strip(), found[2].strip()
    inside = _UNIT_INSIDE.fullmatch(text)  # 地区生产总值(亿元)_第一产业_本期值
    if inside and is_unit(inside[2]):
        return inside[1].strip() + inside[3], inside[2].strip()
    return text, ""


def place_before(words: str) -> tuple[str, str]:
    """`浙江省_地区生产总值_本期值` as (`浙江省`, `地区生产总值_本期值`); the place is "" where none stands first."""
    first, mark, rest = re.match(r"([^_:：]*)([_:：]?)(.*)", words, re.DOTALL).groups()  # type: ignore[union-attr]
    return (first.strip(), rest.strip()) if mark and rest.strip() and is_place(first) else ("", words)


def is_unit(words: str) -> bool:
    """Whether words are a unit, not another note in brackets (不含农户)."""
    text = " ".join(words.split()).replace("％", "%")
    bare = text.replace(" ", "")
    if is_known_unit(text) or is_known_unit(bare) or is_known_unit(text.lower()) or _INDEX.fullmatch(bare):
        return True
    per = _PER.fullmatch(bare)
    return per is not None and is_known_unit(per[1])


def is_place(cell: str) -> bool:
    """Whether a cell looks like the name of a place."""
    text = cleaned(cell)
    if text in CORNERS or is_unit(text):
        return False
    return is_known_place(text) or _PLACE_ENDING.fullmatch(text) is not None
