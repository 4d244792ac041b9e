"""What a warehouse file says of its own making: the one row of `quality.build`."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from pipelines.asking.builds import BuildRecord
from pipelines.engine.database import writing
from pipelines.project import version

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.fingerprint import Fingerprint


def write(building: Path, *, fingerprint: Fingerprint, **facts: Any) -> BuildRecord:  # noqa: ANN401 - the record's fields
    """Write `quality.build` into the file, with the counts that the file itself holds."""
    with writing(building) as connection:
        counts = connection.execute("""
            select
                (select count(*) from facts.observations),
                (select count(*) from quality.quarantine),
                (select coalesce(sum(figures), 0)::bigint from quality.unmapped_labels),
                (select count(*)
                 from information_schema.tables
                 where table_schema in ('staging', 'facts', 'intermediate', 'marts')
                    or (table_schema = 'quality' and table_name not in ('build', 'checks'))
                    or (table_schema = 'reference' and table_name in ('sources', 'latest_areas', 'corrections'))),
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
            gongfu=version(),
            **facts,
        )
        connection.execute("""
            create or replace table quality.build (
                version varchar, started_at timestamptz, finished_at timestamptz, raw varchar, seeds varchar,
                code varchar, extent varchar, sources integer, sources_read integer, held_back integer, accepted bigint,
                quarantined bigint, unmapped bigint, models integer, models_built integer, passed integer,
                warned integer, failed integer, gongfu varchar
            )
        """)
        marks = ", ".join("?" * len(BuildRecord.__dataclass_fields__))
        connection.execute(f"insert into quality.build values ({marks})", astuple(record))  # noqa: S608 - marks only
    return record
