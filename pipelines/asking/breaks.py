"""Where figures before and after cannot be compared: changes of territory, and breaks that a publisher marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.asking.audience import may_see_source

if TYPE_CHECKING:
    from datetime import date

    from pipelines.asking.audience import Audience
    from pipelines.asking.warehouse import Warehouse


@dataclass(frozen=True)
class TerritoryChange:
    """A place became another, or gave territory to it.

    Attributes:
        note_zh: what happened, in the words of the reference data.
        source: which publication says so.
    """

    changed_on: date
    kind: str
    from_area: str
    from_name_zh: str
    to_area: str
    to_name_zh: str
    note_zh: str | None
    source: str | None


@dataclass(frozen=True)
class MarkedBreak:
    """Figures of an indicator that their print marks as not comparable with those before (status B)."""

    indicator: str
    time_period: str
    figures: int


_TERRITORIES = """
    select changed_on, kind, from_area, from_name_zh, to_area, to_name_zh, note_zh, source
    from reference.area_changes order by changed_on, from_area, to_area
"""
_MARKED = f"""
    select indicator, time_period, count(*) as figures
    from facts.observations where obs_status = 'B' and {may_see_source("source_id")}
    group by indicator, time_period order by indicator, time_period
"""


def territory_changes(warehouse: Warehouse) -> list[TerritoryChange]:
    """All changes of places, in the order of time."""
    return warehouse.all(TerritoryChange, _TERRITORIES)


def marked_breaks(warehouse: Warehouse, audience: Audience = "public") -> list[MarkedBreak]:
    """All breaks that prints mark, by indicator and period."""
    return warehouse.all(MarkedBreak, _MARKED, audience=audience)
