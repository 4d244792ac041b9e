"""Restated records change only what they touch: the counties whose firms they are about are evaluated again, no others.

A county can be evaluated by itself where its rules rank within it and compute no base from firms beyond it; where a
rule reaches further, so does the correction. The result equals a full evaluation.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.engine.database import in_memory, reading, writing
from pipelines.problems import BuildStopped
from pipelines.records.evaluation import evaluate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.project import Project
    from pipelines.records.places import RecordsPlace

Data = dict[str, Any]
_REPLACED = ("fct_enterprise_evaluation", "mart_enterprise_grades")
#: Made anew as a whole where they stand: what they add up is not kept by county.
_MADE_ANEW = (
    "mart_enterprise_distribution",
    "mart_enterprise_movers",
    "int_enterprise_cells",
    "int_release_cells",
    "int_record_settlement",
)


@dataclass(frozen=True)
class Corrected:
    """What a correction did.

    Attributes:
        counties: that were evaluated again; None means all.
        seconds: of the models and of putting their rows in place.
    """

    counties: list[str] | None
    seconds: float


def correct(project: Project, place: RecordsPlace, plan: Data, deliveries: Sequence[str]) -> Corrected:
    """Evaluate again what some deliveries touch, and put it in the place of what was there.

    Args:
        project: whose models to run.
        place: where the records and the earlier evaluation lie.
        plan: that of the earlier evaluation.
        deliveries: ids of deliveries that were taken in since.

    Raises:
        BuildStopped: a model failed; the earlier evaluation stays.
    """
    from time import monotonic

    counties = touched(place, plan, deliveries)
    beside = _standing(place)
    if counties is None:
        outcome = evaluate(project, place.work, plan, command="run", select=["+tag:enterprise", *beside])
        _stop_if_failed(outcome.failed)
        return Corrected(None, sum(outcome.seconds.values()))
    with tempfile.TemporaryDirectory(dir=place.folder) as folder:
        database = Path(folder) / "part.duckdb"
        outcome = evaluate(
            project, database, plan | {"counties": counties}, command="run", select=["+mart_enterprise_grades"]
        )
        _stop_if_failed(outcome.failed)
        began = monotonic()
        quoted = str(database).replace("'", "''")
        with writing(place.work) as duck:
            duck.execute(f"attach '{quoted}' as part (read_only)")
            duck.execute("begin")
            for table in _REPLACED:
                duck.execute(f"delete from {table} where county in (select unnest(?))", [counties])  # noqa: S608 - our own names
                duck.execute(f"insert into {table} select * from part.{table}")  # noqa: S608 - our own names
            duck.execute("commit")
            duck.execute("detach part")
        seconds = sum(outcome.seconds.values()) + monotonic() - began
    if beside:
        outcome = evaluate(project, place.work, plan, command="run", select=beside)
        _stop_if_failed(outcome.failed)
        seconds += sum(outcome.seconds.values())
    return Corrected(counties, seconds)


def _standing(place: RecordsPlace) -> list[str]:
    """Which of the models that are made anew stand in the earlier evaluation."""
    with reading(place.work) as duck:
        rows = duck.execute("select table_name from information_schema.tables order by 1").fetchall()
    return [name for (name,) in rows if name in _MADE_ANEW]


def touched(place: RecordsPlace, plan: Data, deliveries: Sequence[str]) -> list[str] | None:
    """Counties that must be evaluated again; None where a rule reaches beyond counties."""
    if not all(_is_local(scheme, plan) for scheme in plan["schemes"]):
        return None
    folders = [str(place.deliveries / one / "accepted" / "*" / "*" / "*.parquet") for one in deliveries]
    with in_memory() as duck:
        duck.read_parquet(str(place.entities)).create_view("firms")
        # a tenant's county and its landlord's are evaluated together
        rows = duck.execute(
            """
            with recursive linked as (
                select distinct tenants.county as a, landlords.county as b from firms as tenants
                inner join firms as landlords on tenants.landlord_id = landlords.firm_id
                where tenants.county <> landlords.county
            ),
            reached as (
                select distinct county from firms where firm_id in (select firm_id from read_parquet(?,
                hive_partitioning = false)) union
                select case when linked.a = reached.county then linked.b else linked.a end
                from reached inner join linked on reached.county in (linked.a, linked.b)
            )
            select county from reached order by 1
            """,
            [folders],
        ).fetchall()
    return [str(county) for (county,) in rows]


def _is_local(scheme: Data, plan: Data) -> bool:
    """Whether a scheme asks nothing of firms beyond the county that is evaluated."""
    rule = next(one for one in plan["rules"] if one["rule"] == scheme["rule"])
    if len(rule["areas"]) == 1:
        return True
    if scheme["grades_by"] != "score" and "county" not in scheme["within"]:
        return False
    for scored in scheme["indicators"].values():
        by_place = scored["points"] == "rank" or scored["steps_of"] == "share"
        if by_place and "county" not in scheme["within"]:
            return False
        if "class_mean" in (scored["no_record"]["how"], scored["zero_denominator"]["how"]):
            return False
        for word in ("base", "worst", "best"):
            value = scored[word] or {}
            for one in [value.get("all"), *value.get("by_class", {}).values()]:
                if one and "statistic" in one and "county" not in one["within"]:
                    return False
    return True


def _stop_if_failed(failed: dict[str, str]) -> None:
    for name, message in failed.items():
        raise BuildStopped(f"{name}: {message}; the earlier evaluation stays · 原评价结果保持不变")
