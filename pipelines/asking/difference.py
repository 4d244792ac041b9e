"""What two published builds say differently: figures added, gone, recoded and revised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.asking import builds
from pipelines.asking.warehouse import NotInThisFile, Unanswered, path_of
from pipelines.engine.database import side_by_side

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from pipelines.project import Project

CHANGES = ("added", "gone", "recoded", "revised")

#: A figure is what it is about, not where it is printed: a line put into a raw file moves no figure. Of each build
#: the prints that stand are compared. A print that is the same in both, cell and words, and yet means something else
#: is recoded, whether it stands or not: a crosswalk row, a unit or a place was changed.
_DIFFERENCE = """
    with same_print as (
        select figure_id from ({prints_before} intersect {prints_after})
    ),
    recoded as (
        select before.figure_id
        from before.facts.observations as before
        inner join after.facts.observations as after on before.figure_id = after.figure_id
        where
            before.figure_id in (select figure_id from same_print)
            and (
                before.indicator, before.breakdown, before.ref_area, before.freq, before.time_period,
                before.time_basis, coalesce(before.base_period, ''), before.unit_measure, before.obs_value
            ) <> (
                after.indicator, after.breakdown, after.ref_area, after.freq, after.time_period,
                after.time_basis, coalesce(after.base_period, ''), after.unit_measure, after.obs_value
            )
    ),
    earlier as (
        select * from before.facts.observations
        where is_current and figure_id not in (select figure_id from recoded)
    ),
    later as (
        select * from after.facts.observations where is_current and figure_id not in (select figure_id from recoded)
    )
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
        later.figure_id as figure_after,
        null as code_before
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
    union all
    select
        'recoded', after.indicator, after.breakdown, after.ref_area, after.time_period, after.time_basis,
        after.base_period, before.obs_value, after.obs_value, after.unit_measure, before.source_id, after.source_id,
        before.figure_id, after.figure_id,
        concat_ws(
            ' · ', before.indicator, nullif(before.breakdown, ''), before.ref_area, before.time_period,
            before.time_basis, before.base_period, before.unit_measure
        )
    from before.facts.observations as before
    inner join after.facts.observations as after on before.figure_id = after.figure_id
    where before.figure_id in (select figure_id from recoded)
    order by change, indicator, ref_area, time_period, breakdown, time_basis, base_period, figure_after
"""
_PRINTS = """
    select
        figure_id, label, breakdown_printed, place_printed, period_printed, qualifier_printed, value_printed,
        unit_printed
    from {file}.landing.printed_figures
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


@dataclass(frozen=True)
class Change:
    """A figure that differs: what it is about, and its value, source and id on either side (None where it is not).

    Attributes:
        change: added, gone, recoded or revised.
        value_before, value_after: in the base unit.
        code_before: of a recoded figure, all that it was coded as before.
    """

    change: str
    indicator: str
    breakdown: str
    ref_area: str
    time_period: str
    time_basis: str
    base_period: str | None
    value_before: Decimal | None
    value_after: Decimal | None
    unit_measure: str
    source_before: str | None
    source_after: str | None
    figure_before: str | None
    figure_after: str | None
    code_before: str | None = None


@dataclass(frozen=True)
class Difference:
    """What differs between two builds.

    Attributes:
        changes: one per figure, by kind of change, then in the order of their codes.
        counts: figures by kind of change.
        sources: publications added, gone, with other files than before, and under another id.
    """

    changes: tuple[Change, ...]
    counts: dict[str, int]
    sources: dict[str, int]


def difference(project: Project, before: str, after: str) -> Difference:
    """Compare two published builds that are kept; neither file is written to.

    Args:
        project: whose warehouse.
        before: a version, or `current` for the published one.
        after: likewise.

    Raises:
        UnknownVersion: there is no such version.
        Unanswered: both are the same, or their tables are not comparable.
    """
    earlier, later = path_of(project, before), path_of(project, after)
    if earlier == later or builds.read(earlier) == builds.read(later):
        raise Unanswered(
            f"{before} and {after} are the same build; name two", zh=f"{before}与{after}是同一次构建；请指明两次"
        )
    return between(earlier, later)


def between(before: Path, after: Path) -> Difference:
    """Compare two files, published or not; neither is written to.

    Raises:
        NotInThisFile: their tables are not comparable.
    """
    import duckdb

    try:
        with side_by_side({"before": before, "after": after}) as connection:
            changes = tuple(Change(*row) for row in connection.execute(_question(connection)).fetchall())
            sources = connection.execute(_SOURCES).fetchone() or (0, 0, 0, 0)
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        message = f"{before.name} and {after.name} cannot be compared: {reason}"
        raise NotInThisFile(message, zh=f"{before.name}与{after.name}无法比较：{reason}") from None
    counts = {kind: sum(each.change == kind for each in changes) for kind in CHANGES}
    return Difference(changes, counts, dict(zip(("added", "gone", "changed", "renamed"), sources, strict=True)))


def _question(connection: DuckDBPyConnection) -> str:
    """The comparison; in files whose printed figures have other columns, no print counts as the same."""
    import duckdb

    prints = {file: _PRINTS.format(file=file) for file in ("before", "after")}
    try:
        for each in prints.values():
            connection.execute(f"explain {each}")
    except duckdb.Error:
        prints = dict.fromkeys(prints, "select null::varchar as figure_id where false")
    return _DIFFERENCE.format(prints_before=prints["before"], prints_after=prints["after"])
