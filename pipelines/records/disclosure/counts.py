"""Tables of counts: cells of few firms held back, and with them what would give them away."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from pipelines.records.disclosure.protect import Protection, protect
from pipelines.records.disclosure.tables import TOTAL, Key, Measure, Tables, relations_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def with_totals(
    counts: Iterable[tuple[Key, int]],
    threshold: int,
    groups: Sequence[Mapping[str, Sequence[str]]],
    *,
    total: str = TOTAL,
) -> Tables:
    """A table of counts with all its totals and groups.

    Args:
        counts: firms of each inner cell, one code a dimension.
        threshold: fewer firms than this are too few.
        groups: for each dimension the groups that it also adds up to, with their members.
        total: code of a total.
    """
    sums: Counter[Key] = Counter()
    for key, count in counts:
        choices = [
            [code, total, *(name for name, members in of.items() if code in members)]
            for code, of in zip(key, groups, strict=True)
        ]
        for expanded in product(*choices):
            sums[expanded] += count
    keys = sorted(key for key, count in sums.items() if count)
    firms = np.array([sums[key] for key in keys], dtype=float)
    few = firms < threshold
    measure = Measure(firms, np.where(few, threshold - firms, 0.0), few)
    parts = [{total: [], **of} for of in groups]
    return Tables(keys, firms, {"firms": measure}, relations_of(keys, parts))


def protected(tables: Tables) -> list[tuple[Key, int | None, str]]:
    """Each cell with its count, or None where it is held back, and its confidentiality status."""
    protection: Protection = protect(tables)
    shown = zip(tables.keys, tables.firms, protection.status, strict=True)
    return [(key, int(count) if status == "F" else None, str(status)) for key, count, status in shown]
