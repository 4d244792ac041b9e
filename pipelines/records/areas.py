"""Counties of the province and the groups that tables add them up to, from the reference data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.engine.database import in_memory

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project

PROVINCE = "330000"
#: The mountain counties before and after the list changed in August 2024: tables show both, which ties them.
_GROUPS = {"ZJ_MOUNTAIN_26": "2022-12-31", "ZJ_MOUNTAIN_25": "2024-12-31"}


def counties(project: Project) -> list[str]:
    """Codes of the province's counties and districts that stand today."""
    with in_memory() as duck:
        rows = duck.execute(
            "select ref_area from read_csv(?, all_varchar = true) "
            "where area_level = 'county' and ref_area like '33%' and valid_to is null order by 1",
            [str(project.dbt / "seeds" / "reference" / "areas.csv")],
        ).fetchall()
    return [str(code) for (code,) in rows]


def groups(project: Project) -> dict[str, list[str]]:
    """Members of each group of counties."""
    members = """
        select ref_area from read_csv(?, all_varchar = true)
        where area_group = 'ZJ_MOUNTAIN_COUNTIES' and coalesce(valid_from, '') <= ? and coalesce(valid_to, '9999') > ?
        order by 1
    """
    path = str(project.dbt / "seeds" / "reference" / "area_groups.csv")
    with in_memory() as duck:
        return {
            name: [str(code) for (code,) in duck.execute(members, [path, day, day]).fetchall()]
            for name, day in _GROUPS.items()
        }


def write_memberships(project: Project, path: Path) -> None:
    """A Parquet file of (county, area): each county in itself, in the province, and in its groups."""
    known = counties(project)
    rows = [(county, area) for county in known for area in (county, PROVINCE)]
    rows += [(county, group) for group, members in groups(project).items() for county in members]
    path.parent.mkdir(parents=True, exist_ok=True)
    quoted = str(path).replace("'", "''")
    with in_memory() as duck:
        duck.execute("create table memberships (county varchar, area varchar)")
        duck.executemany("insert into memberships values (?, ?)", rows)
        duck.execute(f"copy memberships to '{quoted}' (format parquet)")
