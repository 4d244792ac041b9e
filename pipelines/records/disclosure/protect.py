"""Secondary suppression: hold further cells back until nothing held back can be reckoned closer than its margin.

First by elimination: no sum may have exactly one cell held back. Then an audit by linear programming of every protected
cell: is there another table, equal to the true one in all that is shown, in which the cell lies a margin higher,
and one in which it lies a margin lower? A firm that is alone in a cell knows that cell, so the question is asked
again with that cell fixed. Where the answer is no, the cheapest further cells are held back that make it yes, until
it is yes everywhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from time import process_time
from typing import TYPE_CHECKING

import numpy as np

from pipelines.records.disclosure.programme import Programme

if TYPE_CHECKING:
    from pipelines.records.disclosure.tables import Measure, Tables


@dataclass
class Protection:
    """What was held back.

    Attributes:
        held_back: the cells, as a mask.
        primary: those that break a rule themselves.
        repaired: questions of the audit that were answered no, and led to further cells.
        rounds: times that the audit went over all protected cells.
        unprotectable: protected cells for which no set of further cells would do.
        seconds: of the processor, by step.
    """

    held_back: np.ndarray
    primary: np.ndarray
    repaired: int = 0
    rounds: int = 0
    unprotectable: list[int] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=lambda: {"elimination": 0.0, "audit": 0.0, "repair": 0.0})

    @property
    def status(self) -> np.ndarray:
        """SDMX's confidentiality status: F shown, C held back for a rule of its own, D held back with another."""
        return np.where(self.primary, "C", np.where(self.held_back, "D", "F"))


def protect(tables: Tables, *, secondary: bool = True, repair: bool = True) -> Protection:
    """Hold cells back until the audit finds none within its margin.

    Args:
        tables: all tables of the release at once.
        secondary: False holds back what breaks a rule and nothing else; an attacker then finds it, which is what the
            proof of this module is held against.
        repair: False stops after elimination, for the same reason.
    """
    primary = tables.primary
    protection = Protection(primary.copy(), primary)
    if not secondary:
        return protection
    _eliminate(tables, protection)
    while repair:
        protection.rounds += 1
        before = int(protection.held_back.sum())
        for measure in tables.measures.values():
            _go_over(tables, measure, protection)
        _eliminate(tables, protection)
        if int(protection.held_back.sum()) == before:
            break
    return protection


def _eliminate(tables: Tables, protection: Protection) -> None:
    """Hold the cheapest further cell back in every sum that has exactly one held back, until none has."""
    began = process_time()
    held_back = protection.held_back
    lines = [[total, *parts] for total, parts in tables.relations]
    cost = costs(tables)
    of_cell = defaultdict(list)
    for number, line in enumerate(lines):
        for cell in line:
            of_cell[cell].append(number)
    held = [sum(held_back[cell] for cell in line) for line in lines]
    waiting = [number for number, count in enumerate(held) if count == 1]
    while waiting:
        number = waiting.pop()
        free = [cell for cell in lines[number] if not held_back[cell]]
        if held[number] != 1 or not free:
            continue
        # a cell whose other sums have cells held back already asks for no further ones
        chosen = min(free, key=lambda cell: (sum(held[other] == 0 for other in of_cell[cell]), cost[cell]))
        held_back[chosen] = True
        for other in of_cell[chosen]:
            held[other] += 1
            if held[other] == 1:
                waiting.append(other)
    protection.seconds["elimination"] += process_time() - began


def costs(tables: Tables) -> np.ndarray:
    """What is lost with a cell: more where more firms stand behind it."""
    cost: np.ndarray = np.log2(1.0 + tables.firms) + 1.0
    return cost


def _go_over(tables: Tables, measure: Measure, protection: Protection) -> None:
    """Ask of every protected cell of a measure, largest margin first, and hold further cells back where the answer
    is no."""
    questions = _Questions(tables, measure, protection.held_back)
    remedies = _Remedies(tables, measure, protection.held_back)
    for cell in np.argsort(-measure.margins):
        if not measure.primary[cell] or measure.margins[cell] <= 0:
            continue
        began = process_time()
        attackers = questions.attackers(int(cell))
        protection.seconds["audit"] += process_time() - began
        for fixed in attackers:
            began = process_time()
            protection.repaired += 1
            further = remedies.cheapest(int(cell), fixed, questions.downward(int(cell), fixed))
            if further is None:
                protection.unprotectable.append(int(cell))
            elif len(further):
                protection.held_back[further] = True
                questions.held_back_too(further)
                remedies.held_back_too(further)
            protection.seconds["repair"] += process_time() - began


