"""The measurement of the service runs, at its smallest size: what only `make bench` runs would rot."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from pipelines.project import Project


def test_the_service_is_measured_by_five_requests_each_answered(built: tuple[Project, object]) -> None:
    done = subprocess.run(
        [sys.executable, "bench/serving.py"],
        cwd=CHECKOUT,
        env=os.environ | {"GONGFU_ROOT": str(built[0].root), "GONGFU_BENCH_REQUESTS": "4"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    measured = [
        line.split(" kB")[0].rsplit(maxsplit=1)
        for line in done.stdout.splitlines()
        if " gongfu " in line and " kB" in line
    ]
    assert [name.strip() for name, _ in measured] == [
        "one series", "provinces in a year", "a place, everything", "an indicator, everywhere", "the largest indicator",
    ]  # fmt: skip
    assert all(int(size) > 0 for _, size in measured)
