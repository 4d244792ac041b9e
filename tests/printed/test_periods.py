"""Words of periods: alone, in brackets, in rows that must be in step, and at the frequency that a file states."""

from __future__ import annotations

import pytest

from pipelines.printed.periods import (
    are_in_order,
    at_frequency,
    frequency,
    period_in_title,
    period_words,
    periods_of_row,
)


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ("2019.0", "2019年"),
        ("2023年（一季度）", "2023年第一季度"),
        ("2023年（上半年）", "2023年上半年"),
        ("2026年（预计）", "2026年（预计）"),
        ("2027年(目标)", "2027年（目标）"),
        ("2027年（据说）", None),
        ("2013年C", "2013年第三季度"),
        ("12/2019", "2019年12月"),
        ("2020.10", "2020年10月"),
        ("2020.1", None),
        ("2019/2/30", None),
    ],
)
def test_a_period_is_what_its_words_say(printed: str, words: str | None) -> None:
    assert period_words(printed) == words


@pytest.mark.parametrize(
    ("row", "periods"),
    [
        (("2020.9", "2020.1", "2020.11"), ["2020年9月", "2020年10月", "2020年11月"]),
        (("2020.11", "2020.1", "2020.9"), ["2020年11月", "2020年10月", "2020年9月"]),
        (("2020.1", "2020.2", "2020.3"), ["2020年1月", "2020年2月", "2020年3月"]),
        (("2020.1", "2020.4", "2020.7", "2020.1"), ["2020年1月", "2020年4月", "2020年7月", "2020年10月"]),
    ],
)
def test_a_month_that_lost_its_zero_is_what_keeps_its_row_in_step(row: tuple[str, ...], periods: list[str]) -> None:
    assert periods_of_row(row) == (periods, None)


@pytest.mark.parametrize("row", [("2020.1",), ("2020.9", "2020.1", "2021.3"), ("2010-11", "2011-12")])
def test_a_row_out_of_step_and_a_business_year_name_no_period(row: tuple[str, ...]) -> None:
    assert periods_of_row(row)[1] is not None


def test_periods_run_one_way() -> None:
    assert are_in_order(["2019年", "2020年", "2021年"])
    assert are_in_order(["2021年第四季度", "2021年第一季度", "2020年第四季度"])
    assert not are_in_order(["2019年", "2021年", "2020年"])
    assert not are_in_order(["2019年", "2019年"])


@pytest.mark.parametrize(
    ("words", "stated", "period"),
    [
        ("2019-12-31", "year", "2019年"),
        ("2019-06-30", "year", None),
        ("2019年12月", "year", "2019年"),
        ("2019年11月", "year", None),
        ("2010年3月", "quarter", "2010年第一季度"),
        ("2010年5月", "quarter", None),
        ("2010-02-28", "month", "2010年2月"),
        ("2010年", "month", None),
    ],
)
def test_a_date_finer_than_the_frequency_stands_at_its_end_or_is_none(
    words: str, stated: str, period: str | None
) -> None:
    assert at_frequency(words, stated) == period


def test_frequencies_are_known_by_their_first_word() -> None:
    assert [frequency(words) for words in ("年", "年, 年终12月", "季度", "月", "Annual", "旬")] == [
        "year", "year", "quarter", "month", "year", None,
    ]  # fmt: skip


def test_a_year_in_a_title_is_the_period_where_it_is_the_only_one() -> None:
    assert period_in_title("3-10 各市生产总值(2012)") == "2012年"
    assert period_in_title("17-2 各市国民经济主要指标（2024年）") == "2024年"
    assert period_in_title("各市生产总值(2012—2020)") == ""
