"""What dbt sent, sent again in one connection: the models that changed figures reach, and the tests of what differs.

For a file that began as a copy of the published one, built by the same code from the same seeds. A model is made again
where something that it reads is no longer what it is in the published file; a test runs where something that it looks
at differs. Order, skipping and messages are those of `dbt build`.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.engine.database import reading, writing
from pipelines.transforming.content import content_of
from pipelines.transforming.outcome import NodeResult, Outcome, one_line
from pipelines.transforming.pointing import failing
from pipelines.transforming.reach import CLOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from pipelines.transforming.reach import Graph
    from pipelines.transforming.sent import Recording, SentTest

_UNFINISHED = "__dbt_tmp"
_BROKE = ("fail", "error", "skipped")


def replay(
    graph: Graph, sent: Recording, published: Path, building: Path, report: Callable[[NodeResult], None]
) -> Outcome:
    """Make again what changed figures reach, and look at what differs.

    Args:
        graph: of the project.
        sent: what dbt sent for each of its nodes.
        published: the file that `building` began as a copy of; the landing in `building` is new.
        building: the file being built.
        report: called with each node as it ends.

    Returns:
        Of each node that ran or was skipped, what became of it, and which tables differ from the published ones.
    """
    with reading(published) as before, writing(building) as connection:
        return _Replay(graph, sent, before, connection, report).run()


class _Replay:
    def __init__(
        self,
        graph: Graph,
        sent: Recording,
        published: DuckDBPyConnection,
        connection: DuckDBPyConnection,
        report: Callable[[NodeResult], None],
    ) -> None:
        self.graph = graph
        self.sent = sent
        self.published = published
        self.connection = connection
        self.report = report
        self.results: dict[str, NodeResult] = {}
        self.differs = {CLOCK}
        self.waiting = set(sent.tests)

    def run(self) -> Outcome:
        self._compare(self.graph.given)
        decided = self.graph.given
        self._test(decided)
        for model in self.graph.in_order:
            if self._is_broken_before(model):
                self._end(NodeResult(model, "skipped", 0, "", 0.0))
            elif self.graph.parents[model] & self.differs:
                self._make(model)
            decided = decided | {model}
            self._test(decided)
        relations = (self.graph.relations[node] for node in self.differs if node in self.graph.relations)
        return Outcome(self.results, differing=frozenset(_schema_and_name(relation) for relation in relations))

    def _compare(self, nodes: Iterable[str]) -> None:
        """Take note of those whose content is not what it is in the published file, or is in only one of them."""
        for node in nodes:
            before = content_of(self.published, self.graph.relations.get(node))
            if before is None or before != content_of(self.connection, self.graph.relations.get(node)):
                self.differs.add(node)

    def _make(self, model: str) -> None:
        """Make a model again, as dbt does: beside, then in its place."""
        import duckdb

        began = time.monotonic()
        relation = self.graph.relations[model]
        kind = "view" if model in self.graph.views else "table"
        beside, name = f'{relation[:-1]}{_UNFINISHED}"', relation.rpartition(".")[2]
        self.connection.begin()
        try:
            self.connection.execute(self.sent.models[model])
            self.connection.execute(f"drop {kind} {relation}")
            self.connection.execute(f"alter {kind} {beside} rename to {name}")
            self.connection.commit()
        except duckdb.Error as error:
            self.connection.rollback()
            self._end(NodeResult(model, "error", 0, one_line(error), time.monotonic() - began))
            return
        self._end(NodeResult(model, "success", 0, "OK", time.monotonic() - began))
        self._compare([model])

    def _test(self, decided: frozenset[str]) -> None:
        """Run the tests that look at something that differs, once all that they look at is as it will be."""
        ready = {one for one in self.waiting if self.graph.parents[one] - {CLOCK} <= decided}
        self.waiting -= ready
        broken = {one for one in ready if any(self._status(parent) in _BROKE for parent in self.graph.parents[one])}
        for one in sorted(broken):
            self._end(NodeResult(one, "skipped", 0, "", 0.0))
        due = sorted(one for one in ready - broken if self.graph.parents[one] & self.differs)
        if due:
            self._ask(due)

    def _ask(self, due: list[str]) -> None:
        """All of these tests in one statement; one by one where that cannot run, to find the one that cannot."""
        import duckdb

        began = time.monotonic()
        asked = " union all ".join(
            f"select {number} as test, * from ({self.sent.tests[one].asks})"  # noqa: S608 - dbt's
            for number, one in enumerate(due)
        )
        try:
            answers = self.connection.execute(f"{asked} order by test").fetchall()
        except duckdb.Error as error:
            if len(due) == 1:
                self._end(NodeResult(due[0], "error", 0, one_line(error), time.monotonic() - began))
                return
            for one in due:
                self._ask([one])
            return
        seconds = (time.monotonic() - began) / len(due)
        for one, (_, failures, should_warn, should_fail) in zip(due, answers, strict=True):
            result = _judged(one, self.sent.tests[one], failures, bool(should_warn), bool(should_fail), seconds)
            if result.failures:
                examples, sources = failing(self.connection, self.sent.tests[one])
                result = replace(result, examples=examples, sources=sources)
            self._end(result)

    def _end(self, result: NodeResult) -> None:
        self.results[result.unique_id] = result
        self.report(result)

    def _status(self, node: str) -> str | None:
        return self.results[node].status if node in self.results else None

    def _is_broken_before(self, model: str) -> bool:
        """Whether something above it did not come about, or broke a test of which it has all that this looks at."""
        above = self.graph.ancestors(model)
        if any(self._status(one) in _BROKE for one in above):
            return True
        failed = (one for one, result in self.results.items() if result.status in {"fail", "error"})
        return any(self.graph.parents[one] - {CLOCK} <= above for one in failed if one in self.sent.tests)


def _schema_and_name(relation: str) -> tuple[str, str]:
    _, schema, name = relation.replace('"', "").split(".")
    return schema, name


def _judged(
    name: str, test: SentTest, failures: int, should_warn: bool, should_fail: bool, seconds: float
) -> NodeResult:
    """A test's result in dbt's words (`dbt.task.test.TestRunner.build_test_run_result`)."""
    got = f"Got {failures} {'result' if failures == 1 else 'results'}"
    if test.severity == "error" and should_fail:
        return NodeResult(name, "fail", failures, f"{got}, configured to fail if {test.error_if}", seconds)
    if should_warn:
        return NodeResult(name, "warn", failures, f"{got}, configured to warn if {test.warn_if}", seconds)
    return NodeResult(name, "pass", 0, "", seconds)
