"""The `gongfu` command. Each command has a module of its own; heavy libraries load when a command runs.

Exit codes: 0 done; 1 the build failed or its checks forbid publishing; 2 the command line is wrong; 3 another build
holds the lock; 4 the disk would not take it; 5 nothing is published yet; 6 published, but sources are held back.
"""

from __future__ import annotations

from typing import Any

import click

from pipelines.commands.audit import audit
from pipelines.commands.build import build
from pipelines.commands.diff import diff
from pipelines.commands.disclosure import disclosure
from pipelines.commands.enterprise import enterprise
from pipelines.commands.export import export
from pipelines.commands.find import find
from pipelines.commands.indicator import indicator
from pipelines.commands.language import Group, say
from pipelines.commands.mcp import mcp
from pipelines.commands.preview import preview
from pipelines.commands.propose import propose
from pipelines.commands.publications import dataset, dictionary
from pipelines.commands.read import read
from pipelines.commands.review import review
from pipelines.commands.rules import rules
from pipelines.commands.serve import serve
from pipelines.commands.site import site
from pipelines.commands.sql import sql
from pipelines.commands.status import status
from pipelines.commands.trace import trace
from pipelines.commands.transcribe import transcribe
from pipelines.commands.unmapped import unmapped
from pipelines.commands.versions import rollback, versions
from pipelines.problems import BuildStopped, visible


class _Group(Group):
    """The command: what stops it is one line on standard error in the language asked for, never a traceback."""

    def invoke(self, context: click.Context) -> Any:  # noqa: ANN401 - as click has it
        try:
            return super().invoke(context)
        except BuildStopped as stopped:
            click.echo(f"gongfu: {visible(say(str(stopped), stopped.zh))}", err=True)
            context.exit(stopped.exit_code)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gongfu", message="gongfu %(version)s")
def gongfu() -> None:
    """共富 gongfu: from printed provincial statistics to a warehouse that can be trusted."""


for command in (
    build, propose, preview, read, review, unmapped, indicator, transcribe, status, find, sql, audit, trace, diff,
    export, dataset, dictionary, serve, mcp, site, versions, rollback, rules, enterprise, disclosure,
):  # fmt: skip
    gongfu.add_command(command)


def main() -> None:
    """Run the command."""
    gongfu()
