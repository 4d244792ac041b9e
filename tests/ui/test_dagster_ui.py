"""The Dagster UI as a person sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ui.conftest import needs_chromium, see

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = needs_chromium


def test_the_asset_graph_shows_the_walk_of_the_data(address: str, browser: Chrome) -> None:
    see(browser, f"{address}/asset-groups", "landing", "facts", "marts", "warehouse", picture="asset-graph", settle=5)


def test_the_last_run_is_green(address: str, browser: Chrome) -> None:
    see(browser, f"{address}/runs", "build_warehouse", "Success", picture="runs")


def test_the_observations_show_their_columns_with_descriptions(address: str, browser: Chrome) -> None:
    text = see(
        browser, f"{address}/assets/facts/observations?view=overview", "obs_value_low", picture="columns", settle=3
    )
    assert "The least value that the print allows" in text


def test_the_observations_show_their_checks_and_all_passed(address: str, browser: Chrome) -> None:
    text = see(browser, f"{address}/assets/facts/observations?view=checks", "relationships", "Passed", picture="checks")
    assert "Failed" not in text
