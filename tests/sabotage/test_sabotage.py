"""One mutation of each kind through the laboratory, and the same kind of change through a real build.

The full count is `make sabotage`; its table is in docs/quality.md.
"""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.conftest import CHECKOUT, gongfu
from tests.sabotage.laboratory import Laboratory
from tests.sabotage.mutations import KINDS, Table, mutations

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from pipelines.project import Project


@pytest.fixture(scope="module")
def laboratory(
    built: tuple[Project, subprocess.CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory
) -> Laboratory:
    return Laboratory(built[0], tmp_path_factory.mktemp("laboratory"))


def test_the_untouched_sources_raise_no_alarm(laboratory: Laboratory) -> None:
    table = Table.read(laboratory.project.raw / "zj_yearbook_2025")
    verdict = laboratory.try_out(table.changed("nothing", 0, label=table.rows[0]["label"]))
    assert (verdict.layers, verdict.changed) == ([], False)


def test_only_known_disagreements_fail_untouched(query: Callable[[str], list[tuple[object, ...]]]) -> None:
    assert query("select count(*) from quality.audit where outcome = 'fail' and acknowledged_en is null") == [(0,)]
    assert query("select count(*) from quality.plausibility where rule = 'range'") == [(0,)]


def test_every_kind_of_mutation_is_there_to_be_tried(laboratory: Laboratory) -> None:
    found = {mutation.kind for mutation in mutations(laboratory.project.raw, 1, 1, laboratory.parts_of_totals())}
    assert found == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "layer"),
    [
        ("times 10 000", "range"),
        ("a row twice with another value", "coding"),
        ("a column shifted by one", "door"),
        ("a part dropped from its total", "missing part"),
    ],
)
def test_what_always_shows_is_shown_by_its_layer(laboratory: Laboratory, kind: str, layer: str) -> None:
    for mutation in mutations(laboratory.project.raw, 3, 7, laboratory.parts_of_totals()):
        if mutation.kind == kind:
            verdict = laboratory.try_out(mutation)
            assert verdict.layers, mutation.what
            if verdict.ties == "exact":
                assert layer in verdict.layers or "audit" in verdict.layers, (mutation.what, verdict.layers)


def test_the_laboratory_agrees_with_a_real_build(
    laboratory: Laboratory, begun: Callable[[Path], Project], tmp_path: Path
) -> None:
    """A transposed digit in a part of a printed total: the laboratory says audit, and so does `gongfu build`."""
    project = begun(tmp_path)
    shutil.copytree(CHECKOUT / "raw" / "zj_yearbook_2025", project.raw / "zj_yearbook_2025")
    table = Table.read(project.raw / "zj_yearbook_2025")
    index = next(at for at, row in enumerate(table.rows) if "工资性" in row["label"] + row["breakdown"])
    mutation = table.changed("times 10", index, value=table.rows[index]["value"] + "0")
    assert "audit" in laboratory.try_out(mutation).layers
    folder = project.raw / "zj_yearbook_2025"
    (folder / "figures.csv").write_bytes(mutation.text)
    untold = gongfu(project, "build")
    assert "sha256" in untold.stdout  # a changed file is noticed before anything is read
    card = yaml.safe_load((folder / "source.yaml").read_text(encoding="utf-8"))
    card["files"][0]["sha256"] = hashlib.sha256(mutation.text).hexdigest()
    (folder / "source.yaml").write_text(yaml.safe_dump(card, allow_unicode=True), encoding="utf-8")
    held_back = gongfu(project, "build")
    assert held_back.returncode == 6
    assert "audit_parts_and_total" in held_back.stderr
