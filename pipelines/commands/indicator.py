"""`gongfu indicator`: an indicator that the code lists lack, added as one like another."""

from __future__ import annotations

import click

from pipelines.commands.language import Command, say
from pipelines.project import current


@click.command(cls=Command)
@click.argument("code")
@click.option("--like", required=True, metavar="INDICATOR", help="Of whose domain, unit and plausible size it is.")
@click.option("--name", required=True, nargs=2, metavar="ZH EN", help="Its names.")
@click.option("--definition", required=True, nargs=2, metavar="ZH EN", help="What is counted, and what not.")
@click.option("--defined-by", required=True, metavar="SOURCE", help="Whose definition it is.")
def indicator(code: str, like: str, name: tuple[str, str], definition: tuple[str, str], defined_by: str) -> None:
    """Add the indicator CODE to dbt_project/seeds/reference/indicators.csv."""
    from pipelines.proposing.adding import Described, add_indicator

    line = add_indicator(current(), code, like, Described(*name, *definition, defined_by))
    click.echo(say(f"written: {line}", f"已写入：{line}"))
    click.echo(say("look at its plausible limits, then run `gongfu build`", "请核对其合理范围，再运行`gongfu build`"))
