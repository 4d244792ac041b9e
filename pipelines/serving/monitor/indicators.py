"""The pages of each indicator that has a figure, a list of them, and the data of their charts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipelines.serving.monitor import charts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipelines.asking.breaks import TerritoryChange
    from pipelines.asking.observations import Observation
    from pipelines.serving.monitor.addresses import Part
    from pipelines.serving.monitor.content import Content
    from pipelines.serving.monitor.wording import Wording

#: Places of a page that its name tells one by one.
NAMED = 3


def pages(wording: Wording, hashes: Mapping[str, str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The list, and the pages.

    Args:
        wording: of the pages.
        hashes: SHA-256 of the file of each indicator's figures, by which they can be cited.
    """
    content = wording.content
    domains: dict[str, dict[str, int]] = {}
    for code, figures in content.by_indicator.items():
        domains.setdefault(content.indicators[code].domain, {})[code] = len(figures)
    yield "indicators.html", "indicators.html.j2", {"domains": domains}
    for code, parts in wording.addresses.parts.items():
        for part in parts:
            yield part.address, "indicator.html.j2", _given(wording, code, part, hashes[code])


def chart_data(wording: Wording, part: Part) -> bytes:
    """A script that holds what the chart of a page draws."""
    days = sorted({each.known_from.isoformat() for each in part.figures})
    held = {"days": days, "figures": charts.points(wording, part.figures)}
    return f"window.page = {json.dumps(held, ensure_ascii=False, separators=(',', ':'))};\n".encode()


def _given(wording: Wording, code: str, part: Part, sha256: str) -> dict[str, Any]:
    content, figures = wording.content, part.figures
    labels = sorted({(each.source_id, content.prints[each.figure_id].label) for each in figures})
    relations = {
        relation.relation_id: relation for each in figures for relation in content.relations_of.get(each.figure_id, [])
    }
    everywhere = content.by_indicator[code]
    return {
        "indicator": content.indicators[code].indicator,
        "figures": figures,
        "firsts": _firsts(figures),
        "places": part.places,
        "elsewhere": {
            other.address: (_name(wording, other), other.places)
            for other in wording.addresses.parts[code]
            if other is not part
        },
        "parts": sorted({each.breakdown for each in figures}),
        "chosen": _most_told(content, figures),
        "labels": [(source, wording.of(content.sources[source], "title"), label) for source, label in labels],
        "relations": list(relations.values()),
        "territories": _territories(content, figures),
        "marked": sorted({each.time_period for each in figures if each.obs_status == "B"}),
        "days": sorted({each.known_from.isoformat() for each in figures}),
        "sha256": sha256,
        "known_to": max(each.known_from for each in everywhere).isoformat(),
        "data": part.address.removesuffix(".html").removeprefix("indicator/") + ".figures.js",
    }


def _firsts(figures: Sequence[Observation]) -> dict[str, str]:
    """Of each place the first of its figures, to which an address that names the place leads."""
    firsts: dict[str, str] = {}
    for each in figures:
        firsts.setdefault(each.ref_area, each.figure_id)
    return {figure_id: place for place, figure_id in firsts.items()}


def _name(wording: Wording, part: Part) -> str:
    """The places of a page: each, or the first and the last of many."""
    names = [wording.area(each) for each in part.places]
    if len(names) <= NAMED:
        return ("、" if wording.language == "zh" else ", ").join(names)
    return f"{names[0]} – {names[-1]} ({len(names)})"


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
