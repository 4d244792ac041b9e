"""What pages of the monitor cost a reader far away: a real browser at 1.6 Mbit/s on a processor four times slower.

Served as `gongfu serve` does, compressed. A table reads when it is painted and the whole page is parsed; charts may
follow. Seconds depend on the machine, so each page is also told as a multiple of a page that holds one heading.
Without Chromium and its driver nothing is measured, and that is said.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.serving import free_port, running
from pipelines.asking.warehouse import published
from pipelines.project import Project, current
from pipelines.serving.monitor.site import write_site

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

TIMES = 3
BITS_A_SECOND, SLOWER, DELAY_MS = 1_600_000, 4, 40
#: Budgets of the front page and of every page: bytes as sent, and seconds until the table reads.
MOST_BYTES, MOST_SECONDS = 150_000, 1.0
BARE = "bare.html"
#: A page of each kind; beside these the largest of all is looked at.
PAGES = (
    "index.html", "indicators.html", "indicator/income_disposable_per_capita.html", "places.html", "place/330100.html",
    "map.html", "targets.html", "contradictions.html", "changes.html", "coverage.html", "search.html?q=gdp",
    "source/zj_first_batch_practices.html",
)  # fmt: skip
_READS = """
    const [navigation] = performance.getEntriesByType("navigation");
    const painted = performance.getEntriesByName("first-contentful-paint")[0];
    return Math.max(navigation.domInteractive, painted ? painted.startTime : 0) / 1000;
"""


def browser() -> Chrome | None:
    """A headless Chromium that is slowed down; None where there is none."""
    from selenium import webdriver

    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        return None
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    for flag in ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"):
        options.add_argument(flag)
    opened = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    opened.execute_cdp_cmd("Network.enable", {})
    opened.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
    speed = BITS_A_SECOND / 8
    opened.execute_cdp_cmd(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": DELAY_MS, "downloadThroughput": speed, "uploadThroughput": speed},
    )
    opened.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return opened


def looked_at(opened: Chrome, url: str) -> tuple[float, int, int, int]:
    """Seconds until the table reads, bytes of the page, bytes of all that it asks for, and how many requests."""
    import json

    opened.get_log("performance")
    opened.get(url)
    time.sleep(0.5)  # what a page asks for after it is loaded
    seconds = float(opened.execute_script(_READS))
    messages = [json.loads(each["message"])["message"] for each in opened.get_log("performance")]
    sent: dict[str, Any] = {
        each["params"]["requestId"]: each["params"]["encodedDataLength"]
        for each in messages
        if each["method"] == "Network.loadingFinished"
    }
    first = next(
        each["params"]["requestId"]
        for each in messages
        if each["method"] == "Network.requestWillBeSent" and each["params"]["type"] == "Document"
    )
    return seconds, int(sent[first]), int(sum(sent.values())), len(sent)


def main() -> None:
    """Print a table: of each page bytes, requests, seconds until its table reads, and how many times a bare page's."""
    opened = browser()
    if opened is None:
        sys.exit("pages are measured with Debian's chromium and chromium-driver, which are not here")
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder))
        project.warehouse.mkdir(parents=True)
        project.published.symlink_to(current().published.resolve())
        site = project.warehouse / "site"
        with published(project) as warehouse:
            write_site(warehouse, site)
        (site / BARE).write_text("<!doctype html><title>bare</title><h1>bare</h1>", encoding="utf-8")
        largest = str(max(site.rglob("*.html"), key=lambda path: path.stat().st_size).relative_to(site))
        port = free_port()
        command = [sys.executable, "-m", "pipelines", "serve", "--port", str(port)]
        over = 0
        with running("gongfu", command, port, {"GONGFU_ROOT": folder}):
            print(f"{'':>55} {'page kB':>8} {'all kB':>8} {'requests':>9} {'seconds':>8} {'× bare':>7}")
            bare = None
            for page in (BARE, *(f"{language}/{each}" for language in ("zh", "en") for each in PAGES), largest):
                seen = [looked_at(opened, f"http://127.0.0.1:{port}/{page}") for _ in range(TIMES)]
                seconds = statistics.median(each[0] for each in seen)
                _, own, every, requests = seen[-1]
                bare = bare or seconds
                over += seconds > MOST_SECONDS or own > MOST_BYTES
                print(
                    f"{page:>55} {own / 1000:>8.1f} {every / 1000:>8.1f} {requests:>9} {seconds:>8.2f} "
                    f"{seconds / bare:>7.1f}"
                )
        print(f"pages over {MOST_BYTES / 1000:.0f} kB or {MOST_SECONDS:.0f} second until the table reads: {over}")
    opened.quit()


if __name__ == "__main__":
    main()
