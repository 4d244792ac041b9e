"""Answers to the questions that a file leaves open, each with the reason for it; a person takes them or does not."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pipelines.printed.heads import is_place, is_unit
from pipelines.printed.numerals import parse_number
from pipelines.printed.periods import period_words
from pipelines.rules import Words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipelines.project import Project

_UNITS_IN_ORDER = (
    "亿元",
    "万元",
    "元",
    "万人",
    "人",
    "%",
    "‰",
    "上年=100",
    "万户",
    "户",
    "个",
    "公里",
    "平方公里",
    "岁",
    "倍",
)
_NOISE = re.compile(r"^[\d\s._-]+|[\s._-]*(?:\d{4}\s*[-—–~至]\s*\d{4}|\(\d+\))?[\s._-]*$")
_TITLE = re.compile(r"(?:续?表\s*)?\d{1,2}(?:[-–—]\d{1,3}){1,2}\s*(\D.{2,40})")
_BRACKETS = re.compile(r"[(（]([^()（）]+)[)）]")
_YEAR = re.compile(r"(?<!\d)((?:19[4-9]|20\d)\d)年?(?!\d)")


NO_REASON = Words("", "")
_TITLE_SAYS = Words("the title says it", "标题如此")
_NAME_SAYS = Words("the file's name says it", "文件名如此")
_NO_PLACE = Words(
    "no place is named anywhere; the national tables of the bureau name none", "全表无地名；统计局的全国表即不写地名"
)


class Answer(NamedTuple):
    """What would be written, and why; "" where nothing speaks for anything."""

    words: str
    why: Words


#: Where nothing speaks for any answer.
NOTHING = Answer("", NO_REASON)


def indicator(path: Path, title: str = "") -> Answer:
    """The indicator that a numbered title of the table speaks of, else the file's name."""
    if found := _TITLE.fullmatch(title):
        return Answer(_BRACKETS.sub("", found[1]).strip(), _TITLE_SAYS)
    words = _NOISE.sub("", path.stem)
    words = re.sub(r"\d{4}\s*[-—–~至]\s*\d{4}|^NBS_|_?省级_?|分省年度数据|年度数据|各省|分省", "", words).strip(" _-")
    words = _BRACKETS.sub("", words).strip()
    return Answer(words, _NAME_SAYS) if re.search(r"[\u4e00-\u9fff]{2}", words) else NOTHING


def place(path: Path) -> Answer:
    """The place that a file's name speaks of, else the nation."""
    for word in re.split(r"[\s_\-()（）]+", path.stem):
        found = re.match(r"[\u4e00-\u9fff]{2,12}?(?:省|市|县|区)", word)
        if found and is_place(found[0]):
            return Answer(found[0], _NAME_SAYS)
    return Answer("全国", _NO_PLACE)


def period(path: Path) -> Answer:
    """The one year in a file's name."""
    years = set(_YEAR.findall(path.stem))
    if len(years) == 1:
        return Answer(period_words(years.pop()) or "", _NAME_SAYS)
    return NOTHING


def unit(project: Project, label: str, values: Iterable[str], path: Path) -> Answer:
    """The unit in a file's name, else one in which the values are of the size that the indicator can have."""
    for words in _BRACKETS.findall(path.stem):
        if is_unit(words):
            return Answer(words, _NAME_SAYS)
    known = _catalogue(project).get(label)
    fitting = _fitting(project, label, _numbers(values))
    if not known or not fitting:
        return NOTHING
    also = Words(f" (so they do in {fitting[1]})", f"（按{fitting[1]}亦相符）") if fitting[1:] else NO_REASON
    why = Words(
        f"the label is known, in {known[0]}; the values fit{also.en}",
        f"名目已有对应；数值相符{also.zh}",
    )
    return Answer(fitting[0], why)


def cannot_be_in(project: Project, label: str, unit: str, values: Iterable[str]) -> Words | None:
    """What to ask where a known indicator cannot have such values in the unit that is printed; None where it can."""
    known, meant = _catalogue(project).get(label), _units(project).get(unit)
    numbers = _numbers(values)
    if not known or not meant or meant[0] != known[0] or not numbers or _fits(numbers, meant[1], known):
        return None
    would = NO_REASON
    if fitting := _fitting(project, label, numbers):
        would = Words(f"; I would say {fitting[0]}: the values fit", f"；建议填{fitting[0]}：数值相符")
    smallest, largest = min(numbers), max(numbers)
    return Words(
        f"unit: {label} is printed in {unit}, in which it cannot be {smallest:f} to {largest:f}{would.en}",
        f"unit：{label}所印单位为{unit}，不可能为{smallest:f}至{largest:f}{would.zh}",
    )


def _fitting(project: Project, label: str, numbers: list[Decimal]) -> list[str]:
    """Units in which these values are of the size that the indicator can have."""
    known = _catalogue(project).get(label)
    if not known or not numbers:
        return []
    units = {words: _units(project).get(words) for words in _UNITS_IN_ORDER}
    return [
        words for words, meant in units.items() if meant and meant[0] == known[0] and _fits(numbers, meant[1], known)
    ]


def _numbers(values: Iterable[str]) -> list[Decimal]:
    return [abs(number.number) for value in values if (number := parse_number(value)) and number.number]


def _fits(numbers: list[Decimal], factor: Decimal, known: tuple[str, Decimal | None, Decimal | None]) -> bool:
    _, low, high = known
    smallest, largest = min(numbers) * factor, max(numbers) * factor
    return (low is None or smallest >= low) and (high is None or largest <= high)


@lru_cache(maxsize=2)
def _catalogue(project: Project) -> dict[str, tuple[str, Decimal | None, Decimal | None]]:
    """Measure and plausible range of the indicator that a label is known to mean."""
    folder = project.dbt / "seeds" / "reference"
    ranges = {row["indicator"]: row for row in _rows(folder / "indicators.csv")}
    found: dict[str, tuple[str, Decimal | None, Decimal | None]] = {}
    for row in _rows(folder / "crosswalk.csv"):
        about = ranges.get(row["indicator"])
        if about:
            low, high = (Decimal(about[name]) if about[name] else None for name in ("plausible_low", "plausible_high"))
            found.setdefault(row["label"], (about["unit_measure"], low, high))
    return found


@lru_cache(maxsize=2)
def _units(project: Project) -> dict[str, tuple[str, Decimal]]:
    path = project.dbt / "seeds" / "reference" / "unit_words.csv"
    return {
        row["unit_printed"]: (row["unit_measure"], Decimal(row["factor"]) * 10 ** int(row["unit_mult"]))
        for row in _rows(path)
    }


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
