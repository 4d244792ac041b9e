"""Run every command that a page shows and put its real output beneath it.

A block of a page that opens with ```console holds one command after `$ ` and its output. `make docs` rewrites the
blocks; a test compares them with what the command prints now.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

PAGES = ("questions.md", "trace.md", "vintages.md")
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
    done = subprocess.run(  # noqa: S603 - our own pages
        [sys.executable, "-m", "pipelines", *arguments],
        env=os.environ | {"GONGFU_ROOT": str(root), "COLUMNS": "160", "PYTHONIOENCODING": "utf-8"},
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def main() -> None:
    """Rewrite the pages of docs/."""
    docs = Path(__file__).resolve().parent
    for name in PAGES:
        page = docs / name
        page.write_text(refreshed(page.read_text(encoding="utf-8"), docs.parent), encoding="utf-8")


if __name__ == "__main__":
    main()
