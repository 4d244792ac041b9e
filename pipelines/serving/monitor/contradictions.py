"""What the audit found, each finding under an address of its own, both prints side by side; doubts a page a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.serving.monitor.addresses import CONTRADICTIONS as FIRST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.serving.monitor.wording import Wording


def pages(wording: Wording) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The page of what does not hold, and those of what is doubtful."""
    content = wording.content
    by_page = wording.addresses.relations_by_page(content.relations)
    doubts: dict[str, dict[str, int]] = {}
    for address, own in sorted(by_page.items()):
        if address != FIRST:
            doubts.setdefault(own[0].ref_area or "", {})[address] = len(own)
    for address in [FIRST, *(page for pages in doubts.values() for page in pages)]:
        own = by_page.get(address, [])
        figures = {one: content.by_id[one] for each in own for one in each.figure_ids if one in content.by_id}
        place = (own[0].ref_area or "") if address != FIRST else ""
        given = {
            "relations": own,
            "figures": figures,
            "place": place,
            "pages": list(doubts.get(place, {})),
            "own": address,
            "doubts": doubts if address == FIRST else {},
        }
        yield address, "contradictions.html.j2", given
