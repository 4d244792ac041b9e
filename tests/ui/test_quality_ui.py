"""Where a person sees a build: Dagster's graph, runs and checks, and the report's pages, one source held back.

What is good is looked at where everything was built, what is held back in a copy that was built again.
"""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

import pytest
import yaml

from pipelines.project import Project
from tests.conftest import gongfu
from tests.sabotage.mutations import Table
from tests.ui.conftest import NEVER_SECONDS, keep, needs_chromium, see, served

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from selenium.webdriver import Chrome

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def broken(
    built: tuple[Project, object], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, subprocess.CompletedProcess[str]]:
    """A copy of the built project with one figure of a yearbook ten times too large, built again."""
    root = tmp_path_factory.mktemp("broken") / "project"
    shutil.copytree(built[0].root, root)
    project = Project(root)
    folder = project.raw / "zj_yearbook_2025"
    table = Table.read(folder)
    index = next(at for at, row in enumerate(table.rows) if "工资性" in row["label"] + row["breakdown"])
    mutation = table.changed("times 10", index, value=table.rows[index]["value"] + "0")
    (folder / "figures.csv").write_bytes(mutation.text)
    card = yaml.safe_load((folder / "source.yaml").read_text(encoding="utf-8"))
    card["files"][0]["sha256"] = hashlib.sha256(mutation.text).hexdigest()
    (folder / "source.yaml").write_text(yaml.safe_dump(card, allow_unicode=True), encoding="utf-8")
    return project, gongfu(project, "build")


@pytest.fixture(scope="module")
def address(built: tuple[Project, object]) -> Iterator[str]:
    with served(built[0]) as url:
        yield url


@pytest.fixture(scope="module")
def broken_address(broken: tuple[Project, object]) -> Iterator[str]:
    with served(broken[0]) as url:
        yield url


def test_the_asset_graph_shows_the_walk_of_the_data_from_top_to_bottom(address: str, browser: Chrome) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    wide = browser.get_window_size()
    browser.set_window_size(880, 1060)
    try:
        browser.get(f"{address}/runs")
        browser.execute_script(
            "localStorage.setItem('asset-graph-direction', JSON.stringify('vertical'));"
            "localStorage.setItem('dagster-nav-collapsed', 'true');"
        )
        browser.get(f"{address}/asset-groups")
        fold = WebDriverWait(browser, NEVER_SECONDS).until(
            lambda _: browser.find_element(By.CSS_SELECTOR, "[aria-label=panel_show_right]")
        )
        fold.click()  # the list of groups beside the graph
        walk = ("raw", "landing", "staging", "facts", "marts", "warehouse")
        WebDriverWait(browser, NEVER_SECONDS).until(lambda _: set(walk) <= set(groups_seen(browser)))
        tops = groups_seen(browser)
        assert sorted(walk, key=tops.__getitem__) == list(walk)
        centred(browser)
        keep(browser, "asset-graph", settle=3)
    finally:
        browser.execute_script("localStorage.clear()")
        browser.set_window_size(wide["width"], wide["height"])


def groups_seen(browser: Chrome) -> dict[str, float]:
    """The groups of assets that the graph draws, with how far from the top each stands."""
    return dict(
        browser.execute_script(
            "return [...document.querySelectorAll('foreignObject > *')].filter(box => (box.innerText || '').trim())"
            ".map(box => [box.innerText.trim().split('\\n')[0], box.getBoundingClientRect().top])"
        )
    )


def centred(browser: Chrome) -> None:
    """Draw the graph larger, and into the middle of the window."""
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.by import By

    for _ in range(2):
        browser.find_element(By.CSS_SELECTOR, "[aria-label=zoom_in]").click()
    body = browser.find_element(By.TAG_NAME, "body")
    left, right, top, bottom, width, height = browser.execute_script(
        "const at = [...document.querySelectorAll('foreignObject')].map(box => box.getBoundingClientRect());"
        "return [Math.min(...at.map(a => a.left)), Math.max(...at.map(a => a.right)),"
        " Math.min(...at.map(a => a.top)), Math.max(...at.map(a => a.bottom)), innerWidth, innerHeight]"
    )
    drag = ActionChains(browser, duration=100).move_to_element_with_offset(body, 0, int(height / 2) - 40)
    drag.click_and_hold()
    drag.move_by_offset(
        int((width + 20 - left - right) / 2), int((height + 110 - top - bottom) / 2)
    ).release().perform()


def test_the_last_run_is_green(address: str, browser: Chrome) -> None:
    see(browser, f"{address}/runs", "build_warehouse", "Success", picture="runs")


