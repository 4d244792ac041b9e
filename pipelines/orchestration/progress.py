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
_STATUSES = {"warn": "警告", "fail": "未过", "error": "出错"}
#: So many sources are named one by one; of more, one line says how many they are.
_SOURCES_NAMED = 5
_SOURCES_A_LINE = 25


class OnTerminal:
    """A listener that says in lines how far a build is."""

    def __init__(self, show: Callable[[str], None], say: Callable[[str, str], str]) -> None:
        """A listener that shows lines by `show`, each in the language that `say` picks of English and Chinese."""
        # a check that did not run again keeps its earlier outcome in quality.checks, which the publish reads
        logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)
        self.show = show
        self.pick = say
        self.nodes = 0
        self.read: list[Landed] = []

    def began(self, extent: str) -> None:
        """Say what will be made."""
        en = {"everything": "everything anew", "changed_figures": "only what changed figures reach"}
        zh = {"everything": "全部重做", "changed_figures": "只重做受变动数字影响的部分"}
        self.say(f"Building {en[extent]}", zh[extent])

    def landed(self, landed: Landed) -> None:
        """Say what a source that was read anew gave: each where they are few, else only those with a loss."""
        if landed.unchanged or landed.source is None:
            return
        self.read.append(landed)
        refused = f", {len(landed.problems)} refused" if landed.problems else ""
        if refused or len(self.read) <= _SOURCES_NAMED:
            not_taken = f"，拒收{len(landed.problems)}" if landed.problems else ""
            self.say(
                f"  read raw/{landed.folder}: {landed.accepted} figures{refused}",
                f"  已读raw/{landed.folder}：数字{landed.accepted}{not_taken}",
            )
        elif len(self.read) % _SOURCES_A_LINE == 0:
            figures = sum(each.accepted for each in self.read)
            self.say(
                f"  {len(self.read)} sources read: {figures} figures", f"  已读来源{len(self.read)}：数字{figures}"
            )

    def held_back(self, source: HeldBack) -> None:
        """Say which source is held back, and why."""
        en = "its last good version stays" if source.kept else "left out, it has no good version yet"
        zh = "沿用其上一个合格版本" if source.kept else "未收，尚无合格版本"
        problem = source.problems[0]
        self.say(
            f"  HELD BACK {source.source_id} ({en}): {problem}",
            f"  暂扣 {source.source_id}（{zh}）：{problem.in_chinese}",
        )

    def ran(self, result: NodeResult) -> None:
        """Say what did not pass, and now and then how many did."""
        self.nodes += 1
        if result.status not in {"success", "pass", "skipped"}:
            line = f"{result.unique_id.split('.')[2]}: {result.message}"
            self.say(f"  {result.status}: {line}", f"  {_STATUSES.get(result.status, result.status)}：{line}")
        elif self.nodes % _NODES_A_LINE == 0:
            self.say(f"  {self.nodes} models and checks done", f"  已完成模型与检查{self.nodes}")

    def say(self, en: str, zh: str) -> None:
        """Show a line in the language asked for."""
        self.show(self.pick(en, zh))
