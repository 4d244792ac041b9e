"""The page of coverage: which indicators, places and years the sources speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.serving.monitor.wording import Wording


def pages(wording: Wording) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The one page."""
    domains: dict[str, dict[str, set[Any]]] = {}
    for each in wording.content.figures:
        of_domain = domains.setdefault(wording.content.indicators[each.indicator].domain, {})
        for name, value in (
            ("figures", each.figure_id), ("indicators", each.indicator), ("places", each.ref_area),
            ("sources", each.source_id), ("years", each.period_end.year),
        ):  # fmt: skip
            of_domain.setdefault(name, set()).add(value)
    told = {
        domain: {name: len(held[name]) for name in ("figures", "indicators", "places", "sources")}
        | {"first": min(held["years"]), "last": max(held["years"])}
        for domain, held in domains.items()
    }
    yield "coverage.html", "coverage.html.j2", {"domains": told, "sources": list(wording.content.sources.values())}
