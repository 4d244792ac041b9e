"""The cells of a release and the sums that tie them: what an attacker sees as equations."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TOTAL = "_T"
Key = tuple[str, ...]


@dataclass(frozen=True)
class Measure:
    """One quantity over all cells.

    Attributes:
        values: what the cell would show, in the measure's unit.
        margins: how far an interval must reach past the value, either way; 0 where the cell breaks no rule.
        primary: the cells that break a rule, as a mask.
    """

    values: np.ndarray
    margins: np.ndarray
    primary: np.ndarray


@dataclass(frozen=True)
class Tables:
    """All tables of a release over one set of cells.

    Attributes:
        keys: what each cell is, one code a dimension.
        firms: contributors of each cell.
        measures: by name; a cell is held back for all of them or for none, so numerator and denominator of a ratio fall
            together, and a mean or a percentile stands under the mask of its sum.
        relations: for each sum the cell of the total and the cells that add up to it.
    """

    keys: list[Key]
    firms: np.ndarray
    measures: dict[str, Measure]
    relations: list[tuple[int, list[int]]] = field(default_factory=list)

    @property
    def primary(self) -> np.ndarray:
        """Cells that break a rule in any measure."""
        broken: np.ndarray = np.logical_or.reduce([measure.primary for measure in self.measures.values()])
        return broken

    def same_firms(self) -> np.ndarray:
        """For each cell the first of those that hold the same firms: a sum of one part is that part."""
        first = np.arange(len(self.keys))
        for _ in range(len(self.keys)):
            before = first.copy()
            for total, parts in self.relations:
                if len(parts) == 1:
                    first[total] = first[parts[0]] = min(first[total], first[parts[0]])
            if (first == before).all():
                break
        return first

    def parts_of(self) -> dict[int, set[int]]:
        """For each total or group every cell that lies in it, however deep."""
        direct: dict[int, set[int]] = defaultdict(set)
        for total, parts in self.relations:
            direct[total].update(parts)
        found: dict[int, set[int]] = {}

        def within(cell: int) -> set[int]:
            if cell not in found:
                found[cell] = direct[cell].union(*(within(part) for part in direct[cell] if part in direct))
            return found[cell]

        for total in list(direct):
            within(total)
        return found


def relations_of(keys: Sequence[Key], parts: Sequence[Mapping[str, Sequence[str]]]) -> list[tuple[int, list[int]]]:
    """The sums that tie cells together.

    Args:
        keys: one code a dimension.
        parts: for each dimension, which codes add up to a total or group, by its code; a total that names no parts
        is the
            sum of all codes that are no total or group.
    """
    index = {key: number for number, key in enumerate(keys)}
    found = []
    for dimension, groups in enumerate(parts):
        leaves = sorted({key[dimension] for key in keys} - set(groups))
        lines: dict[Key, dict[str, int]] = defaultdict(dict)
        for key, number in index.items():
            lines[key[:dimension] + key[dimension + 1 :]][key[dimension]] = number
        for line in lines.values():
            for group, members in groups.items():
                if group in line:
                    children = [line[code] for code in (members or leaves) if code in line]
                    if children:
                        found.append((line[group], children))
    return found
