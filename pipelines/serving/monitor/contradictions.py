"""The page of contradictions: what the audit found, each under an address of its own, both prints side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.serving.monitor.wording import Wording


def pages(wording: Wording) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The one page."""
    content = wording.content
    figures = {each.figure_id: each for each in content.figures}
    yield "contradictions.html", "contradictions.html.j2", {"relations": content.relations, "figures": figures}
