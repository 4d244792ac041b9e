"""A build's progress on a terminal: what the steps say, without Dagster's own bookkeeping."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.receiving.holding import HeldBack
    from pipelines.receiving.landing import Landed
    from pipelines.transforming.outcome import NodeResult

_NODES_A_LINE = 100
#: So many sources are named one by one; of more, one line says how many they are.
_SOURCES_NAMED = 5
_SOURCES_A_LINE = 25


class OnTerminal:
    """A listener that says in lines how far a build is."""

    def __init__(self, say: Callable[[str], None]) -> None:
        # a check that did not run again keeps its earlier outcome in quality.checks, which the publish reads
        logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)
        self.say = say
        self.nodes = 0
        self.read: list[Landed] = []

    def began(self, extent: str) -> None:
        """Say what will be made."""
        words = {"everything": "everything anew", "changed_figures": "only what changed figures reach"}
        self.say(f"Building {words[extent]}")

    def landed(self, landed: Landed) -> None:
        """Say what a source that was read anew gave: each where they are few, else only those with a loss."""
        if landed.unchanged or landed.source is None:
            return
        self.read.append(landed)
        refused = f", {len(landed.problems)} refused" if landed.problems else ""
        if refused or len(self.read) <= _SOURCES_NAMED:
            self.say(f"  read raw/{landed.folder}: {landed.accepted} figures{refused}")
        elif len(self.read) % _SOURCES_A_LINE == 0:
            self.say(f"  {len(self.read)} sources read: {sum(each.accepted for each in self.read)} figures")

    def held_back(self, source: HeldBack) -> None:
        """Say which source is held back, and why."""
        kept = "its last good version stays" if source.kept else "left out, it has no good version yet"
        self.say(f"  HELD BACK {source.source_id} ({kept}): {source.problems[0]}")

    def ran(self, result: NodeResult) -> None:
        """Say what did not pass, and now and then how many did."""
        self.nodes += 1
        if result.status not in {"success", "pass", "skipped"}:
            self.say(f"  {result.status}: {result.unique_id.split('.')[2]}: {result.message}")
        elif self.nodes % _NODES_A_LINE == 0:
            self.say(f"  {self.nodes} models and checks done")
