"""Reader of series as data terminals export them: a column per series, rows of attributes, then a row per period.

```
指标名称, 浙江:GDP:累计值, …          ,国内生产总值:人均:北京, …
频率,     季,            …          区域, 中国
单位,     亿元,          …          次国家, 北京
…                                    频率, "年, 年终12月"
2019-03-31, 13003.7                  12/2019, 161776
```

A period is read in the frequency that its series states: a year's value stands at December, a quarter's at its last
month. What a file does not say, the card may: `layout: {place: 浙江省, unit: 亿元, units: {GDP: 亿元}, frequency: 季}`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.printed.heads import cleaned, indicator_and_unit, is_missing, is_place, is_unit
from pipelines.printed.periods import at_frequency, frequency, period_words, periods_of_row
from pipelines.problems import shortened
from pipelines.readers.files.grid import column_letters
from pipelines.readers.sheet_by_sheet import read_sheets
from pipelines.readers.sheet_table import SheetTable

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.readers import Reading
    from pipelines.readers.accounts import Accounts
    from pipelines.readers.files.grid import Grid, GridFile
    from pipelines.sources.card import Source

LAYOUT_KEYS = ("place", "unit", "units", "within", "frequency", "sheets")
#: Attributes that say what a figure is.
_MEANING = {
    "指标名称": "name", "指标": "name", "名称": "name", "指标全称": "name", "series": "name", "indicator": "name",
    "区域": "country", "国家": "country", "country": "country", "region": "place",
    "地区": "place", "次国家": "place", "subnational": "place", "省份": "place",
    "频率": "frequency", "频度": "frequency", "frequency": "frequency",
    "单位": "unit", "计量单位": "unit", "unit": "unit",
}  # fmt: skip
#: Attributes of the series itself, which no figure needs.
_OTHERS = frozenset((
    "数据来源", "来源", "source", "状态", "status", "数列id", "指标id", "指标代码", "指标编码", "series id", "sr代码",
    "sr code",
    "代码", "编码", "id", "时间区间", "首次观测日期", "最后观测日期", "首次观测", "最后观测",
    "first obs. date",
    "last obs. date", "起始日期", "截止日期", "结束日期", "更新时间", "最后更新时间", "last update time",
    "平均", "平均值",
    "mean", "方差", "variance", "标准差", "standard deviation", "偏度", "skewness", "峰度", "kurtosis",
    "变异系数",
    "最小", "最小值", "min", "最大", "最大值", "max", "中位", "中位数", "median", "观测数量", "观测数", "no. of obs",
    "助记符", "mnemonic", "函数信息", "function information", "备注", "remarks", "价格类型", "数据类型",
))  # fmt: skip
#: Rows of attributes below this many make no series export.
_ATTRIBUTES_AT_LEAST = 2
_WITHIN_ROWS = 60


def read(project: Project, source: Source, path: Path) -> Reading:
    """Cut an export of series into figures.

    Returns:
        A frame with `file`, `line` and `pipelines.readers.sheet_table.COLUMNS`, all text.

    Raises:
        SourceRefused: no rows of attributes, or nothing says what the series are.
    """
    return read_sheets(
        project, source, path, LAYOUT_KEYS, lambda file, grid, accounts: _Series(file, grid, accounts, source)
    )


def attribute_rows(grid: Grid) -> dict[int, str]:
    """The rows above the first period that say something of every series, by what they say."""
    found: dict[int, str] = {}
    for row in range(1, min(grid.height, _WITHIN_ROWS) + 1):
        head = cleaned(grid.text(row, 1)).lower().rstrip(":：")
        if period_words(head) and found:
            break
        if head in _MEANING or head in _OTHERS:
            found[row] = _MEANING.get(head, "")
        elif not head and row == 1 and any(cell.strip() for cell in grid.rows[0][1:]):
            found[row] = "name"
    return found


def is_series_export(grid: Grid) -> bool:
    """Whether rows of attributes, a frequency or a unit among them, stand above a column of periods."""
    rows = attribute_rows(grid)
    below = [period_words(grid.text(row, 1)) for row in range(max(rows, default=0) + 1, grid.height + 1)]
    says = set(rows.values())
    return (
        len(rows) >= _ATTRIBUTES_AT_LEAST
        and "name" in says
        and bool(says & {"frequency", "unit"})
        and sum(1 for words in below if words) * 2 > len(below)
    )


@dataclass(frozen=True)
class _Head:
    """What the attributes say of one series."""

    label: str
    place: str
    unit: str
    frequency: str


class _Series(SheetTable):
    """One sheet of series."""

    def __init__(self, file: GridFile, grid: Grid, accounts: Accounts, source: Source) -> None:
        super().__init__(file, grid, accounts)
        self.layout = {key: cleaned(str(value)) for key, value in source.layout.items() if key != "units"}
        given = source.layout.get("units")
        self.units = {cleaned(str(key)): str(value) for key, value in given.items()} if isinstance(given, dict) else {}
        self.rows = attribute_rows(grid)

    def figures(self) -> list[dict[str, str | int]]:
        """Every observation of every series.

        Raises:
            SourceRefused: no attributes here.
        """
        if "name" not in self.rows.values():
            en = "no row names the series; a series_export has rows such as 指标名称, 频率, 单位 above its periods"
            raise self.refusal("header_missing", en, "找不到指标名称行")
        first = max(self.rows) + 1
        body = range(first, self.grid.height + 1)
        self.leave_out("head", range(1, first))
        self.leave_out("name", body, [1])
        periods, out_of_step = periods_of_row([self.grid.text(row, 1) for row in body])
        if out_of_step:
            raise self.refusal("period_out_of_step", out_of_step.why_en, out_of_step.why_zh)
        found: list[dict[str, str | int]] = []
        heads = {column: head for column in range(2, self.grid.width + 1) if (head := self.head(column))}
        for row, period in zip(body, periods, strict=True):
            if not period:
                self.leave_out_words("note", [row])
                continue
            for column, head in heads.items():
                figure = (
                    None if is_missing(self.grid.text(row, column)) else self.observation(row, column, head, period)
                )
                if figure:
                    found.append(figure)
        self.finish(found)
        return found

    def head(self, column: int) -> _Head | None:
        """What the rows of attributes say of a column; None where it has no name."""
        says: dict[str, str] = {}
        for row, what in self.rows.items():
            text = cleaned(self.grid.text(row, column))
            if what and text:
                says[what] = text
        if not says.get("name"):
            return None
        label, unit = indicator_and_unit(says["name"])
        parts = [part.strip() for part in label.replace("：", ":").split(":")]
        places = [part for part in parts if is_place(part)]
        place = says.get("place") or (places[-1] if places else says.get("country", ""))
        stated = says.get("unit", "")
        if unit and is_unit(stated) and stated != unit:
            en = f"series {shortened(label)} is named in {unit}, its unit is {stated}; fetch it again"
            raise self.refusal("unit_twice", en, f"{shortened(label)} 名称的单位 {unit} 与单位行 {stated} 不一致")
        return _Head(
            ":".join(part for part in parts if part not in places) or label,
            self.layout.get("place") or place,
            self.units.get(label) or self.units.get(says["name"]) or stated or unit or self.layout.get("unit", ""),
            frequency(self.layout.get("frequency") or says.get("frequency", "")) or "",
        )

    def observation(self, row: int, column: int, head: _Head, period: str) -> dict[str, str | int] | None:
        """One observation; put aside where it is not named in full."""
        words: str | None = at_frequency(period, head.frequency) if head.frequency else period
        if not words:
            en = f"{period} is finer than the frequency of {shortened(head.label)} ({column_letters(column)})"
            self.note("period_finer_than_frequency", row, column, f"{en}; mend it in the card", "时期比频率更细")
            return None
        if not head.place:
            self.note(
                "place_missing", row, column, "no place names this series; write it into the layout", "没有写明地区"
            )
            return None
        return self.figure(
            row, column, label=head.label, place=head.place, period=words, unit=head.unit,
            within=self.layout.get("within", ""),
        )  # fmt: skip
