"""The contract for printed figures: each row well-formed on its own, or quarantined with its reason.

`admit` turns a reader's frame of text into typed, located rows. Rules carry their own message in both languages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandera.polars as pa
import polars as pl

from pipelines.printed.numerals import parse_number
from pipelines.problems import shortened
from pipelines.receiving.columns import OFFSETS, OPTIONAL, PRINTED_FIGURE
from pipelines.rules import broken
from pipelines.sources.identity import with_identity

if TYPE_CHECKING:
    from pipelines.problems import Problem
    from pipelines.sources.card import Source

NUMBER = pl.Decimal(38, 20)
_CHECKED_AS = {
    # a column of the checked frame: the rule that it keeps, and the printed column that the rule is about
    "number": ("number", "value"),
    "offsets_agree": ("offsets", "value_start"),
    "print_fits_place": ("print_fits_place", "value"),
    "is_first_there": ("place_in_file_twice", "value_start"),
}
_VERDICTS = ("offsets_agree", "print_fits_place", "is_first_there")

PRINTED_FIGURES = pa.DataFrameSchema(
    {
        "file": pa.Column(pl.String),
        "line": pa.Column(pl.Int64, pa.Check.ge(1)),
        "locator": pa.Column(pl.String),
        **{
            column.read: pa.Column(pl.String, pa.Check.str_length(min_value=1, name="present"))
            for column in PRINTED_FIGURE
            if column.filled
        },
        "number": pa.Column(NUMBER, nullable=False),
        **{name: pa.Column(pl.Boolean, pa.Check.eq(True, name=_CHECKED_AS[name][0])) for name in _VERDICTS},
    },
    name="printed_figures",
)


class Admission(NamedTuple):
    """What came through the door, and what did not."""

    accepted: pl.DataFrame
    problems: list[Problem]


def with_all_columns(figures: pl.DataFrame) -> pl.DataFrame:
    """A reader's frame with every column that some reader gives, empty where this one has none."""
    missing = [pl.lit("").alias(name) for name in OPTIONAL if name not in figures.columns]
    frame = figures.with_columns(*missing)
    return frame.select(sorted(frame.columns))


def admit(source: Source, figures: pl.DataFrame) -> Admission:
    """Type and check a reader's rows.

    Args:
        source: whose figures they are.
        figures: as `pipelines.readers` gives them, all text.

    Returns:
        Accepted rows with `figure_id`, `locator`, `number` (exact), `decimals`, `last_digit_exponent` and integer
        offsets; and one problem per rule that a refused row broke.
    """
    typed = _typed(source, with_all_columns(figures))
    failures = _failures(typed)
    if failures.is_empty():
        return Admission(typed.drop(_VERDICTS), [])
    refused = failures.get_column("index").unique()
    rows = typed.with_row_index("index")
    accepted = rows.filter(~pl.col("index").is_in(refused.implode())).drop("index", *_VERDICTS)
    return Admission(accepted, _problems(source, rows, failures))


def _typed(source: Source, figures: pl.DataFrame) -> pl.DataFrame:
    numbers = {text: parse_number(text) for text in figures.get_column("value").unique()}
    parsed = [numbers[text] for text in figures.get_column("value")]
    offsets = [pl.col(name).cast(pl.Int64, strict=False).alias(name) for name in OFFSETS]
    stated = [(pl.col(f"text_{name}") != "") == pl.col(name).is_not_null() for name in OFFSETS]
    ordered = [
        (pl.col(f"{part}_start").is_null() & pl.col(f"{part}_end").is_null())
        | ((pl.col(f"{part}_start") >= 0) & (pl.col(f"{part}_start") < pl.col(f"{part}_end")))
        for part in ("value", "unit", "qualifier")
    ]
    return (
        figures.with_columns(pl.col(name).alias(f"text_{name}") for name in OFFSETS)
        .with_columns(
            *offsets,
            pl.Series("number", [p.number if p else None for p in parsed], dtype=NUMBER),
            pl.Series("decimals", [p.decimals if p else None for p in parsed], dtype=pl.Int32),
            pl.Series("last_digit_exponent", [p.last_digit_exponent if p else None for p in parsed], dtype=pl.Int32),
        )
        .with_columns(
            pl.all_horizontal(*stated, *ordered).fill_null(False).alias("offsets_agree"),
            pl.all_horizontal(
                # a fall that words say (下降2.7%) is a sign without a character of its own
                _length("value").is_null() | (_length("value") == _printed("value")),
                _length("qualifier").is_null() | (_length("qualifier") == pl.col("qualifier").str.len_chars()),
                # 余 and 多 may stand within the unit's place: 4100余家
                _length("unit").is_null() | (_length("unit") >= pl.col("unit").str.len_chars()),
            ).alias("print_fits_place"),
        )
        .pipe(with_identity, source)
        .with_columns(pl.struct("file", "locator").is_first_distinct().alias("is_first_there"))
        .drop(f"text_{name}" for name in OFFSETS)
    )


def _length(part: str) -> pl.Expr:
    """Characters that a printed part takes in the text, null where its place is not stated or not in order."""
    length = pl.col(f"{part}_end") - pl.col(f"{part}_start")
    return pl.when(length > 0).then(length)


def _printed(part: str) -> pl.Expr:
    """Characters of a printed part, without a sign that its place leaves no room for."""
    whole = pl.col(part).str.len_chars()
    return pl.when(pl.col(part).str.starts_with("-") & (_length(part) == whole - 1)).then(whole - 1).otherwise(whole)


def _failures(typed: pl.DataFrame) -> pl.DataFrame:
    try:
        PRINTED_FIGURES.validate(typed, lazy=True)
    except pa.errors.SchemaErrors as errors:
        failures: pl.DataFrame = errors.failure_cases
        return failures.filter(pl.col("index").is_not_null())
    return pl.DataFrame(schema={"index": pl.Int64, "column": pl.String, "check": pl.String})


def _problems(source: Source, rows: pl.DataFrame, failures: pl.DataFrame) -> list[Problem]:
    by_index = {row["index"]: row for row in rows.iter_rows(named=True)}
    found = []
    for failure in failures.sort("index").iter_rows(named=True):
        row = by_index[failure["index"]]
        rule, column = _CHECKED_AS.get(failure["column"], ("present", failure["column"]))
        found.append(
            broken(
                rule,
                source_id=source.source_id,
                file=row["file"],
                line=row["line"],
                column=column,
                value=row[column],
                printed=shortened(row[column]),
            )
        )
    return found
