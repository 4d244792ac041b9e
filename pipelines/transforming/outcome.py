"""What became of a transformation: of each dbt node, and of all together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pipelines.transforming.sent import Recording

Extent = Literal["everything", "changed_figures"]


@dataclass(frozen=True)
class NodeResult:
    """What became of one dbt node.

    Attributes:
        unique_id: dbt's id, such as `model.gongfu.observations`.
        status: success, pass, warn, fail, error or skipped.
        failures: rows that broke a test; 0 of any other node.
        message: dbt's message, one line.
        seconds: how long it took.
        examples: a few of the rows that broke a test, one line each.
        sources: those that the rows that broke a test come from, as far as these tell.
    """

    unique_id: str
    status: str
    failures: int
    message: str
    seconds: float
    examples: tuple[str, ...] = ()
    sources: frozenset[str] = frozenset()

    @property
    def kind(self) -> str:
        """model, seed, test or unit_test."""
        return self.unique_id.partition(".")[0]


@dataclass
class Outcome:
    """All nodes of a transformation.

    Attributes:
        results: by unique id, every node that ran.
        differing: the tables that differ from those of the published file, as schema and name; None where everything
            was made again and nothing was compared.
        sent: what dbt sent for each node, where dbt ran.
    """

    results: dict[str, NodeResult] = field(default_factory=dict)
    differing: frozenset[tuple[str, str]] | None = None
    sent: Recording | None = None

    @property
    def is_partial(self) -> bool:
        """Whether what could not differ was left out."""
        return self.differing is not None

    def with_status(self, *statuses: str) -> list[NodeResult]:
        """The nodes that ended with one of these statuses."""
        return [result for result in self.results.values() if result.status in statuses]

    @property
    def blocking(self) -> list[NodeResult]:
        """Tests that failed with severity error, and nodes that could not run."""
        return self.with_status("fail", "error", "runtime error")


def one_line(message: object) -> str:
    """dbt's message on one line of at most 500 characters."""
    return " ".join(str(message or "").split())[:500]
