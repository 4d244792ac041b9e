"""`quality.checks`: one row per check with its latest outcome, and whether they let a file be published."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.engine.database import insert, reading, writing
from pipelines.rules import Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from pipelines.transforming.outcome import Outcome

_CHECK_KINDS = ("test", "unit_test")


@dataclass(frozen=True)
class Check:
    """A row of `quality.checks`.

    Attributes:
        check_id: names the check; dbt's id, or `expectation_suite.gongfu.<name>`.
        kind: test, unit_test or expectation_suite.
        outcome: passed, warned, failed or skipped.
        failures: what broke it, counted.
        message: one line.
        examples: a few of the failures, one line each.
    """

    check_id: str
    kind: str
    outcome: str
    failures: int
    message: str
    examples: tuple[str, ...] = ()


def of_dbt(outcome: Outcome) -> list[Check]:
    """The checks that dbt ran."""
    return [
        Check(
            result.unique_id,
            result.kind,
            _outcome_of(result.status),
            result.failures,
            result.message,
            result.examples,
        )
        for result in outcome.results.values()
        if result.kind in _CHECK_KINDS
    ]


def keep_checks(building: Path, checks: list[Check], checked_at: datetime) -> None:
    """Write each check's outcome into `quality.checks`; one that did not run keeps its earlier outcome."""
    rows = [
        {
            "check_id": check.check_id,
            "kind": check.kind,
            "outcome": check.outcome,
            "failures": check.failures,
            "message": check.message,
            "examples": json.dumps(check.examples, ensure_ascii=False),
            "checked_at": checked_at,
            "checked_in": None,
        }
        for check in checks
    ]
    with writing(building) as connection:
        connection.execute("""
            create schema if not exists quality;
            create table if not exists quality.checks (
                check_id varchar primary key, kind varchar, outcome varchar, failures bigint, message varchar,
                examples varchar, checked_at timestamptz, checked_in varchar
            )
        """)
        insert(connection, "quality.checks", rows, replacing=True)


def carry_unit_tests(building: Path, published: Path) -> None:
    """Lay the outcomes of the published build's unit tests into the file, under the name of the build that ran them."""
    with writing(building, {"published": published}) as connection:
        connection.execute(
            "insert or replace into quality.checks select * from published.quality.checks where kind = 'unit_test'"
        )


def forget_suites(building: Path, names: Sequence[str]) -> None:
    """Remove the outcomes of expectation suites but for those of these names: a domain without figures has none."""
    with writing(building) as connection:
        connection.execute(
            "delete from quality.checks where kind = 'expectation_suite' and not list_contains(?, check_id)", [names]
        )


def sign(building: Path, version: str) -> None:
    """Write the name of this build beside the outcome of every check that ran in it."""
    with writing(building) as connection:
        connection.execute("update quality.checks set checked_in = ? where checked_in is null", [version])


def blocking_checks(building: Path) -> list[str]:
    """Names of the checks whose latest outcome forbids publishing."""
    with reading(building) as connection:
        rows = connection.execute("select check_id from quality.checks where outcome = 'failed' order by 1").fetchall()
    return [str(row[0]) for row in rows]


def reason_to_stop(building: Path) -> Words | None:
    """Why this file may not be published, in one line; None where it may."""
    failed = blocking_checks(building)
    if not failed:
        return None
    names = ", ".join(check.split(".")[2] if check.count(".") > 1 else check for check in failed[:3])
    more = " …" if len(failed) > 3 else ""
    return Words(
        f"not published: {len(failed)} blocking checks failed ({names}{more}); see quality_report/summary.html",
        f"未发布：{len(failed)}项阻断性检查未通过（{names}{more}）；见quality_report/summary.html",
    )


def _outcome_of(status: str) -> str:
    return {"pass": "passed", "warn": "warned", "skipped": "skipped"}.get(status, "failed")
