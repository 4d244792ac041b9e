"""Printed labels that no crosswalk row knows: what they may mean, and the row that settles it."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipelines.asking.catalogue import indicators
from pipelines.problems import BuildStopped

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.asking.warehouse import Warehouse

#: Names less alike than this (of 100) are no suggestion.
_ALIKE_AT_LEAST = 55
_SUGGESTIONS_AT_MOST = 3
_NAMES = """
    select indicator, name_zh as name from reference.indicators
    union select indicator, name_en from reference.indicators
    union select indicator, label from reference.crosswalk
"""
_LABELS = """
    select
        labels.label,
        labels.breakdown_printed as breakdown,
        labels.unit_printed as unit,
        sum(labels.figures)::bigint as figures,
        string_agg(distinct labels.source_id, ', ' order by labels.source_id) as sources,
        unit_words.unit_measure,
        min(sizes.smallest) as smallest,
        max(sizes.largest) as largest
    from quality.unmapped_labels as labels
    left join reference.unit_words on labels.unit_printed = unit_words.unit_printed
    left join (
        select
            source_id, label, breakdown_printed, unit_printed,
            min(number * factor * pow(10, unit_mult))::double as smallest,
            max(number * factor * pow(10, unit_mult))::double as largest
        from staging.stg_coded_figures where indicator is null group by all
    ) as sizes
        on labels.source_id = sizes.source_id and labels.label = sizes.label
        and labels.breakdown_printed = sizes.breakdown_printed and labels.unit_printed = sizes.unit_printed
    group by labels.label, labels.breakdown_printed, labels.unit_printed, unit_words.unit_measure
    order by figures desc, labels.label, breakdown, unit
"""


@dataclass(frozen=True)
class Suggestion:
    """An indicator that a label may mean: how alike the nearest of its names is (0 to 100), and that name."""

    indicator: str
    score: int
    name: str


@dataclass(frozen=True)
class Unmapped:
    """A printed label without a code.

    Attributes:
        label, breakdown, unit: as printed.
        figures: how many figures carry it.
        sources: which sources print it.
        unit_measure: the base unit of the printed one; None where that is unknown.
        suggestions: indicators in this unit whose values have this size, the likeliest first.
    """

    label: str
    breakdown: str
    unit: str
    figures: int
    sources: str
    unit_measure: str | None
    suggestions: list[Suggestion] = field(default_factory=list)


def unmapped(warehouse: Warehouse) -> list[Unmapped]:
    """All labels without a code, the most frequent first, with suggestions."""
    names = list(warehouse.table(_NAMES)[1])
    limits = {
        each.indicator: (each.unit_measure, each.plausible_low, each.plausible_high) for each in indicators(warehouse)
    }
    found = []
    for label, breakdown, unit, figures, sources, measure, smallest, largest in warehouse.table(_LABELS)[1]:
        fitting = {
            indicator
            for indicator, (its_measure, low, high) in limits.items()
            if its_measure == measure and _is_plausible(smallest, largest, low, high)
        }
        suggestions = _alike(label, [(indicator, name) for indicator, name in names if indicator in fitting])
        found.append(Unmapped(label, breakdown, unit, figures, sources, measure, suggestions))
    return found


def _is_plausible(smallest: float | None, largest: float | None, low: Decimal | None, high: Decimal | None) -> bool:
    if smallest is None or largest is None:
        return True
    return (low is None or smallest >= low) and (high is None or largest <= high)


def _alike(label: str, names: list[tuple[str, str]]) -> list[Suggestion]:
    from rapidfuzz import fuzz, process

    best: dict[str, Suggestion] = {}
    for name, score, index in process.extract(
        label.lower(), [name.lower() for _, name in names], scorer=fuzz.WRatio, score_cutoff=_ALIKE_AT_LEAST, limit=None
    ):
        indicator = names[index][0]
        if indicator not in best and not _speaks_of_another(label, indicator, names[index][1]):
            best[indicator] = Suggestion(indicator, round(score), name)
    return sorted(best.values(), key=lambda each: (-each.score, each.indicator))[:_SUGGESTIONS_AT_MOST]


#: Words that make two indicators of what is otherwise one name, and what codes and names of the other kind hold.
_APART = (
    (re.compile("不变价|可比价"), re.compile("不变价|可比价|constant|growth|index")),
    (re.compile("户籍"), re.compile("户籍|registered")),
    (re.compile("常住"), re.compile("常住|resident")),
    (re.compile("城镇|城市居民"), re.compile("城镇|城市|urban")),
    (re.compile("农村|乡村"), re.compile("农村|乡村|rural")),
)


def _speaks_of_another(label: str, indicator: str, name: str) -> bool:
    """Whether a label and an indicator's name are of two kinds: constant and current prices, 户籍 and 常住 people."""
    words = f"{indicator} {name}".lower()
    for printed, named in _APART:
        if bool(printed.search(label)) != bool(named.search(words)) and (printed.search(label) or printed.search(name)):
            return True
    return False


