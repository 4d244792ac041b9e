"""The page of targets: by status, with the slope that each needs and the slope so far."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from pipelines.asking.targets import STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.asking.targets import TargetProgress
    from pipelines.serving.monitor.wording import Wording

#: A slope is reckoned, so it is told to four digits.
_ROUNDING = Context(prec=4)


def pages(wording: Wording) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The one page."""
    content = wording.content
    by_status = {
        status: [
            (each, content.by_id[each.figure_id], slopes(each)) for each in content.targets if each.status == status
        ]
        for status in STATUSES
    }
    yield "targets.html", "targets.html.j2", {"by_status": by_status}


def slopes(target: TargetProgress) -> tuple[Decimal, Decimal] | None:
    """Change a year that the target needed from its baseline, and that was made so far; of yearly figures and
    of prints that are no bounds alone."""
    years = [target.baseline_period, target.latest_period, target.due_period]
    if not all(year and year.isdigit() for year in years):
        return None
    if target.share_of_way_done is None or target.baseline_value is None or target.latest_value is None:
        return None
    begun, now, due = (int(year or 0) for year in years)
    if begun in (due, now):
        return None
    needed = (target.target_value - target.baseline_value) / (due - begun)
    made = (target.latest_value - target.baseline_value) / (now - begun)
    return _ROUNDING.plus(needed), _ROUNDING.plus(made)
