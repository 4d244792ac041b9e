"""On which page each figure, place and finding stands: no page holds more than can be read at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.asking.findings import Relation
    from pipelines.asking.observations import Observation
    from pipelines.serving.monitor.content import Content

#: Figures of an indicator, or of a source, on one page; a place, however many it has, is never parted.
FIGURES_ON_A_PAGE = 400
#: Figures beside each other in the findings of one page of doubts.
FIGURES_IN_DOUBT = 400
#: The page of what does not hold.
CONTRADICTIONS = "contradictions.html"


@dataclass(frozen=True)
class Part:
    """One of the pages of an indicator: its address, the places that it tells of, and their figures."""

    address: str
    places: tuple[str, ...]
    figures: tuple[Observation, ...]


def anchor(identity: str) -> str:
    """A name for a place on a page, of signs that any address can hold."""
    return "f" + hashlib.sha256(identity.encode()).hexdigest()[:12]


class Addresses:
    """Addresses within a language's folder.

    Attributes:
        parts: the pages of each indicator; the first has the plain address and tells of what is looked for most.
        source_pages: of each source the figures on each of its pages, in the order of its file.
    """

    def __init__(self, content: Content) -> None:
        self.parts = {code: _parts(content, code, figures) for code, figures in content.by_indicator.items()}
        self._of_series = {
            (code, place): part.address
            for code, parts in self.parts.items()
            for part in parts
            for place in part.places
        }  # fmt: skip
        order = {figure_id: at for at, figure_id in enumerate(content.prints)}
        self.source_pages: dict[str, dict[str, list[Observation]]] = {}
        self._of_figure: dict[str, str] = {}
        for source_id in content.sources:
            figures = sorted(content.by_source.get(source_id, []), key=lambda each: order[each.figure_id])
            starts = range(0, max(1, len(figures)), FIGURES_ON_A_PAGE)
            pages = {
                f"source/{source_id}{f'-{at + 1}' if at else ''}.html": figures[start : start + FIGURES_ON_A_PAGE]
                for at, start in enumerate(starts)
            }
            self.source_pages[source_id] = pages
            self._of_figure |= {each.figure_id: address for address, own in pages.items() for each in own}
        self._of_relation = dict(_pages_of(content.relations))

    def indicator(self, code: str, place: str = "") -> str:
        """The page of an indicator, where a place is named the one that tells of it, opened at that place."""
        address = self._of_series.get((code, place))
        return f"{address}#{place}" if address else f"indicator/{code}.html"

    def trace(self, figure_id: str) -> str:
        """Where a figure stands among the words of its source."""
        return f"{self._of_figure[figure_id]}#{anchor(figure_id)}"

    def relation(self, relation_id: str) -> str:
        """Where a finding of the audit stands; nothing where it was of an earlier vintage, of which no page tells."""
        address = self._of_relation.get(relation_id)
        return f"{address}#{anchor(relation_id)}" if address else ""

    def relations_by_page(self, relations: Sequence[Relation]) -> dict[str, list[Relation]]:
        """The findings of each page that has some."""
        pages: dict[str, list[Relation]] = {}
        for each in relations:
            pages.setdefault(self._of_relation[each.relation_id], []).append(each)
        return pages


def _pages_of(relations: Sequence[Relation]) -> Iterator[tuple[str, str]]:
    """Of each finding its page: what does not hold stands on the first, what is doubtful on those of its place."""
    held: dict[str, int] = {}
    for each in relations:
        if each.outcome == "fail" or each.ref_area is None:
            yield each.relation_id, CONTRADICTIONS
            continue
        page = held.get(each.ref_area, 0) // FIGURES_IN_DOUBT
        held[each.ref_area] = held.get(each.ref_area, 0) + len(each.figure_ids)
        yield each.relation_id, f"doubts/{each.ref_area}{f'-{page + 1}' if page else ''}.html"


def _parts(content: Content, code: str, figures: list[Observation]) -> tuple[Part, ...]:
    by_place: dict[str, list[Observation]] = {}
    for each in sorted(figures, key=lambda each: (each.ref_area, each.breakdown, each.time_basis, each.period_end)):
        by_place.setdefault(each.ref_area, []).append(each)
    if len(figures) <= FIGURES_ON_A_PAGE:
        return (_part(f"indicator/{code}.html", sorted(by_place), by_place),)
    groups: dict[str, list[str]] = {}
    for place in sorted(by_place, key=lambda each: (_group(content, each), each != content.subjects[0], each)):
        groups.setdefault(_group(content, place), []).append(place)
    found: list[Part] = []
    for group, places in groups.items():
        for number, together in enumerate(_together(places, by_place), start=1):
            beyond = [group] if group else []
            name = "-".join([code, *beyond, *([str(number)] if number > 1 else [])]) if found else code
            found.append(_part(f"indicator/{name}.html", together, by_place))
    return tuple(found)


def _part(address: str, places: list[str], by_place: dict[str, list[Observation]]) -> Part:
    return Part(address, tuple(places), tuple(each for place in places for each in by_place[place]))


def _group(content: Content, place: str) -> str:
    """Places that are told of together: the province and the nation first, the others of the province with those
    beside them, those elsewhere by what kind of place they are."""
    area, subject = content.areas.get(place), content.subjects[0]
    if area is None or place == subject or area.area_level == "nation":
        return ""
    above = area.parent
    while above and above != subject:
        above = content.areas[above].parent if above in content.areas else None
    return (area.parent if above == subject else None) or area.area_level


def _together(places: list[str], by_place: dict[str, list[Observation]]) -> Iterator[list[str]]:
    """The places of a group, as many to a page as have room on it."""
    page: list[str] = []
    held = 0
    for place in places:
        own = len(by_place[place])
        if page and held + own > FIGURES_ON_A_PAGE:
            yield page
            page, held = [], 0
        page.append(place)
        held += own
    if page:
        yield page
