"""`gongfu enterprise`: the health report of one firm."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.commands.language import Command, say, spoken
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
    _show(report)
    if page_path is not None:
        try:
            page_path.write_text(page(report), encoding="utf-8")
        except OSError as error:
            en = f"{page_path}: cannot be written ({error.strerror}) · 无法写入"
            raise BuildStopped(en, exit_code=4, zh=f"{page_path}：无法写入（{error.strerror}）") from None
        click.echo(say(f"page: {page_path}", f"网页：{page_path}"))


def _show(report: Report) -> None:
    from rich.console import Console
    from rich.table import Table

    from pipelines.records.enterprise.page import amount

    result = report.result
    console = Console(highlight=False, soft_wrap=True)
    wide = console.width >= 140
    firm, marked = report.firm["name"], say("合成 synthetic", "合成")
    console.print(f"{firm} · {result['county']} · {result['industry']} · {result['scale']} · {marked}")
    rank = f"{result['rank_in_group']} / {result['ranked_firms']:.0f}" if result["rank_in_group"] else "—"
    score = "—" if result["score"] is None else f"{result['score']:.2f}"
    grade, rule = result["grade"] or "—", f"{result['rule']} {result['rule_version']}"
    en = f"等级 grade {grade} · 得分 score {score} · 排名 rank {rank} · {rule}"
    console.print(say(en, f"等级{grade} · 得分{score} · 排名{rank} · {rule}"))
    for zh, en in report.reasons:
        console.print(say(f"  {zh} · {en}", f"  {zh}"))
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
        shown = head if wide and spoken() != "zh" else head.split(" ")[0]
        is_name = head.startswith("指标")
        # where the terminal is narrow names break; numbers never do
        table.add_column(shown, justify="left" if is_name else "right", no_wrap=not is_name)
    for line in report.lines:
        around = (line.beside.industry, line.beside.county, line.beside.province, line.beside.benchmark)
        points = "—" if line.points is None else f"{line.points:.2f}"
        name = f"{line.name['zh']} {line.name['en']}" if wide and spoken() != "zh" else line.name["zh"]
        cells = [name, amount(line.value), *map(amount, around), amount(line.weight), points]
        table.add_row(*cells)
    console.print(table)
    if report.distance is not None:
        following, distance = report.next_grade, report.distance
        closing = any(line.closes is not None for line in report.lines)
        en = "any one of these alone closes it:" if closing else "no indicator alone could close it"
        zh = "任一项即可补足：" if closing else "没有哪一项单独能够补足"
        both = f"距 {following} 差 {distance} 分，{zh} · {distance} points to {following}; {en}"
        console.print(say(both, f"距{following}差{distance}分，{zh}"))
        for line in report.lines:
            if line.closes is not None:
                zh, en = line.closes_item
                console.print(f"  + {amount(line.closes)} {say(f'{zh} · {en}', zh)}")
    for year in report.years:
        on_base = "—" if year.score_on_fixed_base is None else f"{year.score_on_fixed_base:.2f}"
        grade, base = year.grade or "—", result["period"]
        en = f"{year.period}: 等级 grade {grade} · 固定基准得分 score on the bases of {base} {on_base}"
        console.print(say(en, f"{year.period}：等级{grade} · 固定基准（{base}）得分{on_base}"))