def test_the_observations_show_their_columns_with_descriptions(address: str, browser: Chrome) -> None:
    text = see(
        browser, f"{address}/assets/facts/observations?view=overview", "obs_value_low", picture="columns", settle=3
    )
    assert "The least value that the print allows" in text
    browser.execute_script(  # type: ignore[no-untyped-call]
        "[...document.querySelectorAll('*')].find(one => one.innerHTML === 'Columns').scrollIntoView()"
    )
    keep(browser, "columns")


def test_the_observations_show_their_checks_and_all_passed(address: str, browser: Chrome) -> None:
    text = see(browser, f"{address}/assets/facts/observations?view=checks", "relationships", "Passed", picture="checks")
    assert "Failed" not in text


def test_audit_kinds_are_checks_on_the_audit(address: str, browser: Chrome) -> None:
    text = see(
        browser,
        f"{address}/assets/quality/audit?view=checks",
        "audit_ratio",
        "Passed",
        picture="quality-checks",
        settle=3,
    )
    assert "audit_parts_and_total" in text


def test_expectation_suites_are_checks_on_the_marts(address: str, browser: Chrome) -> None:
    see(
        browser, f"{address}/assets/marts/mart_income_gap?view=checks", "expectations", "Passed", picture="quality-mart"
    )


def test_pandera_rules_are_checks_on_the_landing(address: str, browser: Chrome) -> None:
    text = see(
        browser,
        f"{address}/assets/landing/printed_figures?view=checks",
        "contract_number",
        "Passed",
        picture="quality-door",
    )
    assert "contract_print_fits_place" in text


def test_the_report_is_an_asset_with_links(address: str, browser: Chrome) -> None:
    see(browser, f"{address}/assets/warehouse/quality_report?view=overview", "summary.html", picture="quality-asset")


def test_the_summary_opens_without_a_server(built: tuple[Project, object], browser: Chrome) -> None:
    page = built[0].quality_report / "summary.html"
    text = see(browser, page.as_uri(), "数据质量", "数字之间的核算", "不相符", picture="summary")
    assert "this build may be published" in text
    drawn = browser.execute_script("return document.querySelectorAll('#coverage svg, #outcomes svg').length")  # type: ignore[no-untyped-call]
    assert drawn == 2
    browser.execute_script("document.getElementById('coverage').scrollIntoView()")  # type: ignore[no-untyped-call]
    see_again(browser, "summary-coverage")
    requests = browser.execute_script(  # type: ignore[no-untyped-call]
        "return performance.getEntriesByType('resource').map(entry => entry.name)"
    )
    assert [name for name in requests if name.startswith("http")] == []


def test_data_docs_open_without_a_network(built: tuple[Project, object], browser: Chrome) -> None:
    folder = built[0].quality_report
    text = see(browser, (folder / "index.html").as_uri(), "domain.income", picture="data-docs")
    assert "✘" not in text
    page = next((folder / "validations").rglob("warehouse-domain.income.html"))
    see(browser, page.as_uri(), "Succeeded", "城乡居民收入比", picture="data-docs-income")


def test_a_broken_source_is_held_back_and_the_page_says_why(
    broken: tuple[Project, subprocess.CompletedProcess[str]], browser: Chrome
) -> None:
    project, done = broken
    assert done.returncode == 6
    assert "zj_yearbook_2025 (its last good version stays): raw/zj_yearbook_2025/source.yaml" in done.stderr
    assert "audit_parts_and_total" in done.stderr
    text = see(
        browser,
        (project.quality_report / "summary.html").as_uri(),
        "Sources held back; everything else goes on.",
        "audit_parts_and_total",
        picture="summary-broken",
    )
    assert "zj_yearbook_2025" in text
    assert "this build may be published" in text


def test_the_ui_shows_the_source_that_is_held_back(broken_address: str, browser: Chrome) -> None:
    text = see(
        browser,
        f"{broken_address}/assets/landing/sources?view=checks&checkDetail=no_source_is_held_back",
        "no_source_is_held_back",
        "zj_yearbook_2025",
        picture="quality-broken",
        settle=4,
    )
    assert "audit_parts_and_total" in text


def see_again(browser: Chrome, picture: str) -> None:
    """Keep a picture of what the browser shows now."""
    import os
    from pathlib import Path

    folder = os.environ.get("GONGFU_SCREENSHOTS")
    if folder:
        browser.save_screenshot(str(Path(folder) / f"{picture}.png"))
