"""How far a change reaches: dbt's own graph, and the content of what each model reads.

A model is due where something that it reads is no longer what it is in the published file; a test, where something
that it looks at was made again or differs. Nothing here knows a model by its name.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.engine.database import reading
from pipelines.transforming.manifest import manifest_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from pipelines.project import Project

#: A parent that always differs, of the models that ask what day it is.
CLOCK = "clock"
_ASKS_THE_CLOCK = re.compile(r"\b(?:current_date|current_timestamp|(?:now|today|get_current_\w+)\s*\()", re.IGNORECASE)


@dataclass(frozen=True)
class Graph:
    """dbt's graph, by unique ids.

    Attributes:
        models: every model.
        views: the models that are views: what they show follows what they read, so they are never made again.
        sources: the tables that dbt finds in the file: the landing.
        parents: of each model and each test, what it reads.
        relations: of each model and source, its quoted name in the file.
        names: of each model and test, how `dbt --select` names just this one.
    """

    models: frozenset[str]
    views: frozenset[str]
    sources: frozenset[str]
    parents: Mapping[str, frozenset[str]]
    relations: Mapping[str, str]
    names: Mapping[str, str]

    @property
    def tests(self) -> set[str]:
        """Every test."""
        return set(self.parents) - self.models

    def reached(self, changed: set[str], within: set[str]) -> set[str]:
        """The models of `within` that read something of `changed`, or one another of these."""
        found: set[str] = set()
        while more := {one for one in within - found if self.parents[one] & (changed | found)}:
            found |= more
        return found

    def ready(self, undecided: set[str]) -> set[str]:
        """Of these models the ones that read none of the others."""
        return {one for one in undecided if not self.parents[one] & undecided}

    def up_to_the_hub(self, models: set[str]) -> set[str]:
        """Of `models` the one that most others read, and those on the way to it; none of them has often no news."""
        readers = {one: sum(one in self.parents[other] for other in self.models) for one in models}
        way = {max(sorted(models), key=lambda one: readers[one])} if models else set()
        while more := {parent for one in way for parent in self.parents[one] & models} - way:
            way |= more
        return way


def graph_of(project: Project) -> Graph:
    """The graph of a project's dbt models, as dbt parsed it."""
    manifest = json.loads(manifest_path(project).read_text(encoding="utf-8"))
    nodes, sources = manifest["nodes"], manifest["sources"]
    models = {name for name, node in nodes.items() if node["resource_type"] == "model"}
    tests = {name for name, node in nodes.items() if node["resource_type"] == "test"}
    return Graph(
        models=frozenset(models),
        views=frozenset(name for name in models if nodes[name]["config"]["materialized"] == "view"),
        sources=frozenset(sources),
        parents={name: frozenset(_parents(manifest, name)) for name in models | tests},
        relations={
            name: node["relation_name"]
            for name, node in (nodes | sources).items()
            if name in models or name in sources
            if node["relation_name"]
        },
        names={name: ".".join(nodes[name]["fqn"]) for name in models | tests},
    )


def waves(graph: Graph, published: Path, building: Path, run: Callable[[list[str]], bool]) -> None:
    """Have everything made again that a change of the landed figures reaches, and nothing else.

    Three runs of dbt: all the way to the hub; what reads nothing that is still undecided, which tells whose ways end
    here because nothing about them is news; all the rest. A test waits for the run after its models, so that only
    what differs is looked at.

    Args:
        graph: of the project.
        published: the file that `building` began as a copy of; the landing in `building` is new.
        building: the file being built.
        run: runs the models and tests of these names, a model's tests before its readers; False where it is no use
            to go on.
    """
    changed = {CLOCK} | set(differing(graph, graph.sources, published, building))
    undecided = graph.reached(changed, set(graph.models))
    waiting = graph.tests
    for choose in (graph.up_to_the_hub, graph.ready, set):
        wave = choose(undecided)
        undecided -= wave
        last = not undecided
        touched, still_open = (changed | wave, set()) if last else (changed, undecided | wave)
        tests = {one for one in waiting if graph.parents[one] & touched and not graph.parents[one] & still_open}
        waiting -= tests
        chosen = sorted(graph.names[one] for one in (wave - graph.views) | tests)
        if chosen and not run(chosen):
            return
        changed |= set(differing(graph, wave, published, building))
        undecided = graph.reached(changed, undecided)


def differing(graph: Graph, nodes: Iterable[str], published: Path, building: Path) -> Iterator[str]:
    """Those whose content differs between two files, or cannot be compared."""
    wanted = {node: graph.relations.get(node) for node in nodes}
    relations = [relation for relation in wanted.values() if relation]
    before, after = _contents(published, relations), _contents(building, relations)
    for node, relation in wanted.items():
        if relation not in before or before[relation] != after.get(relation):
            yield node


def _contents(path: Path, relations: Iterable[str]) -> dict[str | None, tuple[Any, ...]]:
    """Of each relation that is there, the number of its rows and a sum over their hashes, whatever their order."""
    import duckdb

    contents: dict[str | None, tuple[Any, ...]] = {}
    with reading(path) as connection:
        for relation in relations:
            try:
                row = connection.execute(f"select count(*), sum(hash(content)) from {relation} as content").fetchone()  # noqa: S608 - dbt's own name
            except duckdb.CatalogException:
                continue
            contents[relation] = row or ()
    return contents


def _parents(manifest: Mapping[str, Any], name: str) -> Iterator[str]:
    node = manifest["nodes"][name]
    yield from node["depends_on"]["nodes"]
    macros = (manifest["macros"].get(macro, {}) for macro in node["depends_on"]["macros"])
    own = [macro["macro_sql"] for macro in macros if macro.get("package_name") == node["package_name"]]
    if any(_ASKS_THE_CLOCK.search(text) for text in (node["raw_code"], *own)):
        yield CLOCK
