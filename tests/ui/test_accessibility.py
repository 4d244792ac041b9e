"""Every kind of page, in both languages, for whoever sees little, sees no colours or has no mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_core_python.selenium import Axe

from tests.ui.conftest import needs_chromium

if TYPE_CHECKING:
    from pathlib import Path

    from selenium.webdriver import Chrome

pytestmark = needs_chromium
KINDS = (
    "index.html", "indicators.html", "indicator/income_disposable_per_capita.html", "places.html", "place/330100.html",
    "map.html", "targets.html", "contradictions.html", "changes.html", "coverage.html", "search.html?q=gdp",
    "source/zj_first_batch_practices.html",
)  # fmt: skip
#: WCAG 2.1 asks for it of text, at level AA.
READABLE = 4.5


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_against_a_page(site: Path, browser: Chrome, language: str, kind: str) -> None:
    browser.get(f"{site.as_uri()}/{language}/{kind}")
    found = Axe().run(browser)
    assert found["passes"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []


def test_the_name_of_a_place_reads_on_its_tile_whatever_its_shade(site: Path, browser: Chrome) -> None:
    browser.get(f"{site.as_uri()}/zh/map.html")
    tiles = browser.execute_script(
        "return [...document.querySelectorAll('.map a text:not(.missing)')].map(text =>"
        " [getComputedStyle(text).fill, getComputedStyle(text.parentNode.querySelector('rect')).fill])"
    )
    pairs = {(text, tile) for text, tile in tiles}
    assert len(pairs) == 5
    assert {pair: contrast(*pair) for pair in pairs if contrast(*pair) < READABLE} == {}


def contrast(one: str, other: str) -> float:
    """How much two colours, each as `rgb(1, 2, 3)`, stand out from each other, as WCAG reckons it."""
    paler, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (paler + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_contrast_of_black_on_white_is_21_to_1() -> None:
    assert contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)") == pytest.approx(21)


def test_the_keyboard_reaches_everything_in_the_order_of_the_page_and_first_a_way_past_the_menu(
    site: Path, browser: Chrome
) -> None:
    from selenium.webdriver import ActionChains, Keys

    browser.get(f"{site.as_uri()}/en/search.html?q=income")
    reachable = browser.execute_script("return [...document.querySelectorAll('a[href], input')].length")
    where = (
        "return [[...document.querySelectorAll('*')].indexOf(document.activeElement),"
        " document.activeElement.className, document.activeElement.id]"
    )
    visited = []
    for _ in range(reachable):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        visited.append(browser.execute_script(where))
    assert visited[0][1] == "skip"
    assert "words" in [name for _, _, name in visited]
    places = [at for at, _, _ in visited]
    assert places == sorted(set(places))


def test_a_map_is_walked_with_the_keyboard_and_each_tile_says_its_place_and_value(site: Path, browser: Chrome) -> None:
    browser.get(f"{site.as_uri()}/en/map.html")
    names = browser.execute_script(
        "const tiles = [...document.querySelectorAll('.map a')];"
        " return tiles.map(tile => { tile.focus();"
        " return document.activeElement === tile ? tile.getAttribute('aria-label') : ''; })"
    )
    assert len(names) > 90
    assert all(": " in name for name in names)
