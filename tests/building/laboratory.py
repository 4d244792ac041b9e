"""A small project that builds run on: sources that come, change and go, and reference data that changes."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

import yaml

from pipelines.building.build import Build
from pipelines.problems import BuildStopped
from pipelines.project import Project
from pipelines.publishing import store
from tests.conftest import HEADER, write_source
from tests.test_corrections import write_ledger

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.asking.builds import BuildRecord
    from pipelines.quality.gate import Gate

#: What a source may print; the last label stands in no crosswalk row, the place before it in no list.
ROWS = (
    "全体居民人均可支配收入,全体居民,桐庐县,2023年,,{value},元,",
    "城镇居民人均可支配收入,城镇居民,浙江省,2023年,,{value},元,",
    "农村居民人均可支配收入,农村居民,浙江省,2023年,,{value},元,",
    "残疾人就业人数,城乡持证,全国,2023年,,{value},人,",
    "常住人口,年末,没有这个地方,2023年,,{value},万人,",
    "没有这个指标,,浙江省,2023年,,{value},元,",
)
STEPS = ("begin", "land", "transform", "report")


class Laboratory:
    """A project and what is done to it.

    Attributes:
        project: the project, built at least once.
        gate: where all of its builds evaluate their expectations.
    """

    def __init__(self, project: Project, gate: Gate) -> None:
        self.project = project
        self.gate = gate

    def build(self, *, full: bool = False, killed_after: str | None = None) -> BuildRecord | None:
        """One build, published; or one that ends after a step, with all that it has left lying."""
        build = Build.begin(self.project, full=full, gate=self.gate)
        for step in STEPS[1:]:
            if killed_after == STEPS[STEPS.index(step) - 1]:
                return None
            if step == "land":
                list(build.land())
            else:
                getattr(build, step)()
        return None if killed_after else build.publish()

    def as_full(self, root: Path) -> Path | None:
        """The file that `--full` makes of the same, in a copy of the project at `root`; None where it is stopped."""
        ignored = shutil.ignore_patterns(".dagster", "versions", "quality_report")
        shutil.copytree(self.project.root, root, ignore=ignored)
        try:
            Laboratory(Project(root), self.gate).build(full=True)
        except BuildStopped:
            return None
        return Project(root).published

    def add_source(self, name: str, value: int, rows: int) -> None:
        """A source that prints the first of the rows."""
        text = "\n".join(row.format(value=value + number) for number, row in enumerate(ROWS[:rows]))
        write_source(self.project, name, f"{HEADER}{text}\n")

    def change_value(self, name: str, value: int) -> None:
        """Another number in a source's first row."""
        figures = self.project.raw / name / "figures.csv"
        head, _, rest = figures.read_text(encoding="utf-8").split("\n", 2)
        self._write_figures(name, f"{head}\n{ROWS[0].format(value=value)}\n{rest}")

    def change_card(self, name: str, field: str, value: str | None) -> None:
        """Only a field of a card."""
        card = self._card(name)
        fields = yaml.safe_load(card.read_text(encoding="utf-8")) | {field: value}
        card.write_text(yaml.safe_dump(fields, allow_unicode=True), encoding="utf-8")

    def break_hash(self, name: str) -> None:
        """A byte that the card does not know of: the source is held back."""
        with (self.project.raw / name / "figures.csv").open("a", encoding="utf-8") as file:
            file.write("\n")

    def correct(self, name: str, value: str) -> None:
        """A ledger with one entry on the source's first figure."""
        figures = (self.project.raw / name / "figures.csv").read_text(encoding="utf-8")
        write_ledger(self.project.raw / name, {"expect": figures.splitlines()[1].split(",")[5], "value": value})

    def remove_source(self, name: str) -> None:
        """The source is gone."""
        shutil.rmtree(self.project.raw / name)

    def rename_source(self, name: str, new: str) -> None:
        """The source under another id, which says what it was called."""
        (self.project.raw / name).rename(self.project.raw / new)
        self.change_card(new, "source_id", new)
        former = yaml.safe_load(self._card(new).read_text(encoding="utf-8")).get("formerly", [])
        self.change_card(new, "formerly", [*former, name])  # type: ignore[arg-type]

    def change_seed(self, seed: str, before: str, after: str) -> None:
        """Words of the reference data; back again where they have changed already."""
        path = self.project.dbt / "seeds" / "reference" / f"{seed}.csv"
        text = path.read_text(encoding="utf-8")
        changed = text.replace(before, after) if before in text else text.replace(after, before)
        assert changed != text
        path.write_text(changed, encoding="utf-8")

    def roll_back(self) -> None:
        """The build before is published again, if there is one."""
        if len(store.versions(self.project)) > 1:
            store.rollback(self.project, None)

    def _card(self, name: str) -> Path:
        return self.project.raw / name / "source.yaml"

    def _write_figures(self, name: str, text: str) -> None:
        (self.project.raw / name / "figures.csv").write_text(text, encoding="utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.change_card(name, "files", [{"path": "figures.csv", "sha256": digest}])  # type: ignore[arg-type]
