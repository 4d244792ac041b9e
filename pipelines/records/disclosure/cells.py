"""The tables of a release as the models made them: read from `int_release_cells`, tied by their sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.records.disclosure.tables import TOTAL, Key, Measure, Tables, relations_of

if TYPE_CHECKING:
    import duckdb

PROVINCE = "330000"
MEASURES = ("land", "tax", "value_added")


def tables_of(duck: duckdb.DuckDBPyConnection, run: str, groups: dict[str, list[str]], threshold: int) -> Tables:
    """All cells of a run by area, industry and scale.

    Args:
        duck: an open connection to the evaluation's file.
        run: which run.
        groups: codes of groups of counties and their members.
        threshold: fewer firms than this are too few.
    """
    names = ", ".join(f"{name}, {name}_margin, {name}_rule is not null" for name in MEASURES)
    rows = duck.execute(
        f"select area, industry, scale, firms, {names} from int_release_cells where run = ? order by all",  # noqa: S608 - our own names
        [run],
    ).fetchall()
    keys: list[Key] = [(str(row[0]), str(row[1]), str(row[2])) for row in rows]
    firms = np.array([row[3] for row in rows], dtype=float)
    parts: list[dict[str, list[str]]] = [{PROVINCE: [], **groups}, {TOTAL: []}, {TOTAL: []}]
    measures = {}
    for position, name in enumerate(MEASURES):
        column = 4 + 3 * position
        values = np.array([row[column] for row in rows], dtype=float)
        margins = np.array([row[column + 1] for row in rows], dtype=float)
        primary = np.array([row[column + 2] for row in rows], dtype=bool)
        measures[name] = Measure(values, np.where(primary, margins, 0.0), primary)
    few = firms < threshold
    measures["firms"] = Measure(firms, np.where(few, threshold - firms, 0.0), few)
    return Tables(keys, firms, measures, relations_of(keys, parts))
