"""Run every command that a page shows and put its real output beneath it.

A block of a page that opens with ```console holds one command after `$ ` and its output. `make docs` rewrites the
blocks; a test compares them with what the command prints now. The commands of `EXAMPLE_PAGES` ask a project whose raw/
is docs/examples: small files in the shapes that bureaus publish.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).resolve().parent
EXAMPLES = DOCS / "examples"
PAGES = ("questions.md", "coverage.md", "findings.md", "trace.md", "vintages.md")
EXAMPLE_PAGES = ("places.md", "trace-files.md")
_BLOCK = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)


def refreshed(page: str, root: Path) -> str:
    """`page` with the output of its commands as they print it on the project at `root`."""

    def block(match: re.Match[str]) -> str:
        command = match["command"]
        return f"```console\n$ {command}\n{output_of(command, root)}```"

    return _BLOCK.sub(block, page)


def output_of(command: str, root: Path) -> str:
    """What a `gongfu …` command prints; blanks at the ends of lines are left out."""
    program, *arguments = shlex.split(command)
    if program != "gongfu":
        raise ValueError(f"only gongfu commands stand in console blocks, not {program}")
    inherited = {name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"}
    done = subprocess.run(  # noqa: S603 - our own pages
        [sys.executable, "-m", "pipelines", *arguments],
        env=inherited | {"GONGFU_ROOT": str(root), "COLUMNS": "160", "PYTHONIOENCODING": "utf-8"},
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def example_project(root: Path) -> Path:
    """A project at `root` whose sources are docs/examples, built; gives `root`."""
    shutil.copytree(EXAMPLES, root / "raw")
    unwanted = shutil.ignore_patterns("logs", "target", ".user.yml")
    shutil.copytree(DOCS.parent / "dbt_project", root / "dbt_project", ignore=unwanted)
    output_of("gongfu build", root)
    return root


def main() -> None:
    """Rewrite the pages of docs/."""
    with tempfile.TemporaryDirectory() as folder:
        examples = example_project(Path(folder) / "examples")
        for names, root in ((PAGES, DOCS.parent), (EXAMPLE_PAGES, examples)):
            for name in names:
                page = DOCS / name
                page.write_text(refreshed(page.read_text(encoding="utf-8"), root), encoding="utf-8")


if __name__ == "__main__":
    main()
