"""Every landed source laid into the file being built, as schema `landing`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.engine.database import writing
from pipelines.printed.numerals import parse_number
from pipelines.problems import BuildStopped, shortened
from pipelines.receiving.landing import stamp_of
from pipelines.sources.card import folders

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from pipelines.project import Project

_FIGURES = """
    select
        figure_id, source_id, file, line::bigint as line, locator,
        value_start::integer as char_start, value_end::integer as char_end,
        unit_start::integer as unit_char_start, unit_end::integer as unit_char_end,
        nullif(chapter, '')::varchar as chapter, nullif(section, '')::varchar as section,
        nullif(sheet, '')::varchar as sheet, nullif(cell, '')::varchar as cell,
        nullif("table", '') as table_name,
        label, breakdown as breakdown_printed, place as place_printed, period as period_printed,
        qualifier as qualifier_printed, "value" as value_printed, unit as unit_printed,
        nullif("within", '')::varchar as place_within, nullif(stored, '')::varchar as value_stored,
        nullif(coded_indicator, '')::varchar as coded_indicator,
        coded_breakdown::varchar as coded_breakdown,
        nullif(coded_time_basis, '')::varchar as coded_time_basis,
        nullif(coded_base_period, '')::varchar as coded_base_period,
        nullif(coded_obs_status, '')::varchar as coded_obs_status,
        number::decimal(38, 20) as number, decimals::integer as decimals,
        last_digit_exponent::integer as last_digit_exponent,
        first_seen_at::timestamptz as first_seen_at
