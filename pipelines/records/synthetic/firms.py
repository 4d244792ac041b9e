"""Synthetic firms and their items, in the form in which departments would deliver them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as arrow  # type: ignore[import-untyped]
import pyarrow.csv as arrow_csv  # type: ignore[import-untyped]
import pyarrow.parquet as arrow_parquet  # type: ignore[import-untyped]

from pipelines.records.registers import register

_CHUNK = 20_000
#: Two-digit divisions of GB/T 4754 that industry has in Zhejiang, with rough shares.
_INDUSTRIES = {
    "13": 3, "14": 2, "15": 1, "17": 12, "18": 8, "19": 4, "20": 2, "21": 3, "22": 3, "23": 2, "24": 4, "26": 5, "27": 2,  # noqa: E501
    "28": 2, "29": 8, "30": 4, "31": 1, "32": 2, "33": 9, "34": 13, "35": 5, "36": 5, "37": 1, "38": 10, "39": 4, "40": 2,  # noqa: E501
    "41": 2, "42": 1, "43": 1, "44": 1, "45": 1, "46": 1,
}  # fmt: skip
_FLAG_RATES = {
    "safety_accident": 0.002, "environmental_crime": 0.003, "tax_fraud": 0.001, "dishonest": 0.003, "unpaid_wages": 0.001,  # noqa: E501
    "illegal_building": 0.004, "outdated_capacity": 0.003, "data_refused": 0.002, "public_utility": 0.002,
    "policy_relocation": 0.002, "major_project": 0.003, "welfare_firm": 0.003, "national_champion": 0.002,
    "little_giant": 0.01, "high_tech": 0.08, "listed": 0.003, "green_factory": 0.01, "future_factory": 0.002,
    "headquarters": 0.004,
}  # fmt: skip
_EPOCH = np.datetime64("2023-03-01T00:00:00")


@dataclass(frozen=True)
class Plan:
    """What to make.

    Attributes:
        firms: how many.
        counties: codes to spread them over.
        periods: years; the last is the one under evaluation.
        seed: everything follows from it.
        items: codes to deliver, None for all 132.
        form: csv or parquet.
        dirty: with the dirt of real deliveries.
    """

    firms: int
    counties: Sequence[str]
    periods: Sequence[int] = (2022,)
    seed: int = 15
    items: Sequence[str] | None = None
    form: str = "parquet"
    dirty: bool = True


def make(folder: Path, plan: Plan) -> list[Path]:
    """Write `firms` and one file of items for each department and year.

    Returns:
        The files of items, in the order of their names; the firms lie in `firms.<form>`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    writers: dict[str, _Table] = {}
    number = 1
    with _Table(folder / f"firms.{plan.form}") as firms:
        for chunk in _chunks(plan):
            firms.write(_as_text(chunk.firms) if plan.form == "csv" else chunk.firms)
            for name, table in _deliveries(plan, chunk):
                number = _numbered(table, number)
                writer = writers.setdefault(name, _Table(folder / f"items_{name}.{plan.form}"))
                writer.write(_as_text(table) if plan.form == "csv" else table)
    for writer in writers.values():
        writer.close()
    return sorted(writer.path for writer in writers.values())


@dataclass
class _Chunk:
    number: int
    firms: dict[str, Any]
    above: np.ndarray
    base: dict[str, np.ndarray]


