"""What dbt sent to the database when it made everything, by node: kept, to be sent again where only figures changed.

dbt takes seconds to start, to parse and to ask the catalogue about each node; what it then sends is the same as long
as its project is, since no macro of ours looks at data while it is compiled.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipelines.transforming.manifest import state_of_dbt_project
from pipelines.transforming.reach import graph_of
from pipelines.transforming.sent import Recording, SentTest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipelines.project import Project

_CREATES = re.compile(r"create\s+(table|view)\b", re.IGNORECASE)
_ASKS = re.compile(r"(select|with)\b", re.IGNORECASE)
#: The kinds of nodes that a replay does justice to; hooks of a run and snapshots are none of them.
_REPLAYED = {"model", "test", "seed"}
#: What this project sets itself for dbt.
_HARMLESS = {"DBT_SEND_ANONYMOUS_USAGE_STATS"}
#: What dbt sends around a model's own statement: a replay does it by itself, or need not, since the file that it begins
#: with has it already. Whatever else a node asked or told the database may have shaped it, and is not sent again.
_AROUND = re.compile(
    r"begin$|commit$|describe\s*\(|alter\s+(table|view)\s+\S+__dbt_tmp\"\s+rename\s+to\b|drop\s+(table|view)\s+if\s+exists\b"
    r"|create\s+or\s+replace\s+macro\b"
    # the adapter's own, asked once a run for all nodes: which databases and which keys there are
    r"|select\s+database_name,\s+type\s+from\s+duckdb_databases\(\)$"
    r"|select\s+table_name,\s+constraint_type\s+from\s+duckdb_constraints\(\)\s",
    re.IGNORECASE | re.DOTALL,
)


class Recorder:
    """Hears dbt's events, and makes a recording of a run."""

    def __init__(self) -> None:
        self._sent: dict[str, list[str]] = {}

    def hear(self, event: Any) -> None:  # noqa: ANN401 - dbt's generated message
        """Take note of a statement."""
        if event.info.name == "SQLQuery":
            statement = _without_comment(event.data.sql).rstrip("; \n")
            self._sent.setdefault(event.data.node_info.unique_id, []).append(statement)

    def recording(self, manifest: Any, results: Iterable[Any]) -> Recording:  # noqa: ANN401 - dbt loads late
        """What was sent for the nodes of these results of dbt's, as far as nothing else shaped them."""
        made = Recording()
        if {str(node.resource_type) for node in manifest.nodes.values()} - _REPLAYED:
            return made
        for node in (result.node for result in results):
            own = [one for one in self._sent.get(node.unique_id, []) if not _AROUND.match(one)]
            if len(own) != 1:
                continue
            if node.resource_type == "model" and _CREATES.match(own[0]):
                made.models[node.unique_id] = own[0]
            elif node.resource_type == "test" and _ASKS.match(own[0]):
                made.tests[node.unique_id] = _test(manifest, node, own[0])
        return made


def keep(project: Project, recording: Recording) -> None:
    """Keep a recording of the project as it is now, if it is of all its models and tests; else none is kept.

    Nor is one under flags for dbt in the environment, such as DBT_WARN_ERROR: what dbt makes of an answer then is no
    replay's.
    """
    path = _path(project)
    graph = graph_of(project)
    if _is_flagged() or graph.models | graph.tests != {*recording.models, *recording.tests}:
        path.unlink(missing_ok=True)
        return
    content = {"state": state_of_dbt_project(project), "models": recording.models}
    content["tests"] = {name: asdict(test) for name, test in recording.tests.items()}
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    beside.replace(path)


def kept(project: Project) -> Recording | None:
    """The recording of the project as it is now; None where there is none."""
    try:
        content = json.loads(_path(project).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if _is_flagged() or content.get("state") != state_of_dbt_project(project):
        return None
    return Recording(content["models"], {name: SentTest(**test) for name, test in content["tests"].items()})


def _is_flagged() -> bool:
    return any(name.startswith("DBT_") and name not in _HARMLESS for name in os.environ)


def _test(manifest: Any, node: Any, sent: str) -> SentTest:  # noqa: ANN401 - dbt loads late
    metadata = getattr(node, "test_metadata", None)  # a test of its own, not one of a table, has none
    return SentTest(
        asks=sent,
        rows=node.compiled_code,
        severity=node.config.severity.lower(),
        error_if=node.config.error_if,
        warn_if=node.config.warn_if,
        column=metadata.kwargs.get("column_name") if metadata else None,
        guarded=_guarded(manifest, node),
    )


def _guarded(manifest: Any, test: Any) -> str | None:  # noqa: ANN401 - dbt loads late
    reads = test.depends_on.nodes
    name = getattr(test, "attached_node", None) or (reads[0] if len(reads) == 1 else None)
    node = manifest.nodes.get(name) or manifest.sources.get(name)
    return node.relation_name if node else None


def _without_comment(sql: str) -> str:
    """A statement without dbt's comment before it."""
    text = sql.lstrip()
    return text.partition("*/")[2].strip() if text.startswith("/*") else text.strip()


def _path(project: Project) -> Path:
    return project.dbt / "target" / "sent.json"
