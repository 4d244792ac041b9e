"""`gongfu review`: figures of prose that were read with doubt, and what is decided about them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from pipelines.commands.language import Command, say
from pipelines.problems import BuildStopped, visible
from pipelines.project import current

if TYPE_CHECKING:
    from pipelines.problems import Problem
    from pipelines.project import Project

_WORDS = {"accept": "accept", "mend": "override", "reject": "drop"}


@click.command(cls=Command)
@click.argument("decision", type=click.Choice(sorted(_WORDS)), required=False)
@click.argument("figure", required=False)
@click.option("--value", help="With mend: the number as it should be read, in the printed unit.")
@click.option("--reason", help="Why; needed with a decision.")
@click.option("--who", help="Who says so; needed with a decision.")
def review(decision: str | None, figure: str | None, value: str | None, reason: str | None, who: str | None) -> None:
    """List the figures that wait for review, or decide one: accept, mend or reject FIGURE (source_id:char:12-16).

    A decision is written into the source's ledger, raw/<source_id>/corrections.yaml; the next build follows it.
    """
    project = current()
    waiting = _waiting(project)
    if decision is None:
        for name, problem in waiting.items():
            click.echo(visible(f"{name}  {problem.value}\n    {say(problem.message_en, problem.message_zh)}"))
        click.echo(say(f"{len(waiting)} waiting", f"{len(waiting)} 个待核"))
        return
    if figure is None or not reason or not who or (decision == "mend") != bool(value):
        raise BuildStopped(
            "a decision needs FIGURE, --reason and --who; mend needs --value too",
            exit_code=2,
            zh="请给出 FIGURE、--reason 和 --who；mend 还需 --value",
        )
    if figure not in waiting:
        en = f"{figure} does not wait for review; `gongfu review` lists what does"
        raise BuildStopped(en, exit_code=2, zh=f"{figure} 不在待核之列；gongfu review 列出待核的数字")
    entry = {
        "figure": figure, "action": _WORDS[decision], **({"value": value} if value else {}), "reason": reason,
        "who": who, "date": datetime.now(tz=UTC).date().isoformat(), "status": "confirmed",
        "expect": waiting[figure].value or "",
    }  # fmt: skip
    ledger = _write(project, waiting[figure].source_id, entry)
    click.echo(say(f"written into {ledger}; run `gongfu build` to use it", f"已写入 {ledger}；运行 gongfu build 生效"))


def _waiting(project: Project) -> dict[str, Problem]:
    """The figures for review of the sources as landed last, by figure_id."""
    from pipelines.readers.shapes.bulletin import FOR_REVIEW
    from pipelines.receiving.landing import problems_landed

    return {
        f"{problem.source_id}:{problem.column}": problem
        for problem in problems_landed(project)
        if problem.rule == FOR_REVIEW
    }


def _write(project: Project, source_id: str, entry: dict[str, str]) -> str:
    import yaml

    from pipelines.sources.ledger import LEDGER_NAME

    ledger = project.raw / source_id / LEDGER_NAME
    before = ledger.read_text(encoding="utf-8") if ledger.exists() else ""
    text = yaml.safe_dump([entry], allow_unicode=True, sort_keys=False)
    ledger.write_text(before + ("" if not before or before.endswith("\n") else "\n") + text, encoding="utf-8")
    return project.relative(ledger)
