"""What the publishes that are kept added, revised, held back; as a page and as an Atom feed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.asking import builds, held_back
from pipelines.asking.difference import CHANGES, Change, between
from pipelines.asking.warehouse import NotInThisFile
from pipelines.publishing import store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

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

    after: BuildRecord
    before: BuildRecord | None
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Publishes:
    """The builds that are kept, the newest first, each beside the one before; and what the newest holds back."""

    compared: tuple[Compared, ...]
    held_back: list[HeldBackReason]


def publishes(warehouse: Warehouse) -> Publishes:
    """Hold a warehouse against the latest earlier build that is kept, that one against its own, and so on."""
    kept = sorted(store.versions(warehouse.project), key=lambda each: each.version, reverse=True)
    builds_kept = [
        (warehouse.path, builds.read(warehouse.path)),
        *((each.path, builds.read(each.path)) for each in kept),
    ]
    in_time: list[tuple[Path, BuildRecord]] = []
    for path, build in builds_kept:
        if build is not None and (not in_time or build.version < in_time[-1][1].version):
            in_time.append((path, build))
    found = []
    while in_time:
        after = in_time.pop(0)
        found.append(_beside_the_one_before(after, in_time))
    if len(found) > 1:  # of the oldest that is kept nobody knows what it changed
        found.pop()
    return Publishes(tuple(found), held_back.first_reasons(warehouse))


def _beside_the_one_before(after: tuple[Path, BuildRecord], earlier: Sequence[tuple[Path, BuildRecord]]) -> Compared:
    for path, build in earlier:
        try:
            return Compared(after[1], build, between(path, after[0]).changes)
        except NotInThisFile:
            continue
    return Compared(after[1], None, ())


def files(
    environment: Environment, wording: Wording, found: Publishes, languages: Sequence[str]
) -> Iterator[tuple[str, bytes]]:
    """The page and the feed."""
    told = [(each, _by_kind(wording.content, each)) for each in found.compared]
    given = {"told": told, "held_back": found.held_back, "shown": SHOWN}
    common = {
        "w": wording, "word": wording.word, "known": set(wording.content.indicators), "home": "", "root": "../",
        "address": "changes.html", "others": [each for each in languages if each != wording.language],
    }  # fmt: skip
    for name in ("changes.html", "feed.xml"):
        yield name, environment.get_template(f"{name}.j2").render(**common, **given).encode()


def _by_kind(content: Content, compared: Compared) -> dict[str, list[Change]]:
    public = [each for each in compared.changes if _is_public(content, each)]
    return {kind: [each for each in public if each.change == kind] for kind in CHANGES}


def _is_public(content: Content, change: Change) -> bool:
    """Whether the public may see both prints: what a source was that is gone is not known, so it is not shown."""
    sources = {change.source_before, change.source_after} - {None}
    return sources <= content.sources.keys()
