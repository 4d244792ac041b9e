"""The linear programme behind disclosure: how far cells can move while everything that is shown stays as it is."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import highspy
import numpy as np

if TYPE_CHECKING:
    from pipelines.records.disclosure.tables import Tables

#: A cell that moves by less has not moved.
_MOVED = 1e-6


class Programme:
    """Movements of all cells from their true values, tied by every sum of the tables.

    It is changed and solved again from where it stood, never built anew. Each cell has a movement up and one down;
    a cell that may not move has ceilings of zero. `upward_open` leaves movements up without a ceiling, else a cell
    moves up at most as far as down, which makes every answer hold both ways.
    """

    def __init__(self, tables: Tables, values: np.ndarray, *, upward_open: bool) -> None:
        self._size = len(tables.keys)
        self._values = values
        self._upward_open = upward_open
        self._free = np.zeros(self._size, dtype=bool)
        self._model = _model(tables)

    def free(self, cells: np.ndarray) -> None:
        """Let these cells move."""
        self._free[cells] = True
        for cell in cells:
            self._bound(int(cell), *self._ceilings(int(cell)))

    def price(self, cells: np.ndarray, prices: np.ndarray) -> None:
        """What each unit of movement of these cells costs."""
        columns = np.concatenate([cells, cells + self._size]).astype(np.int32)
        self._model.changeColsCost(len(columns), columns, np.concatenate([prices, prices]).astype(float))

    def moved(self, cell: int, margin: float, fixed: int | None) -> np.ndarray | None:
        """The cells that move when `cell` moves by `margin` (down if negative) at the least cost; None if it cannot.

        `fixed` is a cell that stays.
        """
        if fixed is not None:
            self._bound(fixed, (0.0, 0.0), (0.0, 0.0))
        if margin >= 0:
            self._bound(cell, (margin, margin), (0.0, 0.0))
        else:
            self._bound(cell, (0.0, 0.0), (-margin, -margin))
        if self._model.run() == highspy.HighsStatus.kError:
            raise RuntimeError("the solver failed")  # never to be taken for an answer
        found = None
        if self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            columns = np.asarray(self._model.getSolution().col_value)
            found = np.nonzero(np.abs(columns[: self._size] - columns[self._size :]) > _MOVED)[0]
        for one in (cell, fixed):
            if one is not None:
                self._bound(one, *self._ceilings(one))
        return found

    def _ceilings(self, cell: int) -> tuple[tuple[float, float], tuple[float, float]]:
        down = float(self._values[cell]) if self._free[cell] else 0.0
        up = highspy.kHighsInf if self._upward_open and self._free[cell] else down
        return (0.0, up), (0.0, down)

    def _bound(self, cell: int, up: tuple[float, float], down: tuple[float, float]) -> None:
        self._model.changeColBounds(cell, *up)
        self._model.changeColBounds(cell + self._size, *down)


def _model(tables: Tables) -> highspy.Highs:
    size = len(tables.keys)
    starts, indices, entries = [0], [], []
    for total, parts in tables.relations:
        for cell, sign in [*((part, 1.0) for part in parts), (total, -1.0)]:
            indices += [cell, cell + size]
            entries += [sign, -sign]
        starts.append(len(indices))
    model = _unannounced()
    for option, value in (("output_flag", False), ("presolve", "off"), ("solver", "simplex")):
        model.setOptionValue(option, value)
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = 2 * size, len(tables.relations)
    programme.col_cost_ = np.zeros(2 * size)
    programme.col_lower_ = np.zeros(2 * size)
    programme.col_upper_ = np.zeros(2 * size)
    programme.row_lower_ = np.zeros(programme.num_row_)
    programme.row_upper_ = np.zeros(programme.num_row_)
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = np.array(starts)
    programme.a_matrix_.index_ = np.array(indices)
    programme.a_matrix_.value_ = np.array(entries)
    model.passModel(programme)
    return model


def _unannounced() -> highspy.Highs:
    """A solver; the first of a process prints a banner from below Python, which no option keeps back."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        return highspy.Highs()  # type: ignore[no-untyped-call]
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
