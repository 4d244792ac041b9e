"""The dbt project as dbt parsed it, kept until one of its files changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipelines.fingerprint import hash_of_files, of_seeds_and_code
from pipelines.problems import BuildStopped
from pipelines.transforming.outcome import one_line

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project


def manifest_path(project: Project) -> Path:
    """The parsed dbt project, made or renewed where the project's files changed since."""
    path = project.dbt / "target" / "manifest.json"
    stamp = project.dbt / "target" / "manifest.sha256"
    state = state_of_dbt_project(project)
    if path.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == state:
        return path
    parsed(project)
    stamp.write_text(state, encoding="utf-8")
    return path


def where(project: Project) -> list[str]:
    """The arguments that tell dbt its project, the file that it builds, and to be silent."""
    folder = str(project.dbt)
    return [
        "--project-dir",
        folder,
        "--profiles-dir",
        folder,
        "--vars",
        json.dumps({"building": str(project.building)}),
        "--log-level",
        "none",
        "--no-use-colors",
        "--log-level-file",
        "none",
    ]


def parsed(project: Project) -> Any:  # noqa: ANN401 - dbt loads late
    """The manifest, parsed anew or partially by dbt itself.

    Raises:
        BuildStopped: the project does not parse.
    """
    from dbt.cli.main import dbtRunner

    done = dbtRunner().invoke(["parse", *where(project)])
    if not done.success:
        told = one_line(done.exception)
        raise BuildStopped(f"the dbt project does not parse: {told}", zh=f"dbt项目无法解析：{told}")
    return done.result


def state_of_dbt_project(project: Project) -> str:
    """One hash over everything that dbt reads of a project: its own files, seeds included, and the code."""
    seeds, code = of_seeds_and_code(project)
    return hash_of_files([], salt=code + seeds)
