"""How far a change of figures reaches: which models and checks a build of changed figures runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pipelines.engine.database import writing
from pipelines.transforming.manifest import manifest_path

if TYPE_CHECKING:
    from pipelines.project import Project

#: Models between the landed figures and the observations; they are rebuilt whenever a figure changed.
UP_TO_OBSERVATIONS = (
    "path:models/staging",
    "path:models/reference",
    "path:models/quality",
    "observations",
    "current_observations",
)
#: The one check that reads every domain table at once.
OVER_ALL_DOMAINS = "every_observation_is_in_exactly_one_domain_table"


def state_of_domains(project: Project) -> dict[str, tuple[int, str]]:
    """Row count and an order-free hash of each domain's observations."""
    with writing(project.building) as connection:
        rows = connection.execute("""
            select indicators.domain, count(*), bit_xor(hash(observations))
            from facts.observations
            inner join reference.indicators on observations.indicator = indicators.indicator
            group by indicators.domain
        """).fetchall()
    return {str(domain): (int(count), str(state)) for domain, count, state in rows}


def reached_by(project: Project, domains: set[str]) -> list[str]:
    """Names of the domain tables of these domains, and of the marts that read them or the observations."""

    manifest = json.loads(manifest_path(project).read_text(encoding="utf-8"))
    models = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    marts = {name for name, node in models.items() if node["fqn"][1] == "marts"}
    reached = {f"model.gongfu.fct_{domain}" for domain in domains}
    sources_of_marts = reached | {"model.gongfu.observations", "model.gongfu.current_observations"}
    reached |= {mart for mart in marts if sources_of_marts.intersection(manifest["parent_map"][mart])}
    return sorted(models[name]["name"] for name in reached)
