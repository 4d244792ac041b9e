"""Statements that dbt sent to the database."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SentTest:
    """A test of dbt's as it was sent.

    Attributes:
        asks: its statement, for one row: how many rows break it, whether that is to warn, whether it is to fail.
        rows: the query for the rows that break it.
        severity: `error` or `warn`.
        error_if: dbt's words for when it fails.
        warn_if: dbt's words for when it warns.
        column: the column that it tests; None where it tests none, or several.
        guarded: the table that it guards, quoted for a query; None where it reads several and none is its own.
    """

    asks: str
    rows: str
    severity: str
    error_if: str
    warn_if: str
    column: str | None = None
    guarded: str | None = None


@dataclass
class Recording:
    """What was sent, by dbt's unique ids.

    Attributes:
        models: of each model, the statement that makes it under dbt's name for what is not whole yet.
        tests: of each test, what it asks.
    """

    models: dict[str, str] = field(default_factory=dict)
    tests: dict[str, SentTest] = field(default_factory=dict)
