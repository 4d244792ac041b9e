"""The last good version of every source: its printed figures, card and ledger as the published file holds them.

Where it lives: a published file holds in schema `landing` all that its sources gave, and in `landing.source_versions`
the state (a hash over the folder's bytes) of the version of each source that it was made from. warehouse/landing/ is
only a store of readings by state, good or bad; what was published is what was good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.engine.database import reading
from pipelines.problems import Problem
from pipelines.receiving.columns import PRINTED_FIGURE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl
    from duckdb import DuckDBPyConnection

FiguresOf = Callable[[Iterable[str]], "pl.DataFrame | None"]
#: Tables of schema `landing` that are carried over with a source, each by its column `source_id`.
CARRIED_OVER = ("printed_figures", "sources", "quarantine", "corrections", "numbers", "source_versions")


@dataclass(frozen=True)
class GoodPast:
    """What a published file knows of its sources.

    Attributes:
        path: of the file; None where nothing is published.
        states: of the version in the file, by source.
        held_back: the versions that it held back: by source, their state and the problems that say why.
        is_of_this_form: its printed figures have the columns of today, so that they can be carried over.
    """

    path: Path | None = None
    states: dict[str, str] = field(default_factory=dict)
    held_back: dict[str, tuple[str, list[Problem]]] = field(default_factory=dict)
    is_of_this_form: bool = True

    def id_in(self, ids: Iterable[str]) -> str | None:
        """The first of a source's ids, today's and former ones, under which the file has a version of it."""
        return next((each for each in ids if each in self.states), None)

    @contextmanager
    def opened(self) -> Iterator[FiguresOf]:
        """Of a source, by its ids: its printed figures as they are in the file, with the columns of today.

        The file is opened once, when it is first asked: that takes longer than a question.
        """
        with ExitStack() as open_files:
            connections: list[DuckDBPyConnection] = []

            def figures(ids: Iterable[str]) -> pl.DataFrame | None:
                source_id = self.id_in(ids)
                if self.path is None or source_id is None or not self.is_of_this_form:
                    return None
                if not connections:
                    connections.append(open_files.enter_context(reading(self.path)))
                    connections[0].execute("set TimeZone = 'UTC'")
                query = "select * from landing.printed_figures where source_id = ?"
                return connections[0].execute(query, [source_id]).pl()

            yield figures


def good_past(published: Path) -> GoodPast:
    """Read what a published file knows of its sources; nothing where there is none."""
    import duckdb

    if not published.is_file():
        return GoodPast()
    try:
        with reading(published) as connection:
            columns = [row[0] for row in connection.execute("describe landing.printed_figures").fetchall()]
            try:
                versions = "select source_id, state from landing.source_versions"
                states = dict(connection.execute(versions).fetchall())
                held = connection.execute(
                    "select state, source_id, file, rule, message_en, message_zh, line, column_name, printed_value "
                    "from landing.held_back order by all"
                ).fetchall()
            except (
                duckdb.CatalogException
            ):  # written before versions were kept: good, though nobody knows of what bytes
                states = {row[0]: "" for row in connection.execute("select source_id from landing.sources").fetchall()}
                held = []
    except duckdb.Error:
        return GoodPast()
    held_back: dict[str, tuple[str, list[Problem]]] = {}
    for state, *problem in held:
        held_back.setdefault(problem[0], (state, []))[1].append(Problem(*problem))
    return GoodPast(published, states, held_back, columns == [column.name for column in PRINTED_FIGURE])
