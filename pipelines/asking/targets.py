"""Which targets were set, and how far each has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.asking.audience import may_see_figures, may_see_source

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from pipelines.asking.audience import Audience
    from pipelines.asking.warehouse import Warehouse

#: The order in which statuses are read.
STATUSES = ("met", "not_met", "on_the_way", "no_figure_for_due_date", "no_due_date_printed")


@dataclass(frozen=True)
class TargetProgress:
    """A target, its baseline and the latest figure; all values in the base unit.

    Attributes:
        figure_id: of the target's print.
        status: one of STATUSES.
        share_of_way_done_low, share_of_way_done_high: what the prints allow; 1 is the whole way.
        share_of_time_gone: of the time between baseline and due date.
    """

    figure_id: str
    source_id: str
    indicator: str
    ref_area: str
    breakdown: str
    unit_measure: str
    status: str
    target_value: Decimal
    due_period: str | None
    due_on: date | None
    baseline_period: str | None
    baseline_value: Decimal | None
    baseline_qualifier: str | None
    latest_period: str | None
    latest_value: Decimal | None
    latest_qualifier: str | None
    share_of_way_done: Decimal | None
    share_of_way_done_low: Decimal | None
    share_of_way_done_high: Decimal | None
    share_of_time_gone: Decimal | None
    figure_ids: tuple[str, ...]


_TARGETS = f"""
    select
        figure_id, source_id, indicator, ref_area, breakdown, unit_measure, status, target_value, due_period, due_on,
        baseline_period, baseline_value, baseline_qualifier, latest_period, latest_value, latest_qualifier,
        share_of_way_done, share_of_way_done_low, share_of_way_done_high, share_of_time_gone, figure_ids
    from marts.mart_target_progress
    where {may_see_source("source_id")} and {may_see_figures("figure_ids")}
    order by
        list_position(['met', 'not_met', 'on_the_way', 'no_figure_for_due_date', 'no_due_date_printed'], status),
        indicator, ref_area, breakdown, figure_id
"""


def targets(warehouse: Warehouse, audience: Audience = "public") -> list[TargetProgress]:
    """All targets by status; the public is given none that an internal figure is part of."""
    return warehouse.all(TargetProgress, _TARGETS, audience=audience)
