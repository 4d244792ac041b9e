"""Whatever is done to sources and reference data: what small builds make of it is what a build of everything makes.

Every step ends with a build of what changed; at the end everything is made again in a copy, and the two files are held
against each other. Random walks are for `make walks`, which `make verify` runs; one walk of every kind of step is for
`make test`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, rule, run_state_machine_as_test

from pipelines.problems import BuildStopped
from pipelines.quality.gate import Gate
from tests.building.laboratory import STEPS, Laboratory
from tests.building.same import differences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipelines.project import Project

WALKS = "GONGFU_WALKS"
STEPS_A_WALK = 8
#: Reference data in two forms: a label, from when on a place's name is valid, what a unit word means.
SEEDS = (
    ("crosswalk", "*,全体居民人均可支配收入,全体居民,", "*,全体居民的人均可支配收入,全体居民,"),
    ("area_names", "\n桐庐县,330122,,,全称\n", "\n桐庐县,330122,2024-01-01,,全称\n"),
    ("unit_words", "\n人,person,0,1\n", "\n人,person,1,1\n"),
)

values = st.integers(min_value=20_000, max_value=60_000)


class SmallBuilds(RuleBasedStateMachine):
    """Steps on the project of a laboratory, which the test below sets up."""

    begin: Callable[[Path], Project]
    gate: Gate
    sources: Bundle[str] = Bundle("sources")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.laboratory = Laboratory(self.begin(self.folder / "gongfu"), self.gate)
        self.names = 0
        self.is_stopped = False

    def teardown(self) -> None:
        self.is_as_full()
        shutil.rmtree(self.folder)

    def built(self) -> None:
        """A build of what changed; what no source can be blamed for may stop it, and then nothing is published."""
        try:
            self.laboratory.build()
            self.is_stopped = False
        except BuildStopped:
            self.is_stopped = True

    def is_as_full(self) -> None:
        full = self.laboratory.as_full(self.folder / "full")
        assert (full is None) == self.is_stopped
        assert full is None or differences(self.laboratory.project.published, full) == []

    @rule(target=sources, value=values, rows=st.integers(min_value=1, max_value=6))
    def a_source_is_added(self, value: int, rows: int) -> str:
        self.names += 1
        name = f"source_{self.names}"
        self.laboratory.add_source(name, value, rows)
        self.built()
        return name

    @rule(name=sources, value=values)
    def a_figure_is_changed(self, name: str, value: int) -> None:
        self.laboratory.change_value(name, value)
        self.built()

    @rule(name=sources, confidence=st.sampled_from(["A", "C", "D"]))
    def only_a_card_is_changed(self, name: str, confidence: str) -> None:
        self.laboratory.change_card(name, "confidence", confidence)
        self.built()

    @rule(name=sources)
    def only_a_hash_is_changed(self, name: str) -> None:
        self.laboratory.break_hash(name)
        self.built()

    @rule(name=sources, value=values)
    def only_a_ledger_is_changed(self, name: str, value: int) -> None:
        self.laboratory.correct(name, str(value))
        self.built()

    @rule(name=consumes(sources))
    def a_source_is_removed(self, name: str) -> None:
        self.laboratory.remove_source(name)
        self.built()

    @rule(target=sources, name=consumes(sources))
    def a_source_is_renamed(self, name: str) -> str:
        self.names += 1
        new = f"source_{self.names}"
        self.laboratory.rename_source(name, new)
        self.built()
        return new

    @rule(change=st.sampled_from(SEEDS))
    def reference_data_is_changed(self, change: tuple[str, str, str]) -> None:
        self.laboratory.change_seed(*change)
        self.built()

    @rule()
    def the_build_before_is_published_again(self) -> None:
        self.laboratory.roll_back()
        self.built()

    @rule(step=st.sampled_from(STEPS), name=sources, value=values)
    def a_build_is_killed(self, step: str, name: str, value: int) -> None:
        self.laboratory.change_value(name, value)
        self.laboratory.build(killed_after=step)
        self.built()


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with closing(Gate()) as gate:
        yield gate


@pytest.mark.skipif(WALKS not in os.environ, reason="make walks")
def test_random_steps(begun: Callable[[Path], Project], gate: Gate) -> None:
    SmallBuilds.begin, SmallBuilds.gate = staticmethod(begun), gate
    run_state_machine_as_test(
        SmallBuilds,
        settings=settings(
            max_examples=int(os.environ[WALKS]),
            stateful_step_count=STEPS_A_WALK,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_one_step_of_each_kind(begun: Callable[[Path], Project], tmp_path: Path, gate: Gate) -> None:
    laboratory = Laboratory(begun(tmp_path / "gongfu"), gate)
    laboratory.add_source("one", 40_000, 6)
    laboratory.add_source("two", 30_000, 3)
    laboratory.build()
    for seed in SEEDS:
        laboratory.change_seed(*seed)
    laboratory.build()
    laboratory.change_value("one", 41_000)
    laboratory.build()
    laboratory.change_card("one", "confidence", "D")
    laboratory.build()
    laboratory.correct("two", "30100")
    laboratory.build()
    laboratory.roll_back()
    laboratory.build()
    laboratory.rename_source("two", "three")
    laboratory.change_value("one", 42_000)
    for step in STEPS:
        laboratory.build(killed_after=step)
    laboratory.build()
    laboratory.add_source("four", 50_000, 2)
    laboratory.build()
    laboratory.break_hash("four")
    laboratory.remove_source("one")
    record = laboratory.build()
    assert record is not None
    assert (record.extent, record.held_back) == ("changed_figures", 1)
    full = laboratory.as_full(tmp_path / "full")
    assert full is not None
    assert differences(laboratory.project.published, full) == []
