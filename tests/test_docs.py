"""What the pages show is what the commands print."""

from __future__ import annotations

import re
import shutil
import tomllib
from typing import TYPE_CHECKING

import pytest

from docs.refresh import EXAMPLE_PAGES, EXAMPLES, PAGES, output_of, refreshed
from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipelines.project import Project


@pytest.mark.parametrize("name", PAGES)
def test_the_answers_on_the_page_are_the_answers_of_the_warehouse(name: str, whole: Project) -> None:
    page = (CHECKOUT / "docs" / name).read_text(encoding="utf-8")
    assert refreshed(page, whole.root) == page


def test_the_examples_are_traced_to_the_cell_as_the_page_shows(
    begun: Callable[[Path], Project], tmp_path: Path
) -> None:
    root = begun(tmp_path).root
    shutil.copytree(EXAMPLES, root / "raw", dirs_exist_ok=True)
    output_of("gongfu build", root)
    for name in EXAMPLE_PAGES:
        page = (CHECKOUT / "docs" / name).read_text(encoding="utf-8")
        assert refreshed(page, root) == page


def test_every_link_of_the_readmes_leads_somewhere() -> None:
    docs = [f"docs/{page.name}" for page in (CHECKOUT / "docs").glob("*.md")]
    assert len(docs) >= 7
    for name in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md", "raw/README.md", *docs):
        page = CHECKOUT / name
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{name}: {target}"


def test_the_rooms_on_the_page_are_those_that_are_there_in_the_order_in_which_they_import() -> None:
    contract = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    order = [layer.strip("()") for layer in contract["contracts"][0]["layers"]]
    rooms = [name for name in order if (CHECKOUT / "pipelines" / name / "__init__.py").is_file()]
    page = (CHECKOUT / "docs" / "design.md").read_text(encoding="utf-8")
    tree, _, models = page.partition("```\n")[2].partition("```")[0].partition("dbt_project/models/")
    shown = re.findall(r"^(?:pipelines/| {10}) +(\w+)/ ", tree, re.MULTILINE)
    assert [name for name in shown if name in rooms] == rooms, "a room is missing in the tree of docs/design.md"
    assert set(shown) <= set(order)
    folders = {folder.name for folder in (CHECKOUT / "dbt_project" / "models").iterdir() if folder.is_dir()}
    assert set(models.splitlines()[0].split()) == folders
