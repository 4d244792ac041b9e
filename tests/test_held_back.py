"""What is wrong with one source costs nothing but its own news: it is held back alone, its last good version stays."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb
import pytest
import yaml

from pipelines.problems import BuildStopped
from pipelines.receiving import holding
from pipelines.receiving.good_past import good_past
from pipelines.receiving.landing import land_all
from pipelines.rules import broken
from tests.conftest import HEADER, copy_of_project, gongfu, write_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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


def rewritten(folder: Path, change: Callable[[str], str]) -> None:
    """Another version of a source's file, with its hash in the card."""
    figures = folder / "figures.csv"
    figures.write_text(change(figures.read_text(encoding="utf-8")), encoding="utf-8")
    card = folder / "source.yaml"
    fields = yaml.safe_load(card.read_text(encoding="utf-8"))
    fields["files"][0]["sha256"] = hashlib.sha256(figures.read_bytes()).hexdigest()
    card.write_text(yaml.safe_dump(fields, allow_unicode=True), encoding="utf-8")


def wrong_hash(folder: Path) -> None:
    with (folder / "figures.csv").open("a", encoding="utf-8") as file:
        file.write("\n")


def typo_in_the_card(folder: Path) -> None:
    with (folder / "source.yaml").open("a", encoding="utf-8") as file:
        file.write("\nstage: preliminery\n")


def corrected(folder: Path, **fields: str) -> None:
    entry = {"figure": "figures.csv:2:value", "action": "flag", "expect": "82553", "reason": "x", "who": "x"}
    entry |= {"date": "2026-11-23", "status": "open"} | fields
    (folder / "corrections.yaml").write_text(yaml.safe_dump([entry]), encoding="utf-8")


def bad_ledger(folder: Path) -> None:
    corrected(folder, action="guess")


def outdated_correction(folder: Path) -> None:
    corrected(folder, expect="1")


def implausible_value(folder: Path) -> None:
    rewritten(folder, lambda text: text.replace(",6627,", ",662700,"))


def own_arithmetic(folder: Path) -> None:
    """Men and women are printed as 3459 + 3168 = 6627; now as 3459 + 3068."""
    rewritten(folder, lambda text: text.replace(",3168,", ",3068,"))


def link_instead_of_a_file(folder: Path) -> None:
    (folder / "annex.csv").symlink_to("/dev/zero")


SLIPS = {
    # what is done to the source, and the rule that holds it back
    wrong_hash: "sha256_differs",
    typo_in_the_card: "stage_unknown",
    bad_ledger: "action_unknown",
    outdated_correction: "expectation",
    implausible_value: "check_failed",
    own_arithmetic: "check_failed",
    link_instead_of_a_file: "link_in_folder",
}


@pytest.fixture(scope="module")
def slipped(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Project, subprocess.CompletedProcess[str], dict[str, list[tuple[object, ...]]]]:
    """Published once whole; then a slip in each of several sources, news in one, and a first version that is wrong."""
    project = copy_of_project(tmp_path_factory.mktemp("slipped"), sources=["zj_bulletin_2023"])
    for slip in SLIPS:
        shutil.copytree(project.raw / "zj_bulletin_2023", project.raw / slip.__name__)
        card = project.raw / slip.__name__ / "source.yaml"
        text = card.read_text(encoding="utf-8").replace("source_id: zj_bulletin_2023", f"source_id: {slip.__name__}")
        card.write_text("\n".join(line for line in text.splitlines() if not line.startswith("formerly")), "utf-8")
    first = gongfu(project, "build")
    assert first.returncode == 0, first.stdout + first.stderr
    before = figures_by_source(project)
    shutil.rmtree(project.landing)  # the last good version lies in the published file, not in the store of readings
    for slip in SLIPS:
        slip(project.raw / slip.__name__)
    wrong_hash(write_source(project, "new_and_wrong", HEADER + "常住人口,年末,桐庐县,2023年,,46.1,万人,\n"))
    write_source(project, "news", HEADER + "常住人口,年末,建德市,2023年,,44.3,万人,\n")
    return project, gongfu(project, "build"), before


