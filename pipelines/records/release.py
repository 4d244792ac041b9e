"""What leaves: derived observations and tables of counts that passed disclosure, and the reconciliation with the
prints.

Everything goes into a file of its own, `warehouse/records_demo.duckdb`; made of synthetic records, it says so in every
table. The published warehouse is read here and never written.
"""

from __future__ import annotations

from dataclasses import astuple
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipelines.engine.database import reading, writing
from pipelines.records import areas
from pipelines.records.disclosure.cells import MEASURES, tables_of
from pipelines.records.disclosure.counts import protected, with_totals
from pipelines.records.disclosure.protect import Protection, counted, protect
from pipelines.records.disclosure.tables import TOTAL
from pipelines.records.reconcile import Computed, Reconciled, reconcile
from pipelines.records.registers import register

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import duckdb

    from pipelines.project import Project
    from pipelines.records.disclosure.tables import Tables
    from pipelines.records.places import RecordsPlace

SYNTHETIC = "合成 synthetic"
_WAN = Decimal(10_000)
#: measure of the cells, what it is called, its unit, and what leads from the register's unit to it
_INDICATORS: dict[str, tuple[str, str, str, Decimal]] = {
    "industrial_firms": ("规上工业企业数", "Firms at designated size", "unit", Decimal(1)),
    "industrial_land_used": ("规上工业用地面积", "Land of firms at designated size", "mu", Decimal(1)),
    "industrial_tax_paid": ("规上工业税收", "Tax of firms at designated size", "yuan", _WAN),
    "industrial_value_added": ("规上工业增加值", "Value added of firms at designated size", "yuan", _WAN),
    "tax_per_mu_industrial": ("规上工业亩均税收", "Tax per mu of industry above scale", "yuan_per_mu", _WAN),
    "value_added_per_mu_industrial": (
        "规上工业亩均增加值",
        "Value added per mu of industry above scale",
        "yuan_per_mu",
        _WAN,
    ),
}
_OBSERVATIONS = """
        observation_id varchar, indicator varchar, ref_area varchar, freq varchar, time_period varchar,
        period_start date, period_end date, time_basis varchar, breakdown varchar, obs_value decimal(38, 6),
        unit_measure varchar, unit_mult integer, obs_status varchar, conf_status varchar, derived_by varchar,
        derived_version varchar, records_release varchar, nature varchar
"""


def release_enterprises(
    project: Project, place: RecordsPlace, file: Path, period: int, *, version: str
) -> tuple[Tables, Protection]:
    """Write the tables of output per mu of a year.

    Args:
        project: whose reference data to use.
        place: where the evaluation lies.
        file: the DuckDB file that leaves.
        period: the evaluated year; its run has its name.
        version: of what derived them, the rules' versions together.
    """
    threshold = register("land_productivity").disclosure.threshold
    groups = areas.groups(project)
    with reading(place.work) as duck:
        tables = tables_of(duck, str(period), groups, threshold)
        protection = protect(tables)
        counts = {name: _counts(duck, name, period, groups, threshold) for name in _COUNTED}
    with writing(file) as duck:
        _write(
            duck,
            "derived_observations",
            _OBSERVATIONS,
            list(_observations(tables, protection, period, version, place.release())),
        )
        _write(duck, "derived_indicators", "indicator varchar, name_zh varchar, name_en varchar, unit_measure varchar, nature varchar",  # noqa: E501
               [(code, *words[:3], SYNTHETIC) for code, words in _INDICATORS.items()])  # fmt: skip
        for name, (columns, cells) in counts.items():
            spec = ", ".join(f"{column} varchar" for column in columns)
            table = [(*key, firms, status, SYNTHETIC) for key, firms, status in cells]
            _write(duck, f"mart_{name}", f"{spec}, firms bigint, conf_status varchar, nature varchar", table)
        status = counted(protection)
        shown = [("derived_observations", status["F"], status["C"], status["D"], protection.repaired, SYNTHETIC)]
        _write(
            duck,
            "disclosure",
            "table_name varchar, shown bigint, primary_cells bigint, secondary_cells bigint, repaired bigint, nature varchar",  # noqa: E501
            shown,
        )
    return tables, protection


_COUNTED = {
    "enterprise_grades": (
        ("ref_area", "scale", "grade"),
        "select county, scale, case when grade = '' then status else grade end, sum(firms) from mart_enterprise_grades where run = ? group by all",  # noqa: E501
    ),
    "enterprise_movers": (
        ("from_grade", "to_grade"),
        "select from_grade, to_grade, sum(firms) from mart_enterprise_movers where cast(to_period as varchar) = ? group by all",  # noqa: E501
    ),
    "enterprise_distribution": (
        ("scale", "score_from"),
        "select scale, cast(least(score_from, 200) as varchar), sum(firms) from mart_enterprise_distribution where run = ? group by all",  # noqa: E501
    ),
}


def _counts(
    duck: duckdb.DuckDBPyConnection, name: str, period: int, groups: dict[str, list[str]], threshold: int
) -> tuple[tuple[str, ...], list[Any]]:
    columns, sql = _COUNTED[name]
    rows = [(tuple(row[:-1]), int(row[-1])) for row in duck.execute(sql, [str(period)]).fetchall()]
    of_dimensions: list[dict[str, list[str]]] = [groups if column == "ref_area" else {} for column in columns]
    return columns, protected(with_totals(rows, threshold, of_dimensions))


