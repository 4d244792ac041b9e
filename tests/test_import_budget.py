"""Starting is cheap: what a command does not use is not loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "dagster",
    "dagster_dbt",
    "dbt",
    "pandera",
    "polars",
    "pandas",
    "great_expectations",
    "duckdb",
    "fastapi",
    "uvicorn",
    "pysdmx",
    "mcp",
)


@pytest.mark.parametrize(
    "code",
    [
        "import pipelines",
        "import pipelines.commands",
        "from pipelines.commands import gongfu; gongfu(['--help'], standalone_mode=False)",
        "from pipelines.commands import gongfu; gongfu(['build', '--help'], standalone_mode=False)",
        "import pipelines.publishing.store, pipelines.receiving.landing, pipelines.sources.card",
        "import pipelines.asking.builds",
        "import pipelines.transforming.transform, pipelines.building.build",
    ],
)
def test_heavy_libraries_stay_out(code: str) -> None:
    report = f"import sys; print('loaded:', [name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", f"{code}\n{report}"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "loaded: []"
