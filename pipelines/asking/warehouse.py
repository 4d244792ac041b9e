"""The handle by which a built warehouse is asked: the published one, an earlier one, or the one being built.

A question is a function of this room that takes a `Warehouse` and gives frozen dataclasses. Whoever answers people or
machines (commands, pages, services) calls these and holds no SQL.
"""

from __future__ import annotations

import inspect
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pipelines.asking import builds
from pipelines.engine.database import reading
from pipelines.problems import BuildStopped
from pipelines.publishing import store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import pandas as pd
    import polars as pl
    from duckdb import DuckDBPyConnection

    from pipelines.project import Project

CURRENT = "current"
#: Rows that are fetched at once where an answer is streamed.
BATCH = 2_000

Row = dict[str, Any]
Answer = TypeVar("Answer")


class Unanswered(BuildStopped):
    """A question has no answer; the message is one line for a person. Ends a command with 2."""

    def __init__(self, message: str, exit_code: int = 2, *, zh: str = "") -> None:
        super().__init__(message, exit_code, zh=zh)


class NothingPublished(Unanswered):
    """There is no warehouse yet. Ends a command with 5."""

    def __init__(self) -> None:
        super().__init__(
            "nothing is published yet; run `make warehouse` (or `gongfu build`)",
            exit_code=5,
            zh="尚未发布任何数据；请运行`make warehouse`（或`gongfu build`）",
        )


class UnknownVersion(Unanswered):
    """No published build of that name is kept."""

    def __init__(self, version: str, kept: list[str]) -> None:
        names = ", ".join(kept) or "none"
        super().__init__(
            f"no version {version}; kept are: {names} (and `{CURRENT}`)",
            zh=f"没有版次{version}；现存：{names}（以及`{CURRENT}`）",
        )
        self.version = version


class UnknownName(Unanswered):
    """A code or a word names nothing in this warehouse.

    Attributes:
        kind: of what: figure, indicator, place, period, table.
        name: as it was given.
    """

    def __init__(self, kind: str, name: str, message: str, *, zh: str = "") -> None:
        super().__init__(message, zh=zh)
        self.kind = kind
        self.name = name


class Ambiguous(Unanswered):
    """Words that may name several things.

    Attributes:
        candidates: what they may name, as codes, the likeliest first.
    """

    def __init__(self, candidates: tuple[str, ...], message: str, *, zh: str = "") -> None:
        super().__init__(message, zh=zh)
        self.candidates = candidates


class NotInThisFile(Unanswered):
    """The file lacks a table or a column: its build stopped early, or a gongfu of another form made it."""


class Unreadable(Unanswered):
    """The file is no database, is damaged, or somebody writes it. Ends a command with 1."""

    def __init__(self, path: Path, reason: str) -> None:
        message = f"{path.name} could not be asked: {reason}"
        super().__init__(message, exit_code=1, zh=f"无法查询{path.name}：{reason}")


