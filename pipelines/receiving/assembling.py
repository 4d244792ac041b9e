"""Every landed source laid into the file being built, as schema `landing`; of one held back, its last good version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.engine.database import insert, writing
from pipelines.printed.numerals import parse_number
from pipelines.receiving.columns import definition
from pipelines.receiving.good_past import CARRIED_OVER, GoodPast
from pipelines.sources.card import fields_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from pipelines.problems import Problem
    from pipelines.project import Project
    from pipelines.receiving.holding import HeldBack
    from pipelines.receiving.landing import Landed

_TABLES = {
    "printed_figures": definition(),
    "sources": ", ".join(f"{column} {kind}" for column, (_, kind) in fields_kept().items()),
    "quarantine": (
        "source_id varchar, file varchar, line bigint, column_name varchar, rule varchar, printed_value varchar, "
        "message_en varchar, message_zh varchar"
    ),
    "corrections": (
        "figure_id varchar, source_id varchar, file varchar, entry integer, action varchar, value varchar, "
        "number decimal(38, 20), decimals integer, last_digit_exponent integer, factor decimal(18, 6), reason varchar, "
        "who varchar, entered_on date, status varchar, expect varchar"
    ),
    "numbers": "source_id varchar, file varchar, sheet varchar, reason varchar, cells varchar, numbers bigint",
    "source_versions": "source_id varchar, state varchar",
    "held_back": (
        "source_id varchar, state varchar, kept varchar, file varchar, line bigint, column_name varchar, rule varchar, "
        "printed_value varchar, message_en varchar, message_zh varchar"
    ),
}


def assemble(
    project: Project,
    building: Path,
    landed: Sequence[Landed],
    held_back: Sequence[HeldBack] = (),
    past: GoodPast | None = None,
    report: Callable[[str], None] = lambda _: None,
) -> dict[str, int]:
    """Lay every landed source into the file being built.

    Args:
        project: whose landed sources.
        building: the file.
        landed: what became of each source.
        held_back: those of which the last good version is laid in, or nothing.
        past: the published file that holds these versions.
        report: told of each table.

    Returns:
        Row counts of the tables of schema `landing`.
    """
    held = {each.source_id for each in held_back}
    used = [one for one in landed if one.source is not None and one.source_id not in held]
    kept = [each.kept for each in held_back if each.kept]
    published = past.path if past and kept else None
    with writing(building, {"published": published} if published else None) as connection:
        connection.execute("create schema if not exists landing")
        for table, columns in _TABLES.items():
            connection.execute(f"create or replace table landing.{table} ({columns})")
        for table in CARRIED_OVER if kept else ():
            connection.execute(
                f"insert into landing.{table} by name select * from published.landing.{table} "  # noqa: S608 - constants
                "where list_contains($kept, source_id)",
                {"kept": kept},
            )
        _lay_figures(connection, project, used)
        insert(connection, "landing.sources", [_card_row(one.source) for one in used if one.source])
        insert(connection, "landing.quarantine", [_problem_row(problem) for one in used for problem in one.problems])
        insert(connection, "landing.corrections", [_with_number(entry) for one in used for entry in one.corrections])
        insert(connection, "landing.numbers", [row for one in used for row in one.numbers])
        insert(
            connection, "landing.source_versions", [{"source_id": one.source_id, "state": one.state} for one in used]
        )
        insert(
            connection,
            "landing.held_back",
            [
                {"state": each.state, "kept": each.kept} | _problem_row(problem) | {"source_id": each.source_id}
                for each in held_back
                for problem in each.problems
            ],
        )
        counts = {}
        for table in _TABLES:
            row = connection.execute(f"select count(*) from landing.{table}").fetchone()  # noqa: S608 - constant
            counts[table] = int(row[0]) if row else 0
            report(f"landing.{table}: {counts[table]}")
    return counts


def _lay_figures(connection: DuckDBPyConnection, project: Project, used: Sequence[Landed]) -> None:
    parquet = [str(project.landing / f"{one.folder}.parquet") for one in used]
    if parquet:
        connection.execute("insert into landing.printed_figures by name from read_parquet($files)", {"files": parquet})
    connection.execute(
        "create or replace table landing.printed_figures as "
        "select * from landing.printed_figures order by source_id, file, line, locator"
    )


def _card_row(card: dict[str, Any]) -> dict[str, Any]:
    return {column: card[name] for column, (name, _) in fields_kept().items()}


def _problem_row(problem: Problem) -> dict[str, Any]:
    return {
        "source_id": problem.source_id,
        "file": problem.file,
        "line": problem.line,
        "column_name": problem.column,
        "rule": problem.rule,
        "printed_value": problem.value,
        "message_en": problem.message_en,
        "message_zh": problem.message_zh,
    }


def _with_number(correction: dict[str, Any]) -> dict[str, Any]:
    """An entry with the number that it puts in a printed one's place, read as a print is."""
    number = parse_number(correction["value"]) if correction["value"] else None
    return correction | {
        "number": number.number if number else None,
        "decimals": number.decimals if number else None,
        "last_digit_exponent": number.last_digit_exponent if number else None,
    }
