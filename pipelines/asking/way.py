"""Every step of one figure's way, out of the published warehouse, the raw file and dbt's lineage."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.asking.audience import may_see_source
from pipelines.asking.catalogue import sources
from pipelines.asking.findings import refusals
from pipelines.asking.observations import vintages
from pipelines.asking.surroundings import NEIGHBOURS, Neighbour, around
from pipelines.asking.tables import tables
from pipelines.asking.warehouse import UnknownName

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.asking.audience import Audience
    from pipelines.asking.catalogue import Source
    from pipelines.asking.findings import Refusal
    from pipelines.asking.observations import Observation
    from pipelines.asking.warehouse import Row, Warehouse
    from pipelines.project import Project


@dataclass(frozen=True)
class Held:
    """A table that holds the figure, and the column in which."""

    table: str
    column: str


@dataclass(frozen=True)
class Way:
    """The way of one figure.

    Attributes:
        printed: its row of landing.printed_figures.
        source: its publication.
        raw_sha256: SHA-256 of the raw file as it is now; None where it is gone.
        neighbours: the rows around it, as printed.
        coded: its row of staging.stg_coded_figures; None where its period words are not read.
        crosswalk: the row that gave its label a code.
        valued: its row of staging.stg_valued_figures.
        observation: the figure in its standard form; None where it was not taken.
        refusals: why it was not taken.
        corrections: entries of the source's ledger about it.
        names: names of its indicator and place.
        vintages: all prints of the same figure, as they became known.
        held: tables of facts and marts that hold it.
    """

    printed: Row
    source: Source
    raw_sha256: str | None
    neighbours: list[Neighbour]
    coded: Row | None
    crosswalk: Row | None
    valued: Row | None
    observation: Observation | None
    refusals: list[Refusal]
    corrections: list[Row]
    names: Row
    vintages: list[Observation]
    held: list[Held]


_PRINTED = f"""
    select * from landing.printed_figures where figure_id = $id and {may_see_source("source_id")}
