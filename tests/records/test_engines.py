"""Spark takes every model of the wing, by its own parser; skipped where `make spark` has not made its environment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pipelines.project import Project
from pipelines.records.compare import on_cluster
from tests.conftest import CHECKOUT
from tests.records.laboratory import SHIPPED, Laboratory

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(not (CHECKOUT / ".venv-spark" / "bin" / "python").is_file(), reason="no environment with Spark")
def test_sparks_own_parser_takes_every_model(tmp_path: Path) -> None:
    lab = Laboratory(tmp_path)
    (tmp_path / "plan.json").write_text(json.dumps(lab.plan(sorted(SHIPPED.glob("*.yaml")))), encoding="utf-8")
    said = on_cluster(Project(CHECKOUT), tmp_path, "parse")
    taken, _, total = said.strip().splitlines()[-1].split(" models")[0].partition(" of ")
    assert taken == total
    assert int(total) >= 14
