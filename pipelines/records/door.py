"""The door of a register: deliveries stream through a Pandera contract; what fails is kept with its reasons.

A delivery is one file, CSV or Parquet, of any size; a batch of it is in memory at a time. It is taken in whole or
not at all: everything is written beside and appears by one rename, so a run that was killed leaves nothing that
counts, and a file that was taken in before is not taken in again.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pandera.polars as pa
import polars as pl
import pyarrow as arrow  # type: ignore[import-untyped]
import pyarrow.csv as arrow_csv  # type: ignore[import-untyped]
import pyarrow.parquet as arrow_parquet  # type: ignore[import-untyped]

from pipelines.engine.database import in_memory
from pipelines.problems import BuildStopped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipelines.records.places import RecordsPlace
    from pipelines.records.registers import Column, Register

VALUE = pl.Decimal(18, 4)
_BATCH = 1_000_000
_TYPES: dict[str, Any] = {
    "text": pl.String,
    "whole": pl.Int64,
    "number": VALUE,
    "date": pl.Date,
    "moment": pl.Datetime("us"),
    "list": pl.String,
}
#: What each broken check means, for people.
REASONS = {
    "not_readable": ("a value is not of its type", "值的类型不符"),
    "missing": ("a required value is missing", "缺少必填值"),
    "pattern": ("a code is not of its form", "代码格式不符"),
    "one_of": ("a value is not among those allowed", "值不在允许范围"),
    "range": ("a value is impossible", "值不可能成立"),
    "unknown_item": ("no such item in the register", "登记册中没有该数据项"),
    "unknown_department": ("this department does not deliver this item", "该部门不提供该数据项"),
    "unknown_unit": ("the unit does not lead to the item's unit", "单位无法换算为该数据项的单位"),
    "negative": ("the item cannot be negative", "该数据项不能为负"),
    "unknown_firm": ("no such firm in the register", "登记册中没有该企业"),
    "duplicate_key": ("the key stands twice", "主键重复"),
    "broken_line": ("the line has another number of fields", "该行字段数不符"),
}


@dataclass(frozen=True)
class Delivery:
    """What became of one file.

    Attributes:
        delivery_id: from its name and content.
        rows: lines or records it held.
        accepted: rows that passed.
        refused: by reason; a row counts under its first reason.
        was_known: it had been taken in before, and was not taken in again.
    """

    delivery_id: str
    rows: int
    accepted: int
    refused: dict[str, int]
    was_known: bool = False


def take_entities(register: Register, place: RecordsPlace, path: Path) -> Delivery:
    """Replace the register's entities by those of a delivery.

    Raises:
        BuildStopped: the file cannot be read.
    """
    contract = _contract(register.entity.columns)
    part = place.entities.parent.with_name("firms.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    seen: set[str] = set()

    def checked(batch: pl.DataFrame) -> pl.DataFrame:
        keys = batch.get_column(register.entity.key)
        first = batch.select(pl.col(register.entity.key).is_first_distinct()).to_series()
        fresh = first & ~keys.is_in(list(seen)) if seen else first
        seen.update(keys.drop_nulls().to_list())
        return batch.with_columns(fresh.alias("key_is_first"))

    delivery = _stream(register.entity.columns, contract, path, part, checked)
    with in_memory() as duck:
        duck.read_parquet(str(part / "accepted.parquet")).create_view("accepted")
        duck.execute(
            f"copy (select * replace (coalesce(string_split(nullif(flags, ''), '|'), []) as flags) from accepted "  # noqa: S608 - our own column
            f"order by {register.entity.key}) to '{_quoted(part / 'firms.parquet')}' (format parquet)"
            if "flags" in register.entity.columns
            else f"copy accepted to '{_quoted(part / 'firms.parquet')}' (format parquet)"
        )
    (part / "accepted.parquet").unlink()
    _write_summary(part, delivery, path)
    shutil.rmtree(place.entities.parent, ignore_errors=True)
    part.rename(place.entities.parent)
    return delivery


def take_events(register: Register, place: RecordsPlace, path: Path) -> Delivery:
    """Take in one delivery of events, unless it was taken in before.

    Raises:
        BuildStopped: the file cannot be read, or no entities were taken in yet.
    """
    delivery_id = _delivery_id(path)
    folder = place.deliveries / delivery_id
    if (folder / "summary.json").is_file():
        known = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        return Delivery(delivery_id, known["rows"], known["accepted"], known["refused"], was_known=True)
    place.deliveries.mkdir(parents=True, exist_ok=True)
    part = place.folder / "deliveries.part" / delivery_id
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    contract = _contract(register.events.columns)
    complete = _completed_items(register, place) if register.items else _completed_reviews
    delivery = _stream(register.events.columns, contract, path, part, complete)
    _partition(register, part)
    _write_summary(part, delivery, path)
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    return delivery


def _contract(columns: dict[str, Column]) -> pa.DataFrameSchema:
    """The Pandera schema of a delivery; a check's error is the reason of those that fail it."""
    checks: dict[str, pa.Column] = {}
    for name, column in columns.items():
        rules = []
        if column.pattern:
            rules.append(pa.Check.str_matches(column.pattern, error="pattern"))
        if column.one_of:
            rules.append(pa.Check.isin(column.one_of, error="one_of"))
        if column.at_least is not None:
            rules.append(pa.Check.ge(_bound(column, column.at_least), error="range"))
        if column.at_most is not None:
            rules.append(pa.Check.le(_bound(column, column.at_most), error="range"))
        checks[name] = pa.Column(_TYPES[column.type], rules, nullable=not column.required)
    for verdict in ("readable", *_VERDICTS):
        rules = [pa.Check.eq(True, error=_VERDICTS.get(verdict, "not_readable"))]
        checks[verdict] = pa.Column(pl.Boolean, rules, required=False, nullable=False)
    return pa.DataFrameSchema(checks)


