"""The report as one self-contained page: on a desk in one column, on paper as A4."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.records.enterprise.report import Report


def page(report: Report) -> str:
    """The page's HTML; nothing in it is loaded from elsewhere."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["amount"] = amount
    return environment.get_template("page.html.j2").render(
        report=report, bars=[_bar(line.points, line.weight) for line in report.lines]
    )


def amount(value: float | None, digits: int = 4) -> str:
    """A number for people: four significant digits, or as many decimals as a large one needs; a dash for nothing."""
    if value is None:
        return "—"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.{digits}g}"


def _bar(points: float | None, weight: float | None) -> float:
    """Points as per cent of one and a half weights, which most rules cap them at."""
    if points is None or not weight:
        return 0.0
    return max(0.0, min(100.0, points / weight / 1.5 * 100))
