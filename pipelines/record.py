"""What a warehouse file says about itself: `quality.build` (one row) and `quality.checks` (one row per check)."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from pipelines.fingerprint import Fingerprint
    from pipelines.transform import Outcome

_CHECK_KINDS = ("test", "unit_test")


@dataclass(frozen=True)
class BuildRecord:
    """The row of `quality.build`.

    Attributes:
        version: names the build; sorts by time.
        raw, seeds, code: hashes of what it was made from.
        extent: `everything`, or `changed_figures` where the rest was carried over from the build before.
        sources, sources_read: source folders there were, and of these how many were read anew.
        accepted, quarantined, unmapped: printed figures in facts.observations, refused rows and files, and figures
            whose label no crosswalk row knows.
        models, models_built: dbt models in the file, and of these how many were run anew.
        passed, warned, failed: checks by their latest outcome.
    """

    version: str
    started_at: datetime
    finished_at: datetime
    raw: str
    seeds: str
    code: str
    extent: str
    sources: int
    sources_read: int
    accepted: int
    quarantined: int
    unmapped: int
    models: int
    models_built: int
    passed: int
    warned: int
    failed: int


def read(path: Path) -> BuildRecord | None:
    """The record in a warehouse file, or None where there is no file, or none that gongfu wrote."""
    if not path.is_file():
        return None
    import duckdb

    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            row = connection.execute("select * from quality.build").fetchone()
    except duckdb.Error:
        return None
    return BuildRecord(*row) if row and len(row) == len(BuildRecord.__dataclass_fields__) else None


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
            result.failures or 0,
            result.message,
            result.examples,
        )
        for result in outcome.results.values()
        if result.kind in _CHECK_KINDS
    ]


def keep_checks(building: Path, checks: list[Check], checked_at: datetime) -> None:
    """Write each check's outcome into `quality.checks`; one that did not run keeps its earlier outcome."""
    import duckdb

    rows = [
        [
            check.check_id,
            check.kind,
            check.outcome,
            check.failures,
            check.message,
            json.dumps(check.examples, ensure_ascii=False),
            checked_at,
        ]
        for check in checks
    ]
    with duckdb.connect(str(building)) as connection:
        connection.execute("""
            create schema if not exists quality;
            create table if not exists quality.checks (
                check_id varchar primary key, kind varchar, outcome varchar, failures bigint, message varchar,
                examples varchar, checked_at timestamptz
            )
        """)
        if rows:
            connection.executemany("insert or replace into quality.checks values (?, ?, ?, ?, ?, ?, ?)", rows)


def blocking_checks(building: Path) -> list[str]:
    """Names of the checks whose latest outcome forbids publishing."""
    import duckdb

    with duckdb.connect(str(building), read_only=True) as connection:
        rows = connection.execute("select check_id from quality.checks where outcome = 'failed' order by 1").fetchall()
    return [str(row[0]) for row in rows]


def reason_to_stop(building: Path) -> str | None:
    """Why this file may not be published, in one line; None where it may."""
    failed = blocking_checks(building)
    if not failed:
        return None
    names = ", ".join(check.split(".")[2] if check.count(".") > 1 else check for check in failed[:3])
    more = " …" if len(failed) > 3 else ""
    return f"not published: {len(failed)} blocking checks failed ({names}{more}); see quality_report/summary.html"


def write(building: Path, *, fingerprint: Fingerprint, **facts: Any) -> BuildRecord:  # noqa: ANN401 - the record's fields
    """Write `quality.build` into the file, with the counts that the file itself holds."""
    import duckdb

    with duckdb.connect(str(building)) as connection:
        counts = connection.execute("""
            select
                (select count(*) from facts.observations),
                (select count(*) from quality.quarantine),
                (select coalesce(sum(figures), 0)::bigint from quality.unmapped_labels),
                (select count(*) from duckdb_tables()
                 where schema_name in ('staging', 'facts', 'marts')
                    or (schema_name = 'quality' and table_name not in ('build', 'checks'))
                    or (schema_name = 'reference' and table_name in ('sources', 'latest_areas', 'corrections'))),
                count(*) filter (outcome = 'passed'),
                count(*) filter (outcome = 'warned'),
                count(*) filter (outcome = 'failed')
            from quality.checks
        """).fetchone()
        accepted, quarantined, unmapped, models, passed, warned, failed = counts or (0,) * 7
        record = BuildRecord(
            raw=fingerprint.raw,
            seeds=fingerprint.seeds,
            code=fingerprint.code,
            accepted=accepted,
            quarantined=quarantined,
            unmapped=unmapped,
            models=models,
            passed=passed,
            warned=warned,
            failed=failed,
            **facts,
        )
        connection.execute("""
            create or replace table quality.build (
                version varchar, started_at timestamptz, finished_at timestamptz, raw varchar, seeds varchar,
                code varchar, extent varchar, sources integer, sources_read integer, accepted bigint,
                quarantined bigint, unmapped bigint, models integer, models_built integer, passed integer,
                warned integer, failed integer
            )
        """)
        marks = ", ".join("?" * len(BuildRecord.__dataclass_fields__))
        connection.execute(f"insert into quality.build values ({marks})", astuple(record))  # noqa: S608 - marks only
    return record


def _outcome_of(status: str) -> str:
    return {"pass": "passed", "warn": "warned", "skipped": "skipped"}.get(status, "failed")
