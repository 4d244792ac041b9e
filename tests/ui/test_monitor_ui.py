"""The monitor in a real browser, opened from the disk: search, slider, a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ui.conftest import needs_chromium

if TYPE_CHECKING:
    from pathlib import Path

    from selenium.webdriver import Chrome

pytestmark = needs_chromium
INDICATOR = "zh/indicator/income_disposable_per_capita.html"


def test_a_search_in_pinyin_finds_what_is_called_so(site: Path, browser: Chrome) -> None:
    browser.get(f"{(site / 'zh/search.html').as_uri()}?q=jmrjkzpsr")
    titles = browser.execute_script("return [...document.querySelectorAll('#found a')].map(a => a.textContent)")
    assert titles[0] == "居民人均可支配收入"


def test_what_is_called_so_is_found_before_what_only_speaks_of_it(site: Path, browser: Chrome) -> None:
    browser.get(f"{(site / 'zh/search.html').as_uri()}?q=残疾人")
    titles = browser.execute_script("return [...document.querySelectorAll('#found a')].map(a => a.textContent)")
    speaks = next(at for at, title in enumerate(titles) if "残疾人" not in title)
    assert speaks > 3
    assert all("残疾人" not in title for title in titles[speaks:])
    assert browser.execute_script("return said.textContent") == f"共{len(titles)}项。"


def test_a_script_that_is_searched_for_does_nothing(site: Path, browser: Chrome) -> None:
    browser.get(f"{(site / 'zh/search.html').as_uri()}?q=%3Cscript%3Ewindow.hit%3D1%3C%2Fscript%3E")
    assert browser.execute_script("return window.hit === undefined && !document.querySelector('#found script')")


def test_the_slider_shows_less_the_earlier_the_day(site: Path, browser: Chrome) -> None:
    browser.get((site / INDICATOR).as_uri())
    shown = "return document.querySelectorAll('#figures tbody tr:not([hidden])').length"
    today = browser.execute_script(shown)
    browser.execute_script("day.value = 0; day.dispatchEvent(new Event('input'))")
    assert browser.execute_script(shown) < today
    first = browser.execute_script("return page.days[0]")
    assert browser.execute_script("return known.textContent") == first


@pytest.mark.parametrize(
    "page",
    [
        "zh/index.html",
        INDICATOR,
        "zh/place/330100.html",
        "zh/targets.html",
        "en/index.html",
        "en/map.html",
        "en/search.html?q=income",
    ],
)
def test_a_phone_scrolls_no_page_sideways(site: Path, browser: Chrome, page: str) -> None:
    device = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", device)
    browser.get(f"{site.as_uri()}/{page}")
    assert browser.execute_script("return document.documentElement.scrollWidth") == 390
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
