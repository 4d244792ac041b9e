"""What the last publish added, revised, held back; as a page and as an Atom feed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.asking import builds, held_back
from pipelines.asking.difference import CHANGES, Change, between
from pipelines.asking.warehouse import NotInThisFile
from pipelines.publishing import store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jinja2 import Environment

    from pipelines.asking.builds import BuildRecord
    from pipelines.asking.held_back import HeldBackReason
    from pipelines.asking.warehouse import Warehouse
    from pipelines.serving.monitor.content import Content
    from pipelines.serving.monitor.wording import Wording

#: Changes of a kind that the page lists; the rest it counts.
SHOWN = 200


@dataclass(frozen=True)
class Compared:
    """A build beside the one before it; `before` is None where none that can be compared is kept."""

    after: BuildRecord | None
    before: BuildRecord | None
    changes: tuple[Change, ...]
    held_back: list[HeldBackReason]


def compared(warehouse: Warehouse) -> Compared:
    """Hold a warehouse against the latest earlier build that is kept."""
    after = builds.read(warehouse.path)
    reasons = held_back.first_reasons(warehouse)
    for kept in sorted(store.versions(warehouse.project), key=lambda each: each.version, reverse=True):
        before = builds.read(kept.path)
        if after and before and before.version < after.version:
            try:
                return Compared(after, before, between(kept.path, warehouse.path).changes, reasons)
            except NotInThisFile:
                continue
    return Compared(after, None, (), reasons)


def files(
    environment: Environment, wording: Wording, found: Compared, languages: Sequence[str]
) -> Iterator[tuple[str, bytes]]:
    """The page and the feed."""
    public = [each for each in found.changes if _is_public(wording.content, each)]
    by_kind = {kind: [each for each in public if each.change == kind] for kind in CHANGES}
    given = {"found": found, "by_kind": by_kind, "shown": SHOWN}
    common = {
        "w": wording, "word": wording.word, "known": set(wording.content.indicators), "home": "", "root": "../",
        "address": "changes.html", "others": [each for each in languages if each != wording.language],
    }  # fmt: skip
    for name in ("changes.html", "feed.xml"):
        yield name, environment.get_template(f"{name}.j2").render(**common, **given).encode()


def _is_public(content: Content, change: Change) -> bool:
    """Whether the public may see both prints: what a source was that is gone is not known, so it is not shown."""
    sources = {change.source_before, change.source_after} - {None}
    return sources <= content.sources.keys()
