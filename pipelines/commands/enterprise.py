"""`gongfu enterprise`: the health report of one firm."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.commands.language import Command
from pipelines.problems import BuildStopped
from pipelines.project import current

if TYPE_CHECKING:
    from pipelines.records.enterprise.report import Report


@click.command(cls=Command)
@click.argument("firm_id")
@click.option("--run", default="2022", show_default=True, help="which evaluation")
@click.option("--page", "page_path", type=click.Path(path_type=Path), help="write the report as a page, too")
def enterprise(firm_id: str, run: str, page_path: Path | None) -> None:
    """The health report of FIRM_ID: values beside means, points, the next grade, history. Synthetic firms only."""
    from pipelines.records.enterprise.page import page
    from pipelines.records.enterprise.report import report_of
    from pipelines.records.places import records_of

    report = report_of(records_of(current(), "land_productivity"), firm_id, run)
    _say(report)
    if page_path is not None:
        try:
            page_path.write_text(page(report), encoding="utf-8")
        except OSError as error:
            raise BuildStopped(f"{page_path}: cannot be written ({error.strerror}) · 无法写入", exit_code=4) from None
        click.echo(f"page: {page_path}")


def _say(report: Report) -> None:
    from rich.console import Console
    from rich.table import Table

    from pipelines.records.enterprise.page import amount

    result = report.result
    console = Console(highlight=False, soft_wrap=True)
    say = console.print
    wide = console.width >= 140
    say(f"{report.firm['name']} · {result['county']} · {result['industry']} · {result['scale']} · 合成 synthetic")
    rank = f"{result['rank_in_group']} / {result['ranked_firms']:.0f}" if result["rank_in_group"] else "—"
    score = "—" if result["score"] is None else f"{result['score']:.2f}"
    say(
        f"等级 grade {result['grade'] or '—'} · 得分 score {score} · 排名 rank {rank} · {result['rule']} {result['rule_version']}"  # noqa: E501
    )
    for zh, en in report.reasons:
        say(f"  {zh} · {en}")
    table = Table()
    for head in (
        "指标 indicator",
        "本企业 firm",
        "行业 industry",
        "县 county",
        "全省 province",
        "标杆 P90",
        "权重 weight",
        "得分 points",
    ):
        shown = head if wide else head.split(" ")[0]
        table.add_column(shown, justify="left" if head.startswith("指标") else "right", no_wrap=True)
    for line in report.lines:
        around = (line.beside.industry, line.beside.county, line.beside.province, line.beside.benchmark)
        points = "—" if line.points is None else f"{line.points:.2f}"
        name = f"{line.name['zh']} {line.name['en']}" if wide else line.name["zh"]
        cells = [name, amount(line.value), *map(amount, around), amount(line.weight), points]
        table.add_row(*cells)
    say(table)
    if report.distance is not None:
        say(
            f"距 {report.next_grade} 差 {report.distance} 分 · {report.distance} points to {report.next_grade}; any one of these alone closes it · 任一项即可补足:"  # noqa: E501
        )
        for line in report.lines:
            if line.closes is not None:
                say(f"  + {amount(line.closes)} {line.closes_item[0]} · {line.closes_item[1]}")
    for year in report.years:
        on_base = "—" if year.score_on_fixed_base is None else f"{year.score_on_fixed_base:.2f}"
        say(
            f"{year.period}: 等级 grade {year.grade or '—'} · 固定基准得分 score on the bases of {result['period']} {on_base}"  # noqa: E501
        )
