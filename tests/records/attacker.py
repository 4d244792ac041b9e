"""An attacker who sees what a release shows and knows how tables add up. It shares no line with what protects them.

It solves the sums exactly where they determine a cell, and bounds every other cell by linear programming: as
anybody, and as each firm that is alone in a cell and knows it, about the cells of the same sums.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

Sums = list[tuple[int, list[int]]]


@dataclass(frozen=True)
class Target:
    """A cell, and the interval that the rule keeps from everybody.

    Attributes:
        cell: which.
        low: whoever can tell that it is above this has come too close.
        high: the same from above.
    """

    cell: int
    low: float
    high: float


@dataclass
class Findings:
    """What an attacker learnt.

    Attributes:
        exact: cells that the sums leave one value.
        by_anybody: cells bounded within their interval by what everybody sees.
        by_firms: cells bounded so by a firm that knows its own.
        asked: linear programmes solved.
    """

    exact: set[int]
    by_anybody: set[int]
    by_firms: set[int]
    asked: int = 0

    @property
    def inside(self) -> set[int]:
        """All cells learnt too closely."""
        return self.exact | self.by_anybody | self.by_firms


class Attacker:
    """Equations over the cells that are not shown: what is shown stands on their right-hand sides."""

    def __init__(self, values: np.ndarray, firms: np.ndarray, shown: np.ndarray, sums: Sums) -> None:
        self._values, self._firms = values, firms
        self.hidden = [int(cell) for cell in np.nonzero(~shown)[0]]
        self._column = {cell: number for number, cell in enumerate(self.hidden)}
        self._rows: list[dict[int, float]] = []
        self._rights: list[float] = []
        for total, parts in sums:
            row: dict[int, float] = {}
            right = 0.0
            for cell, sign in [(part, 1.0) for part in parts] + [(total, -1.0)]:
                if cell in self._column:
                    row[self._column[cell]] = row.get(self._column[cell], 0.0) + sign
                else:
                    right -= sign * float(values[cell])
            if row:
                self._rows.append(row)
                self._rights.append(right)
        self._solver = highspy.Highs()
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("presolve", "off")
        for _ in self.hidden:
            self._solver.addVar(0.0, highspy.kHighsInf)
        for row, right in zip(self._rows, self._rights, strict=True):
            slack = 1e-9 * max(1.0, abs(right))
            self._solver.addRow(
                right - slack, right + slack, len(row), np.array(list(row)), np.array(list(row.values()))
            )
        self.asked = 0

    def exact(self) -> set[int]:
        """Cells that the sums determine: nothing that keeps all sums moves them."""
        size = len(self.hidden)
        if not size:
            return set()
        dense = np.zeros((len(self._rows), size))
        for number, row in enumerate(self._rows):
            for column, sign in row.items():
                dense[number, column] = sign
        # a unit vector that lies in the space of the equations is its own projection onto it
        _, sizes, right = np.linalg.svd(dense, full_matrices=False)
        basis = right[sizes > 1e-9]
        return {self.hidden[column] for column in range(size) if (basis[:, column] ** 2).sum() > 1 - 1e-9}

    def too_close(self, targets: list[Target], known_by: int | None) -> set[int]:
        """Targets that whoever knows a cell (None: everybody) bounds within their intervals.

        Every table that a question brings up is looked at for all targets: one that lies outside for a target
        answers it.
        """
        if known_by is not None:
            own = float(self._values[known_by])
            self._solver.changeColBounds(self._column[known_by], own, own)
        lows = {target.cell: np.inf for target in targets}
        highs = {target.cell: -np.inf for target in targets}
        found = set()
        for target in targets:
            for sign in (1.0, -1.0):
                answered = lows[target.cell] <= target.low if sign > 0 else highs[target.cell] >= target.high
                if answered:
                    continue
                table = self._extreme(target.cell, sign)
                if table is None:  # no bound on this side
                    continue
                for other in targets:
                    value = table[self._column[other.cell]]
                    lows[other.cell], highs[other.cell] = min(lows[other.cell], value), max(highs[other.cell], value)
                if (sign > 0 and lows[target.cell] > target.low) or (sign < 0 and highs[target.cell] < target.high):
                    found.add(target.cell)
        if known_by is not None:
            self._solver.changeColBounds(self._column[known_by], 0.0, highspy.kHighsInf)
        return found

    def _extreme(self, cell: int, sign: float) -> np.ndarray | None:
        self.asked += 1
        column = self._column[cell]
        self._solver.changeColCost(column, sign)
        self._solver.run()
        status = self._solver.getModelStatus()
        self._solver.changeColCost(column, 0.0)
        if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        assert status == highspy.HighsModelStatus.kOptimal, status
        return np.asarray(self._solver.getSolution().col_value)

    def firms_beside(self, targets: list[Target]) -> dict[int, list[Target]]:
        """Cells of single firms, each with the targets in the same sums that are not that very firm.

        Of a total that it is part of, a firm knows that it is no smaller than its own: that is no finding.
        """
        by_column = {self._column[target.cell]: target for target in targets}
        beside: dict[int, dict[int, Target]] = {}
        for row in self._rows:
            here = [by_column[column] for column in row if column in by_column]
            for column in row:
                cell = self.hidden[column]
                if self._firms[cell] == 1:
                    near = {
                        one.cell: self._for(one, cell, row)
                        for one in here
                        if one.cell != cell and self._values[one.cell] != self._values[cell]
                    }
                    beside.setdefault(cell, {}).update(near)
        return {cell: list(near.values()) for cell, near in beside.items() if near}

    def _for(self, target: Target, cell: int, row: dict[int, float]) -> Target:
        is_total, is_part = row[self._column[target.cell]] < 0, row[self._column[cell]] > 0
        return (
            Target(target.cell, max(target.low, float(self._values[cell]) * (1 + 1e-9)), target.high)
            if is_total and is_part
            else target
        )


def attack(values: np.ndarray, firms: np.ndarray, shown: np.ndarray, sums: Sums, targets: list[Target]) -> Findings:
    """Everything that is learnt too closely of the targets."""
    attacker = Attacker(values, firms, shown, sums)
    cells = {target.cell for target in targets}
    findings = Findings(attacker.exact() & cells, attacker.too_close(targets, None), set())
    for cell, near in attacker.firms_beside(targets).items():
        findings.by_firms |= attacker.too_close(near, cell)
    findings.asked = attacker.asked
    return findings
