"""Every step of one figure's way, out of the published warehouse, the raw file and dbt's lineage."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.asking.surroundings import NEIGHBOURS, Neighbour, around
from pipelines.problems import BuildStopped

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from pipelines.project import Project

Row = dict[str, Any]


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
        source: its publication, a row of reference.sources.
        raw_sha256: SHA-256 of the raw file as it is now; None where it is gone.
        neighbours: the rows around it, as printed.
        coded: its row of staging.stg_coded_figures; None where its period words are not read.
        crosswalk: the row that gave its label a code.
        valued: its row of staging.stg_valued_figures.
        observation: its row of facts.observations; None where it was not taken.
        refusals: why it was not taken.
        corrections: entries of the source's ledger about it.
        names: names of its indicator and place.
        vintages: all prints of the same figure, as they became known.
        held: tables of facts and marts that hold it.
    """

    printed: Row
    source: Row
    raw_sha256: str | None
    neighbours: list[Neighbour]
    coded: Row | None
    crosswalk: Row | None
    valued: Row | None
    observation: Row | None
    refusals: list[Row]
    corrections: list[Row]
    names: Row
    vintages: list[Row]
    held: list[Held]


def way_of(project: Project, connection: DuckDBPyConnection, figure_id: str) -> Way:
    """Collect the way of a figure.

    Args:
        project: whose raw/ and dbt manifest.
        connection: to its published warehouse.
        figure_id: a figure of landing.printed_figures.

    Raises:
        BuildStopped: there is no such figure.
    """
    printed = _one(connection, "select * from landing.printed_figures where figure_id = $id", id=figure_id)
    if printed is None:
        raise BuildStopped(f"no figure is called {figure_id}", 2)
    coded = _one(connection, "select * from staging.stg_coded_figures where figure_id = $id", id=figure_id)
    observation = _one(connection, "select * from facts.observations where figure_id = $id", id=figure_id)
    path = project.root / printed["file"]
    return Way(
        printed=printed,
        source=_one(connection, "select * from reference.sources where source_id = $id", id=printed["source_id"]) or {},
        raw_sha256=_sha256(project, path),
        neighbours=around(project, path, printed) or _figures_around(connection, printed),
        coded=coded,
        crosswalk=_crosswalk_row(connection, printed, coded),
        valued=_one(connection, "select * from staging.stg_valued_figures where figure_id = $id", id=figure_id),
        observation=observation,
        refusals=_all(connection, "select * from quality.quarantine where figure_id = $id", id=figure_id),
        corrections=_corrections(connection, figure_id),
        names=_names(connection, coded),
        vintages=_vintages(connection, figure_id) if observation else [],
        held=_held(project, connection, observation) if observation else [],
    )


def _sha256(project: Project, path: Path) -> str | None:
    from pipelines.sources.card import sha256_of

    inside = path.resolve().is_relative_to(project.raw.resolve())
    return sha256_of(path) if inside and path.is_file() else None


def _figures_around(connection: DuckDBPyConnection, printed: Row) -> list[Neighbour]:
    rows = _all(
        connection,
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


def _crosswalk_row(connection: DuckDBPyConnection, printed: Row, coded: Row | None) -> Row | None:
    if coded is None or coded["indicator"] is None:
        return None
    return _one(
        connection,
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


def _corrections(connection: DuckDBPyConnection, figure_id: str) -> list[Row]:
    ledger = "select 1 from duckdb_tables() where schema_name = 'reference' and table_name = 'corrections'"
    if not _all(connection, ledger):
        return []  # a file of a gongfu that kept none
    return _all(connection, "select * from reference.corrections where figure_id = $id", id=figure_id)


def _names(connection: DuckDBPyConnection, coded: Row | None) -> Row:
    if coded is None:
        return {}
    return (
        _one(
            connection,
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


def _vintages(connection: DuckDBPyConnection, figure_id: str) -> list[Row]:
    return _all(
        connection,
        """
        select prints.*
        from facts.observations as prints
        inner join facts.observations as own on
            prints.indicator = own.indicator and prints.breakdown = own.breakdown and prints.ref_area = own.ref_area
            and prints.freq = own.freq and prints.time_period = own.time_period
            and prints.period_start = own.period_start and prints.period_end = own.period_end
            and prints.time_basis = own.time_basis and prints.base_period is not distinct from own.base_period
        where own.figure_id = $id
        order by prints.published_on is not null, prints.known_from, prints.figure_id
        """,
        id=figure_id,
    )


def _held(project: Project, connection: DuckDBPyConnection, observation: Row) -> list[Held]:
    """The tables downstream of the observations that hold the figure, or have a row that stands on it."""
    columns: dict[str, list[tuple[str, str]]] = {}
    for schema, table, column, kind in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where schema_name in ('facts', 'marts') order by column_index"
    ).fetchall():
        columns.setdefault(f"{schema}.{table}", []).append((column, kind))
    held = [
        held
        for table in _downstream(project)
        if table in columns and (held := _held_in(connection, table, columns[table], observation))
    ]
    return sorted(held, key=lambda each: each.table)


def _held_in(
    connection: DuckDBPyConnection, table: str, columns: list[tuple[str, str]], observation: Row
) -> Held | None:
    names = [name for name, _ in columns]
    for name in names:
        if name == "figure_id" or name.endswith("_figure_id"):
            found = f'select 1 from {table} where "{name}" = $id limit 1'  # noqa: S608 - names from the catalogue
            if _all(connection, found, id=observation["figure_id"]):
                return Held(table, name)
    return _stood_on(connection, table, columns, observation) if "figure_ids" in names else None


def _stood_on(
    connection: DuckDBPyConnection, table: str, columns: list[tuple[str, str]], observation: Row
) -> Held | None:
    """The column that shows the figure in a row that stands on it; the list of ids where none shows it as it is."""
    stands = f"select 1 from {table} where list_contains(figure_ids, $id)"  # noqa: S608 - names from the catalogue
    if not _all(connection, f"{stands} limit 1", id=observation["figure_id"]):
        return None
    for name, kind in columns:
        if kind.startswith("DECIMAL"):
            found = f'{stands} and "{name}" = $value limit 1'
            if _all(connection, found, id=observation["figure_id"], value=observation["obs_value"]):
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


def _all(connection: DuckDBPyConnection, query: str, **values: object) -> list[Row]:
    cursor = connection.execute(query, values)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _one(connection: DuckDBPyConnection, query: str, **values: object) -> Row | None:
    rows = _all(connection, query, **values)
    return rows[0] if rows else None
