"""Shared ground for tests: a copy of the real project in a folder of its own, and one real build of it."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from pipelines.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

CHECKOUT = Path(__file__).resolve().parents[1]
REPORT = CHECKOUT.parent / "shared" / "seed" / "first-batch-practices.txt"
PUBLISHED_FIGURES = CHECKOUT.parent / "shared" / "figures" / "published.csv"
# The sources that `built` is made of: those on which the tests reckon. raw/ as a whole is built once, as `whole`.
SOURCES_OF_BUILT = (Path(__file__).parent / "sources_of_built.txt").read_text(encoding="utf-8").split()
_quick = False


def pytest_configure(config: pytest.Config) -> None:
    global _quick  # noqa: PLW0603 - pytest has no other place that functions can ask
    _quick = config.getoption("markexpr") == "not builds"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a built project is one that builds."""
    for item in items:
        if {"built", "whole", "begun", "site"}.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.builds)


def copy_of_project(root: Path, *, sources: Sequence[str] | None = None) -> Project:
    """Some sources of the checkout (those of `built` if not said) and dbt_project/, copied to `root`."""
    raw = root / "raw"
    raw.mkdir(parents=True)
    wanted = set(SOURCES_OF_BUILT if sources is None else sources)
    for folder in (CHECKOUT / "raw").iterdir():
        if folder.name in wanted:
            shutil.copytree(folder, raw / folder.name)
    ignored = shutil.ignore_patterns("logs", "dbt_packages", ".user.yml", "target")
    shutil.copytree(CHECKOUT / "dbt_project", root / "dbt_project", ignore=ignored)
    return Project(root)


def gongfu(project: Project, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command on `project`, as a person would."""
    assert not (_quick and "build" in arguments), "`make quick` builds nothing: give this test the mark `builds`"
    inherited = {name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"}
    return subprocess.run(
        [sys.executable, "-m", "pipelines", *arguments],
        cwd=CHECKOUT,
        env=inherited | {"GONGFU_ROOT": str(project.root), "COLUMNS": "200"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def write_source(
    project: Project, source_id: str, figures: str | bytes, card: Mapping[str, object] | None = None
) -> Path:
    """A source folder with one figures table; `card` overrides fields of its source.yaml (None leaves one out)."""
    folder = project.raw / source_id
    folder.mkdir(parents=True)
    data = figures if isinstance(figures, bytes) else figures.encode()
    (folder / "figures.csv").write_bytes(data)
    fields: dict[str, object] = {
        "source_id": source_id,
        "title": "测试来源",
        "title_en": "A source for a test",
        "publisher": "测试",
        "publisher_en": "Test",
        "published_on": "2024-03-04",
        "retrieved_on": "2026-11-23",
        "licence": "facts",
        "reader": "figures_table",
        "files": [{"path": "figures.csv", "sha256": hashlib.sha256(data).hexdigest()}],
    }
    fields |= dict(card or {})
    content = {name: value for name, value in fields.items() if value is not None}
    (folder / "source.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder


HEADER = "label,breakdown,place,period,qualifier,value,unit,table\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project: no source yet."""
    (tmp_path / "raw").mkdir()
    return Project(tmp_path)


def build_of_all_workers(
    factory: pytest.TempPathFactory, worker_id: str, name: str, *, sources: Sequence[str] | None
) -> tuple[Project, subprocess.CompletedProcess[str]]:
    """A project built with `gongfu build` by the first worker that asks for it; tests read it and change nothing."""
    own = factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    project, said = Project(shared / name), shared / f"{name}.json"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            copy_of_project(project.root, sources=sources)
            done = gongfu(project, "build")
            said.write_text(json.dumps([done.args, done.returncode, done.stdout, done.stderr]), encoding="utf-8")
    done = subprocess.CompletedProcess(*json.loads(said.read_text(encoding="utf-8")))
    assert done.returncode == 0, done.stdout + done.stderr
    return project, done


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> tuple[Project, subprocess.CompletedProcess[str]]:
    """The real project with the sources of `built`, built once for all workers."""
    return build_of_all_workers(tmp_path_factory, worker_id, "built", sources=None)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Project:
    """The whole real project: all of raw/. It costs half as much again as `built`; few tests need it."""
    sources = [folder.name for folder in (CHECKOUT / "raw").iterdir() if folder.is_dir()]
    return build_of_all_workers(tmp_path_factory, worker_id, "whole", sources=sources)[0]


@pytest.fixture(scope="session")
def site(built: tuple[Project, object], tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The monitor of the built project in both languages, made once for all workers; tests read it."""
    from pipelines.asking.warehouse import published
    from pipelines.serving.monitor.site import write_site

    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "site"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            with published(built[0]) as warehouse:
                write_site(warehouse, folder)
    return folder


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[Path], Project]:
    """Makes projects of a test's own, built before any source came: the next build makes what figures reach."""
    empty, _ = build_of_all_workers(tmp_path_factory, worker_id, "empty", sources=[])

    def begin(root: Path) -> Project:
        shutil.copytree(empty.root, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".dagster"))
        return Project(root)

    return begin


@pytest.fixture
def query(built: tuple[Project, object]) -> Callable[[str], list[tuple[object, ...]]]:
    """Ask the built warehouse."""
    import duckdb

    def ask(sql: str) -> list[tuple[object, ...]]:
        with duckdb.connect(str(built[0].published), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    return ask
