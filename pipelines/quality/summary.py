"""`warehouse/quality_report/summary.html`: one static page on a build, for people who do not read code.

It is made from the file that was built, whether or not that file may be published, and says which.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from pipelines.asking import coverage, findings, held_back
from pipelines.asking.warehouse import NotInThisFile, being_built
from pipelines.quality import charts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from pipelines.asking.warehouse import Warehouse
    from pipelines.project import Project
    from pipelines.rules import Words

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
#: Rows of a list on the page, and series drawn; all of them stand in the warehouse.
_ROWS = 200
_NOT_EVALUABLE_ROWS = 500
_JUMPS = 12
Row = dict[str, Any]


def write(
    project: Project, page: Path, *, made_at: datetime, stopped_by: Words | None, suites: Sequence[Row] = ()
) -> None:
    """Write the page.

    Args:
        project: whose file being built to read.
        page: where to write it.
        made_at: when.
        stopped_by: why the build may not be published, or None where it may.
        suites: name, expectations, broken (list of lines) of each expectation suite that was evaluated.
    """
    import jinja2

    content = _content(project)
    specs = {"coverage": charts.coverage(content["coverage"]) if content["coverage"] else None}
    specs["outcomes"] = charts.outcomes_by_kind(content["outcomes"]) if content["outcomes"] else None
    for index, spec in enumerate(charts.jumps(content["jumps"])):
        specs[f"jump-{index}"] = spec
    environment = jinja2.Environment(loader=jinja2.PackageLoader("pipelines.quality", "."), autoescape=True)
    page.parent.mkdir(parents=True, exist_ok=True)
    html = environment.get_template("summary.html.j2").render(
        **content,
        made_at=f"{made_at:%Y-%m-%d %H:%M} UTC",
        stopped_by=stopped_by,
        suites=suites,
        charts=[name for name, spec in specs.items() if spec],
        # a printed word must not be able to end the script that carries it
        specs=json.dumps({name: spec for name, spec in specs.items() if spec}, ensure_ascii=False).replace(
            "<", "\\u003c"
        ),
        vega=charts.script(),
    )
    beside = page.with_suffix(".new")
    beside.write_text(html, encoding="utf-8")
    beside.replace(page)


def _content(project: Project) -> Row:
    with being_built(project) as warehouse:
        found: Row = {
            "sources": _found(coverage.states_of_sources, warehouse, audience="internal"),
            "held_back": _found(held_back.held_back, warehouse, audience="internal"),
            "quarantine": _found(findings.refusals, warehouse, at_most=_ROWS, audience="internal"),
            "checks": _found(findings.checks, warehouse, outcomes=("failed", "warned"), audience="internal"),
            "findings": _found(
                findings.relations,
                warehouse,
                outcomes=("fail", "warn"),
                with_revisions=False,
                at_most=_ROWS,
                audience="internal",
            ),
            "not_evaluable": _found(
                findings.relations,
                warehouse,
                outcomes=("not_evaluable",),
                at_most=_NOT_EVALUABLE_ROWS,
                audience="internal",
            ),
            "jumps": [asdict(each) for each in _found(coverage.jumps, warehouse, _JUMPS, audience="internal")],
            "flags": _found(findings.flags, warehouse, at_most=_ROWS, audience="internal"),
        }
        outcomes = _found(findings.outcomes_by_kind, warehouse, audience="internal")
        practices = _found(coverage.by_practice, warehouse, audience="internal")
    totals = ("accepted", "quarantined", "unmapped")
    return found | {
        "outcomes": [asdict(each) for each in outcomes],
        "coverage": [
            {
                "practice": f"{each.practice} {each.name_zh}",
                "position": each.practice,
                "measure": each.measure,
                "figures": each.figures,
            }
            for each in practices
        ],
        "totals": {name: sum(getattr(each, name) for each in found["sources"]) for name in totals},
        "audit": {
            outcome: sum(each.relations for each in outcomes if each.outcome == outcome)
            for outcome in findings.OUTCOMES
        },
    }


def _found(
    question: Callable[Concatenate[Warehouse, Asked], list[Answer]],
    warehouse: Warehouse,
    *asked: Asked.args,
    **named: Asked.kwargs,
) -> list[Answer]:
    """The answer to a question; nothing where a build stopped before it made the tables."""
    try:
        return question(warehouse, *asked, **named)
    except NotInThisFile:
        return []
