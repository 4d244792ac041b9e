"""Whether a build of everything makes what is published, where both are made from the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.asking import builds
from pipelines.engine.database import reading
from pipelines.problems import BuildStopped
from pipelines.transforming.content import content_of
from pipelines.transforming.reach import CLOCK, graph_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

    from pipelines.fingerprint import Fingerprint
    from pipelines.project import Project

#: What a build writes of itself: its times, its name, what it did and what it carried over.
_OF_ONE_BUILD = ("quality.build", "quality.checks")
_CHECKS = "select check_id, outcome, failures from quality.checks where kind <> 'unit_test' order by check_id"


def stop_where_it_differs(project: Project, fingerprint: Fingerprint) -> None:
    """Hold the file being built against the published one; nothing is to be seen where that was made from other files.

    What asks the day, and whatever reads it, is left out.

    Raises:
        BuildStopped: a table or a check is another; the build before was wrong, or this one is.
    """
    published = builds.read(project.published)
    made_from = (fingerprint.raw, fingerprint.seeds, fingerprint.code)
    if published is None or (published.raw, published.seeds, published.code) != made_from:
        return
    with reading(project.published) as before, reading(project.building) as after:
        differing = list(_differing(project, before, after))
    if differing:
        names = ", ".join(differing[:5]) + (" …" if len(differing) > 5 else "")
        path = project.relative(project.published)
        raise BuildStopped(
            f"not published: made from the same as {published.version}, yet different in {names}; one of the two "
            f"builds is wrong: report it, and to publish this one move {path} away and build again",
            zh=f"未发布：与{published.version}所据相同，而{names}不同；两次构建必有一误：请报告；"
            f"若要发布本次构建，请移走{path}后重新构建",
        )


def _differing(project: Project, before: DuckDBPyConnection, after: DuckDBPyConnection) -> Iterator[str]:
    graph = graph_of(project)
    of_the_day = {CLOCK}
    for model in graph.in_order:
        if graph.parents[model] & of_the_day:
            of_the_day.add(model)
    for node, relation in sorted(graph.relations.items(), key=lambda one: one[1]):
        name = relation.replace('"', "").partition(".")[2]
        if (
            node not in of_the_day
            and name not in _OF_ONE_BUILD
            and content_of(before, relation) != content_of(after, relation)
        ):
            yield name
    outcomes = [{row[0]: row[1:] for row in each.execute(_CHECKS).fetchall()} for each in (before, after)]
    for check in sorted(outcomes[0].keys() | outcomes[1].keys()):
        asks_the_day = graph.parents.get(check, frozenset()) & of_the_day
        if not asks_the_day and outcomes[0].get(check) != outcomes[1].get(check):
            yield check.split(".")[2]
