"""A page for each source: every figure as it stands there, which is where every number of the site leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.serving.monitor.wording import Wording


def pages(wording: Wording) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The pages of each source, figures in the order of its file."""
    content = wording.content
    for source_id, pages_of in wording.addresses.source_pages.items():
        source = content.sources[source_id]
        for address, figures in pages_of.items():
            given = {"source": source, "figures": figures, "pages": list(pages_of), "own": address}
            yield address, "source.html.j2", given
