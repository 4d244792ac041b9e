"""A table that somebody brings as CSV: the same questions asked of it as of our own.

Columns: one a dimension, then `value`; `firms`, `largest` and `second` where they are known (needed for the rules);
`conf_status` (F, C, D) where the table says what it holds back. A total has the code `_T` in its dimension.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.problems import BuildStopped
from pipelines.records.disclosure.protect import Protection, inside_margin, protect
from pipelines.records.disclosure.tables import TOTAL, Key, Measure, Tables, relations_of

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.records.registers import Disclosure

_KNOWN = ("value", "firms", "largest", "second", "conf_status")


@dataclass(frozen=True)
class Verdict:
    """What was found.

    Attributes:
        tables: as read.
        held_back: what the table itself holds back.
        shown_but_primary: cells that break a rule and are shown.
        inside: cells held back that can be reckoned closer than the rules allow from what is shown.
        proposal: what to hold back instead.
    """

    tables: Tables
    held_back: np.ndarray
    shown_but_primary: list[int]
    inside: list[int]
    proposal: Protection


def check(path: Path, rules: Disclosure) -> Verdict:
    """Ask of a table what it gives away.

    Raises:
        BuildStopped: not such a table; with the line.
    """
    dimensions, rows = _rows(path)
    keys: list[Key] = [tuple(row[name] for name in dimensions) for row in rows]
    firms = _numbers(path, rows, "firms", 0.0)
    values = _numbers(path, rows, "value", None)
    largest, second = _numbers(path, rows, "largest", 0.0), _numbers(path, rows, "second", 0.0)
    primary, margins = primary_of(values, firms, largest, second, rules)
    measure = Measure(values, np.where(primary, margins, 0.0), primary)
    relations = relations_of(keys, [{TOTAL: []}] * len(dimensions))
    _refuse_what_does_not_add_up(path, keys, values, relations)
    tables = Tables(keys, firms, {"value": measure}, relations)
    held_back = np.array([row.get("conf_status", "") in ("C", "D") for row in rows])
    shown = [int(cell) for cell in np.nonzero(primary & ~held_back)[0]]
    inside = inside_margin(tables, measure, held_back)
    return Verdict(tables, held_back, shown, inside, protect(tables))


def primary_of(
    values: np.ndarray, firms: np.ndarray, largest: np.ndarray, second: np.ndarray, rules: Disclosure
) -> tuple[np.ndarray, np.ndarray]:
    """Which cells break a rule, and how far an interval must reach past each of these."""
    p = float(rules.p_percent) / 100
    rest = values - largest - second
    primary = ((firms > 0) & (firms < rules.threshold)) | ((largest > 0) & (rest < p * largest))
    margins = np.maximum(p * largest - rest, 0.0)
    for n, k in rules.dominance:
        top = largest if n == 1 else largest + second
        primary |= (top > float(k) / 100 * values) & (values > 0)
        margins = np.maximum(margins, 100 / float(k) * top - values)
    return primary, np.where(primary, np.maximum(margins, 1e-6 * np.abs(values)), 0.0)


def _rows(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names = list(reader.fieldnames or [])
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BuildStopped(f"{path.name}: cannot be read as UTF-8 CSV ({error}) · 无法读取") from None
    dimensions = [name for name in names if name not in _KNOWN]
    if "value" not in names or not dimensions or not rows:
        raise BuildStopped(
            f"{path.name}: needs columns for dimensions and `value`, and rows; see docs/scale.md · 缺少维度列、value 列或数据"  # noqa: E501
        )
    for number, row in enumerate(rows, 2):
        if None in row or None in row.values():
            raise BuildStopped(
                f"{path.name}, line {number}: another number of fields than the head has · 字段数与表头不符"
            )
    keys = [tuple(row[name] for name in dimensions) for row in rows]
    if len(set(keys)) < len(keys):
        twice = next(number for number, key in enumerate(keys, 2) if key in keys[: number - 2])
        raise BuildStopped(f"{path.name}, line {twice}: the same cell stands twice · 同一单元格出现两次")
    return dimensions, rows


def _numbers(path: Path, rows: list[dict[str, str]], name: str, default: float | None) -> np.ndarray:
    found = []
    for number, row in enumerate(rows, 2):
        text = (row.get(name) or "").strip()
        try:
            value = float(text) if text or default is None else default
        except ValueError:
            value = np.nan
        if not np.isfinite(value) or value < 0:
            what = (
                "true value (it is needed to see what can be reckoned)" if name == "value" else "number of zero or more"
            )
            raise BuildStopped(f"{path.name}, line {number}, column {name}: {text!r} is not a {what} · 须为非负数值")
        found.append(value)
    return np.array(found)


def _refuse_what_does_not_add_up(
    path: Path, keys: list[Key], values: np.ndarray, relations: list[tuple[int, list[int]]]
) -> None:
    for total, parts in relations:
        sum_ = float(values[parts].sum())
        if abs(sum_ - values[total]) > 1e-6 * max(1.0, abs(values[total])):
            place = ", ".join(keys[total])
            raise BuildStopped(
                f"{path.name}, line {total + 2}: the total {place} is {values[total]:g}, its parts add up to {sum_:g} · 合计与分项之和不符"  # noqa: E501
            )
