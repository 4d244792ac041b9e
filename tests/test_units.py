"""Unit words against a table made from general knowledge, not from the code list: a factor that slips by ten is seen.

What the powers of ten make of a printed number is a unit test of dbt (models/staging/unit_tests.yml).
"""

from __future__ import annotations

import csv
from fractions import Fraction

import pytest

from tests.conftest import CHECKOUT

SEED = CHECKOUT / "dbt_project" / "seeds" / "reference" / "unit_words.csv"

#: What one printed unit is in its base unit. 1 亩 is 1/15 hectare (since 1959: 666.67 m²), so 1 hectare is 15 亩 and
#: 1 square kilometre, 100 hectares, is 1500 亩. 万 is 10 000, 亿 is 100 000 000, 万亿 is 10 to the 12th.
ONE_PRINTED_UNIT = {
    "%": (1, "percent"),
    "％": (1, "percent"),
    "‰": (1, "per_mille"),
    "个百分点": (1, "percentage_point"),
    "百分点": (1, "percentage_point"),
    "元": (1, "yuan"),
    "万元": (10_000, "yuan"),
    "万元/人": (10_000, "yuan"),
    "万元/人·年": (10_000, "yuan"),
    "亿元": (100_000_000, "yuan"),
    "万亿元": (1_000_000_000_000, "yuan"),
    "100 million yuan": (100_000_000, "yuan"),
    "美元": (1, "usd"),
    "万美元": (10_000, "usd"),
    "亿美元": (100_000_000, "usd"),
    "元/亩": (1, "yuan_per_mu"),
    "万元/亩": (10_000, "yuan_per_mu"),
    "人": (1, "person"),
    "名": (1, "person"),
    "万人": (10_000, "person"),
    "万名": (10_000, "person"),
    "亿人": (100_000_000, "person"),
    "人次": (1, "person_time"),
    "万人次": (10_000, "person_time"),
    "亿人次": (100_000_000, "person_time"),
    "户": (1, "household"),
    "万户": (10_000, "household"),
    "亩": (1, "mu"),
    "万亩": (10_000, "mu"),
    "亿亩": (100_000_000, "mu"),
    "公顷": (15, "mu"),
    "万公顷": (150_000, "mu"),
    "千公顷": (15_000, "mu"),
    "平方公里": (1_500, "mu"),
    "平方千米": (1_500, "mu"),
    "平方米": (1, "square_metre"),
    "万平方米": (10_000, "square_metre"),
    "公里": (1, "kilometre"),
    "千米": (1, "kilometre"),
    "万公里": (10_000, "kilometre"),
    "吨": (1, "tonne"),
    "万吨": (10_000, "tonne"),
    "万": (10_000, "unit"),
    "个": (1, "unit"),
    "万个": (10_000, "unit"),
    "件": (1, "unit"),
    "万件": (10_000, "unit"),
    "家": (1, "unit"),
    "万家": (10_000, "unit"),
    "条": (1, "unit"),
    "万条": (10_000, "unit"),
    "项": (1, "unit"),
    "万项": (10_000, "unit"),
    "所": (1, "unit"),
    "种": (1, "unit"),
    "类": (1, "unit"),
    "台": (1, "unit"),
    "辆": (1, "unit"),
    "次": (1, "occurrence"),
    "万次": (10_000, "occurrence"),
    "场": (1, "occurrence"),
    "批次": (1, "occurrence"),
    "倍": (1, "ratio"),
    "农村=1": (1, "ratio"),
    "位": (1, "rank"),
    "第": (1, "rank"),
    "岁": (1, "year_of_age"),
    "年": (1, "year"),
    "天": (1, "day"),
    "个小时": (1, "hour"),
    "小时": (1, "hour"),
    "分钟": (1, "minute"),
}


def unit_words() -> dict[str, tuple[Fraction, str]]:
    with SEED.open(encoding="utf-8", newline="") as stream:
        return {
            row["unit_printed"]: (Fraction(row["factor"]) * 10 ** int(row["unit_mult"]), row["unit_measure"])
            for row in csv.DictReader(stream)
            if row["unit_printed"]
        }


@pytest.mark.parametrize("words", sorted(unit_words()))
def test_a_unit_word_is_as_much_as_everybody_knows(words: str) -> None:
    assert words in ONE_PRINTED_UNIT, f"{words} is new: say here, from outside the code list, how much it is"
    assert unit_words()[words] == ONE_PRINTED_UNIT[words]
