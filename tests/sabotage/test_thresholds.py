"""What `make thresholds` derived stands in the seed, and what it falsifies is false."""

from __future__ import annotations

import csv
import random
import re
from collections import Counter

import pytest

from tests.conftest import CHECKOUT
from tests.sabotage.thresholds import BEGIN, END, PAGE, TUNED, falsified, half_of, in_seed

ROW = re.compile(r"\| (\w+) \| (percentages|levels|totals|per head) \| ([\d.]+) \| ([\d.]+) \| held out \|")


def test_the_thresholds_in_force_are_those_of_the_page() -> None:
    table = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    derived = [(rule, float(deviations), float(least)) for rule, _, deviations, least in ROW.findall(table)]
    assert derived == [(tuned.rule, *in_seed(tuned)) for tuned in TUNED]


@pytest.mark.parametrize("value", [12.5, 60302.0, 7.0, 0.34, 88.0, -1.5])
def test_a_falsified_figure_is_never_the_true_one(value: float) -> None:
    chance = random.Random(1)
    assert all(falsified(value, chance, is_percentage=True) != value for _ in range(100))


def test_both_halves_hold_about_as_many_indicators() -> None:
    with (CHECKOUT / "dbt_project" / "seeds" / "reference" / "indicators.csv").open(encoding="utf-8") as file:
        halves = Counter(half_of(row["indicator"]) for row in csv.DictReader(file))
    assert set(halves) == {"derived", "held out"}
    assert min(halves.values()) > 0.4 * halves.total()
