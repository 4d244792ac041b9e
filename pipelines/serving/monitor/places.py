"""A page for each place: its figures by domain, its rank among its peers, its distance from what it lies in."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from pipelines.asking.catalogue import Area
    from pipelines.asking.observations import Observation
    from pipelines.serving.monitor.content import Content
    from pipelines.serving.monitor.wording import Wording

#: Prints that say where a value lies; a bound alone gives no place in an order.
RANKED = ("exact", "about")
#: The places of the province and the provinces have a page, with figures or without.
PROVINCE = "330000"
#: What a place lies in and is held against.
LEVELS = ("city", "province", "nation")


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


@dataclass(frozen=True)
class Domain:
    """What a place has of a domain: the latest figure of each series, and the levels that one is held against."""

    rows: tuple[Row, ...]
    levels: tuple[str, ...]


def pages(wording: Wording) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The list, and the pages."""
    content = wording.content
    shown = places(content)
    levels: dict[str, list[str]] = {}
    for code in shown:
        levels.setdefault(content.areas[code].area_level, []).append(code)
    counts = {code: len(content.current_by_place.get(code, [])) for code in shown}
    yield "places.html", "places.html.j2", {"levels": levels, "counts": counts}
    peers = _Peers(content)
    for code in shown:
        domains: dict[str, list[Row]] = {}
        for figure in _latest(content.current_by_place.get(code, [])):
            domain = content.indicators[figure.indicator].domain
            domains.setdefault(domain, []).append(_row(content, peers, figure))
        area = content.areas[code]
        given = {
            "area": area,
            "domains": {domain: _domain(rows) for domain, rows in domains.items()},
            "inside": [each for each in shown if content.areas[each].parent == code],
            "has_page": area.parent in shown,
        }
        yield f"place/{code}.html", "place.html.j2", given


def _domain(rows: list[Row]) -> Domain:
    return Domain(tuple(rows), tuple(level for level in LEVELS if any(level in row.gaps for row in rows)))


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


class _Peers:
    """What places say of the same: by what it is, then by place; and among whom each place is ranked."""

    def __init__(self, content: Content) -> None:
        self._around = {code: _around(content, code) for code in content.areas}
        self._groups = {code: (area.area_level, self._group(area)) for code, area in content.areas.items()}
        self._same: dict[tuple[str, ...], dict[str, Observation]] = {}
        for each in content.current:
            self._same.setdefault(_key(each), {})[each.ref_area] = each
        self._ranked: dict[tuple[object, ...], list[Decimal]] = {}
        for key, same in self._same.items():
            for code, each in same.items():
                if each.qualifier in RANKED and code in self._groups:
                    self._ranked.setdefault((key, self._groups[code]), []).append(each.value)
        for values in self._ranked.values():
            values.sort()

    def rank(self, figure: Observation) -> tuple[int | None, int]:
        """The place of a figure among its peers from the highest, where it can be said; and of how many."""
        values = self._ranked.get((_key(figure), self._groups[figure.ref_area]), [])
        if figure.qualifier not in RANKED or len(values) < 2 or figure.time_basis == "target":
            return None, len(values)
        return 1 + len(values) - bisect_right(values, figure.value), len(values)

    def around(self, figure: Observation) -> Iterator[Observation]:
        """The same of the places that a figure's place lies in, the nearest first."""
        same = self._same[_key(figure)]
        yield from (same[code] for code in self._around[figure.ref_area] if code in same)

    def _group(self, area: Area) -> str:
        """Whose peers a place is among: counties are held against all counties of their province."""
        around = self._around[area.ref_area]
        return around[-2] if area.area_level == "county" and len(around) > 1 else (around or [""])[0]


def _latest(figures: list[Observation]) -> list[Observation]:
    """The latest figure of each series; of targets each."""
    latest: dict[tuple[str, ...], Observation] = {}
    for each in figures:
        key = (each.indicator, each.breakdown, each.freq, each.time_basis, (each.base_period and "base") or "")
        if key not in latest or each.period_end > latest[key].period_end:
            latest[key] = each
    return list(latest.values())


def _row(content: Content, peers: _Peers, figure: Observation) -> Row:
    gaps = {
        content.areas[each.ref_area].area_level: each
        for each in peers.around(figure)
        if figure.qualifier in RANKED and each.qualifier in RANKED
        and content.indicators[figure.indicator].is_additive is not True
    }  # fmt: skip
    return Row(figure, *peers.rank(figure), gaps)


def _around(content: Content, code: str) -> list[str]:
    """What a place lies in, the nearest first."""
    found: list[str] = []
    while (parent := content.areas[code].parent) and parent in content.areas and parent not in found:
        found.append(parent)
        code = parent
    return found