class _Questions:
    """Whether a cell can move by its margin, and which cells of single firms move with it."""

    def __init__(self, tables: Tables, measure: Measure, held_back: np.ndarray) -> None:
        self._measure = measure
        self._alone = tables.firms == 1
        self._same_firms = tables.same_firms()
        self._parts = tables.parts_of()
        self._both_ways = Programme(tables, measure.values, upward_open=False)
        self._one_way = Programme(tables, measure.values, upward_open=True)
        self.held_back_too(np.nonzero(held_back)[0])

    def held_back_too(self, cells: np.ndarray) -> None:
        """These may move now; those of single firms at a price, so that answers leave most of them in their place."""
        for programme in (self._both_ways, self._one_way):
            programme.free(cells)
            programme.price(cells, self._alone[cells].astype(float))

    def attackers(self, cell: int) -> list[int | None]:
        """Whose knowledge leads within the margin: None for what everybody sees, else the cell of a single firm.

        An answer in which a firm's cell stays put holds for that firm too; only those that moved are asked again.
        """
        moved = self._moved(cell, None)
        if moved is None:
            return [None]
        others = moved[self._same_firms[moved] != self._same_firms[cell]]
        firms = [int(other) for other in others if self._alone[other]]
        return [other for other in firms if self._moved(cell, other) is None]

    def _moved(self, cell: int, fixed: int | None) -> np.ndarray | None:
        margin = float(self._measure.margins[cell])
        moved = self._both_ways.moved(cell, margin, fixed)
        if moved is not None:
            return moved
        up = self._one_way.moved(cell, margin, fixed)
        down = self._one_way.moved(cell, -self.downward(cell, fixed), fixed)
        return None if up is None or down is None else np.union1d(up, down)

    def downward(self, cell: int, fixed: int | None) -> float:
        """How far below its value a cell must be able to lie: never below zero, nor below what the attacker put in."""
        own = self._measure.values[fixed] if fixed is not None and fixed in self._parts.get(cell, ()) else 0.0
        return float(min(self._measure.margins[cell], self._measure.values[cell] - own))


class _Remedies:
    """The cheapest further cells that let a cell move by its margin."""

    def __init__(self, tables: Tables, measure: Measure, held_back: np.ndarray) -> None:
        self._measure = measure
        self._held_back = held_back
        every = np.arange(len(tables.keys))
        price = np.where(held_back, 0.0, costs(tables))
        self._programmes = [Programme(tables, measure.values, upward_open=open_) for open_ in (False, True)]
        for programme in self._programmes:
            programme.free(every)
            programme.price(every, price)

    def held_back_too(self, cells: np.ndarray) -> None:
        """These cost nothing more."""
        for programme in self._programmes:
            programme.price(cells, np.zeros(len(cells)))

    def cheapest(self, cell: int, fixed: int | None, downward: float) -> np.ndarray | None:
        """Cells to hold back; None where no set of cells would do."""
        margin = float(self._measure.margins[cell])
        both_ways, one_way = self._programmes
        moved = both_ways.moved(cell, margin, fixed)
        if moved is None:
            up, down = one_way.moved(cell, margin, fixed), one_way.moved(cell, -downward, fixed)
            if up is None or down is None:
                return None
            moved = np.union1d(up, down)
        further: np.ndarray = moved[~self._held_back[moved]]
        return further


def inside_margin(tables: Tables, measure: Measure, held_back: np.ndarray) -> list[int]:
    """Protected cells that are held back, and can yet be reckoned within their margin from what is shown."""
    questions = _Questions(tables, measure, held_back)
    asked = [int(cell) for cell in np.nonzero(measure.primary & held_back & (measure.margins > 0))[0]]
    return [cell for cell in asked if questions.attackers(cell)]


def counted(protection: Protection) -> Counter[str]:
    """How many cells are shown (F), held back for a rule of their own (C) and with another (D)."""
    return Counter(protection.status.tolist())
