"""Which figures stand for the ten practices, and which places these are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.asking.warehouse import Warehouse


@dataclass(frozen=True)
class Headline:
    """A series that stands for a practice; `position` is its order there, from 1."""

    practice: int
    position: int
    indicator: str
    breakdown: str


_HEADLINES = """
    select practice, position, indicator, coalesce(breakdown, '') as breakdown
    from reference.headline_indicators order by practice, position
"""
_SUBJECTS = "select ref_area from reference.mart_subjects where mart = 'mart_practice_overview' order by ref_area"


def headlines(warehouse: Warehouse) -> list[Headline]:
    """The headline series, by practice and position."""
    return warehouse.all(Headline, _HEADLINES)


def subjects(warehouse: Warehouse) -> tuple[str, ...]:
    """The places that the ten practices are about: the province, and a group of its counties."""
    return tuple(row["ref_area"] for row in warehouse.rows(_SUBJECTS))