_VERDICTS = {
    "key_is_first": "duplicate_key",
    "item_is_known": "unknown_item",
    "department_delivers": "unknown_department",
    "unit_leads_there": "unknown_unit",
    "sign_is_possible": "negative",
    "firm_is_known": "unknown_firm",
}


def _bound(column: Column, bound: Any) -> Any:  # noqa: ANN401 - a decimal or a whole number
    return int(bound) if column.type == "whole" else bound


def _stream(
    columns: dict[str, Column],
    contract: pa.DataFrameSchema,
    path: Path,
    part: Path,
    complete: Callable[[pl.DataFrame], pl.DataFrame],
) -> Delivery:
    rows = accepted = 0
    refused: Counter[str] = Counter()
    with _Parquet(part / "accepted.parquet") as good, _Parquet(part / "refused.parquet") as bad:
        for raw, broken in _batches(path, list(columns)):
            frame = complete(_typed(raw, columns))
            reasons = _first_reasons(contract, frame)
            verdicts = ["readable", *(name for name in _VERDICTS if name in frame.columns)]
            marked = frame.with_columns(pl.Series("reason", reasons, dtype=pl.String))
            passed = marked.filter(pl.col("reason").is_null()).drop("reason", *verdicts)
            good.write(passed)
            failed = raw.with_columns(marked.get_column("reason")).with_row_index("line", offset=rows + 2)
            bad.write(failed.filter(pl.col("reason").is_not_null()).cast(dict.fromkeys(columns, pl.String)))
            refused.update(reason for reason in reasons if reason is not None)
            refused["broken_line"] += broken
            rows += raw.height + broken
            accepted += passed.height
    counted = {reason: count for reason, count in sorted(refused.items()) if count}
    return Delivery(_delivery_id(path), rows, accepted, counted)


