"""`warehouse/quality_report/summary.html`: one static page on a build, for people who do not read code.

It is made from the file that was built, whether or not that file may be published, and says which.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipelines.engine.database import reading
from pipelines.quality import charts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from pipelines.project import Project

Row = dict[str, Any]

_SOURCES = """
    with accepted as (
        select source_id, count(*) as figures, max(period_end) as covers_to from facts.observations group by source_id
    ),
    refused as (
        select source_id, count(*) as refused, bool_or(refused_at = 'source') as held_back
        from quality.quarantine group by source_id
    ),
    unmapped as (select source_id, sum(figures)::bigint as unmapped from quality.unmapped_labels group by source_id)
    select
        coalesce(sources.source_id, refused.source_id) as source_id,
        coalesce(sources.title_zh, '（来源说明未通过）') as title_zh,
        coalesce(sources.title_en, '(card refused)') as title_en,
        coalesce(sources.published_on, '') as published_on,
        coalesce(accepted.figures, 0) as accepted, coalesce(refused.refused, 0) as quarantined,
        coalesce(unmapped.unmapped, 0) as unmapped, coalesce(refused.held_back, false) as held_back,
        accepted.covers_to::varchar as covers_to, coalesce(freshness.freshness, '') as freshness,
        freshness.age_days
    from reference.sources as sources
    full join refused on sources.source_id = refused.source_id
    left join accepted on sources.source_id = accepted.source_id
    left join unmapped on sources.source_id = unmapped.source_id
    left join quality.freshness as freshness on sources.source_id = freshness.source_id
    order by quarantined desc, unmapped desc, accepted desc, 1
"""
_QUARANTINE = """
    select file, line, column_name, rule, printed_value, message_zh, message_en
    from quality.quarantine order by file, line limit 200
"""
_HELD_BACK = """
    select
        source_id, last_good_version_is_used, file, line, column_name, rule, message_zh, message_en
    from quality.held_back order by source_id, rule <> 'too_many_refused', line
"""
_CHECKS = """
    select check_id, kind, outcome, failures, message, examples from quality.checks
    where outcome in ('failed', 'warned') order by outcome, check_id
"""
_OUTCOMES = "select kind, outcome, count(*) as relations from quality.audit group by all order by all"
_FINDINGS = """
    select outcome, kind, finding_zh, finding_en, arithmetic_zh, arithmetic_en, acknowledged_zh, acknowledged_en
    from quality.audit where outcome = 'fail' or (outcome = 'warn' and kind <> 'same_figure')
    order by outcome, kind, relation_id limit 200
"""
_NOT_EVALUABLE = """
    select finding_zh, finding_en from quality.audit where outcome = 'not_evaluable' order by relation_id limit 500
"""
_COVERAGE = """
    select
        practices.practice || ' ' || practices.name_zh as practice, practices.practice as position,
        coalesce(indicators.measure, 'level') as measure, count(observations.figure_id) as figures
    from reference.practices
    cross join (select distinct measure from reference.indicators) as measures
    left join reference.indicators
        on practices.practice = indicators.practice and measures.measure = indicators.measure
    left join facts.observations on indicators.indicator = observations.indicator
    group by all order by position, measure
"""
_JUMPS = """
    with biggest as (
        select *, row_number() over (
            order by abs(found - (expected_low + expected_high) / 2) / nullif(expected_high - expected_low, 0) desc
        ) as place
        from quality.plausibility where rule = 'continuity'
    ),
    series as (
        select distinct on (indicator, breakdown, ref_area) *
        from biggest order by indicator, breakdown, ref_area, place
    )
    select
        series.indicator || '|' || series.breakdown || '|' || series.ref_area as series,
        indicators.name_zh as title,
        coalesce(areas.name_zh, series.ref_area) || ' ' || series.breakdown || ' · ' || units.name_zh as subtitle,
        observations.time_period, observations.obs_value::double as value,
        observations.figure_id in (select figure_id from quality.plausibility where rule = 'continuity') as is_jump
    from (select * from series order by place limit 12) as series
    inner join facts.observations
        on series.indicator = observations.indicator and series.breakdown = observations.breakdown
        and series.ref_area = observations.ref_area and observations.is_current and observations.time_basis <> 'target'
        and length(observations.time_period) = length(series.time_period)
    inner join reference.indicators on series.indicator = indicators.indicator
    inner join reference.units on indicators.unit_measure = units.unit_measure
    left join reference.latest_areas as areas on series.ref_area = areas.ref_area
    order by series.place, observations.time_period
"""
_FLAGS = "select rule, finding_zh, finding_en from quality.plausibility order by rule, figure_id limit 200"


def write(
    project: Project, page: Path, *, made_at: datetime, stopped_by: str | None, suites: Sequence[Row] = ()
) -> None:
    """Write the page.

    Args:
        project: whose file being built to read.
        page: where to write it.
        made_at: when.
        stopped_by: why the build may not be published, or None where it may.
        suites: name, expectations, broken (list of lines) of each expectation suite that was evaluated.
    """
    import jinja2

    content = _content(project)
    specs = {"coverage": charts.coverage(content["coverage"]) if content["coverage"] else None}
    specs["outcomes"] = charts.outcomes_by_kind(content["outcomes"]) if content["outcomes"] else None
    for index, spec in enumerate(charts.jumps(content["jumps"])):
        specs[f"jump-{index}"] = spec
    environment = jinja2.Environment(loader=jinja2.PackageLoader("pipelines.quality", "."), autoescape=True)
    page.parent.mkdir(parents=True, exist_ok=True)
    html = environment.get_template("summary.html.j2").render(
        **content,
        made_at=f"{made_at:%Y-%m-%d %H:%M} UTC",
        stopped_by=stopped_by,
        suites=suites,
        charts=[name for name, spec in specs.items() if spec],
        # a printed word must not be able to end the script that carries it
        specs=json.dumps({name: spec for name, spec in specs.items() if spec}, ensure_ascii=False).replace(
            "<", "\\u003c"
        ),
        vega=charts.script(),
    )
    beside = page.with_suffix(".new")
    beside.write_text(html, encoding="utf-8")
    beside.replace(page)


def _content(project: Project) -> Row:

    queries = {
        "sources": _SOURCES,
        "held_back": _HELD_BACK,
        "quarantine": _QUARANTINE,
        "checks": _CHECKS,
        "outcomes": _OUTCOMES,
        "findings": _FINDINGS,
        "not_evaluable": _NOT_EVALUABLE,
        "coverage": _COVERAGE,
        "jumps": _JUMPS,
        "flags": _FLAGS,
    }
    with reading(project.building) as connection:
        found = {name: _rows(connection, sql) for name, sql in queries.items()}
    for check in found["checks"]:
        check["examples"] = json.loads(check["examples"] or "[]")
        check["name"] = check["check_id"].split(".")[2] if check["check_id"].count(".") > 1 else check["check_id"]
    content: Row = dict(found)
    content["totals"] = {
        name: sum(row[name] for row in found["sources"]) for name in ("accepted", "quarantined", "unmapped")
    }
    counted = ("pass", "warn", "fail", "not_evaluable")
    content["audit"] = {
        outcome: sum(row["relations"] for row in found["outcomes"] if row["outcome"] == outcome) for outcome in counted
    }
    return content


def _rows(connection: Any, sql: str) -> list[Row]:  # noqa: ANN401 - duckdb loads late
    """The rows of a query; none where a build stopped before it made the tables."""
    import duckdb

    try:
        cursor = connection.execute(sql)
    except duckdb.CatalogException:
        return []
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
