"""Which versions of a source are refused whole, and who is to blame for it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines.building.blame import Failed, to_blame, unblamed
from pipelines.problems import BuildStopped
from pipelines.receiving import holding
from pipelines.receiving.good_past import GoodPast, good_past
from pipelines.receiving.landing import land_all
from pipelines.rules import broken
from tests.conftest import HEADER, write_source

if TYPE_CHECKING:
    from pipelines.project import Project

GOOD = HEADER + "".join(f"地区生产总值,,浙江省,{year}年,,{year},亿元,\n" for year in range(2001, 2011))
WHERE = {"source_id": "a_source", "file": "raw/a_source/source.yaml", "reader": "magic", "known": ""}
BAD = GOOD.replace(",2001,亿元", ",--,亿元").replace(",2002,亿元", ",无,亿元")


def replaced(project: Project, figures: str, **card: object) -> None:
    shutil.rmtree(project.raw / "a_source", ignore_errors=True)
    write_source(project, "a_source", figures, card)


def test_bad_rows_within_the_limit_stay_outside_and_the_rest_goes_on(project: Project) -> None:
    replaced(project, BAD, refused_share_limit=0.2)
    (landed,) = land_all(project)
    assert (landed.accepted, len(landed.problems)) == (8, 2)


def test_above_the_limit_the_whole_source_is_refused_and_the_rows_follow_the_reason(project: Project) -> None:
    replaced(project, BAD, refused_share_limit=0.1)
    (landed,) = land_all(project)
    assert landed.source is None
    assert str(landed.problems[0]) == (
        "raw/a_source/source.yaml, column refused_share_limit: 2 of 10 rows were refused, more than "
        "refused_share_limit 0.1 allows; mend the rows below"
    )
    assert {problem.rule for problem in landed.problems[1:]} == {"number"}
    (again,) = land_all(project)
    assert again.unchanged
    assert again.source is None


def test_a_limit_that_is_no_share_is_refused(project: Project) -> None:
    replaced(project, GOOD, refused_share_limit="a tenth")
    (landed,) = land_all(project)
    assert landed.source is None
    assert landed.problems[0].rule == "refused_share_limit_form"


def test_a_change_of_code_that_makes_a_good_version_fail_publishes_nothing_and_names_the_source(
    project: Project,
) -> None:
    """The reader of a source is taken away: its file is what it was, so that not the source is to blame."""
    replaced(project, GOOD)
    landed = list(land_all(project))
    state = landed[0].state
    with duckdb.connect(str(project.root / "published.duckdb")) as published:
        published.execute("create schema landing")
        published.execute("create table landing.printed_figures (source_id varchar)")
        published.execute("create table landing.source_versions (source_id varchar, state varchar)")
        published.execute("insert into landing.source_versions values ('a_source', ?)", [state])
        published.execute(
            "create table landing.held_back (state varchar, source_id varchar, file varchar, rule varchar, "
            "message_en varchar, message_zh varchar, line bigint, column_name varchar, printed_value varchar)"
        )
    past = good_past(project.root / "published.duckdb")
    assert past.states == {"a_source": state}
    refused = [replace(landed[0], source=None, problems=[broken("reader_unknown", **WHERE)])]
    with pytest.raises(BuildStopped, match="1 sources that were good and have not changed cannot be read any more"):
        holding.refused_whole(refused, past)


def test_a_source_whose_last_good_version_has_another_form_stops_the_build(project: Project) -> None:
    """Carried over, its figures would lack what the columns of today hold."""
    replaced(project, BAD, refused_share_limit=0.1)
    landed = list(land_all(project))
    past = GoodPast(project.published, {"a_source": "another state"}, {}, is_of_this_form=False)
    with pytest.raises(BuildStopped, match="published by another form of gongfu"):
        holding.refused_whole(landed, past)


def test_a_source_is_changed_where_its_bytes_are_not_those_of_the_published_version(project: Project) -> None:
    replaced(project, GOOD)
    (landed,) = land_all(project)
    assert holding.is_changed(landed, GoodPast())
    assert holding.is_changed(landed, GoodPast(states={"a_source": "another"}))
    assert not holding.is_changed(landed, GoodPast(states={"a_source": landed.state}))


RANGE = Failed("plausible_range", "662700 is outside", frozenset({"a", "old"}))
NOWHERE = Failed("unique_key", "two rows", frozenset())


def test_a_failed_check_is_laid_at_the_changed_sources_among_those_that_it_points_at() -> None:
    assert to_blame([RANGE], frozenset({"a", "b"}), only_sources_changed=True) == {
        "a": {"plausible_range": "662700 is outside"}
    }


def test_a_check_that_points_nowhere_is_laid_at_the_one_source_that_changed() -> None:
    assert to_blame([NOWHERE], frozenset({"b"}), only_sources_changed=True) == {"b": {"unique_key": "two rows"}}


def test_where_code_changed_too_or_several_sources_did_nobody_is_blamed_for_a_check_that_points_nowhere() -> None:
    assert to_blame([NOWHERE], frozenset({"b"}), only_sources_changed=False) == {}
    assert to_blame([RANGE, NOWHERE], frozenset({"a", "b"}), only_sources_changed=True) == {}


def test_sources_that_were_good_and_have_not_changed_are_named_and_not_held_back() -> None:
    assert to_blame([RANGE], frozenset({"b"}), only_sources_changed=False) == {}
    words = unblamed([RANGE], frozenset({"b"}))
    assert words.en == "; it points at sources that were good and have not changed: a, old"
    assert words.zh == "；所指来源此前合格，且未改动：a、old"