@dataclass(frozen=True)
class Warehouse:
    """One built warehouse, open for questions; safe to be asked from several threads.

    Attributes:
        project: whose it is.
        path: the file; what is published later does not change what this handle answers from.
        connection: to the file, read-only.
        attached_as: the file's name within the connection, where it was not opened by itself.
    """

    project: Project
    path: Path
    connection: DuckDBPyConnection
    attached_as: str | None = None

    def rows(self, question: str, **values: object) -> list[Row]:
        """The rows of a question as dictionaries.

        Raises:
            NotInThisFile: it names a table or column that the file lacks.
            Unreadable: the file could not be asked.
        """
        names, found = self.table(question, **values)
        return [dict(zip(names, row, strict=True)) for row in found]

    def one(self, question: str, **values: object) -> Row | None:
        """The first row of a question, or None."""
        return next(iter(self.rows(question, **values)), None)

    def all(self, kind: type[Answer], question: str, **values: object) -> list[Answer]:
        """The rows of a question, each as a `kind`, whose fields are the question's columns."""
        return list(self.stream(kind, question, **values))

    def stream(self, kind: type[Answer], question: str, **values: object) -> Iterator[Answer]:
        """As `all`, fetched little by little."""
        names, found = self.table(question, **values)
        make = _maker(kind, names)
        for row in found:
            yield make(*map(_frozen, row))

    def table(self, question: str, **values: object) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
        """Names of the columns of a question, and its rows, fetched little by little."""
        with self._as_answers():
            cursor = self._cursor()
            cursor.execute(question, values)
        return [column[0] for column in cursor.description or []], self._batches(cursor)

    def batches(self, question: str, **values: object) -> Iterator[pl.DataFrame]:
        """The rows of a question as frames of some of them, none empty, fetched little by little."""
        with self._as_answers():
            cursor = self._cursor()
            reader = cursor.execute(question, values).to_arrow_reader(BATCH)
        return self._frames(cursor, reader)

    def frame(self, question: str, **values: object) -> pd.DataFrame:
        """The rows of a question as a data frame."""
        with self._as_answers(), self._cursor() as cursor:
            return cursor.execute(question, values).df()

    def _cursor(self) -> DuckDBPyConnection:
        cursor = self.connection.cursor()
        if self.attached_as:
            cursor.execute(f"use {self.attached_as}")  # a cursor does not look where its connection looks
        return cursor

    def _batches(self, cursor: DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
        with cursor, self._as_answers():
            while rows := cursor.fetchmany(BATCH):
                yield from rows

    def _frames(self, cursor: DuckDBPyConnection, batches: Iterable[Any]) -> Iterator[pl.DataFrame]:
        import polars as pl

        with cursor, self._as_answers():
            yield from (pl.DataFrame(batch) for batch in batches if batch.num_rows)

    @contextmanager
    def _as_answers(self) -> Iterator[None]:
        import duckdb

        try:
            yield
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            reason = builds.other_form(self.path) or str(error).splitlines()[0]
            message = f"{self.path.name} cannot answer this: {reason}"
            raise NotInThisFile(message, zh=f"{self.path.name}无法回答：{reason}") from None
        except duckdb.Error as error:
            raise Unreadable(self.path, str(error).splitlines()[0]) from None


@contextmanager
def published(project: Project, version: str = CURRENT) -> Iterator[Warehouse]:
    """Open the published warehouse, or an earlier published build that is kept.

    Raises:
        NothingPublished: there is none.
        UnknownVersion: none of that name is kept.
        Unreadable: the file is no database.
    """
    with _opened(project, path_of(project, version)) as warehouse:
        yield warehouse


@contextmanager
def being_built(project: Project) -> Iterator[Warehouse]:
    """Open the file that a build is making, between two of its writer's steps.

    Raises:
        Unreadable: there is none, or its writer holds it.
    """
    with _opened(project, project.building) as warehouse:
        yield warehouse


def path_of(project: Project, version: str = CURRENT) -> Path:
    """The file of a published build.

    Raises:
        NothingPublished: there is none at all.
        UnknownVersion: none of that name is kept.
    """
    if version == CURRENT:
        if not project.published.is_file():
            raise NothingPublished
        return project.published
    kept = store.versions(project)
    for each in kept:
        if version == each.version:
            return each.path
    raise UnknownVersion(version, [each.version for each in kept])


@contextmanager
def _opened(project: Project, path: Path) -> Iterator[Warehouse]:
    import duckdb

    with ExitStack() as opened:
        try:
            connection = opened.enter_context(reading(path))
        except duckdb.Error as error:
            raise Unreadable(path, str(error).splitlines()[0]) from None
        yield Warehouse(project, path, connection)


def _maker(kind: type[Answer], names: list[str]) -> Callable[..., Answer]:
    """Makes a `kind` of values in the order of `names`; where that is the order of its fields it is itself that."""
    if names == list(inspect.signature(kind).parameters):
        return kind
    return lambda *values: kind(**dict(zip(names, values, strict=True)))


def _frozen(value: Any) -> Any:  # noqa: ANN401 - any DuckDB value
    return tuple(value) if isinstance(value, list) else value
