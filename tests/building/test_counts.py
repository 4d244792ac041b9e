"""What standard changes cost, counted: nothing of it depends on the machine, or on how busy it is.

A row that grows says that a change reaches further than it did; where that is meant, the row is written anew.
"""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from pipelines.commands.running import run_build
from pipelines.quality.gate import Gate
from pipelines.transforming import replay
from tests.building.laboratory import Laboratory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipelines.project import Project

COLUMNS = ("sources read", "files opened", "statements", "models", "tests", "suites")
#: At most so much of each, of sources that print the same four figures; a tenth is left for models and tests to come.
AT_MOST = {
    "a source added": (1, 10, 390, 56, 90, 3),
    "a figure changed": (1, 12, 370, 54, 80, 1),
    "only a card changed": (1, 12, 370, 55, 60, 6),
    "a source held back": (1, 12, 85, 4, 4, 0),
    "a source removed": (0, 8, 430, 63, 100, 6),
    "nothing changed": (0, 8, 72, 2, 2, 0),
}
COMMITS_OF_DAGSTER = 1900


class Counting:
    """A connection that counts what is sent through it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, counts: Counter[str]) -> None:
        self._connection = connection
        self._counts = counts

    def execute(self, *arguments: Any) -> Any:  # noqa: ANN401 - DuckDB's
        self._counts["statements"] += 1
        return self._connection.execute(*arguments)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - DuckDB's
        return getattr(self._connection, name)


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """What this process opens below a folder raw/, and what it sends to remake models and to test them."""
    counts: Counter[str] = Counter()
    is_over = False
    opened = replay.writing

    def hear(name: str, arguments: tuple[object, ...]) -> None:
        if not is_over and name == "open" and "/raw/" in str(arguments[0]):
            counts["files opened"] += 1

    @contextmanager
    def writing(path: Path) -> Iterator[Counting]:
        with opened(path) as connection:
            yield Counting(connection, counts)

    sys.addaudithook(hear)  # cannot be taken away again
    monkeypatch.setattr(replay, "writing", writing)
    yield counts
    is_over = True


def test_a_change_costs_what_it_reaches(begun: Callable[[Path], Project], tmp_path: Path, counts: Counter[str]) -> None:
    changes: dict[str, Callable[[Laboratory], None]] = {
        "a source added": lambda laboratory: laboratory.add_source("three", 30_000, 4),
        "a figure changed": lambda laboratory: laboratory.change_value("three", 31_000),
        "only a card changed": lambda laboratory: laboratory.change_card("three", "confidence", "D"),
        "a source held back": lambda laboratory: laboratory.break_hash("three"),
        "a source removed": lambda laboratory: laboratory.remove_source("three"),
        "nothing changed": lambda _: None,
    }
    found = {}
    with closing(Gate()) as gate:
        laboratory = Laboratory(begun(tmp_path / "gongfu"), gate)
        laboratory.add_source("one", 40_000, 4)
        laboratory.add_source("two", 40_500, 4)
        laboratory.build()
        for name, change in changes.items():
            change(laboratory)
            counts.clear()
            record = laboratory.build()
            assert record is not None
            counts |= Counter({"sources read": record.sources_read, "models": record.models_built})
            with duckdb.connect(str(laboratory.project.published), read_only=True) as connection:
                ran = "select kind, count(*) from quality.checks where checked_in = ? group by kind"
                of_kind = dict(connection.execute(ran, [record.version]).fetchall())
            counts |= Counter({"tests": of_kind.get("test", 0), "suites": of_kind.get("expectation_suite", 0)})
            found[name] = tuple(counts[column] for column in COLUMNS)
    too_much = {
        name: [(*one,) for one in zip(COLUMNS, row, AT_MOST[name], strict=True) if one[1] > one[2]]
        for name, row in found.items()
    }
    assert not any(too_much.values()), found


def test_dagster_keeps_a_run_in_few_commits(
    begun: Callable[[Path], Project], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = begun(tmp_path / "gongfu")
    Laboratory(project, None).add_source("one", 40_000, 4)  # type: ignore[arg-type] - it builds nothing
    monkeypatch.setenv("GONGFU_ROOT", str(project.root))
    monkeypatch.setenv("DAGSTER_HOME", str(project.dagster_home))
    commits: list[object] = []
    committed = commits.append
    event.listen(Engine, "commit", committed)
    try:
        run_build(project)
    finally:
        event.remove(Engine, "commit", committed)
    assert len(commits) <= COMMITS_OF_DAGSTER
