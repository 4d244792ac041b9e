"""`gongfu mcp`: the published warehouse for assistants, over standard input and output."""

from __future__ import annotations

import click

from pipelines.commands.language import Command
from pipelines.project import current


@click.command(cls=Command)
def mcp() -> None:
    """Answer assistants by MCP on standard input and output: find, observe, compare, as_of, audit, trace."""
    from pipelines.asking.warehouse import published
    from pipelines.serving.assistant import server

    project = current()
    with published(project):
        pass
    server(project).run("stdio")
