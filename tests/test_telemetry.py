"""Dagster, dbt and Great Expectations report to nobody, whichever command comes first."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pipelines import REPORT_TO_NOBODY
from tests.conftest import CHECKOUT

ASKED = f"import os; print({{name: os.environ.get(name) for name in {list(REPORT_TO_NOBODY)!r}}})"


def a_shell_that_says_nothing() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in REPORT_TO_NOBODY}


@pytest.mark.parametrize(
    "first", ["pipelines.definitions", "pipelines.commands", "pipelines.proposing", "tests.conftest"]
)
def test_it_is_said_before_anything_else_is_loaded(first: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import {first}; {ASKED}"],
        cwd=CHECKOUT,
        env=a_shell_that_says_nothing(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{REPORT_TO_NOBODY}\n"


def test_dagster_dev_which_starts_without_our_code_reads_it_from_a_file() -> None:
    lines = (CHECKOUT / ".env").read_text(encoding="utf-8").splitlines()
    assert dict(line.split("=", 1) for line in lines) == REPORT_TO_NOBODY
    asked = (
        "from dagster._cli.utils import get_possibly_temporary_instance_for_cli as instance\n"
        "with instance():\n"
        "    from dagster._core.telemetry_upload import is_running_in_test as is_off\n"
        "    print(is_off())"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=CHECKOUT,
        env=a_shell_that_says_nothing() | {"DAGSTER_HOME": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.endswith("True\n")
