"""What is wrong with figures is asked in typed questions, not in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.asking import builds, coverage, findings

if TYPE_CHECKING:
    from pipelines.asking.warehouse import Warehouse

pytestmark = pytest.mark.builds

AVERAGE_GROWTH = "rural_income_average_growth:zj_first_batch_practices:char:5466-5471"


def test_the_gravest_relations_come_first_with_their_arithmetic(warehouse: Warehouse) -> None:
    found = findings.relations(warehouse)
    ranks = [findings.OUTCOMES.index(each.outcome) for each in found]
    assert ranks == sorted(ranks)
    by_id = {each.relation_id: each for each in found}
    growth = by_id[AVERAGE_GROWTH]
    assert growth.outcome == "fail"
    assert growth.printed_low is not None
    assert growth.computed_low is not None
    assert growth.printed_low < growth.computed_low  # 1.088 ** 5 is 1.5246, the print says 51.56 %
    assert growth.acknowledged_zh


def test_relations_are_asked_by_figure_source_and_kind(warehouse: Warehouse) -> None:
    figure = "zj_first_batch_practices:char:5466-5471"
    of_figure = findings.relations(warehouse, figure_ids=[figure])
    assert AVERAGE_GROWTH in {each.relation_id for each in of_figure}
    assert all(figure in each.figure_ids for each in of_figure)
    of_kind = findings.relations(warehouse, kinds=["average_growth"], sources=["zj_first_batch_practices"])
    assert {each.kind for each in of_kind} == {"average_growth"}


def test_counts_of_outcomes_are_the_counts_of_relations(warehouse: Warehouse) -> None:
    counted = sum(each.relations for each in findings.outcomes_by_kind(warehouse))
    assert counted == len(findings.relations(warehouse))
    without = findings.relations(warehouse, with_revisions=False)
    assert not [each for each in without if (each.kind, each.outcome) == ("same_figure", "warn")]


def test_checks_refusals_and_labels_are_those_of_the_builds_record(warehouse: Warehouse) -> None:
    record = builds.read(warehouse.path)
    assert record is not None
    assert len(findings.checks(warehouse, outcomes=["passed"])) == record.passed
    assert len(findings.refusals(warehouse)) == record.quarantined
    states = coverage.states_of_sources(warehouse)
    assert len(states) == record.sources
    assert sum(each.accepted for each in states) == record.accepted
    assert sum(each.unmapped for each in states) == record.unmapped


def test_every_practice_has_figures(warehouse: Warehouse) -> None:
    practices: dict[int, int] = {}
    for each in coverage.by_practice(warehouse):
        practices[each.practice] = practices.get(each.practice, 0) + each.figures
    assert sorted(practices) == list(range(1, 11))
    assert min(practices.values()) > 0


def test_a_jump_is_shown_in_its_whole_series(warehouse: Warehouse) -> None:
    points = coverage.jumps(warehouse, 3)
    series = {each.series for each in points}
    assert 0 < len(series) <= 3
    for name in series:
        of_series = [each for each in points if each.series == name]
        assert any(each.is_jump for each in of_series)
        assert len(of_series) > 1
