"""A copy of the checkout where a change is made, tried by the quick tests and dbt's unit tests, and put back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from pipelines.project import Project
from pipelines.transforming.manifest import parsed, where
from tests.conftest import CHECKOUT, gongfu

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.mutants.drawn import Mutant

#: A change that makes its tests take so many times as long as they first did is noticed: it made something endless.
PATIENCE = 10
#: But so many seconds in any case: the machine may have become busier since.
AT_LEAST = 300
SMALL = ("zj_bulletin_2022",)


class Workshop:
    """A copy of the checkout where things are broken, tried and put back."""

    def __init__(self, root: Path) -> None:
        self.root = root
        unwanted = shutil.ignore_patterns(
            ".git", ".venv", "warehouse", "target", "logs", "__pycache__", ".*_cache", "raw"
        )
        shutil.copytree(CHECKOUT, root, ignore=unwanted)
        (root / "raw").mkdir()
        for source in SMALL:
            shutil.copytree(CHECKOUT / "raw" / source, root / "raw" / source)
        self.project = Project(root)
        self.models: UnitTests | None = None
        self.took: dict[tuple[str, ...], float] = {}

    def is_noticed(self, mutant: Mutant) -> bool:
        """Whether a test fails on the change."""
        if mutant.file.endswith(".sql") and self.unit_tests().notice(mutant):
            return True
        if not mutant.area.tests:
            return False
        path = self.root / mutant.file
        data = path.read_bytes()
        path.write_bytes(mutant.change.apply(data))
        try:
            return not self.passes(mutant.area.tests)
        finally:
            path.write_bytes(data)

    def passes(self, tests: tuple[str, ...]) -> bool:
        """Whether these tests pass, and that within `PATIENCE` times what they took the first time."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("GONGFU", "DAGSTER"))}
        began = time.monotonic()
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", "-m", "not builds", *tests],
                cwd=self.root,
                # no .pyc: one of a change of the same length within the same second would be taken for this one
                env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
                capture_output=True,
                text=True,
                check=False,
                timeout=max(PATIENCE * self.took[tests], AT_LEAST) if tests in self.took else None,
            )
        except subprocess.TimeoutExpired:
            return False
        if done.returncode in (4, 5):
            raise RuntimeError(f"no such tests: {tests}: {done.stdout}{done.stderr}")
        self.took.setdefault(tests, time.monotonic() - began)
        return done.returncode == 0

    def unit_tests(self) -> UnitTests:
        """dbt's unit tests over a small build: they ask the file being built for the columns of what they replace."""
        if self.models is None:
            done = gongfu(self.project, "build")
            if done.returncode:
                raise RuntimeError(done.stderr)
            shutil.copyfile(self.project.published, self.project.building)
            self.project.building.chmod(0o644)
            self.models = UnitTests(self.project)
        return self.models


class UnitTests:
    """dbt's unit tests, run on the parsed project in memory: a change is made there, so that nothing is parsed anew."""

    def __init__(self, project: Project) -> None:
        from dbt.cli.main import dbtRunner

        self.project = project
        self.manifest = parsed(project)
        self.runner = dbtRunner(manifest=self.manifest)
        self.tested = {test.depends_on.nodes[0] for test in self.manifest.unit_tests.values()}

    def notice(self, mutant: Mutant) -> bool:
        """Whether a unit test fails on a change of a model or a macro: those whose model holds it are run.

        The unit tests of other models put rows in its place, and cannot notice.
        """
        path = self.project.root / mutant.file
        data = path.read_bytes()
        before, after = data.decode(), mutant.change.apply(data).decode()
        name = path.relative_to(self.project.dbt).as_posix()
        models = [node for node in self.manifest.nodes.values() if node.original_file_path == name]
        macros = [(key, macro) for key, macro in self.manifest.macros.items() if macro.original_file_path == name]
        kept = [(key, macro, macro.macro_sql) for key, macro in macros if macro.package_name == "gongfu"]
        holders = {node.unique_id for node in models}
        try:
            for node in models:
                node.raw_code = after.strip()
            for key, macro, sql in kept:
                start = before.index(sql)
                if start <= len(data[: mutant.change.start].decode()) < start + len(sql):
                    macro.macro_sql = after[start : start + len(sql) + len(after) - len(before)]
                    holders |= self.holders_of(key)
            tested = sorted(holders & self.tested)
            return bool(tested) and not self.all_pass([self.manifest.nodes[key].name for key in tested])
        finally:
            for node in models:
                node.raw_code = before.strip()
            for _, macro, sql in kept:
                macro.macro_sql = sql

    def holders_of(self, macro: str) -> set[str]:
        """The models whose SQL a macro has a part in."""
        calling = {macro}
        while True:
            more = {key for key, one in self.manifest.macros.items() if calling.intersection(one.depends_on.macros)}
            if more <= calling:
                break
            calling |= more
        return {key for key, node in self.manifest.nodes.items() if calling.intersection(node.depends_on.macros)}

    def all_pass(self, models: Sequence[str] = ()) -> bool:
        """Whether the unit tests of these models pass, of all where none is named; what does not compile does not."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt_common.clients.jinja import template_cache

        template_cache.clear()
        selection = [f"test_type:unit,{model}" for model in models] or ["test_type:unit"]
        done = self.runner.invoke(["test", *where(self.project), "--fail-fast", "--select", *selection])
        DuckDBConnectionManager.close_all_connections()
        return bool(done.success)
