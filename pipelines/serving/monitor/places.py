"""A page for each place: its figures by domain, its rank among its peers, its distance from what it lies in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from pipelines.asking.observations import Observation
    from pipelines.serving.monitor.content import Content
    from pipelines.serving.monitor.wording import Wording

#: Prints that say where a value lies; a bound alone gives no place in an order.
RANKED = ("exact", "about")
#: The places of the province and the provinces have a page, with figures or without.
PROVINCE = "330000"


@dataclass(frozen=True)
class Row:
    """The latest figure of a series of a place.

    Attributes:
        rank, of: place among its peers (same level, same parent) from the highest, of how many with a figure of the
            same period; None where it has no peer or its print is a bound.
        gaps: by level (city, province, nation): the figure of what it lies in, for the same period.
    """

    figure: Observation
    rank: int | None
    of: int
    gaps: dict[str, Observation]

    def gap(self, level: str) -> Decimal | None:
        """The place's value less that of what it lies in."""
        return self.figure.value - self.gaps[level].value if level in self.gaps else None


def pages(wording: Wording) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The list, and the pages."""
    content = wording.content
    shown = places(content)
    levels: dict[str, list[str]] = {}
    for code in shown:
        levels.setdefault(content.areas[code].area_level, []).append(code)
    counts = {code: len(content.current_by_place.get(code, [])) for code in shown}
    yield "places.html", "places.html.j2", {"levels": levels, "counts": counts}
    peers = _peers(content)
    for code in shown:
        domains: dict[str, list[Row]] = {}
        for figure in _latest(content.current_by_place.get(code, [])):
            domain = content.indicators[figure.indicator].domain
            domains.setdefault(domain, []).append(_row(content, peers, figure))
        area = content.areas[code]
        given = {
            "area": area,
            "domains": domains,
            "inside": [each for each in shown if content.areas[each].parent == code],
            "has_page": area.parent in shown,
        }
        yield f"place/{code}.html", "place.html.j2", given


def places(content: Content) -> list[str]:
    """Places that have a page: all with a figure, the provinces, and the cities and counties of Zhejiang today."""
    return sorted(
        code
        for code, area in content.areas.items()
        if code in content.current_by_place
        or (area.valid_to is None and (area.area_level == "province" or _is_in(content, code, PROVINCE)))
    )


def _is_in(content: Content, code: str, around: str) -> bool:
    """Whether a city or county lies in a place, at any depth."""
    area = content.areas.get(code)
    if area is None or area.area_level not in ("city", "county"):
        return False
    return area.parent == around or (area.parent is not None and _is_in(content, area.parent, around))


def _key(figure: Observation) -> tuple[str, ...]:
    return (
        figure.indicator, figure.breakdown, figure.freq, figure.time_basis, figure.unit_measure, figure.time_period,
        figure.base_period or "",
    )  # fmt: skip


def _peers(content: Content) -> dict[tuple[str, ...], dict[str, Observation]]:
    """What places say of the same: by what it is, then by place."""
    found: dict[tuple[str, ...], dict[str, Observation]] = {}
    for each in content.current:
        found.setdefault(_key(each), {})[each.ref_area] = each
    return found


def _latest(figures: list[Observation]) -> list[Observation]:
    """The latest figure of each series; of targets each."""
    latest: dict[tuple[str, ...], Observation] = {}
    for each in figures:
        key = (each.indicator, each.breakdown, each.freq, each.time_basis, (each.base_period and "base") or "")
        if key not in latest or each.period_end > latest[key].period_end:
            latest[key] = each
    return list(latest.values())


def _row(content: Content, peers: dict[tuple[str, ...], dict[str, Observation]], figure: Observation) -> Row:
    area, same = content.areas[figure.ref_area], peers[_key(figure)]
    ranked = [
        each for code, each in same.items()
        if each.qualifier in RANKED and code in content.areas
        and (content.areas[code].area_level, _group(content, code)) == (area.area_level, _group(content, area.ref_area))
    ]  # fmt: skip
    can_rank = figure.qualifier in RANKED and len(ranked) > 1 and figure.time_basis != "target"
    rank = 1 + sum(each.value > figure.value for each in ranked) if can_rank else None
    gaps = {
        content.areas[code].area_level: same[code]
        for code in _around(content, figure.ref_area)
        if code in same and figure.qualifier in RANKED and same[code].qualifier in RANKED
        and content.indicators[figure.indicator].is_additive is not True
    }  # fmt: skip
    return Row(figure, rank, len(ranked), gaps)


def _group(content: Content, code: str) -> str:
    """Whose peers a place is among: counties are held against all counties of their province."""
    around = _around(content, code)
    return around[-2] if content.areas[code].area_level == "county" and len(around) > 1 else (around or [""])[0]


def _around(content: Content, code: str) -> list[str]:
    """What a place lies in, the nearest first."""
    found: list[str] = []
    while (parent := content.areas[code].parent) and parent in content.areas and parent not in found:
        found.append(parent)
        code = parent
    return found
