"""The links from the Dagster UI to the report open: `make ui` serves the pages where the links lead."""

from __future__ import annotations

import re
import shlex
import socket
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING

from pipelines.orchestration.quality import PAGES, links
from pipelines.project import Project
from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path


def test_links_lead_to_the_pages_that_make_ui_serves(tmp_path: Path) -> None:
    recipe = re.search(r"-m http\.server .*?(?= 2>)", (CHECKOUT / "Makefile").read_text(encoding="utf-8"))
    assert recipe is not None
    assert recipe[0].split()[-1] == PAGES.rpartition(":")[2]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    pages = Project(tmp_path).quality_report
    pages.mkdir(parents=True)
    command = [sys.executable, "-u", *shlex.split(recipe[0])[:-1], port]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            assert server.stdout is not None
            assert b"Serving" in server.stdout.readline()
            for text in ("the first report", "the next report"):  # a build puts a new folder in the old one's place
                pages.rename(tmp_path / text)
                pages.mkdir()
                (pages / "summary.html").write_text(text, encoding="utf-8")
                link = str(links(Project(tmp_path))["open summary"].value).replace(PAGES, f"http://127.0.0.1:{port}")
                with urllib.request.urlopen(link) as answer:
                    assert answer.read().decode() == text
        finally:
            server.kill()
