"""A file issued again with a row more: the figures below it are still the same figures."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl
import pytest
import yaml

from pipelines.receiving.landing import land_all, stamp_of
from tests.conftest import HEADER, write_source

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.receiving.landing import Landed

ROW = "常住人口,年末,{place},2023年,,{value},万人,\n"
FIRST = HEADER + "".join(
    ROW.format(place=place, value=value) for place, value in (("桐庐县", "461"), ("建德市", "44.3"), ("淳安县", "32.6"))
)
#: The second edition begins with a place that the first did not have.
SECOND = FIRST.replace(HEADER, HEADER + ROW.format(place="杭州市", value="1252.2"))
ENTRY = {
    "figure": "figures.csv:2:value", "action": "override", "value": "46.1", "expect": "461", "reason": "小数点漏印",
    "who": "测试", "date": "2026-11-23", "status": "confirmed",
}  # fmt: skip


def issued(project: Project, text: str) -> Landed:
    """The source with this edition of its file, landed."""
    folder = project.raw / "sheet"
    if not folder.exists():
        write_source(project, "sheet", text)
    (folder / "figures.csv").write_text(text, encoding="utf-8")
    card = yaml.safe_load((folder / "source.yaml").read_text(encoding="utf-8"))
    card["files"][0]["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    (folder / "source.yaml").write_text(yaml.safe_dump(card, allow_unicode=True), encoding="utf-8")
    (landed,) = land_all(project)
    return landed


def correct(project: Project, **entry: object) -> None:
    path: Path = project.raw / "sheet" / "corrections.yaml"
    path.write_text(yaml.safe_dump([ENTRY | entry], allow_unicode=True), encoding="utf-8")


def first_seen(project: Project) -> dict[str, object]:
    frame = pl.read_parquet(project.landing / "sheet.parquet")
    return dict(zip(frame["place_printed"], frame["first_seen_at"], strict=True))


def seen_earlier(project: Project) -> None:
    """Set the first sight of what has landed back by a day."""
    path = project.landing / "sheet.parquet"
    pl.read_parquet(path).with_columns(pl.col("first_seen_at").dt.offset_by("-1d")).write_parquet(path)


def test_first_sight_follows_a_figure_to_its_new_line_and_a_new_figure_has_its_own(project: Project) -> None:
    issued(project, FIRST)
    seen_earlier(project)
    before = first_seen(project)
    issued(project, SECOND)
    after = first_seen(project)
    assert {place: after[place] for place in before} == before
    assert after["杭州市"] > max(before.values())  # type: ignore[type-var]


def test_a_figure_keeps_the_ids_that_it_had_in_earlier_editions(project: Project) -> None:
    issued(project, FIRST)
    issued(project, SECOND.replace("44.3", "44.5"))
    issued(project, SECOND.replace(HEADER, HEADER + ROW.format(place="宁波市", value="969.7")))
    frame = pl.read_parquet(project.landing / "sheet.parquet")
    assert dict(zip(frame["place_printed"], frame["former_figure_ids"].to_list(), strict=True)) == {
        "宁波市": [],
        "杭州市": ["sheet:figures.csv:2:value"],
        "桐庐县": ["sheet:figures.csv:2:value", "sheet:figures.csv:3:value"],
        "建德市": ["sheet:figures.csv:3:value", "sheet:figures.csv:4:value"],
        "淳安县": ["sheet:figures.csv:4:value", "sheet:figures.csv:5:value"],
    }


def test_a_figure_with_another_value_is_seen_for_the_first_time(project: Project) -> None:
    issued(project, FIRST)
    seen_earlier(project)
    before = first_seen(project)
    issued(project, SECOND.replace("44.3", "44.5"))
    after = first_seen(project)
    assert after["建德市"] > before["建德市"]  # type: ignore[operator]
    assert after["淳安县"] == before["淳安县"]


def test_figures_that_are_the_same_in_all_but_their_place_keep_their_order(project: Project) -> None:
    twice = HEADER + ROW.format(place="桐庐县", value="46.1") * 2
    issued(project, twice)
    seen_earlier(project)
    (before,) = set(pl.read_parquet(project.landing / "sheet.parquet")["first_seen_at"])
    issued(project, twice + ROW.format(place="桐庐县", value="46.1"))
    seen = pl.read_parquet(project.landing / "sheet.parquet")["first_seen_at"].to_list()
    assert seen[:2] == [before, before]
    assert seen[2] > before


def test_a_correction_that_names_a_figure_by_what_it_is_follows_it(project: Project) -> None:
    issued(project, FIRST)
    correct(project, figure={"label": "常住人口", "place": "桐庐县", "period": "2023年"})
    (landed,) = land_all(project)
    assert [entry["figure_id"] for entry in landed.corrections] == ["sheet:figures.csv:2:value"]
    landed = issued(project, SECOND)
    assert [entry["figure_id"] for entry in landed.corrections] == ["sheet:figures.csv:3:value"]


def test_a_correction_that_names_a_line_says_where_its_figure_stands_now(project: Project) -> None:
    issued(project, FIRST)
    correct(project)
    landed = issued(project, SECOND)
    assert landed.source is None
    (problem,) = landed.problems
    assert str(problem) == (
        "raw/sheet/corrections.yaml, line 1, column entry 1: written against 461, but sheet:figures.csv:2:value is now "
        "printed as 1252.2; check whether the source has mended it, then withdraw the entry or renew its expect "
        "(figure: sheet:figures.csv:3:value)"
    )
    assert "(figure: sheet:figures.csv:3:value)" in problem.message_zh


@pytest.mark.parametrize(
    ("figure", "rule"),
    [
        ({"label": "常住人口"}, "figure_several"),
        ({"label": "常住人口", "place": "萧山区"}, "figure_absent"),
        ({"colour": "red"}, "figure_form"),
        ({}, "figure_form"),
        ("figures.csv:9:value", "figure_absent"),
    ],
)
def test_a_correction_that_means_no_figure_or_several_is_refused(project: Project, figure: object, rule: str) -> None:
    issued(project, FIRST)
    correct(project, figure=figure)
    (landed,) = land_all(project)
    assert [problem.rule for problem in landed.problems] == [rule]


def test_a_withdrawn_correction_asks_nothing_of_the_source(project: Project) -> None:
    issued(project, FIRST)
    correct(project, status="withdrawn", figure="figures.csv:9:value")
    (landed,) = land_all(project)
    assert landed.problems == []
    stamp = stamp_of(project, "sheet")
    assert stamp is not None
    assert stamp["corrections"][0]["status"] == "withdrawn"
