"""Registers as data: which entities and events there are, who delivers what, and who is believed.

A register is one YAML file beside this module, with its items in a CSV of the same name where it has many. Adding an
item, a department, a flag or a standard indicator is an edit of these files.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from pipelines.records.documents import read

_HERE = Path(__file__).resolve().parent / "registers"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Words(_Strict):
    """A name in both languages."""

    zh: str
    en: str


class Column(_Strict):
    """One column of a delivery and what may stand in it."""

    type: Literal["text", "whole", "number", "date", "moment", "list"]
    required: bool = False
    pattern: str | None = None
    one_of: tuple[str, ...] | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None


class Entity(_Strict):
    """What records are about."""

    name: Words
    key: str
    columns: dict[str, Column] = {}


class Events(_Strict):
    """The records themselves."""

    name: Words
    columns: dict[str, Column]


class Unit(Words):
    """A unit; `written` gives each way of writing it and the factor that leads to it."""

    written: dict[str, Decimal]


class Item(_Strict):
    """One kind of value that departments deliver on an entity.

    Attributes:
        departments: who delivers it; the first named is believed first.
    """

    item: str
    kind: str
    departments: tuple[str, ...]
    unit: str
    may_be_negative: bool
    name_zh: str
    name_en: str


class Indicator(_Strict):
    """A ratio of sums of items.

    Attributes:
        numerator: item to coefficient.
        denominator: the same.
        yields: the code in `reference.indicators` that its total stands for, if any.
    """

    zh: str
    en: str
    unit: Words
    numerator: dict[str, Decimal]
    denominator: dict[str, Decimal]
    yields: str | None = None


class Measure(_Strict):
    """A count, or a ratio of counts, over events."""

    zh: str
    en: str
    numerator: str
    denominator: str | None = None
    per: int = 1
    yields: str | None = None


class Disclosure(_Strict):
    """When a cell gives somebody away.

    Attributes:
        threshold: fewer contributors than this are too few.
        dominance: pairs (n, k): the n largest may hold at most k % of the cell.
        p_percent: the second largest may not learn the largest closer than this.
    """

    threshold: int
    dominance: tuple[tuple[int, Decimal], ...]
    p_percent: Decimal


class Register(_Strict):
    """One register, as its file declares it."""

    register_id: str = Field(alias="register")
    name: Words
    entity: Entity
    events: Events
    precedence: tuple[str, ...]
    units: dict[str, Unit] = {}
    departments: dict[str, Words] = {}
    flags: dict[str, Words] = {}
    indicators: dict[str, Indicator] = {}
    measures: dict[str, Measure] = {}
    poor_at_most: int | None = None
    disclosure: Disclosure
    items: dict[str, Item] = {}


@cache
def register(name: str) -> Register:
    """The register of this name; KeyError if there is none."""
    path = _HERE / f"{name}.yaml"
    if not path.is_file():
        raise KeyError(name)
    data = read(path).data
    table = _HERE / f"{name}_items.csv"
    if table.is_file():
        with table.open(encoding="utf-8", newline="") as file:
            data["items"] = {
                row["item"]: {**row, "departments": row["departments"].split("|")} for row in csv.DictReader(file)
            }
    return Register.model_validate(data)
