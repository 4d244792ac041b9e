"""`make mutants`: change the code in small ways drawn by rule, and ask the quick tests whether they notice.

The checkout is never touched: a copy of it is changed, tested and put back. Every survivor needs its reason in
survivors.csv; the table of all stands in docs/mutants.md.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.project import Project
from pipelines.transforming.manifest import parsed, where
from tests.conftest import CHECKOUT, gongfu
from tests.mutants.areas import AREAS, Area
from tests.mutants.rules import Change, changes

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Chosen before any mutant was tried.
SEED = 20261125
OF_EACH_AREA = 8
AIM = 0.95
#: A change that makes its tests take so many times as long as they first did is noticed: it made something endless.
PATIENCE = 10
PAGE = CHECKOUT / "docs" / "mutants.md"
REASONS = Path(__file__).with_name("survivors.csv")
SMALL = ("zj_bulletin_2022",)


@dataclass(frozen=True)
class Mutant:
    """One change of one file.

    Attributes:
        area: whose tests are asked.
        file: below the checkout.
        line: where, counted from 1.
        before, after: the line, without the blanks around it.
    """

    area: Area
    file: str
    change: Change
    line: int
    before: str
    after: str


def drawn(area: Area, root: Path) -> list[Mutant]:
    """The changes of an area: those that are always made, and a draw from all others.

    Raises:
        FileNotFoundError: a file of the area is not there.
    """
    every: list[Mutant] = []
    for pattern in area.files:
        paths = sorted(root.glob(pattern))
        if not paths:
            raise FileNotFoundError(f"{area.name}: there is no {pattern}; mend tests/mutants/areas.py")
        every += [mutant for path in paths for mutant in _of_file(area, path, root)]
    always = [mutant for mutant in every if area.always and mutant.before.startswith(area.always)]
    others = [mutant for mutant in every if mutant not in always]
    count = min(len(others), max(0, OF_EACH_AREA - len(always)))
    chosen = random.Random(f"{SEED} {area.name}").sample(range(len(others)), count)
    return [*always, *(others[index] for index in sorted(chosen))]


def _of_file(area: Area, path: Path, root: Path) -> list[Mutant]:
    data = path.read_bytes()
    found = []
    for change in changes(path.name, data):
        line = change.line(data)
        before, after = (text.decode().splitlines()[line - 1].strip() for text in (data, change.apply(data) + b"\n"))
        found.append(Mutant(area, path.relative_to(root).as_posix(), change, line, before, after))
    return found


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
                timeout=PATIENCE * self.took[tests] if tests in self.took else None,
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


def main() -> None:
    """Draw, try, print, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--area", action="append", help="only this area; the page stays as it is")
    parser.add_argument("--drawn", action="store_true", help="print what is drawn, and try nothing")
    options = parser.parse_args()
    areas = [area for area in AREAS if not options.area or area.name in options.area]
    mutants = [mutant for area in areas for mutant in drawn(area, CHECKOUT)]
    if options.drawn:
        sys.stdout.writelines(f"{told(mutant)}\n" for mutant in mutants)
        return
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder) / "checkout")
        for area in areas:
            if area.tests and not workshop.passes(area.tests):
                sys.exit(f"{area.name}: the tests fail on the code as it is")
        if any(mutant.file.endswith(".sql") for mutant in mutants) and not workshop.unit_tests().all_pass():
            sys.exit("dbt's unit tests fail on the models as they are")
        noticed = {}
        for mutant in mutants:
            noticed[mutant] = workshop.is_noticed(mutant)
            sys.stdout.write(f"{'killed  ' if noticed[mutant] else 'survived'} {told(mutant)}\n")
            sys.stdout.flush()
    nameless = [mutant for mutant, was_noticed in noticed.items() if not was_noticed and reason(mutant) is None]
    share = sum(noticed.values()) / len(noticed)
    sys.stdout.write(f"{sum(noticed.values())} of {len(noticed)} killed ({share:.1%}; aim {AIM:.0%})\n")
    if not options.area:
        PAGE.write_text(page(noticed), encoding="utf-8")
    if nameless or share < AIM:
        sys.exit(f"{len(nameless)} survivors without a reason in {REASONS.relative_to(CHECKOUT)}")


def told(mutant: Mutant) -> str:
    """A mutant in one line."""
    return f"{mutant.area.name}: {mutant.file}:{mutant.line} [{mutant.change.rule}] {mutant.before} → {mutant.after}"


def reason(mutant: Mutant) -> str | None:
    """Why a survivor may live, as survivors.csv says."""
    with REASONS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (row["file"], row["before"], row["after"]) == (mutant.file, mutant.before, mutant.after):
                return row["reason"]
    return None


def page(noticed: dict[Mutant, bool]) -> str:
    """The page of all mutants: counts by area, and each with what became of it."""
    killed = sum(noticed.values())
    lines = [
        "# Mutants: small changes that the quick tests should notice",
        "",
        "`make mutants` lists every comparison, boundary, factor, condition and order of the files of each area "
        f"(tests/mutants/areas.py), draws {OF_EACH_AREA} of each by a seed ({SEED}) that was chosen before any was "
        "tried, and puts each change to the quick tests or to dbt's unit tests, in a copy of the checkout.",
        "",
        f"{len(noticed)} mutants, {killed} killed: **{killed / len(noticed):.1%}** (aim: {AIM:.0%}).",
        "",
        "| area | mutants | killed |",
        "|---|--:|--:|",
    ]
    for area in AREAS:
        of_area = [was_noticed for mutant, was_noticed in noticed.items() if mutant.area == area]
        lines.append(f"| {area.name} | {len(of_area)} | {sum(of_area)} |")
    lines += ["", "| area | file | before | after | |", "|---|---|---|---|---|"]
    for mutant, was_noticed in noticed.items():
        fate = "killed" if was_noticed else f"**survived**: {reason(mutant) or 'no reason known'}"
        before, after = (text.replace("|", "\\|") for text in (mutant.before, mutant.after))
        lines.append(f"| {mutant.area.name} | {mutant.file} | `{before}` | `{after}` | {fate} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
