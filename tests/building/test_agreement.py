"""What a build of everything makes has to be what is published of the same, or nothing is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines.asking import builds
from pipelines.building.agreement import stop_where_it_differs
from pipelines.fingerprint import Fingerprint
from pipelines.problems import BuildStopped
from pipelines.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def built_again(begun: Callable[[Path], Project], tmp_path: Path) -> Project:
    """A project beside whose published file the same was built again."""
    project = begun(tmp_path / "gongfu")
    project.workshop.mkdir(exist_ok=True)
    project.building.write_bytes(project.published.read_bytes())
    return project


def made_from(project: Project, raw: str = "") -> Fingerprint:
    published = builds.read(project.published)
    assert published is not None
    return Fingerprint(raw or published.raw, published.seeds, published.code)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("update reference.areas set name_en = 'Elsewhere' where ref_area = '330122'", "reference.areas"),
        ("alter table landing.numbers alter numbers type hugeint", "landing.numbers"),
        (
            "update quality.checks set failures = 1 where check_id like '%present_areas_%'",
            "present_areas",
        ),
    ],
    ids=["a value", "a type", "a check"],
)
def test_what_differs_is_named_and_nothing_is_published(built_again: Project, wrong: str, named: str) -> None:
    with duckdb.connect(str(built_again.building)) as connection:
        connection.execute(wrong)
    with pytest.raises(BuildStopped, match=named) as stopped:
        stop_where_it_differs(built_again, made_from(built_again))
    assert "两次构建必有一误" in stopped.value.zh


def test_the_same_is_published_and_so_is_what_only_the_day_made_another(built_again: Project) -> None:
    with duckdb.connect(str(built_again.building)) as connection:
        connection.execute("alter table quality.freshness rename to of_another_day")
    stop_where_it_differs(built_again, made_from(built_again))


def test_what_was_made_from_other_files_may_differ(built_again: Project) -> None:
    with duckdb.connect(str(built_again.building)) as connection:
        connection.execute("alter table facts.observations alter decimals type bigint")
    stop_where_it_differs(built_again, made_from(built_again, raw="another"))
