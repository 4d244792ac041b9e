"""The links from the Dagster UI to the report open: `make ui` serves the pages where the links lead."""

from __future__ import annotations

import re
import shlex
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.orchestration.quality import PAGES, links
from pipelines.orchestration.raw_sources import READINGS, pages_of
from pipelines.project import Project
from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def served_by_make_ui(root: Path, address: str) -> Iterator[str]:
    """What `make ui` serves at an address, on a port that is free; gives the address in its place."""
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    asked = address.rpartition(":")[2]
    recipes = [found for found in re.findall(r"-m http\.server .*?(?= 2>)", makefile) if found.split()[-1] == asked]
    assert len(recipes) == 1
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, "-u", *shlex.split(recipes[0])[:-1], port]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            assert server.stdout is not None
            assert b"Serving" in server.stdout.readline()
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()


def read_at(link: str) -> str:
    with urllib.request.urlopen(link) as answer:
        return str(answer.read().decode())


def test_links_lead_to_the_pages_that_make_ui_serves(tmp_path: Path) -> None:
    pages = Project(tmp_path).quality_report
    pages.mkdir(parents=True)
    with served_by_make_ui(tmp_path, PAGES) as address:
        for text in ("the first report", "the next report"):  # a build puts a new folder in the old one's place
            pages.rename(tmp_path / text)
            pages.mkdir()
            (pages / "summary.html").write_text(text, encoding="utf-8")
            link = str(links(Project(tmp_path))["open summary"].value)
            assert read_at(link.replace(PAGES, address)) == text


def test_the_link_of_a_document_leads_to_its_figures_in_their_text(tmp_path: Path) -> None:
    folder = Project(tmp_path).warehouse / "readings" / "杭州_bulletin"
    folder.mkdir(parents=True)
    (folder / "document 1.html").write_text("its figures", encoding="utf-8")
    link = str(pages_of(Project(tmp_path), folder.name)["open figures in document 1"].value)
    with served_by_make_ui(tmp_path, READINGS) as address:
        assert read_at(link.replace(READINGS, address)) == "its figures"
