"""A real `dagster dev` on a project, and a real headless Chromium to look at it with.

Set GONGFU_SCREENSHOTS to a folder to keep what was seen (docs/ shows such pictures).
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipelines.project import Project
from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
#: A page without the words after so long will never have them; no test passes sooner or later by it.
NEVER_SECONDS = 900
#: How long a server that was told to stop may take before it is made to.
PATIENCE_SECONDS = 20
needs_chromium = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs Debian's chromium and chromium-driver")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/server_info"):
            return True
    except OSError:
        return False


@contextmanager
def served(project: Project) -> Iterator[str]:
    """`dagster dev` on a project; gives its address."""
    port = free_port()
    environment = os.environ | {
        "GONGFU_ROOT": str(project.root),
        "DAGSTER_HOME": str(project.dagster_home),
        "DAGSTER_DISABLE_TELEMETRY": "1",
    }
    log = project.warehouse / "dagster-dev.log"
    with log.open("w", encoding="utf-8") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "dagster", "dev", "-w", "workspace.yaml", "-p", str(port), "-h", "127.0.0.1"],
            cwd=CHECKOUT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            while not answers(url):
                assert server.poll() is None, log.read_text(encoding="utf-8")
                time.sleep(0.5)
            yield url
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            try:
                server.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:  # told to stop while it was starting, dagster dev waits for ever
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--force-device-scale-factor=1",
        "--window-size=1180,900",  # of which a README still shows words that can be read
        f"--user-data-dir={tmp_path_factory.mktemp('chromium')}",
    ):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    yield driver
    driver.quit()


def see(browser: Chrome, url: str, *words: str, picture: str, settle: float = 2.0) -> str:
    """Open a page, wait until all words stand on it, keep a picture after `settle` seconds; gives its text."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    browser.get(url)

    def text(_: object = None) -> str:
        return str(browser.find_element(By.TAG_NAME, "body").text)

    WebDriverWait(browser, NEVER_SECONDS).until(lambda _: all(word in text() for word in words), f"{words} on {url}")
    keep(browser, picture, settle)
    return text()


def keep(browser: Chrome, picture: str, settle: float = 2.0) -> None:
    """Keep a picture of what stands there after `settle` seconds, where pictures are wanted."""
    folder = os.environ.get("GONGFU_SCREENSHOTS")
    if folder:
        time.sleep(settle)
        browser.save_screenshot(str(Path(folder) / f"{picture}.png"))
