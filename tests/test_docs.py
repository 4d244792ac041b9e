"""What the pages show is what the commands print."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from docs.refresh import EXAMPLE_PAGES, PAGES, example_project, refreshed
from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project


@pytest.mark.parametrize("name", PAGES)
def test_the_answers_on_the_page_are_the_answers_of_the_warehouse(
    name: str, built: tuple[Project, subprocess.CompletedProcess[str]]
) -> None:
    page = (CHECKOUT / "docs" / name).read_text(encoding="utf-8")
    assert refreshed(page, built[0].root) == page


@pytest.mark.builds
def test_the_examples_are_traced_to_the_cell_as_the_page_shows(tmp_path: Path) -> None:
    root = example_project(tmp_path / "examples")
    for name in EXAMPLE_PAGES:
        page = (CHECKOUT / "docs" / name).read_text(encoding="utf-8")
        assert refreshed(page, root) == page


def test_every_link_of_the_readmes_leads_somewhere() -> None:
    docs = [f"docs/{page.name}" for page in (CHECKOUT / "docs").glob("*.md")]
    assert len(docs) >= 7
    for name in ("README.md", "README.zh-CN.md", "raw/README.md", *docs):
        page = CHECKOUT / name
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{name}: {target}"
