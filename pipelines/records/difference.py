"""What changes from one rule to another: its words, and the grades of the firms that are registered now."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.engine.database import reading
from pipelines.problems import BuildStopped
from pipelines.records.evaluation import evaluate, plan_for
from pipelines.records.places import records_of
from pipelines.records.rules.check import CheckedRule
from pipelines.records.rules.plan import Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.project import Project
    from pipelines.records.rules.language import Rule


def changed_words(before: Rule, after: Rule) -> Iterator[tuple[str, str, str]]:
    """Each word of the two rules that differs: its place, what it was, what it becomes; "-" where it is absent."""
    old, new = (
        dict(_leaves(before.model_dump(mode="json", by_alias=True))),
        dict(_leaves(after.model_dump(mode="json", by_alias=True))),
    )
    for place in [*old, *(place for place in new if place not in old)]:
        if old.get(place) != new.get(place):
            yield place, _shown(old.get(place)), _shown(new.get(place))


def moves(
    project: Project, before: CheckedRule, after: CheckedRule, period: int | None
) -> list[tuple[str, str, int]] | None:
    """How many firms go from which grade (or status) to which, if the second rule is put in the place of the first.

    Returns:
        None where no records have been taken in.

    Raises:
        BuildStopped: the rules have no year in common, or the one asked for is outside of one of them.
    """
    years = sorted(set(before.rule.years) & set(after.rule.years))
    if not years or (period is not None and period not in years):
        asked = f"{period} is" if period is not None else "there is"
        raise BuildStopped(
            f"{asked} no year that both rules are for ({before.rule.years} and {after.rule.years}) · 年度不在两条规则范围内"  # noqa: E501
        )
    year = period or years[-1]
    place = records_of(project, "land_productivity")
    if not place.entities.is_file():
        return None
    if before.rule.rule == after.rule.rule:
        after = CheckedRule(
            after.rule.model_copy(update={"rule": f"{after.rule.rule}_after"}), after.version, after.faults, after.notes
        )
    runs = [Run("before", year, (before.rule.rule,)), Run("after", year, (after.rule.rule,))]
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "difference.duckdb"
        outcome = evaluate(
            project,
            database,
            plan_for(place, [before, after], runs),
            command="run",
            select=["+fct_enterprise_evaluation"],
        )
        if outcome.failed:
            name, message = next(iter(outcome.failed.items()))
            raise BuildStopped(f"{name}: {message}")
        with reading(database) as duck:
            return duck.execute("""
                select coalesce(a.grade, a.status) as was, coalesce(b.grade, b.status) as becomes, count(*)
                from fct_enterprise_evaluation as a inner join fct_enterprise_evaluation as b using (firm_id)
                where a.run = 'before' and b.run = 'after' and coalesce(a.rule, b.rule) is not null
                group by all order by all
            """).fetchall()


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - plain data
    if isinstance(value, dict) and value:
        for name, part in value.items():
            yield from _leaves(part, f"{place}.{name}" if place else str(name))
    elif isinstance(value, list) and value:
        for number, part in enumerate(value):
            key = part.get("id", number) if isinstance(part, dict) else number
            yield from _leaves(part, f"{place}[{key}]")
    elif value not in (None, {}, []):
        yield place, value


def _shown(value: Any) -> str:  # noqa: ANN401 - a scalar
    return "-" if value is None else str(value)