"""

#: What `_FIGURES` is asked of where no source has any.
_NOTHING = "select {} where false".format(
    ", ".join(
        f'null::varchar as "{name}"'
        for name in (
            "figure_id", "source_id", "file", "line", "locator", "value_start", "value_end", "unit_start", "unit_end",
            "chapter", "section", "sheet", "cell", "table", "label", "breakdown", "place", "period", "qualifier",
            "value", "unit", "coded_indicator", "coded_breakdown", "coded_time_basis", "coded_base_period",
            "coded_obs_status", "within", "stored", "number", "decimals", "last_digit_exponent", "first_seen_at",
        )
    )
)  # fmt: skip


def assemble(project: Project, building: Path, report: Callable[[str], None] = lambda _: None) -> dict[str, int]:
    """Lay every landed source into the file being built.

    Makes `landing.printed_figures`, `landing.sources`, `landing.quarantine`, `landing.corrections` and
    `landing.numbers`.

    Returns:
        Row counts by table.

    Raises:
        BuildStopped: a correction was written against another value than its source prints now.
    """
    stamps = [stamp for folder in folders(project) if (stamp := stamp_of(project, folder.name))]
    parquet = [
        str(path) for folder in folders(project) if (path := project.landing / f"{folder.name}.parquet").is_file()
    ]
    with writing(building) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("create schema if not exists landing")
        landed = "read_parquet($files, union_by_name = true)" if parquet else f"({_NOTHING})"
        connection.execute(
            f"create or replace table landing.printed_figures as {_FIGURES} "
            f"from {landed} order by source_id, file, line, locator",
            {"files": parquet} if parquet else {},
        )
        _lay_sources(connection, [stamp["source"] for stamp in stamps if stamp["source"]])
        _lay_quarantine(connection, [problem for stamp in stamps for problem in stamp["problems"]])
        _lay_corrections(connection, [entry for stamp in stamps for entry in stamp["corrections"]])
        _lay_numbers(connection, [(stamp["source"], row) for stamp in stamps for row in stamp["numbers"]])
        counts = {}
        for table in ("printed_figures", "sources", "quarantine", "corrections", "numbers"):
            row = connection.execute(f"select count(*) from landing.{table}").fetchone()  # noqa: S608 - constant
            counts[table] = int(row[0]) if row else 0
            report(f"landing.{table}: {counts[table]}")
    return counts


def _lay_sources(connection: Any, cards: list[dict[str, Any]]) -> None:  # noqa: ANN401 - duckdb loads late
    connection.execute("""
        create or replace table landing.sources (
            source_id varchar, title_zh varchar, title_en varchar, publisher_zh varchar, publisher_en varchar,
            published_on varchar, published_on_precision varchar, known_from date, retrieved_on date,
            address varchar, licence varchar, confidence varchar, reader varchar, stage varchar, note varchar,
            refresh_days integer, refused_share_limit double, sha256 varchar, formerly varchar[]
        )
    """)
    names = (
        "source_id", "title", "title_en", "publisher", "publisher_en", "published_on", "published_on_precision",
        "known_from", "retrieved_on", "address", "licence", "confidence", "reader", "stage", "note", "refresh_days",
        "refused_share_limit", "sha256", "formerly",
    )  # fmt: skip
    if cards:
        connection.executemany(
            f"insert into landing.sources values ({', '.join('?' * len(names))})",  # noqa: S608 - placeholders only
            [[card[name] for name in names] for card in cards],
        )


def _lay_quarantine(connection: Any, problems: list[dict[str, Any]]) -> None:  # noqa: ANN401 - duckdb loads late
    connection.execute("""
        create or replace table landing.quarantine (
            source_id varchar, file varchar, line bigint, column_name varchar, rule varchar, printed_value varchar,
            message_en varchar, message_zh varchar
        )
    """)
    names = ("source_id", "file", "line", "column", "rule", "value", "message_en", "message_zh")
    if problems:
        connection.executemany(
            f"insert into landing.quarantine values ({', '.join('?' * len(names))})",  # noqa: S608 - placeholders
            [[problem[name] for name in names] for problem in problems],
        )


def _lay_numbers(connection: Any, rows: list[tuple[Any, dict[str, Any]]]) -> None:  # noqa: ANN401 - duckdb loads late
    """What became of the numbers of every file, by reason."""
    connection.execute("""
        create or replace table landing.numbers (
            source_id varchar, file varchar, sheet varchar, reason varchar, cells varchar, numbers bigint
        )
    """)
    if rows:
        connection.executemany(
            "insert into landing.numbers values (?, ?, ?, ?, ?, ?)",
            [
                [source["source_id"], row["file"], row["sheet"] or None, row["reason"], row["cells"], row["numbers"]]
                for source, row in rows
                if source
            ],
        )


def _lay_corrections(connection: DuckDBPyConnection, corrections: list[dict[str, Any]]) -> None:
    """Make `landing.corrections` in the file being built, beside `landing.printed_figures`.

    Args:
        connection: to the file being built.
        corrections: the entries of all ledgers, each as the fields of a `Correction`.

    Raises:
        BuildStopped: an entry was written against another printed value than the source has, or against none.
    """
    connection.execute("""
        create or replace table landing.corrections (
            figure_id varchar, source_id varchar, file varchar, entry integer, action varchar, value varchar,
            number decimal(38, 20), decimals integer, last_digit_exponent integer, factor decimal(18, 6),
            reason varchar, who varchar, entered_on date, status varchar, expect varchar
        )
    """)
    rows = []
    for fields in corrections:
        number = parse_number(fields["value"]) if fields["value"] else None
        rows.append(
            fields
            | {
                "number": number.number if number else None,
                "decimals": number.decimals if number else None,
                "last_digit_exponent": number.last_digit_exponent if number else None,
            }
        )
    if not rows:
        return
    names = (
        "figure_id", "source_id", "file", "entry", "action", "value", "number", "decimals", "last_digit_exponent",
        "factor", "reason", "who", "entered_on", "status", "expect",
    )  # fmt: skip
    connection.executemany(
        f"insert into landing.corrections values ({', '.join('?' * len(names))})",  # noqa: S608 - placeholders only
        [[row[name] for name in names] for row in rows],
    )
    _stop_where_unexpected(connection)


def _stop_where_unexpected(connection: DuckDBPyConnection) -> None:
    row = connection.execute("""
        select corrections.file, entry, corrections.figure_id, expect, printed.value_printed
        from landing.corrections
        left join landing.printed_figures as printed on corrections.figure_id = printed.figure_id
        where status <> 'withdrawn' and (printed.value_printed is null or printed.value_printed <> expect)
        order by corrections.file, entry limit 1
    """).fetchone()
    if row is None:
        return
    file, entry, figure_id, expect, printed = row
    if printed is None:
        raise BuildStopped(
            f"{file}, entry {entry}: the source prints no figure {figure_id} any more; name the right one or "
            f"withdraw the entry (来源中已无该数字，请改正或撤回该条更正)."
        )
    raise BuildStopped(
        f"{file}, entry {entry}: written against {shortened(expect)}, but {figure_id} is now printed as "
        f"{shortened(printed)}; check whether the source has mended it, then withdraw the entry or renew its expect "
        f"(来源所印数值已变，请核对后撤回该条或更新 expect)."
    )
