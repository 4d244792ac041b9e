"""The columns of a printed figure: the one list from which door, Parquet and the table of schema `landing` come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import polars as pl

Kind = Literal["varchar", "bigint", "integer", "decimal(38, 20)", "timestamptz", "varchar[]"]


class Column(NamedTuple):
    """One column of `landing.printed_figures`.

    Attributes:
        name: in the table and in Parquet.
        kind: its type, as DuckDB calls it.
        read_as: the column of a reader's frame, where it has another name there.
        by: who gives it: every reader, only some readers, or receiving itself.
        filled: a row in which it is empty does not come through the door.
        offset: a place in a text; readers give it as text, the door as a number.
        blank_is_none: an empty text means that there is none.
    """

    name: str
    kind: Kind = "varchar"
    read_as: str = ""
    by: Literal["every reader", "some readers", "receiving"] = "every reader"
    filled: bool = False
    offset: bool = False
    blank_is_none: bool = False

    @property
    def read(self) -> str:
        """Its name in a reader's frame."""
        return self.read_as or self.name


PRINTED_FIGURE = (
    Column("figure_id", by="receiving"),
    Column("source_id", by="receiving"),
    Column("file"),
    Column("line", "bigint"),
    Column("locator", by="receiving"),
    Column("char_start", "integer", "value_start", "some readers", offset=True),
    Column("char_end", "integer", "value_end", "some readers", offset=True),
    Column("unit_char_start", "integer", "unit_start", "some readers", offset=True),
    Column("unit_char_end", "integer", "unit_end", "some readers", offset=True),
    Column("qualifier_char_start", "integer", "qualifier_start", "some readers", offset=True),
    Column("qualifier_char_end", "integer", "qualifier_end", "some readers", offset=True),
    Column("chapter", by="some readers", blank_is_none=True),
    Column("section", by="some readers", blank_is_none=True),
    Column("sheet", by="some readers", blank_is_none=True),
    Column("cell", by="some readers", blank_is_none=True),
    Column("table_name", read_as="table", blank_is_none=True),
    Column("label", filled=True),
    Column("breakdown_printed", read_as="breakdown"),
    Column("place_printed", read_as="place", filled=True),
    Column("period_printed", read_as="period", filled=True),
    Column("qualifier_printed", read_as="qualifier"),
    Column("value_printed", read_as="value"),
    Column("unit_printed", read_as="unit"),
    Column("place_within", read_as="within", by="some readers", blank_is_none=True),
    Column("value_stored", read_as="stored", by="some readers", blank_is_none=True),
    Column("coded_indicator", by="some readers", blank_is_none=True),
    Column("coded_breakdown", by="some readers"),
    Column("coded_time_basis", by="some readers", blank_is_none=True),
    Column("coded_base_period", by="some readers", blank_is_none=True),
    Column("coded_obs_status", by="some readers", blank_is_none=True),
    Column("number", "decimal(38, 20)", by="receiving"),
    Column("decimals", "integer", by="receiving"),
    Column("last_digit_exponent", "integer", by="receiving"),
    Column("first_seen_at", "timestamptz", by="receiving"),
    Column("former_figure_ids", "varchar[]", by="receiving"),
)

#: What every reader's frame has.
GIVEN = tuple(column.read for column in PRINTED_FIGURE if column.by == "every reader")
#: What only some shapes of file have: offsets in a text, chapters, the cell of a sheet, or codes of their own.
OPTIONAL = tuple(column.read for column in PRINTED_FIGURE if column.by == "some readers")
OFFSETS = tuple(column.read for column in PRINTED_FIGURE if column.offset)

#: What a figure has from the editions before: not known from the file alone.
FROM_EARLIER = ("first_seen_at", "former_figure_ids")

#: What a printed figure is, wherever it stands: two editions of a file print the same figure where these agree.
IDENTITY = (
    "table_name", "label", "breakdown_printed", "place_printed", "period_printed", "qualifier_printed", "unit_printed",
    "coded_indicator", "coded_breakdown", "coded_time_basis", "coded_base_period",
)  # fmt: skip


def definition(columns: tuple[Column, ...] = PRINTED_FIGURE) -> str:
    """Names and types of a table of these columns, as DuckDB takes them."""
    return ", ".join(f'"{column.name}" {column.kind}' for column in columns)


def as_landed(figures: pl.DataFrame) -> pl.DataFrame:
    """A frame that came through the door, with the columns of the list in their order and types.

    What a figure has from earlier editions is left out.
    """
    import polars as pl

    kinds = {
        "varchar": pl.String(), "bigint": pl.Int64(), "integer": pl.Int32(), "decimal(38, 20)": pl.Decimal(38, 20),
        "timestamptz": pl.Datetime("us", "UTC"), "varchar[]": pl.List(pl.String()),
    }  # fmt: skip
    return figures.select(
        (pl.when(pl.col(column.read) != "").then(pl.col(column.read)) if column.blank_is_none else pl.col(column.read))
        .cast(kinds[column.kind])
        .alias(column.name)
        for column in PRINTED_FIGURE
        if column.name not in FROM_EARLIER
    )