def choose(
    warehouse: Warehouse,
    label: str,
    indicator: str,
    breakdown: str,
    code: str | None,
    source_id: str | None = None,
) -> str:
    """Write the row that gives a label its code into the crosswalk, for one source.

    Args:
        warehouse: which to ask; the crosswalk is its project's.
        label: as printed; one of `quality.unmapped_labels`.
        indicator: a code of the list of indicators, which may be newer than the published build.
        breakdown: the words printed beside the label; empty for none.
        code: what these words mean (`key=value;…`); None where there are no such words.
        source_id: the source that it holds for, `*` for every one; None: the one that prints the label.

    Returns:
        The row, as it was written.

    Raises:
        BuildStopped: with the reason why this row cannot be.
    """
    lists = warehouse.project.dbt / "seeds" / "reference"
    units = {row["indicator"]: row["unit_measure"] for row in rows_of(lists / "indicators.csv")[1]}
    if indicator not in units:
        raise BuildStopped(
            f"no indicator is called {indicator}; see reference.indicators",
            2,
            zh=f"没有指标{indicator}；见reference.indicators",
        )
    measures = {row["unit_printed"]: row["unit_measure"] for row in rows_of(lists / "unit_words.csv")[1]}
    path = lists / "crosswalk.csv"
    named = _named(label, breakdown)
    header, rows = rows_of(path)
    printed = [each for each in unmapped(warehouse) if (each.label, each.breakdown) == (label, breakdown)]
    sources = sorted({source for each in printed for source in each.sources.split(", ")})
    holders = {"*", source_id} if source_id else {"*", *sources}
    known = [
        row for row in rows if row["source_id"] in holders and (row["label"], row["breakdown"]) == (label, breakdown)
    ]
    if known:
        there = ", ".join(row["indicator"] for row in known)
        en = f'"{named}" stands in the crosswalk already, as {there}'
        raise BuildStopped(en, 2, zh=f"对照表中已有“{named}”，为{there}")
    if not printed:
        _refuse_unknown(warehouse, label, breakdown)
    if source_id is None and len(sources) > 1:
        raise BuildStopped(
            f'"{named}" is printed by {len(sources)} sources ({", ".join(sources[:5])}), and need '
            "not mean the same in each; name one with --source, or --source '*' for every one",
            2,
            zh=f"有{len(sources)}个来源印有“{named}”（{'、'.join(sources[:5])}），含义未必相同；"
            "请以--source指明一个，或以--source '*'适用于全部",
        )
    if source_id not in (None, "*", *sources):
        en = f'{source_id} prints no unmapped "{named}"; see `gongfu unmapped`'
        raise BuildStopped(en, 2, zh=f"{source_id}没有尚无代码的“{named}”；见`gongfu unmapped`")
    for each in printed:
        measure = measures.get(each.unit)
        if measure != units[indicator]:
            raise BuildStopped(
                f'refused: "{named}" is printed in "{each.unit}" ({measure or "no known unit"}), and {indicator} is in '
                f"{units[indicator]}; choose another indicator, or mend the unit",
                2,
                zh=f"不予写入：“{named}”所印单位为“{each.unit}”（{measure or '不识'}），而{indicator}的单位是"
                f"{units[indicator]}；请另选指标或改正单位",
            )
    if breakdown and code is None:
        en = f'say what "{breakdown}" means: --code key=value, or --code "" for the total'
        raise BuildStopped(en, 2, zh=f'请写明“{breakdown}”的含义：--code key=value，合计则写--code ""')
    _check_code(lists, code or "")
    row = dict.fromkeys(header, "") | {
        "source_id": source_id or sources[0], "label": label, "breakdown": breakdown, "indicator": indicator,
        "breakdown_code": code or "",
    }  # fmt: skip
    written = _write(path, header, [*rows, row])
    return next(line for line in written.splitlines() if line.startswith(line_of([row[name] for name in header])))


def _refuse_unknown(warehouse: Warehouse, label: str, breakdown: str) -> None:
    others = sorted({each.breakdown for each in unmapped(warehouse) if each.label == label})
    if others:
        shown = "; ".join(others)
        en = f'"{label}" is printed with other words beside it; name them with --breakdown: {shown}'
        raise BuildStopped(en, 2, zh=f"“{label}”旁另印有文字；请以--breakdown写明：{shown}")
    named = _named(label, breakdown)
    en = f'no unmapped label is called "{named}"; see `gongfu unmapped`'
    raise BuildStopped(en, 2, zh=f"没有尚无代码的名目“{named}”；见`gongfu unmapped`")


def _check_code(lists: Path, code: str) -> None:
    known = {f"{row['dimension']}={row['code']}" for row in rows_of(lists / "breakdown_codes.csv")[1]}
    parts = [part for part in code.split(";") if part]
    if parts != sorted(parts):
        in_order = ";".join(sorted(parts))
        en = f'the keys of "{code}" are not in alphabetical order; write {in_order}'
        raise BuildStopped(en, 2, zh=f"“{code}”的键未按字母顺序；请写{in_order}")
    for part in parts:
        if part not in known:
            en = f"{part} is no code of reference.breakdown_codes"
            raise BuildStopped(en, 2, zh=f"reference.breakdown_codes中没有{part}")


def rows_of(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The columns of a code list, and its rows."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    return list(reader.fieldnames or []), rows


def _write(path: Path, header: list[str], rows: list[dict[str, str]]) -> str:
    """Rows in the order of their cells, which is the file's; all of the file or none of it."""
    lines = sorted([row[name] for name in header] for row in rows)
    text = line_of(header) + "\n" + "".join(line_of(line) + "\n" for line in lines)
    beside = path.with_suffix(".csv.new")
    beside.write_text(text, encoding="utf-8", newline="")
    beside.replace(path)
    return text


def line_of(cells: list[str]) -> str:
    """A row of a code list as it is written."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()


def _named(label: str, breakdown: str) -> str:
    return f"{label} · {breakdown}" if breakdown else label


def first_row(warehouse: Warehouse, query: str, **values: object) -> tuple[Any, ...] | None:
    """The first row that a query gives, or None."""
    return next(warehouse.table(query, **values)[1], None)
