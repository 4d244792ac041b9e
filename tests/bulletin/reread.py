"""The report that the project starts from, read from its text and held against its transcription: `make reread`."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

from pipelines.readers.prose.bulletin import figures_of
from pipelines.readers.prose.documents import received
from pipelines.readers.prose.figure import Row

ROOT = Path(__file__).parents[2]
REPORT = ROOT / ".." / "shared" / "seed" / "first-batch-practices.txt"
TRANSCRIPTION = ROOT / "raw" / "zj_first_batch_practices" / "figures.csv"
MULTIPLIERS = {"万亿": 10**12, "亿": 10**8, "万": 10**4}
NUMERALS = {"百": Decimal(100), "首": Decimal(1), "一": Decimal(1), "二": Decimal(2), "三": Decimal(3)}
#: 余 and 多 as the transcription prints them, and the codes that the reader gives.
QUALIFIERS = {
    "": "exact", "约": "about", "多": "at_least", "余": "at_least", "以上": "at_least", "不低于": "at_least",
    "超": "more_than", "超过": "more_than", "突破": "more_than",
}  # fmt: skip


def base_value(value: str, unit: str) -> Decimal:
    """A transcribed value in the base unit."""
    if value == "三分之一":
        return Decimal("0.333333")
    number = NUMERALS.get(value) or Decimal(value)
    return number * next((factor for word, factor in MULTIPLIERS.items() if unit.startswith(word)), 1)


def differences() -> tuple[int, list[str], Counter[str]]:
    """How many transcribed figures the text gives too, each difference in words, and how many of each kind."""
    found: dict[int, Row] = {}
    for row in figures_of(received(REPORT).reading(), "2023"):
        if row.printed is not None:
            found[row.printed.value_start] = row
    said: list[str] = []
    kinds: Counter[str] = Counter()
    agreed = 0
    with TRANSCRIPTION.open(encoding="utf-8", newline="") as stream:
        for typed in csv.DictReader(stream):
            row = found.pop(int(typed["value_start"]), None)
            what = f"char {typed['value_start']} {typed['label']}: typed {typed['value']}{typed['unit']}"
            if row is None or row.value is None:
                kinds["not read"] += 1
                said.append(f"{what}, not read as a figure")
                continue
            wrong = []
            if abs(row.value) != base_value(typed["value"], typed["unit"]):
                wrong.append(f"value read {row.value}")
            if row.qualifier != QUALIFIERS[typed["qualifier"]]:
                wrong.append(f"qualifier typed {typed['qualifier'] or 'none'}, read {row.qualifier}")
            agreed += not wrong
            kinds.update(word.split()[0] for word in wrong)
            said += [f"{what}, {'; '.join(wrong)}"] if wrong else []
    for row in found.values():
        kinds["not typed"] += 1
        said.append(f"char {row.char_start}: read {row.quote} ({row.subject}), not typed")
    return agreed, said, kinds


def main() -> int:
    """Print the agreement and each difference; 1 where there is one that the page on prose does not know."""
    if not REPORT.exists():
        sys.stdout.write("../shared/seed/first-batch-practices.txt is absent; nothing to read again\n")
        return 0
    agreed, said, kinds = differences()
    sys.stdout.write("\n".join(said) + "\n")
    counted = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "no difference"
    sys.stdout.write(f"{agreed} figures agree in place, value and qualifier; {counted}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
