"""The heads of a yearbook table, stacked and in two languages: where its body stands, what they say and cover."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.printed.heads import cleaned, indicator_and_unit, is_missing, is_unit
from pipelines.printed.numerals import parse_number
from pipelines.printed.periods import period_in_title, period_words
from pipelines.printed.words import chinese_part, has_chinese, part_of, without_marks, without_numbering
from pipelines.readers.files.grid import column_letters
from pipelines.readers.sheet_table import FOOTER, SheetTable, number_with_unit

if TYPE_CHECKING:
    from pipelines.readers.accounts import Accounts
    from pipelines.readers.files.grid import Grid, GridFile
    from pipelines.readers.layout_card import TableCard

NOTE = re.compile(r"(Notes?|Sources?|Source of data)\s*\d*\s*[:：.]", re.IGNORECASE)
UNIT_IN_TITLE = re.compile(r"(?:计量)?单\s*位\s*[:：]\s*([^\s()（）,，;；]+)")
RANK = re.compile(r"位次|名次|排名|排序|[Rr]ank")
RANK_UNIT = "位"
PREVIOUS_YEAR_100 = "上年=100"
_INDEX = re.compile(r"((?:19|20)\d\d)年为((?:19|20)\d\d|上)年的?[%％](?:\d{4}=100)?")


def _index(words: str) -> tuple[str, str] | None:
    """Period and unit of `2021年为2020年%`, which is 2021 with 2020 as 100; None for anything else."""
    found = _INDEX.fullmatch(re.sub(r"\s", "", words))
    if not found:
        return None
    is_year_before = found[2] in ("上", str(int(found[1]) - 1))
    return f"{found[1]}年", PREVIOUS_YEAR_100 if is_year_before else f"{found[2]}年=100"


@dataclass
class Named:
    """What heads and names say about a figure so far.

    Attributes:
        path: words of the indicator, the widest first.
    """

    path: list[str] = field(default_factory=list)
    place: str = ""
    period: str = ""
    unit: str = ""
    within: str = ""

    def joined(self, other: Named) -> Named:
        """Both together; what the other says is the narrower."""
        return Named(
            self.path + other.path,
            other.place or self.place,
            other.period or self.period,
            other.unit or self.unit,
            other.within or self.within,
        )


class HeadedTable(SheetTable):
    """One table, laid out by a card, whose heads are read."""

    def __init__(self, file: GridFile, grid: Grid, card: TableCard, accounts: Accounts) -> None:
        super().__init__(file, grid, accounts)
        self.card = card
        self.filled_across = {
            (row, column): grid.text(top, left)
            for top, left, bottom, right in grid.merged
            if right > left
            for row in range(top, min(bottom, grid.height) + 1)
            for column in range(left, min(right, grid.width) + 1)
        }
        self.body = self._body()

    def _body(self) -> list[int]:
        """Rows that may hold figures, the skipped ones left out."""
        skipped = set(self.card.skip) | set(self.card.header)
        if self.card.body:
            rows = [row for row in self.card.body if row <= self.grid.height]
            return [row for row in rows if row not in skipped]
        first = max(self.card.header, default=0) + 1
        last = self.grid.height
        for row in range(first, self.grid.height + 1):
            words = cleaned(next((cell for cell in self.grid.rows[row - 1] if cell.strip()), ""))
            if FOOTER.match(words) or NOTE.match(words):
                last = row - 1
                break
        return [row for row in range(first, last + 1) if row not in skipped]

    @staticmethod
    def number(cell: str) -> bool:
        """Whether a cell holds a number, footnote marks apart."""
        text = without_marks(cell.strip())
        return parse_number(text) is not None or number_with_unit(text) is not None

    @staticmethod
    def is_blank(cell: str) -> bool:
        """Whether a cell says that there is no figure, with or without a footnote mark."""
        return is_missing(cell) or is_missing(without_marks(cell))

    def titles(self) -> str:
        """What stands above the heads, in one line."""
        first = min(self.card.header + self.body, default=1)
        return cleaned(" ".join(cell for row in self.grid.rows[: first - 1] for cell in row if cell.strip()))

    def fixed(self) -> Named:
        """What holds for the whole table: from the card, else a unit or a single period printed above the heads."""
        titles = self.titles()
        named = Named(place=self.card.place, period=self.card.period, unit=self.card.unit)
        if self.card.indicator:
            label, unit = indicator_and_unit(self.card.indicator)
            named.path = label.split("/")
            named.unit = unit or named.unit
        if not named.unit and (found := UNIT_IN_TITLE.search(titles)) and is_unit(found[1]):
            named.unit = found[1]
        named.period = named.period or period_in_title(titles)
        return named

    def head(self, column: int) -> Named:
        """What the stacked heads over a column say, from top to bottom."""
        if column in self.card.heads:
            return self.words_of([self.card.heads[column]], self.card.across, is_path=True)
        texts: list[str] = []
        for row in self.card.header:
            text = self.filled_across.get((row, column)) or self.merged_down(row, column)
            if text.strip() and text not in texts:
                texts.append(text)
        if any(has_chinese(text) for text in texts):  # a row in English only is a translation
            texts = [text for text in texts if has_chinese(text) or self.number(text) or period_words(text)]
        return self.words_of(texts, self.card.across)

    def take_from_left(self, heads: dict[int, Named]) -> None:
        """A column whose heads begin below those of the one on its left is a part of that: it has its name and unit.

        `生产总值(亿元)` stands over its own column, 第一产业, 第二产业 and #工业 a row lower over the next ones.
        """
        if self.card.across != "indicator" or len(self.card.header) < 2:
            return
        top, whole = min(self.card.header), None
        for column in sorted(heads):
            if column in self.card.heads:
                continue
            stands_above = self.filled_across.get((top, column)) or self.merged_down(top, column)
            if stands_above.strip():
                whole = column
            elif whole and heads[whole].path and heads[column].path and self.all_named(heads, whole, column):
                named = heads[column]
                path = heads[whole].path[:1] + named.path
                heads[column] = Named(path, named.place, named.period, named.unit or heads[whole].unit)

    @staticmethod
    def all_named(heads: dict[int, Named], first: int, last: int) -> bool:
        """Whether no column without figures stands between two."""
        return all(column in heads for column in range(first, last + 1))

    def words_of(self, texts: list[str], role: str, *, is_path: bool = False) -> Named:
        """Sort printed words into period, unit and what they name."""
        named = Named()
        for text in texts:
            words = chinese_part(without_marks(" ".join(text.split())))
            bare = words.strip("()（）")
            if index := _index(words):
                named.period, named.unit = index
                named.path.append("指数" if named.unit == PREVIOUS_YEAR_100 else f"指数（{named.unit}）")
            elif period := period_words(words) or period_words(bare):
                named.period = period
            elif is_unit(bare):
                named.unit = bare
            elif role == "place":
                named.place = self.place_words(text)
            else:
                label, unit = indicator_and_unit(words)
                named.unit = unit or named.unit
                for name in label.split("/") if is_path else [label]:
                    words = without_numbering(part_of(name) or name)
                    if words and words not in named.path:
                        named.path.append(words)
        if role == "indicator" and not named.unit and named.path and RANK.search(named.path[-1]):
            named.unit = RANK_UNIT
        return named

    @staticmethod
    def place_words(text: str) -> str:
        """A place as printed in Chinese; both languages where only one character is left of the Chinese."""
        flat = cleaned(without_marks(text))
        words = chinese_part(part_of(flat) or flat)
        return words if len(words) > 1 else flat

    def refuse_uncovered(self, heads: dict[int, Named], fixed: Named) -> None:
        """Refuse a table of which some column of figures is not named: its heads may stand one column off.

        Raises:
            SourceRefused: naming the first such column.
        """
        across = self.card.across
        named_by_rows = set(self.card.names.values())
        for column, head in heads.items():
            if not {"indicator": head.path, "place": head.place, "period": head.period}[across]:
                en = (
                    f"no {across} heads column {column_letters(column)}, which holds figures; if the heads stand one "
                    "column off, mend them; else write it into heads, or the column into skip_columns"
                )
                raise self.refusal(
                    f"{across}_missing", en, f"{column_letters(column)} 列有数字但没有表头，表头可能错位"
                )
        self.refuse_twins(heads)
        for name, says, rule in (
            ("indicator", bool(fixed.path) or all(head.path for head in heads.values()), "indicator_missing"),
            ("place", bool(fixed.place) or all(head.place for head in heads.values()), "place_missing"),
            ("period", bool(fixed.period) or all(head.period for head in heads.values()), "period_missing"),
        ):
            if not says and name not in named_by_rows:
                en = f"nothing in the table says the {name}; write it into the layout"
                raise self.refusal(rule, en, f"表中没有写明 {name}，请写入 layout")
        covered = {
            column
            for row in self.card.header
            for (at, column), text in self.filled_across.items()
            if at == row and text.strip()
        }
        beyond = sorted(covered - set(heads) - set(self.card.names) - set(self.card.skip_columns))
        if beyond:
            columns = ", ".join(column_letters(column) for column in beyond[:5])
            if all(self.is_empty(column) for column in beyond) and any(column > max(heads) for column in beyond):
                en = f"a merged head covers {columns}, which holds no figure; the heads may stand one column off"
                raise self.refusal("heads_shifted", en, f"合并表头覆盖了没有数字的 {columns} 列，表头可能错位")

    def refuse_twins(self, heads: dict[int, Named]) -> None:
        """Refuse a table of which two columns have the same heads: a row of heads is missing, or they are shifted.

        Raises:
            SourceRefused: naming the first two.
        """
        seen: dict[tuple[object, ...], int] = {}
        for column, head in heads.items():
            key = (tuple(head.path), head.place, head.period)
            if key in seen:
                twins = f"{column_letters(seen[key])} and {column_letters(column)}"
                en = (
                    f"columns {twins} have the same heads; name all rows of heads, or the heads stand one column off; "
                    "else write them into heads, or one into skip_columns"
                )
                raise self.refusal("heads_twice", en, f"{twins.replace(' and ', '、')} 列的表头相同，表头行不全或错位")
            seen[key] = column

    def is_empty(self, column: int) -> bool:
        """Whether no row of the body has anything in a column."""
        return not any(self.grid.text(row, column).strip() for row in self.body)
