"""The report that the project starts from: every row stands in the text at its offsets, and no digits are left over.

Runs where the report's text lies beside the checkout; the text itself is not part of the project.
"""

from __future__ import annotations

import csv
import re

import pytest

from tests.conftest import CHECKOUT, REPORT

pytestmark = pytest.mark.skipif(not REPORT.is_file(), reason="the report's text is not here")

RAW = CHECKOUT / "raw" / "zj_first_batch_practices"


@pytest.fixture(scope="module")
def text() -> str:
    with REPORT.open(encoding="utf-8", newline="") as file:
        return file.read()


def rows(name: str) -> list[dict[str, str]]:
    with (RAW / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def span(row: dict[str, str], part: str) -> tuple[int, int]:
    return int(row[f"{part}_start"]), int(row[f"{part}_end"])


def test_every_number_stands_at_its_offsets(text: str) -> None:
    for row in rows("figures.csv"):
        start, end = span(row, "value")
        assert text[start:end] == row["value"], row


def test_every_unit_stands_at_its_offsets(text: str) -> None:
    """A qualifier inside a unit (15 万余家) is not part of it, nor is a line break within it."""
    for row in rows("figures.csv"):
        if row["unit"]:
            start, end = span(row, "unit")
            printed = re.sub(r"\s", "", text[start:end])
            assert row["unit"] in {printed, printed.replace(row["qualifier"] or " ", "")}, row


def test_every_qualifier_stands_at_its_offsets(text: str) -> None:
    for row in rows("figures.csv"):
        if row["qualifier"]:
            start, end = span(row, "qualifier")
            assert text[start:end] == row["qualifier"], row


def test_no_two_rows_stand_on_the_same_number() -> None:
    places = [span(row, "value") for row in rows("figures.csv")]
    shared = {place for place in places if places.count(place) > 1}
    assert shared == set()


def test_no_run_of_digits_is_left_without_a_row_or_a_reason(text: str) -> None:
    covered = [span(row, "value") for row in rows("figures.csv")]
    for row in rows("not_figures.csv"):
        start, end = int(row["char_start"]), int(row["char_end"])
        assert text[start:end] == row["printed"], row
        assert row["reason"], row
        covered.append((start, end))
    left = [
        (digits.start(), digits.group())
        for digits in re.finditer(r"[0-9０-９]+(?:\.[0-9]+)?", text)
        if not any(start <= digits.start() and digits.end() <= end for start, end in covered)
    ]
    assert left == []


def test_each_chapter_has_its_figures() -> None:
    assert {row["chapter"] for row in rows("figures.csv")} == {str(number) for number in range(1, 11)}


def test_no_sentence_of_the_report_stands_in_the_project(text: str) -> None:
    flat = re.sub(r"\s", "", text)
    runs = {flat[i : i + 24] for i in range(len(flat) - 23)}
    for path in CHECKOUT.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(CHECKOUT).parts)
        if hidden or path.suffix not in {".csv", ".md", ".py", ".sql", ".yml", ".yaml"} or "target" in path.parts:
            continue
        in_gb18030 = path.is_relative_to(CHECKOUT / "docs" / "examples" / "bureau_export") and path.suffix == ".csv"
        body = re.sub(r"\s", "", path.read_text(encoding="gb18030" if in_gb18030 else "utf-8"))
        found = next((body[i : i + 24] for i in range(len(body) - 23) if body[i : i + 24] in runs), None)
        assert found is None, f"{path}: {found}"
