"""What the pages show is what the commands print."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from docs.refresh import PAGES, refreshed
from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from pipelines.project import Project


@pytest.mark.parametrize("name", PAGES)
def test_the_answers_on_the_page_are_the_answers_of_the_warehouse(
    name: str, built: tuple[Project, subprocess.CompletedProcess[str]]
) -> None:
    page = (CHECKOUT / "docs" / name).read_text(encoding="utf-8")
    assert refreshed(page, built[0].root) == page


def test_every_link_of_the_readmes_leads_somewhere() -> None:
    docs = ("docs/design.md", "docs/questions.md", "docs/readers.md")
    for name in ("README.md", "README.zh-CN.md", "raw/README.md", *docs):
        page = CHECKOUT / name
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{name}: {target}"