class _Table:
    """A CSV or Parquet file that grows by columns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer: Any = None

    def __enter__(self) -> _Table:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, columns: dict[str, Any]) -> None:
        table = arrow.table(columns)
        if self._writer is None:
            kind = arrow_csv.CSVWriter if self.path.suffix == ".csv" else arrow_parquet.ParquetWriter
            self._writer = kind(str(self.path), table.schema)
        self._writer.write_table(table)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _chunks(plan: Plan) -> Iterator[_Chunk]:
    weights = np.random.default_rng([plan.seed, 0]).gamma(2.0, 1.0, len(plan.counties))
    industries = list(_INDUSTRIES)
    shares = np.array(list(_INDUSTRIES.values()), dtype=float)
    for number, start in enumerate(range(0, plan.firms, _CHUNK)):
        size = min(_CHUNK, plan.firms - start)
        dice = np.random.default_rng([plan.seed, 1, number])
        county = np.array(plan.counties)[dice.choice(len(plan.counties), size, p=weights / weights.sum())]
        above = dice.random(size) < 0.36
        ids = [f"SYN{n:09d}" for n in range(start, start + size)]
        firms = _firms(
            dice, ids, county, above, np.array(industries)[dice.choice(len(industries), size, p=shares / shares.sum())]
        )
        yield _Chunk(number, firms, above, _economy(dice, above))


def _firms(
    dice: np.random.Generator, ids: list[str], county: np.ndarray, above: np.ndarray, industry: np.ndarray
) -> dict[str, Any]:
    size = len(ids)
    tenant = dice.random(size) < np.where(above, 0.12, 0.3)
    lords = np.arange(size)
    for one in np.unique(county):
        members = np.nonzero(county == one)[0]
        lords[members] = dice.choice(members, len(members))
    landlord = [ids[n] if is_tenant else None for n, is_tenant in zip(lords, tenant, strict=True)]
    tenant &= np.array([lord != own for lord, own in zip(landlord, ids, strict=True)])
    grouped = dice.random(size) < 0.03
    group = [
        f"G{n:06d}" if is_grouped else None
        for n, is_grouped in zip(dice.integers(0, max(1, size // 60), size), grouped, strict=True)
    ]
    flags: list[list[str]] = [[] for _ in ids]
    for flag, rate in _FLAG_RATES.items():
        for n in np.nonzero(dice.random(size) < rate)[0]:
            flags[n].append(flag)
    founded = 2022 - dice.gamma(2.0, 6.0, size).astype(int)
    stage = dice.choice(["operating", "building", "relocating", "closed"], size, p=[0.97, 0.015, 0.005, 0.01])
    zone = np.where((county == "331081") & (dice.random(size) < 0.3), "industrial_park", "")
    return {
        "firm_id": ids,
        "name": [f"合成企业{one[3:]}（synthetic）" for one in ids],
        "county": county.tolist(),
        "zone": zone.tolist(),
        "industry": industry.tolist(),
        "scale": np.where(above, "above", "below").tolist(),
        "founded_on": [
            f"{year}-{month:02d}-15" for year, month in zip(founded, dice.integers(1, 13, size), strict=True)
        ],
        "enrolled_in": [int(year) + 2 if big else None for year, big in zip(founded, above, strict=True)],
        "tenancy": np.where(tenant, "tenant", "owner").tolist(),
        "landlord_id": [lord if is_tenant else None for lord, is_tenant in zip(landlord, tenant, strict=True)],
        "group_id": group,
        "tenants": (dice.geometric(0.8, size) - 1).tolist(),
        "stage": stage.tolist(),
        "flags": ["|".join(some) for some in flags],
    }


def _economy(dice: np.random.Generator, above: np.ndarray) -> dict[str, np.ndarray]:
    """The items that rules use, so that they hang together: bigger firms hold more land, pay more and use more."""
    size = len(above)
    land = np.maximum(0.4, dice.lognormal(np.where(above, 2.6, 1.2), 0.9))
    # at designated size 190 000 firms of seed 15 come to the 34.8 and 176.9万元/亩 that the report prints
    tax = land * dice.lognormal(np.log(np.where(above, 26.165, 11.6)), 0.75)
    added = tax * dice.lognormal(np.log(4.5935), 0.45, size)
    revenue = added * dice.lognormal(np.log(4.2), 0.35, size)
    staff = np.maximum(2, added / dice.lognormal(np.log(18.0), 0.5, size)).round()
    return {
        "land_used": land, "tax_paid": tax, "value_added": added, "revenue": revenue, "main_revenue": revenue * 0.97,
        "energy_used": added / dice.lognormal(np.log(2.7), 0.8, size), "employees_average": staff,
        "emissions_total": np.where(dice.random(size) < 0.35, 0.0, added / dice.lognormal(np.log(4900.0), 1.0, size)),
        "rnd_spending": np.where(dice.random(size) < np.where(above, 0.1, 0.6), 0.0, revenue * dice.lognormal(np.log(0.028), 0.5, size)),  # noqa: E501
        "electricity_used": tax / dice.lognormal(np.log(0.235), 0.6, size),
        "investment_technical": added * dice.lognormal(np.log(0.08), 0.9, size),
        "patents_invention": np.floor(dice.exponential(0.7, size)),
    }  # fmt: skip


def _deliveries(plan: Plan, chunk: _Chunk) -> Iterator[tuple[str, dict[str, Any]]]:
    wanted = plan.items
    for age, period in enumerate(reversed(plan.periods)):
        for place, item in enumerate(register("land_productivity").items.values()):
            if wanted is not None and item.item not in wanted:
                continue
            dice = np.random.default_rng([plan.seed, 2, chunk.number, period, place])
            size = len(chunk.above)
            value = chunk.base.get(item.item)
            if value is None:
                value = dice.lognormal(2.0, 1.0, size) * (dice.random(size) < 0.7)
            value = value * dice.normal(1.0 - 0.08 * age, 0.05 if age else 0.0, size) if age else value
            table = _records(dice, chunk, item.item, period, value, dirty=plan.dirty)
            for department, rows in table:
                yield f"{department}_{period}", rows


def _records(
    dice: np.random.Generator, chunk: _Chunk, code: str, period: int, value: np.ndarray, *, dirty: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    item = register("land_productivity").items[code]
    written = next(iter(register("land_productivity").units[item.unit].written))
    ids = np.array(chunk.firms["firm_id"])
    value = np.round(value, 4)
    if code in ("employees_average", "patents_invention"):
        value = np.round(value)
    size = len(value)
    day = dice.integers(0, 90, size)
    if not dirty:
        yield item.departments[0], _rows(ids, code, period, value, [written] * size, item.departments[0], day)
        return
    if item.may_be_negative:
        value = np.where(dice.random(size) < 0.01, -np.abs(value) * 0.2, value)
    if code == "land_used":
        value = np.where(dice.random(size) < 0.004, 0.0, value)
    kept = dice.random(size) >= 0.006
    units = np.full(size, written, dtype=object)
    others = [unit for unit in register("land_productivity").units[item.unit].written if unit != written]
    if others:
        factor = float(register("land_productivity").units[item.unit].written[others[0]])
        mixed = dice.random(size) < 0.02
        value = np.where(mixed, np.round(value / factor, 4), value)
        units[mixed] = others[0]
    wrong = dice.random(size) < 0.001
    spoilt = np.where(wrong & ~np.array(item.may_be_negative), -1.0 - value, value)
    units[dice.random(size) < 0.0005] = "斤"
    yield item.departments[0], _rows(ids[kept], code, period, spoilt[kept], units[kept], item.departments[0], day[kept])
    late = kept & (dice.random(size) < 0.01)
    yield (
        item.departments[0],
        _rows(
            ids[late], code, period, np.round(value[late] * 1.03, 4), units[late], item.departments[0], day[late] + 60
        ),
    )
    if len(item.departments) > 1:
        second = dice.random(size) < 0.05
        differing = np.round(value * dice.normal(1.0, 0.1, size), 4)
        yield (
            item.departments[1],
            _rows(ids[second], code, period, differing[second], units[second], item.departments[1], day[second]),
        )


def _rows(ids: Any, code: str, period: int, value: Any, units: Any, department: str, day: Any) -> dict[str, Any]:  # noqa: ANN401 - arrays
    size = len(ids)
    text = arrow.string()
    return {
        "record_no": np.zeros(size, dtype=np.int64),
        "firm_id": arrow.array(list(ids), text),
        "item": arrow.DictionaryArray.from_arrays(np.zeros(size, dtype=np.int32), arrow.array([code])).cast(text),
        "period": np.full(size, period, dtype=np.int64),
        "value": np.asarray(value, dtype=np.float64),
        "unit": arrow.array(list(units), text),
        "department": arrow.DictionaryArray.from_arrays(np.zeros(size, dtype=np.int32), arrow.array([department])).cast(
            text
        ),
        "received_at": arrow.array(_EPOCH + np.asarray(day).astype("timedelta64[D]"), arrow.timestamp("us")),
    }


def _numbered(columns: dict[str, Any], number: int) -> int:
    size = len(columns["record_no"])
    columns["record_no"] = np.arange(number, number + size, dtype=np.int64)
    return number + size


def _as_text(columns: dict[str, Any]) -> dict[str, Any]:
    """Moments as CSV writes them in deliveries: 2023-03-01T00:00:00."""
    if "received_at" not in columns:
        return columns
    moments = columns["received_at"].to_numpy(zero_copy_only=False).astype("datetime64[s]").astype(str)
    return columns | {"received_at": arrow.array(moments.tolist())}
