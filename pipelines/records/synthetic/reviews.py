"""Synthetic reviews of government services, one record a review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as arrow  # type: ignore[import-untyped]
import pyarrow.parquet as arrow_parquet  # type: ignore[import-untyped]

_CHUNK = 500_000
_SERVICES = ("社保转移", "户口迁移", "企业开办", "不动产登记", "医保结算", "新生儿出生", "驾驶证换领", "公积金提取")


@dataclass(frozen=True)
class Plan:
    """What to make.

    Attributes:
        active: reviews given actively.
        poor: how many of these are poor ones.
        rechecked: poor ones that were checked again after they were mended.
        failed: of these, how many did not pass.
        counties: codes to spread them over.
        year: of the reviews.
        seed: everything follows from it.
        dirty: also with repeated reviews, corrections and reviews without a case.
    """

    active: int
    poor: int
    rechecked: int
    failed: int
    counties: Sequence[str]
    year: int = 2022
    seed: int = 15
    dirty: bool = True


def make(path: Path, plan: Plan) -> Path:
    """Write all reviews to one Parquet file; a seventh more than `active` are given by default."""
    path.parent.mkdir(parents=True, exist_ok=True)
    total = plan.active + plan.active // 7
    poor = set(np.random.default_rng([plan.seed, 0]).choice(plan.active, plan.poor, replace=False).tolist())
    order = {number: rank for rank, number in enumerate(sorted(poor))}
    writer: arrow_parquet.ParquetWriter | None = None
    for chunk, start in enumerate(range(0, total, _CHUNK)):
        table = _chunk(plan, chunk, start, min(_CHUNK, total - start), order)
        writer = writer or arrow_parquet.ParquetWriter(str(path), table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()
    return path


def _chunk(plan: Plan, chunk: int, start: int, size: int, order: dict[int, int]) -> arrow.Table:
    dice = np.random.default_rng([plan.seed, 1, chunk])
    numbers = np.arange(start, start + size)
    grade = np.where(dice.random(size) < 0.97, 5, np.where(dice.random(size) < 0.8, 4, 3))
    places = np.array([n - start for n in order if start <= n < start + size], dtype=int)
    ranks = np.array([order[start + n] for n in places], dtype=int)
    grade[places] = dice.choice([1, 2], len(places))
    moment = np.datetime64(f"{plan.year}-01-01T00:00:00") + dice.integers(0, 365 * 86400, size).astype("timedelta64[s]")
    due = np.full(size, np.datetime64("NaT"), dtype="datetime64[s]")
    mended, rechecked = due.copy(), due.copy()
    due[places] = moment[places] + np.timedelta64(15, "D")
    mended[places] = moment[places] + dice.integers(1, 14 * 86400, len(places)).astype("timedelta64[s]")
    checked = places[ranks < plan.rechecked]
    rechecked[checked] = mended[checked] + np.timedelta64(7, "D")
    result = np.full(size, None, dtype=object)
    result[checked] = "passed"
    result[places[ranks < plan.failed]] = "failed"
    case = np.array([f"CASE{n:010d}" for n in numbers], dtype=object)
    columns = {
        "review_no": numbers + 1,
        "case_id": case,
        "item": np.array(_SERVICES, dtype=object)[dice.integers(0, len(_SERVICES), size)],
        "county": np.array(plan.counties, dtype=object)[dice.integers(0, len(plan.counties), size)],
        "channel": np.array(["web", "app", "counter", "terminal", "phone"], dtype=object)[dice.integers(0, 5, size)],
        "grade": grade.astype(np.int64),
        "given": np.where(numbers < plan.active, "actively", "by_default"),
        "reviewed_at": moment,
        "due_at": due,
        "mended_at": mended,
        "rechecked_at": rechecked,
        "result": result,
        "received_at": moment + np.timedelta64(1, "h"),
    }
    extra = np.nonzero((dice.random(size) < 0.001) & (grade > 2))[0] if plan.dirty else np.array([], dtype=int)
    again = {name: np.concatenate([values, values[extra]]) for name, values in columns.items()}
    again["received_at"][size:] += np.timedelta64(1, "D")
    again["review_no"][size:] += 10_000_000_000
    again["case_id"][size::5] = None
    text = arrow.string()
    types = {"case_id": text, "item": text, "county": text, "channel": text, "given": text, "result": text}
    return arrow.table({name: arrow.array(values, types.get(name)) for name, values in again.items()})
