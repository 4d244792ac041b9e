"""Reader of what the national bureau's data site exports: yearly, quarterly, monthly, by province or by city.

A table of three dimensions (indicator, place, period) printed on two axes, the third one in a title row above
(`指标：地区生产总值(亿元)`, `地区：浙江省`, `时间：2022年`), whose rows stand in any order; notes and 数据来源 below.
What the file does not say, the card may: `layout: {indicator: …, unit: …, place: …, period: …}`. What neither says is
refused, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.printed.heads import TOTALS, cleaned, indicator_and_unit, is_missing, is_unit, place_before
from pipelines.printed.numerals import parse_number
from pipelines.printed.periods import at_frequency, frequency, period_words
from pipelines.printed.words import subject_in
from pipelines.problems import SourceRefused, shortened
from pipelines.readers.accounts import Accounts
from pipelines.readers.bureau_axes import LaidOutTable, blocks
from pipelines.readers.files.grid import GridFile
from pipelines.readers.files.opening import read_grids
from pipelines.readers.sheet_table import reading_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipelines.problems import Problem
    from pipelines.project import Project
    from pipelines.readers import Reading
    from pipelines.readers.bureau_axes import Axes
    from pipelines.readers.files.grid import Grid
    from pipelines.sources.card import Source

LAYOUT_KEYS = ("indicator", "unit", "units", "place", "period", "within", "frequency", "sheets")

_NATIONAL = ("年度数据", "季度数据", "月度数据", "Annual", "Quarterly", "Monthly")
_SAMPLE_YEARS = re.compile(r"((?:\d{4}年[、，,和及]?)+)为(1[%％]人口抽样调查)样本数据")
_OTHER_YEARS = re.compile(r"其他年份为(1‰人口变动调查)样本数据")


def read(project: Project, source: Source, path: Path) -> Reading:
    """Cut one exported file into printed figures.

    Returns:
        A frame with `file`, `line` and the columns of `COLUMNS`, all text; `cell` is the address in the sheet, or
        `line:column` of a text file. `breakdown` is "" but where a note of the file puts some years on another
        footing (the years of the 1 % population sample).

    Raises:
        SourceRefused: no table in it, cut off, or nothing says what the figures are (`indicator_missing`,
            `unit_missing`, `place_missing`, `period_missing`).
    """
    file = GridFile(project, source, path)
    stated = _stated(file, source)
    grids = read_grids(project, source, path)
    accounts = Accounts.of(grids)
    figures: list[dict[str, str | int]] = []
    problems: list[Problem] = []
    refused: list[Problem] = []
    wanted = stated.sheets
    for grid in grids:
        if grid.sheet not in wanted if wanted else grid.is_hidden:
            accounts.leave_out_sheet(grid, "other_sheet" if wanted else "hidden")
            continue
        for first, last in blocks(grid):
            table = _Table(file, grid, first, last, stated, accounts)
            try:
                figures.extend(table.figures())
            except SourceRefused as refusal:
                refused.extend(refusal.problems)
                table.refuse_whole()
            problems.extend(table.problems)
    if refused and not figures:
        raise SourceRefused(refused[:1] if len({problem.rule for problem in refused}) == 1 else refused)
    return reading_of(file, accounts, figures, refused + problems)


@dataclass
class _Stated:
    """What the card says of the files: one word for all figures, units by indicator, the sheets that are read."""

    words: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()


def _stated(file: GridFile, source: Source) -> _Stated:
    """What the card says of the files, checked."""
    unknown = sorted(source.layout.keys() - set(LAYOUT_KEYS))
    if unknown:
        en = f"layout of a bureau_export takes {', '.join(LAYOUT_KEYS)}; take {', '.join(unknown)} out"
        raise file.refusal("layout_key", en, f"layout 只能写 {'、'.join(LAYOUT_KEYS)}")
    given = source.layout.get("units") or {}
    units = {cleaned(str(key)): cleaned(str(value)) for key, value in given.items()} if isinstance(given, dict) else {}
    sheets = source.layout.get("sheets") or ()
    stated = {
        key: cleaned(str(value))
        for key, value in source.layout.items()
        if value is not None and key not in ("units", "sheets")
    }
    open_ones = [key for key, words in [*stated.items(), *units.items()] if words == "?"]
    if open_ones:
        en = f"layout: {open_ones[0]} is still a question mark; write what holds"
        raise file.refusal("layout_form", en, "layout 中还有未填写的问号")
    if "period" in stated and not period_words(stated["period"]):
        en = f"layout says period {shortened(stated['period'])}; write it as 2022年 or 2022年第一季度"
        raise file.refusal("layout_period", en, "layout 的 period 请写成 2022年 或 2022年第一季度")
    if "frequency" in stated and not frequency(stated["frequency"]):
        en = f"layout says frequency {shortened(stated['frequency'])}; write 年, 季 or 月"
        raise file.refusal("layout_frequency", en, "layout 的 frequency 请写 年、季 或 月")
    return _Stated(stated, units, tuple(str(sheet) for sheet in sheets))


class _Table(LaidOutTable):
    """One table of a file while it is being read; collects the problems of its rows."""

    def __init__(self, file: GridFile, grid: Grid, first: int, last: int, stated: _Stated, accounts: Accounts) -> None:
        super().__init__(file, grid, first, last, accounts)
        self.stated = stated

    def figures(self) -> list[dict[str, str | int]]:
        """Every figure of the table.

        Raises:
            SourceRefused: no table here, or nothing says what its figures are.
        """
        axes = self.axes()
        titles = self.titles(axes.header)
        end = self.end_of_body(axes)
        if end <= axes.header:
            raise self.refusal("header_missing", "a header without rows below; fetch the file again", "表头下没有数据")
        self.stubs(axes, end)
        fixed = self.fixed(axes, titles)
        samples = self.sample_years(end)
        self.account_for_words(axes, end)
        found: list[dict[str, str | int]] = []
        for row in range(axes.header + 1, end + 1):
            keys = fixed | self.keys_of_row(row, axes)
            if self.is_whole(row, end, axes) and self.has_figures(row, axes):
                found.extend(self.figures_of_row(row, axes, keys, samples))
        self.check_below(end, axes)
        self.finish(found)
        self.refuse_if_nothing_is_named(found)
        return found

    def refuse_whole(self) -> None:
        """The numbers of a table that is refused are refused with it."""
        sheet = self.grid.sheet or ""
        self.accounts.refuse(
            cell for cell in self.accounts.numbers if cell[0] == sheet and self.first <= cell[1] <= self.last
        )

    def account_for_words(self, axes: Axes, end: int) -> None:
        """Titles, heads, names and notes are no figures."""
        self.leave_out_words("head", range(self.first, axes.header))
        self.leave_out("head", [axes.header])
        body = range(axes.header + 1, end + 1)
        for column in range(1, min(axes.columns)):
            self.leave_out("name" if column in axes.stubs else "rank", body, [column])
        self.leave_out_words("note", range(end + 1, self.last + 1))
        for row in body:  # a unit or a note on a line of its own
            if not self.has_figures(row, axes):
                self.leave_out_words("note", [row])

    # what the figures are

    def fixed(self, axes: Axes, titles: dict[str, str]) -> dict[str, str]:
        """What holds for every figure of the table: from its titles, and what these lack from the card.

        Raises:
            SourceRefused: a dimension or a unit that nothing names, or that the card and the file name differently.
        """
        fixed = {"database": titles.get("database", "")}
        if "indicator" in titles:
            fixed["label"], fixed["unit"] = indicator_and_unit(titles["indicator"])
        printed = titles.get("unit", "") if is_unit(titles.get("unit", "")) else ""
        if printed and fixed.get("unit") and printed != fixed["unit"]:
            en = f"the indicator is printed in {fixed['unit']}, the line 单位 says {printed}; fetch the table again"
            raise self.refusal("unit_twice", en, f"指标单位为 {fixed['unit']}，单位行为 {printed}，互相矛盾")
        fixed["unit"] = fixed.get("unit") or printed
        if "place" in titles:
            fixed["place"] = titles["place"]
        elif titles.get("database", "") in _NATIONAL:
            fixed["place"] = "全国"
        if period := period_words(titles.get("period", "")):
            fixed["period"] = period
        self.take_from_card(fixed)
        if (stated := titles.get("frequency") or fixed.get("frequency")) and (known := frequency(stated)):
            fixed["frequency"] = known
        on_axes = {axes.across, *axes.stubs.values()} | ({"place"} if self.names_places(axes) else set())
        for key, name, en, zh in (
            ("indicator", "label", "no indicator: neither a title 指标 nor the table names it", "没有写明指标"),
            ("place", "place", "no place: neither a title 地区 nor the table names it", "没有写明地区"),
            ("period", "period", "no period: neither a title 时间 nor the table names one", "没有写明时期"),
        ):
            if key not in on_axes and not fixed.get(name):
                raise self.refusal(f"{key}_missing", f"{en}; write it into the card's layout", f"{zh}，请写入 layout")
        if "indicator" not in on_axes and not fixed["unit"] and not self.shows_units(axes):
            en = f"no unit: {shortened(fixed['label'])} is printed without one; write it into the card's layout"
            raise self.refusal("unit_missing", en, "没有写明计量单位，请写入 layout")
        return fixed

    def shows_units(self, axes: Axes) -> bool:
        """Whether the cells print their unit themselves (6.2%)."""
        texts = [
            self.grid.text(row, column) for row in range(axes.header + 1, self.last + 1) for column in axes.columns
        ]
        return any(text.strip().endswith(("%", "‰", "％")) for text in texts)

    def take_from_card(self, fixed: dict[str, str]) -> None:
        fixed["within"] = self.stated.words.get("within", "")
        fixed["frequency"] = self.stated.words.get("frequency", "")
        for key, name in (("indicator", "label"), ("unit", "unit"), ("place", "place"), ("period", "period")):
            stated = self.stated.words.get(key, "")
            if key == "indicator" and stated:
                stated, unit = indicator_and_unit(stated)
                fixed["unit"] = fixed["unit"] or unit
            elif key == "period" and stated:
                stated = period_words(stated) or ""
            if stated and fixed.get(name) and fixed[name] != stated:
                en = (
                    f"the card's layout says {key} {stated}, the file {shortened(fixed[name])}; take it out of the card"
                )
                raise self.refusal("layout_contradicts", en, f"layout 的 {key} 与文件不一致，请删去")
            if stated:
                fixed[name] = stated

    def keys_of_row(self, row: int, axes: Axes) -> dict[str, str]:
        """What the columns left of the figures say about a row."""
        keys: dict[str, str] = {}
        for column, role in axes.stubs.items():
            text = cleaned(self.merged_down(row, column))
            if role == "indicator" and text:
                label, unit = indicator_and_unit(text)
                if self.names_places(axes) and "place" not in axes.stubs.values():
                    keys["place"], label = place_before(label)
                if keys.get("label", label) != label:
                    keys["contradicts"] = f"{keys['label']} / {label}"
                keys["label"] = label
                if unit:
                    keys["unit"] = unit
            elif role == "period":
                keys["period"] = period_words(text) or text
            elif role == "place" and text:
                keys["place"] = text
        for role, name in (("indicator", "label"), ("place", "place"), ("period", "period")):
            if role in axes.stubs.values():
                keys.setdefault(name, "")
        return keys

    def sample_years(self, end: int) -> dict[str, str]:
        """Years that a note puts on another sample than the others, so that the two never stand in one series."""
        note = " ".join(cleaned(cell) for row in self.grid.rows[end : self.last] for cell in row)
        sample, others = _SAMPLE_YEARS.search(note), _OTHER_YEARS.search(note)
        if not sample:
            return {}
        years = dict.fromkeys(re.findall(r"\d{4}年", sample[1]), sample[2].replace("％", "%"))
        return years | ({"": others[1]} if others else {})

    # the figures

    def has_figures(self, row: int, axes: Axes) -> bool:
        return any(not is_missing(self.grid.text(row, column)) for column in axes.columns)

    def is_whole(self, row: int, end: int, axes: Axes) -> bool:
        """Whether a row of a text file has as many cells as its header; a short last one means a file cut off.

        Raises:
            SourceRefused: cut off.
        """
        if self.grid.kind == "sheet" or not self.has_figures(row, axes):
            return True
        cells, width = len(self.grid.rows[row - 1]), len(self.grid.rows[axes.header - 1])
        is_last = row == self.grid.height
        if cells < width and is_last and end == row:
            raise self.file.cut_off(f"its last row has {cells} cells of {width}")
        surplus = any(cell.strip() for cell in self.grid.rows[row - 1][width:])
        if cells < width or surplus:
            en = f"{cells} cells where the header has {width} (a comma inside a number?); mend the row"
            self.note("row_width", row, None, en, f"本行 {cells} 个单元格，表头有 {width} 个")
            return False
        return True

    def figures_of_row(
        self, row: int, axes: Axes, keys: dict[str, str], samples: dict[str, str]
    ) -> Iterator[dict[str, str | int]]:
        for column, head in axes.columns.items():
            text = self.grid.text(row, column)
            if is_missing(text):
                continue
            named = dict(keys)
            if axes.across == "indicator":
                label, unit = indicator_and_unit(head)
                named |= {"label": label, "unit": unit or keys["unit"]}
            else:
                named[axes.across] = head
            if named.get("label") in TOTALS:  # 合计 of what the title says
                named["label"] = self.subject(axes)
            named["unit"] = self.stated.units.get(named.get("label", ""), "") or named["unit"]
            if self.is_named(row, column, named):
                figure = self.figure(
                    row, column, label=named["label"], place=named["place"], within=named["within"],
                    breakdown=samples.get(named["period"], samples.get("", "")), period=named["period"],
                    unit=named["unit"], table=named["database"],
                )  # fmt: skip
                if figure:
                    yield figure

    def subject(self, axes: Axes) -> str:
        """What the table is about, by a line of words alone above its heads; "" where none stands there."""
        lines = (
            [cleaned(cell) for cell in self.grid.rows[row - 1] if cell.strip()]
            for row in range(self.first, axes.header)
        )
        alone = (line[0] for line in lines if len(line) == 1)
        return next((subject_in(words) for words in alone if not re.search("[:：]", words)), "")

    def is_named(self, row: int, column: int, named: dict[str, str]) -> bool:
        """Whether everything says what the figure is; else it is put aside with what is missing."""
        if "contradicts" in named:
            en = f"two indicators name this row ({shortened(named['contradicts'])}); keep one"
            self.note("indicator_twice", row, column, en, "本行有两个不同的指标名称")
            return False
        for name, rule, en, zh in (
            ("label", "indicator_missing", "no indicator names this figure; add it", "没有写明指标"),
            ("place", "place_missing", "no place names this figure; add it", "没有写明地区"),
            ("period", "period_missing", "no period names this figure; add it", "没有写明时期"),
        ):
            if not named.get(name):
                self.note(rule, row, column, en, zh)
                return False
        if named["frequency"]:
            period = at_frequency(named["period"], named["frequency"])
            if not period:
                en = f"{named['period']} is finer than the frequency that the file states; mend one of them"
                self.note("period_finer_than_frequency", row, column, en, "时期比文件所写频率更细")
                return False
            named["period"] = period
        return True

    # what does not become a figure

    def check_below(self, end: int, axes: Axes) -> None:
        """Rows of numbers below the notes, and columns of numbers without a head, are named, not dropped in silence."""
        for row in range(end + 1, self.last + 1):
            numbers = sum(1 for column in axes.columns if parse_number(self.grid.text(row, column)))
            if numbers * 2 > len(axes.columns):
                en = "a row of numbers below the notes; put it above them, or give its table its own header"
                self.note("row_below_notes", row, None, en, "注释下方还有数据行")
        width = len(self.grid.rows[axes.header - 1])
        for column in range(min(axes.columns), self.grid.width + 1):
            if column in axes.columns:
                continue
            holds = [row for row in range(axes.header + 1, end + 1) if parse_number(self.grid.text(row, column))]
            if holds and (self.grid.kind == "sheet" or column <= width):  # what lies further right is row_width
                head = shortened(cleaned(self.grid.text(axes.header, column))) or "(nothing)"
                en = f"{len(holds)} numbers under {head}, which names no {axes.across}; name it, or delete the column"
                self.note("column_without_head", holds[0], column, en, "该列没有可识别的表头")
                self.accounts.refuse((self.grid.sheet or "", row, column) for row in holds)

    def refuse_if_nothing_is_named(self, found: list[dict[str, str | int]]) -> None:
        """A table of which no figure could be named is refused once, not once a cell."""
        if found or not self.problems:
            return
        rules = {problem.rule for problem in self.problems}
        if len(rules) == 1 and rules <= {"unit_missing", "indicator_missing", "place_missing", "period_missing"}:
            count, first = len(self.problems), self.problems[0]
            self.problems = []
            en = f"{count} figures, none of them named in full: {first.message_en}"
            raise self.refusal(first.rule, en, f"全部 {count} 个数字{first.message_zh}")
