"""One source as it would be coded, in seconds and without a build: the staging models' own SQL, over its figures alone.

The models are rendered with their macros (Jinja, as dbt does it) and run in memory over the seeds as they lie in the
project; no second list of rules says here what a word means.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.engine.database import in_memory
from pipelines.problems import BuildStopped, Problem, SourceRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl
    from duckdb import DuckDBPyConnection

    from pipelines.project import Project
    from pipelines.readers import Reading
    from pipelines.sources.card import Source

_MODELS = ("stg_periods", "stg_area_names", "stg_places", "stg_coded_figures")
_SEEDS = ("areas", "area_names", "crosswalk", "indicators", "period_words", "qualifiers", "unit_words")
_FIGURES = """
    select
        figure_id, source_id, file, line, locator, nullif(sheet, '') as sheet, nullif(cell, '') as cell, label,
        breakdown as breakdown_printed, place as place_printed, period as period_printed,
        qualifier as qualifier_printed,
        "value" as value_printed, unit as unit_printed, nullif("within", '') as place_within,
        nullif(coded_indicator, '') as coded_indicator, coded_breakdown,
        nullif(coded_time_basis, '') as coded_time_basis,
        nullif(coded_base_period, '') as coded_base_period, nullif(coded_obs_status, '') as coded_obs_status,
        number::decimal(38, 20) as number, decimals, last_digit_exponent, now() as first_seen_at
    from accepted
"""
_CODED = """
    select locator, label, breakdown_printed, place_printed, period_printed, value_printed, unit_printed,
        indicator, breakdown, ref_area, time_period, time_basis, unit_measure, obs_status, may_be_areas
    from stg_coded_figures order by file, line, locator
"""


@dataclass(frozen=True)
class Preview:
    """What a source would give.

    Attributes:
        readings: what each file gives, with its numbers accounted for.
        coded: every figure that came through the door, as printed and as coded; a code that is missing is None.
        problems: what the reader and the door refused.
    """

    source: Source
    readings: list[Reading]
    coded: list[dict[str, Any]]
    problems: list[Problem]


def preview(project: Project, source_id: str) -> Preview:
    """Read one source and code it, without a build.

    Raises:
        BuildStopped: no such source, or its card or files are refused.
    """
    import polars as pl

    from pipelines.readers.worker import Worker
    from pipelines.receiving.door import admit, with_all_columns
    from pipelines.receiving.reading import readings_of
    from pipelines.sources.card import read_card

    folder = project.raw / source_id
    if not folder.is_dir():
        where = project.relative(folder)
        en = f"no source lies in {where}; put its files and source.yaml there"
        raise BuildStopped(en, 2, zh=f"{where}中没有来源；请放入文件与source.yaml")
    try:
        source = read_card(project, folder)
        with Worker(project.root) as worker:
            readings = readings_of(project, source, worker)
    except SourceRefused as refused:
        first = list(dict.fromkeys(refused.problems))[:5]
        zh = "；".join(problem.in_chinese for problem in first)
        raise BuildStopped("; ".join(str(problem) for problem in first), zh=zh) from None
    admission = admit(source, pl.concat([with_all_columns(reading.figures) for reading in readings]))
    problems = [problem for reading in readings for problem in reading.problems] + admission.problems
    with _staged(project, source, admission.accepted) as connection:
        rows = connection.execute(_CODED)
        names = [column[0] for column in rows.description]
        coded = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    return Preview(source, readings, coded, problems)


@contextmanager
def _staged(project: Project, source: Source, accepted: pl.DataFrame) -> Iterator[DuckDBPyConnection]:
    with in_memory() as connection:
        connection.register("accepted", accepted.to_arrow())
        connection.execute(f"create table printed_figures as {_FIGURES}")
        connection.execute(
            "create table sources as select ? as source_id, ? as publisher_zh", [source.source_id, source.publisher]
        )
        types = _column_types(project.dbt)
        for seed in _SEEDS:
            path = next((project.dbt / "seeds").rglob(f"{seed}.csv"), None)
            if path is None:
                raise BuildStopped(f"the code list {seed} is missing", 2, zh=f"缺少代码表{seed}")
            columns = ", ".join(f'"{name}"::{kind} as "{name}"' for name, kind in types[seed].items())
            connection.execute(
                f"create table {seed} as select {columns} "  # noqa: S608 - names of our own
                "from read_csv($path, all_varchar = true, nullstr = '')",
                {"path": str(path)},
            )
        for model in _MODELS:
            sql = _rendered(project.dbt, project.dbt / "models" / "staging" / f"{model}.sql")
            connection.execute(f"create table {model} as {sql}")
        yield connection


def _column_types(dbt: Path) -> dict[str, dict[str, str]]:
    """The columns of every seed and their types, as dbt is told them."""
    import yaml

    found: dict[str, dict[str, str]] = {}
    for path in (dbt / "seeds").rglob("*.yml"):
        for seed in yaml.safe_load(path.read_text(encoding="utf-8")).get("seeds", []):
            found[seed["name"]] = dict(seed["config"]["column_types"])
    return found


def _rendered(dbt: Path, model: Path) -> str:
    """A model's SQL, every relation by its bare name."""
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(extensions=["jinja2.ext.do"])
    macros = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted((dbt / "macros").glob("*.sql"))
        if "adapter." not in path.read_text(encoding="utf-8")
    )
    template = environment.from_string(macros + model.read_text(encoding="utf-8"))
    return template.render(ref=lambda name: name, source=lambda _, name: name)
