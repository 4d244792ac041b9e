"""Ways in which a figures table goes wrong in real life, each as one seeded change of one file."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Row = dict[str, str]


@dataclass(frozen=True)
class Mutation:
    """One change of one file.

    Attributes:
        kind: what went wrong.
        source_id: whose file.
        lines: lines of the file, counted from 1, whose meaning changed.
        text: the file as it is now, as bytes.
        what: before and after, for a reader.
    """

    kind: str
    source_id: str
    lines: tuple[int, ...]
    text: bytes
    what: str


@dataclass(frozen=True)
class Table:
    """A source's figures table."""

    source_id: str
    header: list[str]
    rows: list[Row]

    @classmethod
    def read(cls, folder: Path) -> Table:
        """The table in a source's folder."""
        with (folder / "figures.csv").open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
            return cls(folder.name, list(reader.fieldnames or []), rows)

    def text(self, rows: list[Row]) -> bytes:
        """The table with other rows, as a file."""
        out = io.StringIO()
        writer = csv.DictWriter(out, self.header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue().encode()

    def changed(self, kind: str, index: int, **cells: str) -> Mutation:
        """The table with some cells of one row changed."""
        before = self.rows[index]
        rows = [*self.rows[:index], before | cells, *self.rows[index + 1 :]]
        what = "; ".join(f"{name}: {before[name]} → {after}" for name, after in cells.items())
        return Mutation(kind, self.source_id, (index + 2,), self.text(rows), f"{before['label']} {what}")


def number(row: Row) -> Decimal | None:
    """The printed number, where it is a plain one."""
    try:
        return Decimal(row["value"].replace(",", ""))
    except ArithmeticError:
        return None


def _plain(value: Decimal) -> str:
    return format(value, "f")


def _scaled(kind: str, factor: str) -> Callable[[Table, int, random.Random], Mutation | None]:
    def mutate(table: Table, index: int, _: random.Random) -> Mutation | None:
        value = number(table.rows[index])
        if value is None or value == 0:
            return None
        return table.changed(kind, index, value=_plain(value * Decimal(factor)))

    return mutate


def _digits_swapped(table: Table, index: int, chance: random.Random) -> Mutation | None:
    text = table.rows[index]["value"]
    places = [
        at
        for at in range(len(text) - 1)
        if text[at].isdigit()
        and text[at + 1].isdigit()
        and text[at] != text[at + 1]
        and not (at == 0 and text[1] == "0")
    ]
    if number(table.rows[index]) is None or not places:
        return None
    at = chance.choice(places)
    return table.changed("two digits swapped", index, value=text[:at] + text[at + 1] + text[at] + text[at + 2 :])


def _percent_as_fraction(table: Table, index: int, _: random.Random) -> Mutation | None:
    row = table.rows[index]
    value = number(row)
    if row["unit"] != "%" or value is None or value == 0:
        return None
    return table.changed("a percent as a fraction", index, value=_plain(value / 100))


def _year_shifted(table: Table, index: int, chance: random.Random) -> Mutation | None:
    period = table.rows[index]["period"]
    if not period[:4].isdigit() or not period[4:].startswith("年"):
        return None
    shifted = int(period[:4]) + chance.choice((-1, 1))
    return table.changed("a year shifted", index, period=f"{shifted}{period[4:]}")


def _areas_swapped(table: Table, index: int, chance: random.Random) -> Mutation | None:
    row = table.rows[index]
    same = ("label", "breakdown", "period", "unit", "qualifier")
    others = [
        at
        for at, other in enumerate(table.rows)
        if all(other[name] == row[name] for name in same)
        and other["place"] != row["place"]
        and other["value"] != row["value"]
    ]
    if not others:
        return None
    at = chance.choice(others)
    rows = list(table.rows)
    rows[index] = row | {"place": table.rows[at]["place"]}
    rows[at] = table.rows[at] | {"place": row["place"]}
    what = f"{row['label']} {row['place']} ↔ {table.rows[at]['place']}"
    return Mutation("two areas swapped", table.source_id, (index + 2, at + 2), table.text(rows), what)


def _row_twice(table: Table, index: int, _: random.Random) -> Mutation | None:
    value = number(table.rows[index])
    if value is None or value == 0:
        return None
    again = table.rows[index] | {"value": _plain(value + value / 5)}
    if "value_start" in again:
        again |= {name: "" for name in again if name.endswith(("_start", "_end"))}
    rows = [*table.rows, again]
    return Mutation(
        "a row twice with another value",
        table.source_id,
        (index + 2, len(rows) + 1),
        table.text(rows),
        f"{again['label']} {table.rows[index]['value']} and {again['value']}",
    )


def _part_dropped(table: Table, index: int, _: random.Random) -> Mutation | None:
    row = table.rows[index]
    rows = [*table.rows[:index], *table.rows[index + 1 :]]
    return Mutation("a part dropped from its total", table.source_id, (index + 2,), table.text(rows), row["label"])


def _persons(table: Table, index: int, _: random.Random) -> Mutation | None:
    unit = table.rows[index]["unit"]
    if "人次" in unit:
        return table.changed("人次 as 人", index, unit=unit.replace("人次", "人"))
    if unit.endswith("人"):
        return table.changed("人次 as 人", index, unit=unit + "次")
    return None


def _sign_of_growth(table: Table, index: int, _: random.Random) -> Mutation | None:
    row = table.rows[index]
    value = number(row)
    if row["unit"] != "%" or value is None or value == 0:
        return None
    if not any(word in row["label"] + row["breakdown"] for word in ("增长", "增速", "增幅")):
        return None
    return table.changed("the sign of a growth rate", index, value=_plain(-value))


def _column_shifted(table: Table, index: int, _: random.Random) -> Mutation | None:
    row = table.rows[index]
    cells = [row[name] for name in table.header]
    shifted = dict(zip(table.header, ["", *cells[:-1]], strict=True))
    rows = [*table.rows[:index], shifted, *table.rows[index + 1 :]]
    return Mutation("a column shifted by one", table.source_id, (index + 2,), table.text(rows), row["label"])


def _encoding(table: Table, index: int, chance: random.Random) -> Mutation | None:
    text = table.text(table.rows)
    if chance.random() < 0.5:
        return Mutation(
            "an encoding gone wrong", table.source_id, (index + 2,), text.decode().encode("gb18030"), "GB18030"
        )
    row = table.rows[index]
    garbled = row["label"].encode("utf-8").decode("latin-1")
    return table.changed("an encoding gone wrong", index, label=garbled)


def _unit_lost(table: Table, index: int, _: random.Random) -> Mutation | None:
    unit = table.rows[index]["unit"]
    if not unit.startswith("万") or unit.startswith("万亿") or len(unit) < 2:
        return None
    return table.changed("万 lost from the unit", index, unit=unit[1:])


KINDS: dict[str, Callable[[Table, int, random.Random], Mutation | None]] = {
    "times 10 000": _scaled("times 10 000", "10000"),
    "万 lost from the unit": _unit_lost,
    "times 10": _scaled("times 10", "10"),
    "times 0.1": _scaled("times 0.1", "0.1"),
    "two digits swapped": _digits_swapped,
    "a percent as a fraction": _percent_as_fraction,
    "a year shifted": _year_shifted,
    "two areas swapped": _areas_swapped,
    "a row twice with another value": _row_twice,
    "a part dropped from its total": _part_dropped,
    "人次 as 人": _persons,
    "the sign of a growth rate": _sign_of_growth,
    "a column shifted by one": _column_shifted,
    "an encoding gone wrong": _encoding,
}


def mutations(
    raw: Path, of_each_kind: int, seed: int, parts_of_totals: set[tuple[str, int]] | None = None
) -> Iterator[Mutation]:
    """Seeded single mutations over all sources, so many of each kind where there are so many.

    Args:
        raw: the folder of sources.
        of_each_kind: how many of each kind, at most.
        seed: of the choice.
        parts_of_totals: source and line of the figures that are parts of a printed total, to choose dropped rows of.
    """
    tables = [Table.read(folder) for folder in sorted(raw.iterdir()) if (folder / "figures.csv").is_file()]
    everywhere = [(table, index) for table in tables for index in range(len(table.rows))]
    for kind, mutate in KINDS.items():
        chance = random.Random(f"{seed} {kind}")
        places = list(everywhere)
        if kind == "a part dropped from its total" and parts_of_totals is not None:
            places = [(table, index) for table, index in places if (table.source_id, index + 2) in parts_of_totals]
        chance.shuffle(places)
        found = 0
        for table, index in places:
            mutation = mutate(table, index, chance)
            if mutation is not None:
                yield mutation
                found += 1
            if found == of_each_kind:
                break
