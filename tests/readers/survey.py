"""What propose makes of every file of a folder of exports, held-out families apart: the table of docs/readers.md.

`python -m tests.readers.survey ../shared/exports` reads each file as a person's first `gongfu propose` would, and holds
20 figures of each, drawn with a fixed seed, against the cell as csv, openpyxl or xlrd reads it.
"""

from __future__ import annotations

import csv
import random
import sys
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pipelines.problems import SourceRefused
from pipelines.project import current
from pipelines.proposing.looking import look
from pipelines.readers.files.grid import column_number
from pipelines.readers.worker import Worker

SAMPLE = 20
FAMILIES = Path(__file__).with_name("families.csv")


def write(line: str) -> None:
    """One line of the table."""
    sys.stdout.write(line + "\n")


def main(folder: Path) -> None:
    """Print one row per export."""
    with FAMILIES.open(encoding="utf-8", newline="") as stream:
        parts = {row["export"]: row["part"] for row in csv.DictReader(stream)}
    totals: dict[str, Counter[str]] = {"development": Counter(), "held_out": Counter()}
    write("| export | files | readers | questions | numbers | figures | left out | refused | wrong of sampled |")
    write("|---|---|---|---|---|---|---|---|---|")
    for export, part in sorted(parts.items(), key=lambda one: (one[1], one[0])):
        found: Counter[str] = Counter()
        readers: set[str] = set()
        most = 0
        with Worker(current().root) as worker:
            for file in sorted(path for path in (folder / export).rglob("*") if path.is_file()):
                if file.name == "SOURCE.md":
                    continue
                reader, counts = surveyed(file, worker)
                readers.add(reader)
                most = max(most, counts["questions"])
                found += counts
        totals[part] += found
        name = f"{export}{' (held out)' if part == 'held_out' else ''}"
        cells = [found[key] for key in ("numbers", "figures", "left_out", "refused")]
        shown = " | ".join(
            str(cell) for cell in [found["files"], ", ".join(sorted(readers)), f"at most {most}", *cells]
        )
        write(f"| {name} | {shown} | {found['wrong']} of {found['sampled']} |")
    for part, counts in totals.items():
        write(f"{part} {dict(counts)}")


def surveyed(file: Path, worker: Worker) -> tuple[str, Counter[str]]:
    """The reader that is proposed, and what became of the numbers."""
    counts: Counter[str] = Counter(files=1)
    try:
        reader, proposals, reading = look(current(), file, worker)
    except SourceRefused:
        return "refused", counts + Counter(unread=1)
    questions = sum(len(proposal.questions) for proposal in proposals)
    counts["questions"] = questions
    counts["at most two"] = int(questions < 3 and reading is not None)
    if reading is None:
        return reader, counts + Counter(unread=1)
    counts["numbers"], counts["figures"] = reading.numbers, len(reading.figures)
    counts["left_out"], counts["refused"] = sum(one.numbers for one in reading.left_out), reading.refused
    rows = list(reading.figures.iter_rows(named=True))
    for row in random.Random(file.name).sample(rows, min(SAMPLE, len(rows))):
        there = cell_of(file, row)
        if there is not None:
            counts["sampled"] += 1
            counts["wrong"] += not agrees(row, there)
    return reader, counts


def cell_of(file: Path, row: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever the library gives
    """The cell by another library; None where none reads the file."""
    data = file.read_bytes()
    if data.startswith(b"PK"):
        import openpyxl

        return openpyxl.load_workbook(file, data_only=True)[row["sheet"]][row["cell"]].value
    if data.startswith(b"\xd0\xcf"):
        import xlrd

        letters = row["cell"].rstrip("0123456789")
        sheet = xlrd.open_workbook(file).sheet_by_name(row["sheet"])
        return sheet.cell_value(int(row["cell"][len(letters) :]) - 1, column_number(letters) - 1)
    line, _, column = row["cell"].partition(":")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        mark = "\t" if text.splitlines()[int(line) - 1].count("\t") else ","
        cells = next(csv.reader([text.splitlines()[int(line) - 1]], delimiter=mark))
        return cells[int(column) - 1].lstrip(",") if len(cells) >= int(column) else None
    return None


def agrees(row: dict[str, Any], there: object) -> bool:
    """Whether the figure is the cell's number as its print shows it: within half of the last printed place."""
    try:
        read = Decimal(str(row["value"]).replace(",", ""))
        stored = Decimal(str(there).replace(",", "").rstrip("%"))
    except InvalidOperation:
        return str(row["value"]) == str(there).strip()
    scale = Decimal(100) if row["unit"] == "%" and row["stored"] else Decimal(1)
    exponent = read.as_tuple().exponent
    step = Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(0)
    return abs(read - stored) <= step / 2 or abs(read - stored * scale) <= step / 2


if __name__ == "__main__":
    main(Path(sys.argv[1]))
