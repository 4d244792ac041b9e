"""What two published builds say differently: figures added, gone and revised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pipelines.engine.database import side_by_side
from pipelines.problems import BuildStopped
from pipelines.publishing import store

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project

CHANGES = ("added", "gone", "revised")

#: A figure is what it is about, not where it is printed: a line put into a raw file moves no figure. Of each build
#: the prints that stand are compared.
_DIFFERENCE = """
    with earlier as (select * from before.facts.observations where is_current),
    later as (select * from after.facts.observations where is_current)
    select
        case when earlier.figure_id is null then 'added' when later.figure_id is null then 'gone' else 'revised' end
            as change,
        coalesce(later.indicator, earlier.indicator) as indicator,
        coalesce(later.breakdown, earlier.breakdown) as breakdown,
        coalesce(later.ref_area, earlier.ref_area) as ref_area,
        coalesce(later.time_period, earlier.time_period) as time_period,
        coalesce(later.time_basis, earlier.time_basis) as time_basis,
        coalesce(later.base_period, earlier.base_period) as base_period,
        earlier.obs_value as value_before,
        later.obs_value as value_after,
        coalesce(later.unit_measure, earlier.unit_measure) as unit_measure,
        earlier.source_id as source_before,
        later.source_id as source_after,
        earlier.figure_id as figure_before,
        later.figure_id as figure_after
    from earlier
    full outer join later on
        earlier.indicator = later.indicator and earlier.breakdown = later.breakdown
        and earlier.ref_area = later.ref_area and earlier.freq = later.freq
        and earlier.time_period = later.time_period and earlier.period_start = later.period_start
        and earlier.period_end = later.period_end and earlier.time_basis = later.time_basis
        and earlier.base_period is not distinct from later.base_period
    where
        earlier.figure_id is null or later.figure_id is null
        or earlier.obs_value <> later.obs_value or earlier.unit_measure <> later.unit_measure
    order by change, indicator, ref_area, time_period, breakdown, time_basis, base_period
"""
#: A source under a new id is the same source (`formerly` on its card); a file of an older form has no such column.
_SOURCES = """
    with before as (
        select source_id, sha256, formerly
        from (select null::varchar[] as formerly where false union all by name from before.reference.sources)
    ),
    after as (
        select source_id, sha256, formerly
        from (select null::varchar[] as formerly where false union all by name from after.reference.sources)
    ),
    same as (
        select
            before.source_id as source_before, after.source_id as source_after,
            before.sha256 <> after.sha256 as differs
        from before
        inner join after on
            before.source_id = after.source_id
            or list_contains(after.formerly, before.source_id) or list_contains(before.formerly, after.source_id)
    )
    select
        (select count(*) from after where source_id not in (select source_after from same)) as added,
        (select count(*) from before where source_id not in (select source_before from same)) as gone,
        (select count(*) from same where differs) as changed,
        (select count(*) from same where source_before <> source_after) as renamed
"""


class Difference(NamedTuple):
    """What differs between two builds.

    Attributes:
        columns: names of the columns of `rows`.
        rows: one per figure, `change` first, in the order of their codes.
        counts: figures by change.
        sources: publications added, gone, with other files than before, and under another id.
    """

    columns: list[str]
    rows: list[tuple[Any, ...]]
    counts: dict[str, int]
    sources: dict[str, int]


def difference(project: Project, before: str, after: str) -> Difference:
    """Compare two builds that are kept; neither file is written to.

    Args:
        project: whose warehouse.
        before: a version, or `current` for the published one.
        after: likewise.

    Raises:
        BuildStopped: there is no such version, or its tables are not comparable.
    """
    import duckdb

    paths = {"before": _path(project, before), "after": _path(project, after)}
    if paths["before"] == paths["after"]:
        raise BuildStopped(f"{before} and {after} are the same build; name two", 2)
    try:
        with side_by_side(paths) as connection:
            cursor = connection.execute(_DIFFERENCE)
            columns = [column[0] for column in cursor.description or []]
            rows = cursor.fetchall()
            sources = connection.execute(_SOURCES).fetchone() or (0, 0, 0, 0)
    except duckdb.Error as error:
        raise BuildStopped(f"{before} and {after} cannot be compared: {str(error).splitlines()[0]}", 2) from None
    counts = {change: sum(row[0] == change for row in rows) for change in CHANGES}
    return Difference(columns, rows, counts, dict(zip(("added", "gone", "changed", "renamed"), sources, strict=True)))


def _path(project: Project, version: str) -> Path:
    known = store.versions(project)
    for each in known:
        if version == each.version or (version == "current" and each.is_current):
            return each.path
    if version == "current" and project.published.is_file():
        return project.published
    names = ", ".join(each.version for each in known) or "none"
    raise BuildStopped(f"no version {version}; kept are: {names} (and `current`)", 2)
