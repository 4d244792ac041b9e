"""A page for each indicator that has a figure, a list of them, and the figures of each as a file to take away."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from pipelines.serving.delimited import write_csv
from pipelines.serving.monitor import charts, tiles
from pipelines.serving.monitor.content import data_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.asking.breaks import TerritoryChange
    from pipelines.asking.observations import Observation
    from pipelines.serving.monitor.content import Content
    from pipelines.serving.monitor.wording import Wording

#: Columns of the file, as the standard form names them.
COLUMNS = (
    "figure_id", "indicator", "ref_area", "freq", "time_period", "time_basis", "base_period", "breakdown", "value",
    "low", "high", "unit_measure", "qualifier", "obs_status", "published_on", "known_from", "source_id", "is_current",
)  # fmt: skip


def pages(wording: Wording) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The list, and the pages."""
    content = wording.content
    domains: dict[str, list[str]] = {}
    for code in content.by_indicator:
        domains.setdefault(content.indicators[code].domain, []).append(code)
    yield "indicators.html", "indicators.html.j2", {"domains": domains}
    specification = charts.specification()
    for code, figures in content.by_indicator.items():
        yield f"indicator/{code}.html", "indicator.html.j2", _given(wording, code, figures, specification)


def as_csv(content: Content, code: str) -> bytes:
    """Every print of an indicator, for a spreadsheet, which executes nothing of it."""
    text = io.StringIO()
    write_csv(text, COLUMNS, [[getattr(each, name) for name in COLUMNS] for each in content.by_indicator[code]])
    return text.getvalue().encode("utf-8-sig")


def _given(wording: Wording, code: str, figures: list[Observation], specification: dict[str, Any]) -> dict[str, Any]:
    content = wording.content
    labels = sorted({(each.source_id, content.prints[each.figure_id].label) for each in figures})
    relations = {
        relation.relation_id: relation for each in figures for relation in content.relations_of.get(each.figure_id, [])
    }
    return {
        "indicator": content.indicators[code],
        "figures": sorted(figures, key=lambda each: (each.ref_area, each.breakdown, each.time_basis, each.period_end)),
        "places": sorted({each.ref_area for each in figures}),
        "parts": sorted({each.breakdown for each in figures}),
        "chosen": _most_told(content, figures),
        "labels": labels,
        "relations": list(relations.values()),
        "territories": _territories(content, figures),
        "marked": sorted({each.time_period for each in figures if each.obs_status == "B"}),
        "days": sorted({each.known_from.isoformat() for each in figures}),
        "version": data_version(figures),
        "known_to": max(each.known_from for each in figures).isoformat(),
        "chart": {"specification": specification, "figures": charts.points(wording, figures)},
        "maps": tiles.maps(figures),
    }


def _most_told(content: Content, figures: Sequence[Observation]) -> str:
    """The place that a page opens with: the province where it has a figure, else the place with the most."""
    told = [each.ref_area for each in figures]
    if content.subjects[0] in told:
        return content.subjects[0]
    return max(sorted(set(told)), key=told.count)


def _territories(content: Content, figures: Sequence[Observation]) -> list[TerritoryChange]:
    """Changes of territory that lie within the time of a place's figures."""
    spans: dict[str, tuple[Any, Any]] = {}
    for each in figures:
        first, last = spans.get(each.ref_area, (each.period_end, each.period_end))
        spans[each.ref_area] = (min(first, each.period_end), max(last, each.period_end))
    return [
        change
        for change in content.territories
        if change.kind != "recode"
        and any(
            area in spans and spans[area][0] < change.changed_on <= spans[area][1]
            for area in (change.from_area, change.to_area)
        )
    ]