"""


def way_of(warehouse: Warehouse, figure_id: str, audience: Audience = "public") -> Way:
    """Collect the way of a figure.

    Args:
        warehouse: which to ask; its project's raw/ and dbt manifest are read too.
        figure_id: a figure of landing.printed_figures.
        audience: who asks.

    Raises:
        UnknownName: there is no such figure, or it is not theirs to see.
    """
    project = warehouse.project
    printed = warehouse.one(_PRINTED, id=figure_id, audience=audience)
    if printed is None:
        raise UnknownName("figure", figure_id, f"no figure is called {figure_id}", zh=f"没有编号为{figure_id}的数字")
    coded = warehouse.one("select * from staging.stg_coded_figures where figure_id = $id", id=figure_id)
    prints = vintages(warehouse, figure_id, audience)
    observation = next((each for each in prints if each.figure_id == figure_id), None)
    path = project.root / printed["file"]
    return Way(
        printed=printed,
        source=sources(warehouse, printed["source_id"], audience=audience)[0],
        raw_sha256=_sha256(project, path),
        neighbours=around(project, path, printed) or _figures_around(warehouse, printed),
        coded=coded,
        crosswalk=_crosswalk_row(warehouse, printed, coded),
        valued=warehouse.one("select * from staging.stg_valued_figures where figure_id = $id", id=figure_id),
        observation=observation,
        refusals=refusals(warehouse, figure_ids=[figure_id], audience=audience),
        corrections=_corrections(warehouse, figure_id),
        names=_names(warehouse, coded),
        vintages=prints,
        held=_held(project, warehouse, observation) if observation else [],
    )


def _sha256(project: Project, path: Path) -> str | None:
    from pipelines.sources.card import sha256_of

    inside = path.resolve().is_relative_to(project.raw.resolve())
    return sha256_of(path) if inside and path.is_file() else None


def _figures_around(warehouse: Warehouse, printed: Row) -> list[Neighbour]:
    rows = warehouse.rows(
        """
        with lined_up as (
            select *, row_number() over (order by sheet, line, cell, char_start, locator) as place_in_file
            from landing.printed_figures where source_id = $source and file = $file
        )
        select * from lined_up
        where abs(place_in_file - (select place_in_file from lined_up where figure_id = $id)) <= $around
        order by place_in_file
        """,
        source=printed["source_id"],
        file=printed["file"],
        id=printed["figure_id"],
        around=NEIGHBOURS,
    )
    words = ("breakdown", "place", "period", "qualifier", "value", "unit")
    columns = ("label", *(f"{name}_printed" for name in words))
    return [
        Neighbour(
            "!".join(str(row[name]) for name in ("sheet", "cell") if row[name]) or str(row["locator"]),
            " · ".join(str(row[name]) for name in columns if row[name]),
            row["figure_id"] == printed["figure_id"],
        )
        for row in rows
    ]


def _crosswalk_row(warehouse: Warehouse, printed: Row, coded: Row | None) -> Row | None:
    if coded is None or coded["indicator"] is None:
        return None
    return warehouse.one(
        """
        select * from reference.crosswalk
        where source_id in ($source, '*') and label = $label and coalesce(breakdown, '') = $breakdown
            and coalesce(year($day), 0) between coalesce(period_from, 0) and coalesce(period_to, 9999)
        order by source_id = '*' limit 1
        """,
        source=printed["source_id"],
        label=printed["label"],
        breakdown=printed["breakdown_printed"],
        day=coded["period_end"],
    )


def _corrections(warehouse: Warehouse, figure_id: str) -> list[Row]:
    ledger = "select 1 from duckdb_tables() where schema_name = 'reference' and table_name = 'corrections'"
    if not warehouse.rows(ledger):
        return []  # a file of a gongfu that kept none
    return warehouse.rows("select * from reference.corrections where figure_id = $id", id=figure_id)


def _names(warehouse: Warehouse, coded: Row | None) -> Row:
    if coded is None:
        return {}
    return (
        warehouse.one(
            """
            select
                indicators.name_zh as indicator_zh, indicators.name_en as indicator_en, indicators.domain,
                areas.name_zh as area_zh, areas.name_en as area_en, areas.valid_from, areas.valid_to
            from (select 1)
            left join reference.indicators on indicator = $indicator
            left join reference.areas on
                ref_area = $area
                and $day >= coalesce(areas.valid_from, date '0001-01-01')
                and $day < coalesce(areas.valid_to, date '9999-12-31')
            """,
            indicator=coded["indicator"],
            area=coded["ref_area"],
            day=coded["period_end"],
        )
        or {}
    )


def _held(project: Project, warehouse: Warehouse, observation: Observation) -> list[Held]:
    """The tables downstream of the observations that hold the figure, or have a row that stands on it."""
    columns = {
        table.full_name: [(column.name, column.data_type) for column in table.columns]
        for table in tables(warehouse, "facts", "marts")
    }
    held = [
        held
        for table in _downstream(project)
        if table in columns and (held := _held_in(warehouse, table, columns[table], observation))
    ]
    return sorted(held, key=lambda each: each.table)


def _held_in(warehouse: Warehouse, table: str, columns: list[tuple[str, str]], observation: Observation) -> Held | None:
    names = [name for name, _ in columns]
    for name in names:
        if name == "figure_id" or name.endswith("_figure_id"):
            found = f'select 1 from {table} where "{name}" = $id limit 1'
            if warehouse.rows(found, id=observation.figure_id):
                return Held(table, name)
    return _stood_on(warehouse, table, columns, observation) if "figure_ids" in names else None


def _stood_on(
    warehouse: Warehouse, table: str, columns: list[tuple[str, str]], observation: Observation
) -> Held | None:
    """The column that shows the figure in a row that stands on it; the list of ids where none shows it as it is."""
    stands = f"select 1 from {table} where list_contains(figure_ids, $id)"
    if not warehouse.rows(f"{stands} limit 1", id=observation.figure_id):
        return None
    for name, kind in columns:
        if kind.startswith("DECIMAL"):
            found = f'{stands} and "{name}" = $value limit 1'
            if warehouse.rows(found, id=observation.figure_id, value=observation.value):
                return Held(table, name)
    return Held(table, "figure_ids")


def _downstream(project: Project) -> set[str]:
    """Tables that dbt makes from the observations, by the lineage in its manifest."""
    path = project.dbt / "target" / "manifest.json"
    if not path.is_file():
        from pipelines.transforming.manifest import manifest_path

        path = manifest_path(project)
    manifest = json.loads(path.read_text(encoding="utf-8"))
    reached, at_hand = set(), ["model.gongfu.observations"]
    while at_hand:
        for child in manifest["child_map"].get(at_hand.pop(), []):
            if child.startswith("model.") and child not in reached:
                reached.add(child)
                at_hand.append(child)
    nodes = [manifest["nodes"][name] for name in reached]
    return {f"{node['schema']}.{node['name']}" for node in nodes}