def _observations(
    tables: Tables, protection: Protection, period: int, version: str, release: str
) -> Iterator[tuple[Any, ...]]:
    for number, (area, industry, _) in enumerate(tables.keys):
        status = str(protection.status[number])
        land, tax, added = (Decimal(str(tables.measures[name].values[number])) for name in MEASURES)
        values = {
            "industrial_firms": Decimal(int(tables.firms[number])),
            "industrial_land_used": land,
            "industrial_tax_paid": tax,
            "industrial_value_added": added,
            "tax_per_mu_industrial": tax / land,
            "value_added_per_mu_industrial": added / land,
        }
        breakdown = "" if industry == TOTAL else f"industry={industry}"
        for indicator, value in values.items():
            _, _, unit, factor = _INDICATORS[indicator]
            shown = round(value * factor, 6) if status == "F" else None
            yield (
                f"derived:{indicator}:{area}:{period}:{breakdown}", indicator, area, "A", str(period), f"{period}-01-01", f"{period}-12-31",  # noqa: E501
                "flow", breakdown, shown, unit, 0, "A" if status == "F" else "Q", status,
                "int_release_cells", version, release, SYNTHETIC,
            )  # fmt: skip


def release_reviews(place: RecordsPlace, file: Path) -> None:
    """Write the measures of reviews by county and month; a cell of fewer than the threshold of persons is held back."""
    declared = register("service_reviews")
    with reading(place.work) as duck:
        rows = duck.execute(
            "select county, month, reviews, active, poor, mended_in_time, rechecked, passed from mart_service_reviews"
        ).fetchall()
    names = ("reviews", "active", "poor", "mended_in_time", "rechecked", "passed")
    counts = {(row[0], row[1]): dict(zip(names, row[2:], strict=True)) for row in rows}
    cells = protected(
        with_totals(((key, one["reviews"]) for key, one in counts.items()), declared.disclosure.threshold, [{}, {}])
    )
    table = []
    for key, reviews, status in cells:
        whole = {name: sum(one[name] for inner, one in counts.items() if _within(inner, key)) for name in names}
        for code, measure in declared.measures.items():
            over = whole[measure.denominator] if measure.denominator else None
            value = (
                None if reviews is None or over == 0 else Decimal(whole[measure.numerator] * measure.per) / (over or 1)
            )
            held = status if reviews is None else "F"
            table.append((code, *key, None if value is None else round(value, 6), over, held, SYNTHETIC))
    with writing(file) as duck:
        _write(
            duck,
            "mart_service_reviews",
            "measure varchar, ref_area varchar, month varchar, value decimal(38, 6), denominator bigint, conf_status varchar, nature varchar",  # noqa: E501
            table,
        )


def _within(inner: tuple[str, ...], key: tuple[str, ...]) -> bool:
    return all(code in (TOTAL, own) for own, code in zip(inner, key, strict=True))


def reconciliation(
    project: Project, place: RecordsPlace, reviews: RecordsPlace, file: Path, period: int
) -> list[Reconciled]:
    """Hold what leaves against what was printed, and write it down in the file that leaves."""
    computed: list[Computed] = []
    with reading(file) as duck:
        for indicator in ("tax_per_mu_industrial", "value_added_per_mu_industrial"):
            row = duck.execute(
                "select obs_value from derived_observations where indicator = ? and ref_area = ? and breakdown = ''",
                [indicator, areas.PROVINCE],
            ).fetchone()
            if row and row[0] is not None:
                computed.append(Computed(indicator, areas.PROVINCE, str(period), row[0]))
    with reading(place.work) as duck:
        (evaluated,) = duck.execute(
            "select count(*) from fct_enterprise_evaluation where run = ? and status = 'evaluated'", [str(period)]
        ).fetchone() or (0,)
        computed.append(Computed("land_evaluated_firms", areas.PROVINCE, str(period), Decimal(evaluated)))
    with reading(reviews.work) as duck:
        totals = duck.execute(
            "select sum(active), sum(poor), sum(mended_in_time), sum(rechecked), sum(passed) from mart_service_reviews"
        ).fetchone()
    if totals:
        active, poor, in_time, rechecked, passed = (int(total or 0) for total in totals)
        place_and_year = (areas.PROVINCE, str(period))
        computed += [
            Computed("service_reviews", *place_and_year, Decimal(active)),
            Computed("service_poor_reviews", *place_and_year, Decimal(poor)),
            Computed(
                "service_poor_reviews_rectified_in_time_rate",
                *place_and_year,
                Decimal(100 * in_time) / max(poor, 1),
                poor,
            ),
            Computed(
                "service_poor_reviews_recheck_pass_rate",
                *place_and_year,
                Decimal(100 * passed) / max(rechecked, 1),
                rechecked,
            ),
        ]
    with reading(project.published) as published:
        lines = reconcile(published, computed)
    with writing(file) as duck:
        spec = (
            "indicator varchar, ref_area varchar, time_period varchar, computed decimal(38, 6), printed decimal(38, 6), "  # noqa: E501
            "printed_low decimal(38, 6), printed_high decimal(38, 6), source_id varchar, outcome varchar, finding_zh varchar, "  # noqa: E501
            "finding_en varchar, nature varchar"
        )
        _write(duck, "reconciliation", spec, [(*astuple(line), SYNTHETIC) for line in lines])
    return lines


def _write(duck: duckdb.DuckDBPyConnection, name: str, spec: str, rows: Sequence[tuple[Any, ...]]) -> None:
    import polars as pl

    duck.execute(f"create or replace table {name} ({spec})")
    if rows:
        # as text, which the table's types take exactly; row by row would take a millisecond each
        columns = [f"column_{number}" for number in range(len(rows[0]))]
        text = [[None if value is None else str(value) for value in row] for row in rows]
        duck.register("written", pl.DataFrame(text, schema=dict.fromkeys(columns, pl.String), orient="row").to_arrow())
        duck.execute(f"insert into {name} select * from written")  # noqa: S608 - our own name
        duck.unregister("written")
