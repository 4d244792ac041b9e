"""mart_inequality and mart_gap_decomposition against pysal's `inequality` and against the corners of the prints.

pysal weighs every observation alike; a measure that is weighted by residents is the plain one over all residents, each
with the mean of the place, so every place is repeated as often as it has units of residents. The worked examples by
hand stand in dbt_project/models/marts/unit_tests.yml.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pytest
from inequality.gini import Gini
from inequality.theil import TheilD

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.project import Project

COMPARED = [
    ("income_disposable_per_capita:urban", "county", "330000", "2024"),
    ("income_disposable_per_capita:rural", "county", "330000", "2024"),
    ("gdp_per_capita", "county", "330000", "2024"),
    ("income_disposable_per_capita:rural", "city", "330000", "2022"),
    ("gdp_per_capita", "city", "330000", "2019"),
    ("gdp_per_capita", "province", "000000", "2005"),
    ("income_disposable_per_capita", "province", "000000", "2022"),
]
#: The marts print six decimals.
PRINTED = 0.5e-6 + 1e-12


@dataclass(frozen=True)
class Comparison:
    """A row of the mart, and the prints of its places in one order: least, printed and greatest of each.

    Attributes:
        x, weight: rows low, value, high; columns places. Values in the row's unit, weights in persons.
        above: the place above each.
    """

    row: dict[str, Any]
    x: np.ndarray
    weight: np.ndarray
    above: np.ndarray


@pytest.fixture(scope="module", params=COMPARED, ids="-".join)
def comparison(request: pytest.FixtureRequest, whole: Project) -> Comparison:
    keys = dict(zip(("subject", "area_level", "within_area", "time_period"), request.param, strict=True))
    with duckdb.connect(str(whole.published), read_only=True) as connection:
        found = connection.execute(
            "select * from marts.mart_inequality where " + " and ".join(f"{name} = ${name}" for name in keys), keys
        )
        row = dict(zip([column[0] for column in found.description], found.fetchone() or (), strict=True))
        prints = connection.execute(
            """
            select values_.obs_value_low, values_.obs_value, values_.obs_value_high,
                weights.obs_value_low, weights.obs_value, weights.obs_value_high, areas.parent
            from facts.observations as values_
            join facts.observations as weights using (ref_area)
            join reference.latest_areas as areas using (ref_area)
            where list_contains(?, values_.figure_id) and list_contains(?, weights.figure_id)
                and values_.indicator <> 'population_resident' and weights.indicator = 'population_resident'
            """,
            [row["figure_ids"], row["figure_ids"]],
        ).fetchall()
    numbers = np.array([[float(number) for number in line[:6]] for line in prints]).T
    return Comparison(row, numbers[:3], numbers[3:], np.array([line[6] for line in prints]))


def test_all_places_of_the_row_are_held_against_the_library(comparison: Comparison) -> None:
    assert comparison.x.shape == (3, comparison.row["places"])


def test_gini_and_theil_are_those_of_the_library_over_all_residents(comparison: Comparison) -> None:
    residents = comparison.weight[1].round().astype(int)
    times = residents // np.gcd.reduce(residents)
    everyone, above = np.repeat(comparison.x[1], times), np.repeat(comparison.above, times)
    theil = TheilD(everyone, above)
    expected = {
        "gini": Gini(everyone).g,
        "theil": theil.T,
        "theil_between": theil.bg.item(),
        "coefficient_of_variation": everyone.std() / everyone.mean(),
    }
    for name, value in expected.items():
        assert abs(float(comparison.row[name]) - value) <= PRINTED, name
    assert abs(float(comparison.row["theil_within"]) - theil.wg.item()) <= 2 * PRINTED


def gini(x: np.ndarray, weight: np.ndarray, _above: np.ndarray) -> float:
    share = weight / weight.sum()
    return float(share @ np.abs(x[:, None] - x) @ share / (2 * share @ x))


def theil(x: np.ndarray, weight: np.ndarray, _above: np.ndarray) -> float:
    share = weight / weight.sum()
    relative = x / (share @ x)
    return float(share @ (relative * np.log(relative)))


def theil_between(x: np.ndarray, weight: np.ndarray, above: np.ndarray) -> float:
    names, number = np.unique(above, return_inverse=True)
    people = np.bincount(number, weight, len(names))
    return theil(np.bincount(number, weight * x, len(names)) / people, people, above)


def theil_within(x: np.ndarray, weight: np.ndarray, above: np.ndarray) -> float:
    return theil(x, weight, above) - theil_between(x, weight, above)


def coefficient_of_variation(x: np.ndarray, weight: np.ndarray, _above: np.ndarray) -> float:
    share = weight / weight.sum()
    return math.sqrt(share @ (x / (share @ x) - 1) ** 2)


def max_over_min(x: np.ndarray, _weight: np.ndarray, _above: np.ndarray) -> float:
    return float(x.max() / x.min())


def towards(measure: Callable[..., float], found: Comparison, sign: int) -> float:
    """The measure where each print is at the end that, the others as printed, moves it most to one side."""
    prints = np.concatenate([found.x, found.weight], axis=1)
    places, chosen = found.x.shape[1], prints[1].copy()

    def at(values: np.ndarray) -> float:
        return measure(values[:places], values[places:], found.above)

    for column in range(2 * places):
        ends = []
        for end in (0, 2):
            moved = prints[1].copy()
            moved[column] = prints[end, column]
            ends.append((sign * at(moved), prints[end, column]))
        chosen[column] = max(ends)[1]
    return at(chosen)


@pytest.mark.parametrize(
    "measure",
    [gini, theil, theil_between, theil_within, coefficient_of_variation, max_over_min],
    ids=lambda it: it.__name__,
)
def test_the_interval_holds_every_reading_of_the_prints_and_little_more(
    comparison: Comparison, measure: Callable[..., float]
) -> None:
    name = measure.__name__
    low, high = (float(comparison.row[f"{name}_{end}"]) for end in ("low", "high"))
    draw = np.random.default_rng(20261125)
    for _ in range(200):
        x = draw.uniform(comparison.x[0], comparison.x[2])
        weight = draw.uniform(comparison.weight[0], comparison.weight[2])
        assert low <= measure(x, weight, comparison.above) <= high
    least, greatest = towards(measure, comparison, -1), towards(measure, comparison, 1)
    assert low <= least <= greatest <= high
    # 2 % of the width, and the seventh decimal that is rounded outward at either end
    assert high - low <= (greatest - least) * 1.02 + 4e-7


def test_every_effect_lies_between_its_corners(whole: Project) -> None:
    """The mart's ends against 3 ^ 6 readings of the six prints: every print low, as printed and high."""
    with duckdb.connect(str(whole.published), read_only=True) as connection:
        rows = connection.execute("""
            select urban_effect_low, urban_effect_high, rural_effect_low, rural_effect_high,
                urbanisation_effect_low, urbanisation_effect_high, change_all_low, change_all_high,
                (
                    select list([o.obs_value_low, o.obs_value, o.obs_value_high] order by o.time_period, o.obs_value)
                    from facts.observations o where list_contains(m.figure_ids, o.figure_id)
                )
            from marts.mart_gap_decomposition m
        """).fetchall()
    assert len(rows) > 15
    for *ends, prints in rows:
        effects = []
        for reading in product(*[[float(number) for number in one] for one in prints]):
            rural, everyone, urban, rural_after, everyone_after, urban_after = reading
            share = (everyone - rural) / (urban - rural)
            share_after = (everyone_after - rural_after) / (urban_after - rural_after)
            of_urban = (share + share_after) / 2 * (urban_after - urban)
            of_rural = (1 - (share + share_after) / 2) * (rural_after - rural)
            # what is left is the moving of people: the parts leave no residue
            effects.append(
                (of_urban, of_rural, everyone_after - everyone - of_urban - of_rural, everyone_after - everyone)
            )
        for at, part in enumerate(np.array(effects).T):
            low, high = float(ends[2 * at]), float(ends[2 * at + 1])
            assert low <= part.min() + 1e-9, (ends, at)
            assert high >= part.max() - 1e-9, (ends, at)
            assert high - low <= part.max() - part.min() + 4e-7
