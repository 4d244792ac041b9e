"""Words that the code lists do not know yet, written into them: a unit, the name of a place, an indicator."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.problems import BuildStopped
from pipelines.proposing.mapping import first_row, line_of, rows_of

if TYPE_CHECKING:
    from pipelines.asking.warehouse import Warehouse
    from pipelines.project import Project

#: What a new indicator takes from the one that it is like.
_LIKE = (
    "domain",
    "measure",
    "unit_measure",
    "direction",
    "is_additive",
    "plausible_low",
    "plausible_high",
    "time_basis",
)
_CODE = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Described:
    """What is said of a new indicator.

    Attributes:
        name_zh, name_en: no other indicator may have them.
        definition_zh, definition_en: what is counted, and what not.
        definition_source: who defines it so.
    """

    name_zh: str
    name_en: str
    definition_zh: str
    definition_en: str
    definition_source: str


def add_unit(warehouse: Warehouse, words: str, meaning: str) -> str:
    """Add a unit word: `meaning` is a measure of reference.units, with its power of ten behind it (`yuan:8`).

    Raises:
        BuildStopped: no such measure, or the word is there.
    """
    measure, _, power = meaning.partition(":")
    if not first_row(warehouse, "select 1 from reference.units where unit_measure = $measure", measure=measure):
        raise BuildStopped(
            f"no unit is called {measure}; see reference.units", 2, zh=f"没有单位{measure}；见reference.units"
        )
    if power and not (power.isdigit() and int(power) <= 12):
        raise BuildStopped(
            f"{power} is no power of ten; write {measure}:4 for 万", 2, zh=f"{power}不是10的幂次；万写作{measure}:4"
        )
    row = {"unit_printed": words, "unit_measure": measure, "unit_mult": power or "0", "factor": "1"}
    return _added(warehouse.project, "unit_words", row, "unit_printed")


def add_place(warehouse: Warehouse, name: str, ref_area: str) -> str:
    """Add a name of a place.

    Raises:
        BuildStopped: no such place, or the name is there.
    """
    if not first_row(warehouse, "select 1 from reference.areas where ref_area = $area", area=ref_area):
        raise BuildStopped(
            f"no place has the code {ref_area}; see reference.areas",
            2,
            zh=f"没有代码为{ref_area}的地区；见reference.areas",
        )
    row = {"place_printed": name, "ref_area": ref_area, "note": "别称"}
    return _added(warehouse.project, "area_names", row, "place_printed")


def add_indicator(project: Project, indicator: str, like: str, said: Described) -> str:
    """Add an indicator that is like another: of its domain, measure, unit, direction and plausible size.

    Raises:
        BuildStopped: the code or a name is there already or cannot be one, none is called `like`, or a word is missing.
    """
    if not _CODE.fullmatch(indicator):
        en = f'"{indicator}" cannot be a code: write small letters, digits and _, a letter first'
        raise BuildStopped(en, 2, zh=f"“{indicator}”不能作代码：请用小写字母、数字和下划线，以字母开头")
    _, rows = rows_of(project.dbt / "seeds" / "reference" / "indicators.csv")
    pattern = next((row for row in rows if row["indicator"] == like), None)
    if pattern is None:
        en = f"no indicator is called {like}; see reference.indicators"
        raise BuildStopped(en, 2, zh=f"没有指标{like}；见reference.indicators")
    words = {name: value.strip() for name, value in vars(said).items()}
    for name, value in words.items():
        if not value:
            raise BuildStopped(f"{name} is empty: write it", 2, zh=f"{name}为空：请填写")
        if name in ("name_zh", "name_en") and any(row[name].casefold() == value.casefold() for row in rows):
            other = next(row["indicator"] for row in rows if row[name].casefold() == value.casefold())
            en = f'"{value}" is the name of {other} already; two definitions are two names'
            raise BuildStopped(en, 2, zh=f"“{value}”已是{other}的名称；定义不同，名称也应不同")
    row = {"indicator": indicator} | {name: pattern[name] for name in _LIKE} | words
    return _added(project, "indicators", row, "indicator")


def _added(project: Project, seed: str, row: dict[str, str], key: str) -> str:
    """Write a row at the end of a code list; all of it or nothing.

    Raises:
        BuildStopped: its word stands there already.
    """
    path = project.dbt / "seeds" / "reference" / f"{seed}.csv"
    header, rows = rows_of(path)
    if any(each[key] == row[key] for each in rows):
        raise BuildStopped(f'"{row[key]}" stands in {seed} already', 2, zh=f"{seed}中已有“{row[key]}”")
    full = dict.fromkeys(header, "") | row
    text = path.read_text(encoding="utf-8")
    beside = path.with_suffix(".csv.new")
    line = line_of([full[name] for name in header])
    beside.write_text(text + line + "\n", encoding="utf-8", newline="")
    beside.replace(path)
    return line
