"""The dbt project as dbt parsed it, kept until one of its files changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipelines.fingerprint import hash_of_files, of_project
from pipelines.problems import BuildStopped
from pipelines.transforming.outcome import one_line

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project


def manifest_path(project: Project) -> Path:
    """The parsed dbt project, made or renewed where the project's files changed since."""
    path = project.dbt / "target" / "manifest.json"
    stamp = project.dbt / "target" / "manifest.sha256"
    state = _state_of_dbt_project(project)
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


def _state_of_dbt_project(project: Project) -> str:
    fingerprint = of_project(project)
    return hash_of_files([], salt=fingerprint.code + fingerprint.seeds)
