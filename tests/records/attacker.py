"""An attacker who sees what a release shows and knows how tables add up. It shares no line with what protects them.

It solves the sums exactly where they determine a cell, and bounds every other cell by linear programming; then again as a
firm that is alone in a cell of the same sum, and knows that cell.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np


@dataclass(frozen=True)
class Finding:
    """What an attacker learns of one cell.

    Attributes:
        cell: which.
        low: the smallest that it can be.
        high: the largest.
        exact: the sums leave one value.
        known_by: the cell whose single firm reckons so, or None for everybody.
    """

    cell: int
    low: float
    high: float
    exact: bool
    known_by: int | None


class Attacker:
    """Equations over the cells that are not shown: what is shown is taken off their right-hand sides."""

    def __init__(self, values: np.ndarray, shown: np.ndarray, sums: list[tuple[int, list[int]]]) -> None:
        self.hidden = [int(cell) for cell in np.nonzero(~shown)[0]]
        self._column = {cell: number for number, cell in enumerate(self.hidden)}
        self.rows: list[dict[int, float]] = []
        rights: list[float] = []
        for total, parts in sums:
            row: dict[int, float] = {}
            right = 0.0
            for cell, sign in [(part, 1.0) for part in parts] + [(total, -1.0)]:
                if cell in self._column:
                    row[self._column[cell]] = row.get(self._column[cell], 0.0) + sign
                else:
                    right -= sign * float(values[cell])
            if row:
                self.rows.append(row)
                rights.append(right)
        self._rights = np.array(rights)
        self._true = values
        self._solver = self._built()

    def _built(self) -> highspy.Highs:
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("presolve", "off")
        for _ in self.hidden:
            solver.addVar(0.0, highspy.kHighsInf)
        for row, right in zip(self.rows, self._rights, strict=True):
            slack = 1e-6 * max(1.0, abs(right)) * 1e-3
            solver.addRow(right - slack, right + slack, len(row), np.array(list(row)), np.array(list(row.values())))
        return solver

    def exact(self) -> set[int]:
        """Cells that the sums determine: their unit vector lies in the space of the equations."""
        if not self.rows:
            return set()
        dense = np.zeros((len(self.rows), len(self.hidden)))
        for number, row in enumerate(self.rows):
            for column, sign in row.items():
                dense[number, column] = sign
        # a cell is determined where no movement that keeps all sums moves it: the null space is zero there
        _, sizes, right = np.linalg.svd(dense, full_matrices=True)
        rank = int((sizes > 1e-9).sum())
        null = right[rank:]
        loose = np.abs(null).max(axis=0) > 1e-7 if len(null) else np.zeros(len(self.hidden), dtype=bool)
        return {cell for cell in self.hidden if not loose[self._column[cell]]}

    def interval(self, cell: int, known_by: int | None = None) -> tuple[float, float]:
        """The smallest and the largest that a cell can be."""
        column = self._column[cell]
        if known_by is not None:
            own = float(self._true[known_by])
            self._solver.changeColBounds(self._column[known_by], own, own)
        ends = []
        for sign in (1.0, -1.0):
            self._solver.changeColCost(column, sign)
            self._solver.run()
            status = self._solver.getModelStatus()
            optimal = status == highspy.HighsModelStatus.kOptimal
            value = float(self._solver.getSolution().col_value[column]) if optimal else np.inf
            ends.append(value)
        self._solver.changeColCost(column, 0.0)
        if known_by is not None:
            self._solver.changeColBounds(self._column[known_by], 0.0, highspy.kHighsInf)
        return ends[0], ends[1]

    def neighbours(self, cell: int, alone: set[int]) -> list[int]:
        """Cells of single firms in the same sums as a cell."""
        column = self._column[cell]
        found = {self.hidden[other] for row in self.rows if column in row for other in row}
        return sorted((found & alone) - {cell})


def attack(
    values: np.ndarray, firms: np.ndarray, shown: np.ndarray, sums: list[tuple[int, list[int]]], targets: list[int], *, firms_too: bool = True
) -> list[Finding]:
    """What is learnt of every target, first by everybody, then by the single firms next to it."""
    attacker = Attacker(values, shown, sums)
    exact = attacker.exact()
    alone = {cell for cell in attacker.hidden if firms[cell] == 1}
    found = []
    for cell in targets:
        for known_by in [None, *(attacker.neighbours(cell, alone) if firms_too else [])]:
            low, high = attacker.interval(cell, known_by)
            found.append(Finding(cell, low, high, cell in exact, known_by))
    return found
