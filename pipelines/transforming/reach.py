"""How far a change reaches: dbt's own graph of what reads what. Nothing here knows a model by its name."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

from pipelines.transforming.manifest import manifest_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipelines.project import Project

#: A parent that always differs, of the models that ask what day it is.
CLOCK = "clock"
_ASKS_THE_CLOCK = re.compile(r"\b(?:current_date|current_timestamp|(?:now|today|get_current_\w+)\s*\()", re.IGNORECASE)


@dataclass(frozen=True)
class Graph:
    """dbt's graph, by unique ids.

    Attributes:
        models: every model.
        views: the models that are views.
        parents: of each model and each test, what it reads.
        relations: of each model, seed and source, its quoted name in the file.
    """

    models: frozenset[str]
    views: frozenset[str]
    parents: Mapping[str, frozenset[str]]
    relations: Mapping[str, str]

    @property
    def tests(self) -> set[str]:
        """Every test."""
        return set(self.parents) - self.models

    @property
    def given(self) -> frozenset[str]:
        """What is read and no model: sources and seeds."""
        return frozenset().union(*self.parents.values()) - self.models - {CLOCK}

    @cached_property
    def in_order(self) -> tuple[str, ...]:
        """The models, each after all that it reads; always in the same order."""
        reads = {model: sorted(self.parents[model] & self.models) for model in sorted(self.models)}
        return tuple(TopologicalSorter(reads).static_order())

    def ancestors(self, model: str) -> frozenset[str]:
        """All that a model reads, and what that reads, up to sources and seeds."""
        return self._above[model]

    @cached_property
    def _above(self) -> dict[str, frozenset[str]]:
        above: dict[str, frozenset[str]] = {}
        for model in self.in_order:
            reads = self.parents[model] - {CLOCK}
            above[model] = reads.union(*(above.get(each, frozenset()) for each in reads))
        return above


def graph_of(project: Project) -> Graph:
    """The graph of a project's dbt models, as dbt parsed it."""
    manifest = json.loads(manifest_path(project).read_text(encoding="utf-8"))
    nodes, sources = manifest["nodes"], manifest["sources"]
    models = {name for name, node in nodes.items() if node["resource_type"] == "model"}
    tests = {name for name, node in nodes.items() if node["resource_type"] == "test"}
    return Graph(
        models=frozenset(models),
        views=frozenset(name for name in models if nodes[name]["config"]["materialized"] == "view"),
        parents={name: frozenset(_parents(manifest, name)) for name in models | tests},
        relations={
            name: node["relation_name"]
            for name, node in (nodes | sources).items()
            if node.get("relation_name") and name not in tests
        },
    )


def _parents(manifest: Mapping[str, Any], name: str) -> Iterator[str]:
    node = manifest["nodes"][name]
    yield from node["depends_on"]["nodes"]
    if any(_ASKS_THE_CLOCK.search(text) for text in (node["raw_code"], *_own_macros(manifest, node))):
        yield CLOCK


def _own_macros(manifest: Mapping[str, Any], node: Mapping[str, Any]) -> Iterator[str]:
    """The text of each macro of the node's own package that it calls, and that these call."""
    seen: set[str] = set()
    called = list(node["depends_on"]["macros"])
    while called:
        name = called.pop()
        macro = manifest["macros"].get(name, {})
        if name in seen or macro.get("package_name") != node["package_name"]:
            continue
        seen.add(name)
        called += macro["depends_on"]["macros"]
        yield macro["macro_sql"]
