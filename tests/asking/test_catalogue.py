"""Codes have names, and indicators are found by words in either language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.asking.catalogue import areas, find, indicators, sources
from pipelines.asking.warehouse import UnknownName

if TYPE_CHECKING:
    from pipelines.asking.warehouse import Warehouse

pytestmark = pytest.mark.builds


@pytest.mark.parametrize(
    "words", ["居民人均可支配收入", "可支配 收入", "disposable income", "DISPOSABLE per capita", "kezhipei"]
)
def test_an_indicator_is_found_by_words_of_either_language(warehouse: Warehouse, words: str) -> None:
    assert find(warehouse, words)[0].indicator == "income_disposable_per_capita"


def test_a_printed_label_finds_what_it_means(warehouse: Warehouse) -> None:
    assert "gdp" in {each.indicator for each in find(warehouse, "生产总值")}


def test_what_is_found_says_what_there_is_of_it(warehouse: Warehouse) -> None:
    found = find(warehouse, "gdp")[0]
    assert (found.indicator, found.unit_zh) == ("gdp", "元")
    assert found.places >= 31  # every province has its product in the bureau's exports
    assert found.figures > found.places
    assert found.first_year is not None
    assert found.first_year <= 2010


def test_every_word_must_occur(warehouse: Warehouse) -> None:
    assert find(warehouse, "收入 黑洞") == []
    assert find(warehouse, " ") == []


def test_an_unknown_code_is_named(warehouse: Warehouse) -> None:
    with pytest.raises(UnknownName, match="no indicator is called nothing"):
        indicators(warehouse, "gdp", "nothing")
    with pytest.raises(UnknownName, match="no source is called nobody"):
        sources(warehouse, "nobody")


def test_a_place_tells_its_territories_in_the_order_of_time(warehouse: Warehouse) -> None:
    """Yuhang district was divided on 2021-03-11 (State Council, 国函〔2021〕22号 and after)."""
    found = areas(warehouse, "330110")
    assert [each.name_zh for each in found] == ["余杭区"] * len(found)
    assert len(found) == 2
    assert found[0].valid_to == found[1].valid_from


def test_a_source_says_who_published_it_and_on_what_terms(warehouse: Warehouse) -> None:
    (found,) = sources(warehouse, "zj_first_batch_practices")
    assert found.publisher_zh
    assert found.licence
    assert found.figures > 200
