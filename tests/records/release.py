"""Seeded releases to be protected and attacked: firms of a province by county and industry, and by scale."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from pipelines.records.disclosure.tables import TOTAL, Measure, Tables, relations_of
from tests.records.attacker import Target


def release(
    seed: int, *, with_scale: bool = False, counties: int = 90, industries: int = 31, firms: int = 150_000
) -> Tables:
    """Sums of a skewed quantity with the totals, and groups of 26 and 25 counties that differ by one."""
    dice = np.random.default_rng([seed, with_scale])
    weight = (
        dice.gamma(1.2, 1, (counties, 1))
        * dice.gamma(0.8, 1, (1, industries))
        * dice.gamma(0.5, 1, (counties, industries))
    )
    expected = weight / weight.sum() * firms
    scales = ("above", "below") if with_scale else (TOTAL,)
    groups = {"G26": [f"C{n:02d}" for n in range(26)], "G25": [f"C{n:02d}" for n in range(25)]}
    cells = defaultdict(list)
    for county in range(counties):
        for industry in range(industries):
            for scale in scales:
                size = int(dice.poisson(expected[county, industry] / len(scales)))
                contributions = dice.lognormal(4, 1.3, size)
                if not size:
                    continue
                code = f"C{county:02d}"
                areas = [code, "330000", *(group for group, members in groups.items() if code in members)]
                for area in areas:
                    for of_industry in (f"I{industry:02d}", TOTAL):
                        for of_scale in {scale, TOTAL}:
                            cells[area, of_industry, of_scale].append(contributions)
    keys = sorted(cells)
    ordered = [np.sort(np.concatenate(cells[key]))[::-1] for key in keys]
    counts = np.array([len(one) for one in ordered], dtype=float)
    sums = np.array([one.sum() for one in ordered])
    largest = np.array([one[0] for one in ordered])
    second = np.array([one[1] if len(one) > 1 else 0.0 for one in ordered])
    rest = sums - largest - second
    primary = (counts < 3) | (largest > 0.75 * sums) | (largest + second > 0.85 * sums) | (rest < 0.1 * largest)
    margins = np.maximum.reduce(
        [0.1 * largest - rest, largest / 0.75 - sums, (largest + second) / 0.85 - sums, np.zeros(len(sums))]
    )
    relations = relations_of(keys, [{"330000": [], **groups}, {TOTAL: []}, {TOTAL: []}])
    return Tables(keys, counts, {"tax": Measure(sums, np.where(primary, margins, 0.0), primary)}, relations)


def targets(measure: Measure) -> list[Target]:
    """What the rules keep from everybody, with a millionth of the margin for the arithmetic of the attack."""
    found = []
    for cell in np.nonzero(measure.primary & (measure.margins > 0))[0]:
        value, margin = float(measure.values[cell]), float(measure.margins[cell])
        found.append(Target(int(cell), value - min(margin, value) * (1 - 1e-6), value + margin * (1 - 1e-6)))
    return found
