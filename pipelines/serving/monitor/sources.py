"""A page for each source: every figure as it stands there, which is where every number of the site leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.serving.monitor.wording import Wording


def pages(wording: Wording) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """A page a source, figures in the order of its file."""
    content = wording.content
    order = {figure_id: at for at, figure_id in enumerate(content.prints)}
    for source_id, source in content.sources.items():
        figures = sorted(content.by_source.get(source_id, []), key=lambda each: order[each.figure_id])
        yield f"source/{source_id}.html", "source.html.j2", {"source": source, "figures": figures}
