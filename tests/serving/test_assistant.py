"""What an assistant is told over MCP, by the SDK's own client and a real `gongfu mcp`."""

from __future__ import annotations

import asyncio
import os
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from mcp import Client, StdioServerParameters

from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from pipelines.project import Project

Call = tuple[str, dict[str, Any]]


def told(project: Project, *calls: Call) -> list[Any]:
    """The results of some calls in one session."""
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "pipelines", "mcp"],
        cwd=str(CHECKOUT),
        env=dict(os.environ) | {"GONGFU_ROOT": str(project.root)},
    )

    async def session() -> list[Any]:
        async with Client(parameters) as client:
            return [await client.call_tool(name, arguments) for name, arguments in calls]

    return asyncio.run(session())


@pytest.fixture(scope="module")
def answers(built: tuple[Project, object]) -> list[Any]:
    project = built[0]
    return told(
        project,
        ("find", {"words": "地区生产总值"}),
        (
            "observe",
            {"indicator": "gdp", "places": ["330000"], "since": "2022", "until": "2022", "every_vintage": True},
        ),
        ("as_of", {"indicator": "gdp", "places": ["330000"], "day": "2023-06-30", "since": "2022", "until": "2022"}),
        ("trace", {"figure": "gdp 330000 2022"}),
        ("audit", {}),
        ("compare", {"indicator": "gdp", "period": "2022"}),
        ("observe", {"indicator": "no_such_code"}),
        ("observe", {"indicator": "gdp", "since": "yesterday"}),
    )


def test_an_indicator_is_found_by_its_name(answers: list[Any]) -> None:
    assert "gdp" in [each["indicator"] for each in answers[0].structured_content["indicators"]]


def test_every_print_of_a_figure_comes_whole(built: tuple[Project, object], answers: list[Any]) -> None:
    with duckdb.connect(str(built[0].published), read_only=True) as connection:
        rows = connection.execute(
            "select figure_id, obs_value, obs_value_low, obs_value_high, source_id from facts.observations"
            " where indicator = 'gdp' and ref_area = '330000' and period_start >= '2022-01-01'"
            " and period_end <= '2022-12-31'"
        ).fetchall()
    given = {
        (
            each["figure_id"],
            Decimal(each["value"]),
            Decimal(each["low"]),
            Decimal(each["high"]),
            each["source"]["source_id"],
        )
        for each in answers[1].structured_content["figures"]
    }
    assert given == set(rows)
    assert {"unit", "qualifier", "published_on", "contradicted_by"} <= set(answers[1].structured_content["figures"][0])


def test_on_a_day_the_print_of_that_day_stood(answers: list[Any]) -> None:
    # printed in February 2023: 77 715 hundred million; later revised to 78 060.6 and 80 770.0
    totals = [each for each in answers[2].structured_content["figures"] if not each["breakdown"]]
    assert [Decimal(each["value"]) for each in totals if each["time_period"] == "2022"] == [Decimal("7771500000000")]


def test_a_figure_is_traced_to_its_print(built: tuple[Project, object], answers: list[Any]) -> None:
    way = answers[3].structured_content
    assert len(way["vintages"]) > 1
    assert way["print"]["figure_id"] == way["figure_id"]
    assert (built[0].root / way["print"]["file"]).is_file()


def test_what_contradicts_what_comes_with_the_figures_of_both_sides(answers: list[Any]) -> None:
    content = answers[4].structured_content
    known = {each["figure_id"] for each in content["figures"]}
    assert content["findings"]
    assert all(set(each["figure_ids"]) <= known for each in content["findings"])


def test_places_stand_from_the_highest_down(answers: list[Any]) -> None:
    figures = answers[5].structured_content["figures"]
    values = [Decimal(each["value"]) for each in figures]
    assert len(figures) > 1
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize(
    ("call", "said"), [(6, '"no_such_code" is no indicator'), (7, '"yesterday" is no period')], ids=["code", "period"]
)
def test_a_wrong_question_is_answered_in_one_line(answers: list[Any], call: int, said: str) -> None:
    assert answers[call].is_error
    (content,) = answers[call].content
    assert said in content.text
    assert len(content.text.splitlines()) == 1