def figures_by_source(project: Project) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(project.published), read_only=True) as connection:
        rows = connection.execute(
            "select source_id, figure_id, obs_value, obs_value_low, first_seen_at::varchar "
            "from facts.observations order by all"
        ).fetchall()
    found: dict[str, list[tuple[object, ...]]] = {}
    for source_id, *figure in rows:
        found.setdefault(source_id, []).append(tuple(figure))
    return found


Slipped = tuple["Project", "subprocess.CompletedProcess[str]", dict[str, list[tuple[object, ...]]]]


def test_everything_else_is_published_and_the_exit_code_says_that_sources_are_held_back(slipped: Slipped) -> None:
    project, done, _ = slipped
    assert done.returncode == 6, done.stdout + done.stderr
    assert "news" in figures_by_source(project)
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("slip", [slip.__name__ for slip in SLIPS])
def test_a_source_that_is_held_back_keeps_the_figures_that_were_published(slip: str, slipped: Slipped) -> None:
    project, _, before = slipped
    assert before[slip]
    assert figures_by_source(project)[slip] == before[slip]


def test_a_source_without_a_good_past_is_left_out_by_name(slipped: Slipped) -> None:
    project, done, _ = slipped
    assert "new_and_wrong" not in figures_by_source(project)
    assert "new_and_wrong (left out: it has no good version yet): raw/new_and_wrong/source.yaml" in done.stderr


def test_command_status_table_and_page_name_each_of_them_with_its_reason(slipped: Slipped) -> None:
    project, done, _ = slipped
    status = gongfu(project, "status").stdout
    page = (project.quality_report / "summary.html").read_text(encoding="utf-8")
    with duckdb.connect(str(project.published), read_only=True) as connection:
        rules = dict(connection.execute("select source_id, max(rule) from quality.held_back group by 1").fetchall())
    assert rules == {slip.__name__: rule for slip, rule in SLIPS.items()} | {"new_and_wrong": "sha256_differs"}
    for source_id in rules:
        assert f"HELD BACK  {source_id} (" in status
        assert f"  {source_id} (" in done.stderr
        assert f"<b>{source_id}</b>" in page


def test_the_check_in_dagster_says_so_too(slipped: Slipped) -> None:
    from dagster import DagsterEventType, DagsterInstance, EventRecordsFilter

    project, _, _ = slipped
    with DagsterInstance.from_config(str(project.dagster_home)) as instance:
        wanted = EventRecordsFilter(event_type=DagsterEventType.ASSET_CHECK_EVALUATION)
        told = [
            record.event_log_entry.dagster_event.event_specific_data
            for record in instance.get_event_records(wanted, limit=500)
            if record.event_log_entry.dagster_event
        ]
    latest = next(check for check in told if check.check_name == "no_source_is_held_back")
    assert not latest.passed
    assert latest.metadata["held back"].value == len(SLIPS) + 1
    assert all(slip.__name__ in latest.metadata["reasons"].value for slip in SLIPS)


def test_put_right_it_is_read_again_and_nothing_is_held_back(slipped: Slipped) -> None:
    project, _, before = slipped
    for slip in SLIPS:
        shutil.rmtree(project.raw / slip.__name__)
        shutil.copytree(project.raw / "zj_bulletin_2023", project.raw / slip.__name__)
        card = project.raw / slip.__name__ / "source.yaml"
        text = card.read_text(encoding="utf-8").replace("source_id: zj_bulletin_2023", f"source_id: {slip.__name__}")
        card.write_text("\n".join(line for line in text.splitlines() if not line.startswith("formerly")), "utf-8")
    shutil.rmtree(project.raw / "new_and_wrong")
    done = gongfu(project, "build")
    assert done.returncode == 0, done.stdout + done.stderr
    after = figures_by_source(project)
    assert {name: after[name] for name in before} == before


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
