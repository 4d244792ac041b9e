"""A build's progress on a terminal: what the steps say, without Dagster's own bookkeeping."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines import build as builds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipelines.receiving.landing import Landed
    from pipelines.transform import NodeResult

_NODES_A_LINE = 100


@contextmanager
def shown_on_terminal(say: Callable[[str], None]) -> Iterator[None]:
    """Within the block, every build tells `say` how far it is."""
    # a check that did not run again keeps its earlier outcome in quality.checks, which the publish reads
    logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)
    listener = _Listener(say)
    builds.LISTENERS.append(listener)
    try:
        yield
    finally:
        builds.LISTENERS.remove(listener)


class _Listener:
    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.nodes = 0

    def began(self, extent: str) -> None:
        words = {"everything": "everything anew", "changed_figures": "only what changed figures reach"}
        self.say(f"Building {words[extent]}")

    def landed(self, landed: Landed) -> None:
        if not landed.unchanged:
            refused = f", {len(landed.problems)} refused" if landed.problems else ""
            self.say(f"  read raw/{landed.folder}: {landed.accepted} figures{refused}")

    def ran(self, result: NodeResult) -> None:
        self.nodes += 1
        if result.status not in {"success", "pass", "skipped"}:
            self.say(f"  {result.status}: {result.unique_id.split('.')[2]}: {result.message}")
        elif self.nodes % _NODES_A_LINE == 0:
            self.say(f"  {self.nodes} models and checks done")