class _Parquet:
    """A Parquet file that grows by frames."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: arrow_parquet.ParquetWriter | None = None

    def __enter__(self) -> _Parquet:
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()

    def write(self, frame: pl.DataFrame) -> None:
        table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._writer is None:
            self._writer = arrow_parquet.ParquetWriter(str(self._path), table.schema, compression="zstd")
        self._writer.write_table(table.cast(self._writer.schema))


def _batches(path: Path, names: list[str]) -> Iterator[tuple[pl.DataFrame, int]]:
    """Frames of a delivery, with the number of lines that could not be cut into fields."""
    broken = 0

    def skip(_: object) -> str:
        nonlocal broken
        broken += 1
        return "skip"

    try:
        if path.suffix == ".csv":
            options = arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, arrow.string()), include_columns=names)
            parsing = arrow_csv.ParseOptions(invalid_row_handler=skip)
            reading = arrow_csv.ReadOptions(block_size=1 << 26)
            source: Any = arrow_csv.open_csv(path, reading, parsing, options)
        else:
            source = arrow_parquet.ParquetFile(path).iter_batches(_BATCH, columns=names)
        for batch in source:
            skipped, broken = broken, 0
            yield pl.DataFrame(pl.from_arrow(batch)), skipped
    except (OSError, arrow.ArrowException) as error:
        said = " ".join(str(error).split())[:200]
        raise BuildStopped(
            f"{path.name}: cannot be read ({said}); nothing of it was taken in, deliver it again · 无法读取，未收入任何记录"  # noqa: E501
        ) from None


def _typed(raw: pl.DataFrame, columns: dict[str, Column]) -> pl.DataFrame:
    typed, readable = [], []
    for name, column in columns.items():
        wanted = _TYPES[column.type]
        given = pl.col(name)
        if raw.schema[name] == pl.String:
            given = pl.when(given.str.strip_chars() != "").then(given.str.strip_chars())
        if raw.schema[name] == pl.String and column.type == "moment":
            cast = given.str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us", strict=False)
        elif raw.schema[name] == pl.String and column.type == "date":
            cast = given.str.to_date("%Y-%m-%d", strict=False)
        else:
            cast = given.cast(wanted, strict=False)
        typed.append(cast.alias(name))
        if wanted != pl.String:
            readable.append(given.is_null() | cast.is_not_null())
    return raw.select(
        *typed, pl.all_horizontal(*readable).alias("readable") if readable else pl.lit(True).alias("readable")
    )


def _completed_items(register: Register, place: RecordsPlace) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """What the register knows of each record: its unit's factor, and whether item, department and firm are known."""
    if not place.entities.is_file():
        raise BuildStopped("no firms were taken in yet; deliver the firm register first · 请先交付企业名录")
    items = pl.DataFrame(
        [
            {"item": item.item, "department": name, "precedence": rank, "may_be_negative": item.may_be_negative}
            for item in register.items.values()
            for rank, name in enumerate(item.departments)
        ],
        schema_overrides={"precedence": pl.Int16},
    )
    units = pl.DataFrame(
        [
            {"item": item.item, "unit": written, "factor": float(factor)}
            for item in register.items.values()
            for written, factor in register.units[item.unit].written.items()
        ]
    )
    known = list(register.items)
    firms = pl.read_parquet(place.entities, columns=["firm_id"]).with_columns(pl.lit(True).alias("firm_is_known"))

    def completed(frame: pl.DataFrame) -> pl.DataFrame:
        joined = (
            frame.join(items, on=["item", "department"], how="left", maintain_order="left")
            .join(units, on=["item", "unit"], how="left", maintain_order="left")
            .join(firms, on="firm_id", how="left", maintain_order="left")
        )
        kept = pl.when((pl.col("factor") == 1) | pl.col("factor").is_null()).then(pl.col("value"))
        value = kept.otherwise((pl.col("value").cast(pl.Float64) * pl.col("factor")).round(4).cast(VALUE))
        return joined.with_columns(
            value.alias("value"),
            pl.col("item").is_in(known).alias("item_is_known"),
            (pl.col("precedence").is_not_null() | ~pl.col("item").is_in(known)).alias("department_delivers"),
            (pl.col("factor").is_not_null() | ~pl.col("item").is_in(known)).alias("unit_leads_there"),
            ((pl.col("value") >= 0) | pl.col("may_be_negative")).fill_null(True).alias("sign_is_possible"),
            pl.col("firm_is_known").fill_null(False),
        ).drop("may_be_negative", "factor")

    return completed


def _completed_reviews(frame: pl.DataFrame) -> pl.DataFrame:
    return frame


def _first_reasons(contract: pa.DataFrameSchema, frame: pl.DataFrame) -> list[str | None]:
    reasons: list[str | None] = [None] * frame.height
    try:
        contract.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        failures = errors.failure_cases.filter(pl.col("index").is_not_null())
        order = {reason: rank for rank, reason in enumerate(REASONS)}
        for index, check in failures.select("index", "check").iter_rows():
            reason = "missing" if check == "not_nullable" else str(check)
            held = reasons[index]
            if held is None or order[reason] < order[held]:
                reasons[index] = reason
    return reasons


def _partition(register: Register, part: Path) -> None:
    by = "period, item" if register.items else "month"
    columns = "*" if register.items else "*, strftime(reviewed_at, '%Y-%m') as month"
    with in_memory() as duck:
        duck.execute("set preserve_insertion_order = false; set threads = 2; set memory_limit = '2GB'")
        source = part / "accepted.parquet"
        if source.is_file():
            duck.execute(
                f"copy (select {columns} from read_parquet('{_quoted(source)}')) to '{_quoted(part / 'accepted')}' "  # noqa: S608 - our own folder
                f"(format parquet, partition_by ({by}), write_partition_columns true)"
            )
            source.unlink()


def _write_summary(part: Path, delivery: Delivery, path: Path) -> None:
    summary = {
        "delivery_id": delivery.delivery_id,
        "file": path.name,
        "rows": delivery.rows,
        "accepted": delivery.accepted,
        "refused": delivery.refused,
    }
    (part / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1), encoding="utf-8")


def _delivery_id(path: Path) -> str:
    whole = sha256(path.name.encode())
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                whole.update(block)
    except OSError as error:
        raise BuildStopped(f"{path.name}: cannot be read ({error.strerror}) · 无法读取") from None
    return whole.hexdigest()[:16]


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
