"""Unit words against a table made from general knowledge, not from the code list: a factor that slips by ten is seen.

What the powers of ten make of a printed number is a unit test of dbt (models/staging/unit_tests.yml).
"""

from __future__ import annotations

import csv
from fractions import Fraction
from typing import TYPE_CHECKING

import duckdb

from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from pipelines.project import Project

SEED = CHECKOUT / "dbt_project" / "seeds" / "reference" / "unit_words.csv"

#: What one printed unit is in its base unit. 1 亩 is 1/15 hectare (since 1959: 666.67 m²), so 1 hectare is 15 亩 and
#: 1 square kilometre, 100 hectares, is 1500 亩. 万 is 10 000, 亿 is 100 000 000, 万亿 is 10 to the 12th.
ONE_PRINTED_UNIT = {
    "%": (1, "percent"),
    "％": (1, "percent"),
    "成": (10, "percent"),
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
    "标台": (1, "unit"),
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
    "人民币元": (1, "yuan"),
    "元人民币": (1, "yuan"),
    **dict.fromkeys("册份张床部套艘只头株处座幢栋架盘篇宗", (1, "unit")),
    "起": (1, "occurrence"),
    "例": (1, "occurrence"),
    "对": (1, "pair"),
    "立方米": (1, "cubic_metre"),
    "米": (1, "metre"),
    "克": (1, "gram"),
    "千克": (1, "kilogram"),
    "公斤": (1, "kilogram"),
    "升": (1, "litre"),
    "千瓦": (1, "kilowatt"),
    "千瓦时": (1, "kilowatt_hour"),
    "千瓦小时": (1, "kilowatt_hour"),
    "千伏安": (1, "kilovolt_ampere"),
    "吨标准煤": (1, "tonne_coal_equivalent"),
    "吨公里": (1, "tonne_kilometre"),
    "人公里": (1, "person_kilometre"),
    "标准箱": (1, "standard_container"),
    "辆次": (1, "vehicle_time"),
    "日": (1, "day"),
    "周岁": (1, "year_of_age"),
    **dict.fromkeys(
        ("上年=100", "上年同期=100", "上年同月=100", "以上年为100", "上年为100", "preceding year=100"),
        (1, "index_previous_year"),
    ),
    **dict.fromkeys(("基期=100", "1978=100", "1978年=100"), (1, "index_fixed_base")),
    "人/平方公里": (1, "person_per_square_kilometre"),
    "人/平方千米": (1, "person_per_square_kilometre"),
    "元/平方米": (1, "yuan_per_square_metre"),
    "公斤/公顷": (1, "kilogram_per_hectare"),
    "千克/公顷": (1, "kilogram_per_hectare"),
    "吨/公顷": (1, "tonne_per_hectare"),
    "人/户": (1, "person_per_household"),
    **dict.fromkeys(("1/10万", "/10万", "人/10万人"), (1, "per_hundred_thousand")),
    "1/万": (1, "per_ten_thousand"),
    "元/人": (1, "yuan"),
    "平方米/人": (1, "square_metre"),
    "岁/人": (1, "year_of_age"),
    "yuan": (1, "yuan"),
    **dict.fromkeys(("10 000 yuan", "10,000 yuan", "10000 yuan"), (10_000, "yuan")),
    "million yuan": (1_000_000, "yuan"),
    "billion yuan": (1_000_000_000, "yuan"),
    **dict.fromkeys(("person", "persons"), (1, "person")),
    **dict.fromkeys(("10 000 persons", "10,000 persons", "10000 persons"), (10_000, "person")),
    "million persons": (1_000_000, "person"),
    "USD": (1, "usd"),
    **dict.fromkeys(("USD million", "million USD"), (1_000_000, "usd")),
    "USD 10 000": (10_000, "usd"),
    **dict.fromkeys(("unit", "units"), (1, "unit")),
    **dict.fromkeys(("household", "households"), (1, "household")),
    "10 000 households": (10_000, "household"),
    **dict.fromkeys(("ton", "tons"), (1, "tonne")),
    **dict.fromkeys(("10 000 tons", "10,000 tons", "10000 tons"), (10_000, "tonne")),
    "km": (1, "kilometre"),
    "人年": (1, "person_year"),
    "sq.km": (1_500, "mu"),
    "100 million kwh": (100_000_000, "kilowatt_hour"),
}

#: How often the unit behind it is meant. 千 before 克, 瓦 or 米 belongs to the unit: those stand above.
HOW_OFTEN = {
    "十": 10, "百": 100, "千": 1_000, "万": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000,
    "亿": 100_000_000, "十亿": 1_000_000_000, "百亿": 10_000_000_000, "千亿": 100_000_000_000,
    "万亿": 1_000_000_000_000,
}  # fmt: skip


def unit_words() -> dict[str, tuple[Fraction, str]]:
    with SEED.open(encoding="utf-8", newline="") as stream:
        return {
            row["unit_printed"]: (Fraction(row["factor"]) * 10 ** int(row["unit_mult"]), row["unit_measure"])
            for row in csv.DictReader(stream)
            if row["unit_printed"]
        }


def known(words: str) -> tuple[int, str] | None:
    """What everybody knows that these words are: themselves, or so many of what stands behind the numeral."""
    if words in ONE_PRINTED_UNIT:
        return ONE_PRINTED_UNIT[words]
    for numeral in sorted(HOW_OFTEN, key=len, reverse=True):
        if words.startswith(numeral) and words.removeprefix(numeral) in ONE_PRINTED_UNIT:
            one, unit = ONE_PRINTED_UNIT[words.removeprefix(numeral)]
            return one * HOW_OFTEN[numeral], unit
    return None


def test_every_unit_word_is_as_much_as_everybody_knows() -> None:
    words = unit_words()
    assert len(words) > 800
    new = [each for each in words if known(each) is None]
    assert not new, "say above, from outside the code list, how much these are"
    assert {each: amount for each, amount in words.items() if amount != known(each)} == {}


def test_a_harvest_without_units_has_those_of_prints_that_equal_it_in_every_year(whole: Project) -> None:
    """Their files print no unit; the cards say that yuan is established from other publications' prints.

    Years before 2013 were reckoned back for town and country; nobody else prints them with a unit.
    """
    with duckdb.connect(str(whole.published), read_only=True) as connection:
        rows = connection.execute("""
            select
                harvest.source_id || ' ' || harvest.indicator || ' ' || harvest.breakdown,
                count(distinct harvest.time_period),
                bool_and(
                    harvest.obs_value_low <= prints.obs_value_high and harvest.obs_value_high >= prints.obs_value_low
                )
            from facts.observations as harvest
            join facts.observations as prints
                using (indicator, breakdown, ref_area, time_period, time_basis, unit_measure)
            where harvest.source_id in ('nbs_nation_2016_living', 'nbs_nation_2023_living')
                and prints.source_id not in ('nbs_nation_2016_living', 'nbs_nation_2023_living')
            group by 1
        """).fetchall()
    assert len(rows) == 5
    assert all(years >= 3 and agree for _, years, agree in rows), rows
