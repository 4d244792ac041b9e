"""The hand-made standard says what its texts print, and the reader stays as good on it as it was."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from importlib import resources

import pytest

from pipelines.readers.prose.bulletin import figures_of
from pipelines.readers.prose.figure import Row
from pipelines.readers.prose.reading import reading_of
from tests.bulletin.scoring import Score, agreement, documents, read, rows_of, score, text_of

KINDS = {"level", "share", "growth_rate", "difference", "ratio", "rank", "target"}
QUALIFIERS = {"exact", "about", "at_least", "more_than", "at_most", "less_than", "nearly"}
NAMES = [document["document"] for document in documents()]


@pytest.mark.parametrize("document", documents(), ids=NAMES)
def test_rows_are_in_order_and_in_the_words_of_the_rules(document: dict[str, str]) -> None:
    end = 0
    for row in rows_of(document["document"]):
        assert end <= int(row["char_start"]) < int(row["char_end"])
        end = int(row["char_end"])
        if row["status"] == "figure":
            assert row["kind"] in KINDS
            assert row["qualifier"] in QUALIFIERS
            assert row["subject"]
            assert Decimal(row["value"]).is_finite()
        else:
            assert row["status"] in ("left_out", "refused")
            assert row["reason"]


def test_the_standard_has_what_its_card_says() -> None:
    figures = {
        document["document"]: sum(row["status"] == "figure" for row in rows_of(document["document"]))
        for document in documents()
    }
    assert len(figures) == 19
    assert sum(figures.values()) == 1389


@pytest.mark.parametrize("document", documents(), ids=NAMES)
def test_every_span_holds_what_its_row_says(document: dict[str, str]) -> None:
    text = text_of(document)
    if text is None:
        pytest.skip(f"{document['path']} is not here")
    for row in rows_of(document["document"]):
        printed = text[int(row["char_start"]) : int(row["char_end"])]
        assert "".join(printed.split()) == "".join(row["quote"].split())


def test_the_reader_stays_as_good_as_its_page_says() -> None:
    pooled = Score()
    for document in documents():
        text = text_of(document)
        if text is None:
            pytest.skip(f"{document['path']} is not here")
        pooled.add(score(document, rows_of(document["document"]), read(document, text), lambda _: None))
    assert pooled.matched / pooled.found >= 0.99
    assert pooled.matched / pooled.marked >= 0.99
    least = {"value": 0.995, "unit": 0.995, "qualifier": 0.99, "kind": 0.99, "place": 0.97, "period": 0.96}
    for name, share in (least | {"subject": 0.95, "breakdown": 0.98}).items():
        assert pooled.right[name] / pooled.matched >= share, name
    assert pooled.refused == pooled.to_refuse


def test_two_annotators_agree_as_the_card_says() -> None:
    pooled = dict(agreement(lambda _: None))["pooled"]
    assert (pooled.marked, pooled.found, pooled.matched, pooled.whole) == (381, 381, 379, 352)


def in_traditional_characters(text: str) -> str:
    """A copy of a text, character by character, as releases in traditional characters print it."""
    table = resources.files("opencc").joinpath("dictionary/STCharacters.txt").read_text(encoding="utf-8")
    pairs = [line.split("\t") for line in table.splitlines()]
    return text.translate({ord(one): many.split(" ")[0] for one, many in pairs if len(one) == 1})


@pytest.mark.parametrize("document", documents()[:6], ids=NAMES[:6])
def test_a_copy_in_traditional_characters_reads_the_same(document: dict[str, str]) -> None:
    text = text_of(document)
    if text is None:
        pytest.skip(f"{document['path']} is not here")
    unquoted = [replace(row, quote="") for row in figures_of(reading_of(text), document["published"])]
    copied = figures_of(reading_of(in_traditional_characters(text)), document["published"])
    assert [replace(row, quote="") for row in copied if row.printed is None] == [
        row for row in unquoted if row.printed is None
    ]
    assert [told(row) for row in copied] == [told(row) for row in unquoted]


def told(row: Row) -> tuple[object, ...]:
    return (row.char_start, row.char_end, row.value, row.unit, row.kind, row.place, row.period, row.subject)


@pytest.mark.parametrize("lost", ["、", "\ufffd"])
def test_a_copy_that_lost_its_separators_gives_no_figure_there(lost: str) -> None:
    whole = "2023年云和县统计公报\n全县三次产业增加值分别为52325、533205和542185万元。"
    damaged = whole.replace("、", "" if lost == "、" else lost).replace("和5421", "" if lost == "、" else "\ufffd5421")
    assert [row.status for row in figures_of(reading_of(whole)) if row.status != "left_out"] == ["figure"] * 3
    assert {row.status for row in figures_of(reading_of(damaged)) if row.status != "left_out"} == {"refused"}
