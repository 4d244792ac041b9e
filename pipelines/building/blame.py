"""Which sources a failed check is to be laid at: those that its failing rows come from, if they changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.problems import shortened
from pipelines.rules import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.quality.expectations import SuiteResult
    from pipelines.transforming.outcome import Outcome


@dataclass(frozen=True)
class Failed:
    """A check or a model that forbids publishing.

    Attributes:
        check: its name.
        example: what it says of one of the rows that broke it, or why it could not run.
        sources: those that the rows come from; none where nobody can tell.
    """

    check: str
    example: str
    sources: frozenset[str]


def failed_in_dbt(outcome: Outcome) -> list[Failed]:
    """The checks and models of dbt's that forbid publishing."""
    return [
        Failed(
            result.unique_id.split(".")[2], shortened(next(iter(result.examples), result.message), 300), result.sources
        )
        for result in outcome.blocking
    ]


def failed_suites(results: Iterable[SuiteResult]) -> list[Failed]:
    """The expectation suites that are broken."""
    return [Failed(one.name, shortened(one.broken[0], 300), one.sources) for one in results if not one.passed]


def to_blame(
    failed: Iterable[Failed], changed: frozenset[str], *, only_sources_changed: bool
) -> dict[str, dict[str, str]]:
    """The changed sources that together explain everything that failed.

    A check that points at no changed source is laid at the one that changed, where nothing else did: code and code
    lists passed with all the others before.

    Args:
        failed: what forbids publishing.
        changed: sources of another version than the published one.
        only_sources_changed: code and code lists are those of the published build.

    Returns:
        By source, the names of the checks with an example of each; nothing where some check stays unexplained.
    """
    blamed: dict[str, dict[str, str]] = {}
    for one in failed:
        guilty = one.sources & changed
        if not guilty and only_sources_changed and len(changed) == 1:
            guilty = changed
        if not guilty:
            return {}
        for source in sorted(guilty):
            blamed.setdefault(source, {})[one.check] = one.example
    return blamed


def unblamed(failed: Iterable[Failed], changed: frozenset[str]) -> Words:
    """The words that name the sources at which failing checks point although they have not changed; empty for none."""
    names = sorted(frozenset().union(*(one.sources for one in failed)) - changed)
    if not names:
        return Words("", "")
    more = " …" if len(names) > 5 else ""
    return Words(
        f"; it points at sources that were good and have not changed: {', '.join(names[:5])}{more}",
        f"；所指来源此前合格，且未改动：{'、'.join(names[:5])}{more}",
    )
