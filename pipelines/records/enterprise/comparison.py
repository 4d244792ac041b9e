"""Means and benchmarks that a firm is shown beside its own values, under the rules of disclosure.

A mean is the sum of numerators over the sum of denominators of a group at the firm's scale; it is shown only where the
sums could be shown in a table of all counties (or industries) with their total, and a P90 under the mask of its sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.records.disclosure.brought import primary_of
from pipelines.records.disclosure.protect import protect
from pipelines.records.disclosure.tables import TOTAL, Key, Measure, Tables, relations_of
from pipelines.records.registers import register

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Beside:
    """What stands beside one indicator of a firm; None where it is held back."""

    industry: float | None
    county: float | None
    province: float | None
    benchmark: float | None


def beside(
    duck: duckdb.DuckDBPyConnection, run: str, indicator: str, *, scale: str, county: str, industry: str
) -> Beside:
    """The means of the firm's industry, county and province, and the province's P90, all at its scale."""
    of_county = _means(duck, run, indicator, scale, "county")
    of_industry = _means(duck, run, indicator, scale, "industry")
    province = of_county.get(TOTAL)
    row = duck.execute(
        f"select quantile_cont({indicator}, 0.9) from fct_enterprise_evaluation where run = ? and scale = ? and {indicator} is not null",  # noqa: S608, E501 - a name of the plan
        [run, scale],
    ).fetchone()
    benchmark = float(row[0]) if row and row[0] is not None and province is not None else None
    return Beside(of_industry.get(industry), of_county.get(county), province, benchmark)


def _means(duck: duckdb.DuckDBPyConnection, run: str, indicator: str, scale: str, by: str) -> dict[str, float | None]:
    sides = {}
    for side in ("numerator", "denominator"):
        column = f"greatest({indicator}_{side}, 0)"
        sides[side] = duck.execute(
            f"select coalesce({by}, '{TOTAL}'), count(*), sum({column}), max({column}), coalesce(max({column}, 2)[2], 0) "  # noqa: S608, E501 - names of the plan
            f"from fct_enterprise_evaluation where run = ? and scale = ? and {indicator} is not null group by rollup ({by}) order by 1",  # noqa: E501
            [run, scale],
        ).fetchall()
    keys: list[Key] = [(str(row[0]),) for row in sides["numerator"]]
    if not keys:
        return {}
    rules = register("land_productivity").disclosure
    firms = np.array([row[1] for row in sides["numerator"]], dtype=float)
    measures = {}
    for side, rows in sides.items():
        values, largest, second = (np.array([row[place] for row in rows], dtype=float) for place in (2, 3, 4))
        primary, margins = primary_of(values, firms, largest, second, rules)
        measures[side] = Measure(values, margins, primary)
    protection = protect(Tables(keys, firms, measures, relations_of(keys, [{TOTAL: []}])))
    means = {}
    for number, (code,) in enumerate(keys):
        below = measures["denominator"].values[number]
        shown = not protection.held_back[number] and below > 0
        means[code] = float(measures["numerator"].values[number] / below) if shown else None
    return means
