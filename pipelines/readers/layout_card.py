"""The layout card of a yearbook table: what a person sees at a glance, written beside the file.

```yaml
reader: yearbook_sheet
layout:
  tables:
    - sheet: 17-2            # name or number of the sheet; left out: the only one
      header: 3-5            # rows of the heads; 0 where `heads` says them all
      body: 6-40             # rows of the figures; left out: from below the heads to the notes
      names: {A: place}      # what the columns left of the figures hold: indicator, place, period, unit, skip
      across: indicator      # what the heads name: indicator, place or period
      period: 2015年         # what holds for every figure and no head or name says: indicator, place, period, unit
      skip: [12, 14-16]      # rows that are no figures of this table (ranks, repeated heads)
      skip_columns: D,F
```

More keys: `heads` (`{C: "生产总值/第一产业(亿元)"}`), `rows` (`{36: 西 Shanxi = 陕西省}`: what is printed, then what is
meant), `within` (what the places lie in: 浙江省), `names_above` (a name stands on a line of its own above its figures),
`continued_from` (number of the table whose keys hold where this one has none), `file`, and `table` (the number under
which it is printed).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipelines.printed.periods import period_words
from pipelines.readers.files.grid import column_number

if TYPE_CHECKING:
    from pipelines.readers.files.grid import GridFile
    from pipelines.sources.card import Source

Role = Literal["indicator", "place", "period", "unit", "skip"]
Axis = Literal["indicator", "place", "period"]
_ROWS = re.compile(r"(\d{1,7})(?:\s*[-–~至]\s*(\d{1,7}))?")
ROWS_AT_MOST = 1_100_000


class TableCard(BaseModel):
    """One table of a file, as the card lays it out; rows and columns count from 1."""

    model_config = ConfigDict(extra="forbid")

    file: str | None = None
    sheet: str | int | None = None
    table: str = ""
    header: list[int] = Field(default_factory=list)
    body: list[int] = Field(default_factory=list)
    names: dict[int, Role] = {1: "place"}
    across: Axis = "indicator"
    indicator: str = ""
    place: str = ""
    period: str = ""
    unit: str = ""
    within: str = ""
    skip: list[int] = Field(default_factory=list)
    skip_columns: list[int] = Field(default_factory=list)
    heads: dict[int, str] = Field(default_factory=dict)
    rows: dict[int, str] = Field(default_factory=dict)
    names_above: bool = False
    continued_from: int | None = Field(default=None, ge=1)

    @field_validator("header", "body", "skip", mode="before")
    @classmethod
    def _rows(cls, value: object) -> list[int]:
        found: list[int] = []
        for part in value if isinstance(value, list) else str(value).split(","):
            words = _ROWS.fullmatch(str(part).strip())
            if not words:
                raise ValueError("write rows as 3, 3-5 or [3, 7-9]")
            first, last = int(words[1]), int(words[2] or words[1])
            if last > ROWS_AT_MOST or last < first:
                raise ValueError("write the first row, then the last")
            found.extend(range(first, last + 1))
        return found

    @field_validator("skip_columns", mode="before")
    @classmethod
    def _columns(cls, value: object) -> list[int]:
        parts = value if isinstance(value, list) else str(value).split(",")
        return [column_number(str(part).strip()) for part in parts]

    @field_validator("indicator", "place", "period", "unit", "within")
    @classmethod
    def _no_question(cls, value: str) -> str:
        if value == "?":
            raise ValueError("still a question mark; write what holds for the table")
        return value

    @field_validator("names", "heads", mode="before")
    @classmethod
    def _by_column(cls, value: object) -> object:
        if not isinstance(value, dict):
            raise ValueError("write one entry per column, such as {A: place}")
        return {column_number(str(column)): str(words) for column, words in value.items()}

    @field_validator("heads", "rows")
    @classmethod
    def _filled_in(cls, value: dict[int, str]) -> dict[int, str]:
        open_ones = [str(place) for place, words in value.items() if words.strip() in ("", "?")]
        if open_ones:
            raise ValueError(f"say what stands at {', '.join(open_ones[:5])}")
        return value

    @field_validator("period", mode="before")
    @classmethod
    def _period(cls, value: object) -> str:
        words = "?" if value == "?" else period_words(str(value)) if value else ""
        if words is None:
            raise ValueError("write a period as 2022年 or 2022年第一季度")
        return words

    @field_validator("indicator", "place", "unit", "within", "table", mode="before")
    @classmethod
    def _words(cls, value: object) -> str:
        return " ".join(str(value).split())


def tables_of(file: GridFile, source: Source) -> list[TableCard]:
    """The tables that the card lays out in this file; a continued one has the keys of the one before it.

    Raises:
        SourceRefused: no layout, a key that is not known, or one that cannot be understood.
    """
    given: Any = source.layout.get("tables")
    unknown = sorted(source.layout.keys() - {"tables"})
    if not isinstance(given, list) or not given or unknown:
        en = "a yearbook_sheet needs layout: {tables: […]} in its card; `gongfu propose <file>` writes it"
        raise file.refusal("layout_missing", en, "缺少版式说明，请用 gongfu propose 生成")
    cards: list[TableCard] = []
    raw: list[dict[str, Any]] = []
    for number, one in enumerate(given, 1):
        fields = dict(one) if isinstance(one, dict) else {"": one}
        before = fields.get("continued_from")
        if isinstance(before, int) and 0 < before < number:
            own = (
                {"header", "body", "skip", "rows", "sheet"}
                if fields.get("header")
                else {"body", "skip", "rows", "sheet"}
            )
            fields = {key: value for key, value in raw[before - 1].items() if key not in own} | fields
        raw.append(fields)
        try:
            cards.append(TableCard.model_validate(fields))
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            en = f"layout, table {number}: {key}: {first['msg'].removeprefix('Value error, ')}"
            raise file.refusal("layout_form", en, f"版式说明第 {number} 张表的 {key} 无法理解") from None
    return [card for card in cards if card.file in (None, file.path.name)]
