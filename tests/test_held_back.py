"""What is wrong with one source costs nothing but its own news: it is held back alone, its last good version stays.

On the real sources: seven of them are spoiled, each in another way, one has news, and one is new and wrong.
"""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

import duckdb
import pytest
import yaml

from pipelines.project import Project
from tests.conftest import CHECKOUT, HEADER, gongfu, write_source

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

Figures = dict[str, list[tuple[object, ...]]]
Slipped = tuple[Project, "subprocess.CompletedProcess[str]", Figures]

#: Started with the interpreter, this makes one reader break down over one source, whatever the file holds.
BREAKS_DOWN = """
import sys
sys.path.insert(0, {checkout!r})
from pipelines.readers.shapes import figures_table
whole = figures_table.read
def read(project, source, path):
    return [][1] if source.source_id == 'nbs_income_2021' else whole(project, source, path)
figures_table.read = read
"""


def rewritten(folder: Path, change: Callable[[str], str]) -> None:
    """Another version of a source's file, with its hash in the card."""
    figures, card = folder / "figures.csv", folder / "source.yaml"
    before = hashlib.sha256(figures.read_bytes()).hexdigest()
    text = change(figures.read_text(encoding="utf-8"))
    assert text != figures.read_text(encoding="utf-8")
    figures.write_text(text, encoding="utf-8")
    after = hashlib.sha256(figures.read_bytes()).hexdigest()
    card.write_text(card.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")


def corrected(folder: Path, **fields: str) -> None:
    entry = {"figure": "figures.csv:2:value", "action": "flag", "reason": "x", "who": "x", "date": "2026-11-23"}
    entry |= {"status": "open"} | fields
    (folder / "corrections.yaml").write_text(yaml.safe_dump([entry]), encoding="utf-8")


def with_a_wrong_hash(folder: Path) -> None:
    with (folder / "figures.csv").open("a", encoding="utf-8") as file:
        file.write("\n")


def with_a_typo_in_the_card(folder: Path) -> None:
    with (folder / "source.yaml").open("a", encoding="utf-8") as file:
        file.write("\nstage: preliminery\n")


#: By source: what is done to it, and the rule that holds it back.
SLIPS: dict[str, tuple[Callable[[Path], object], str]] = {
    "zj_income_2018": (with_a_wrong_hash, "sha256_differs"),
    "zj_income_2021": (with_a_typo_in_the_card, "stage_unknown"),
    "zj_bulletin_2022": (lambda folder: corrected(folder, action="guess", expect="77715"), "action_unknown"),
    "nbs_income_2019": (lambda folder: corrected(folder, expect="30 733"), "expectation"),
    # 6627万 residents become 662 700万, more than the catalogue takes for possible
    "zj_bulletin_2023": (
        lambda folder: rewritten(folder, lambda text: text.replace(",6627,", ",662700,")),
        "check_failed",
    ),
    # men and women are printed as 3481 + 3189 = 6670; now as 3481 + 3089
    "zj_bulletin_2024": (
        lambda folder: rewritten(folder, lambda text: text.replace(",3189,", ",3089,")),
        "check_failed",
    ),
    "nbs_income_2022": (lambda folder: (folder / "annex.csv").symlink_to("/dev/zero"), "link_in_folder"),
    "nbs_income_2021": (lambda folder: (folder / "remark.txt").write_text("x", encoding="utf-8"), "reader_crashed"),
}

pytestmark = pytest.mark.builds


@pytest.fixture(scope="module")
def slipped(built: tuple[Project, object], tmp_path_factory: pytest.TempPathFactory) -> Slipped:
    """The real project, published whole before, with its slips, built again."""
    root = tmp_path_factory.mktemp("slipped") / "project"
    shutil.copytree(built[0].root, root)
    project = Project(root)
    before = figures_by_source(project)
    shutil.rmtree(project.landing)  # the last good version lies in the published file, not in the store of readings
    for source_id, (spoil, _) in SLIPS.items():
        spoil(project.raw / source_id)
    with_a_wrong_hash(write_source(project, "new_and_wrong", HEADER + "常住人口,年末,桐庐县,2023年,,46.1,万人,\n"))
    write_source(project, "news", HEADER + "常住人口,年末,建德市,2023年,,44.3,万人,\n")
    started = root / "started"
    started.mkdir()
    (started / "sitecustomize.py").write_text(BREAKS_DOWN.format(checkout=str(CHECKOUT)), encoding="utf-8")
    return project, gongfu(project, "build", PYTHONPATH=str(started)), before


def figures_by_source(project: Project) -> Figures:
    with duckdb.connect(str(project.published), read_only=True) as connection:
        rows = connection.execute(
            "select source_id, figure_id, obs_value, obs_value_low, first_seen_at::varchar "
            "from facts.observations order by all"
        ).fetchall()
    found: Figures = {}
    for source_id, *figure in rows:
        found.setdefault(source_id, []).append(tuple(figure))
    return found


def test_everything_else_is_published_and_the_exit_code_says_that_sources_are_held_back(slipped: Slipped) -> None:
    project, done, before = slipped
    assert done.returncode == 6, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    after = figures_by_source(project)
    assert after.keys() == before.keys() | {"news"}
    assert {source_id: after[source_id] for source_id in before} == before


@pytest.mark.parametrize("source_id", SLIPS)
def test_a_source_that_is_held_back_keeps_its_last_good_version(source_id: str, slipped: Slipped) -> None:
    project, done, _ = slipped
    assert f"  {source_id} (its last good version stays): raw/{source_id}/" in done.stderr
    with duckdb.connect(str(project.published), read_only=True) as connection:
        found = connection.execute(
            "select distinct rule, last_good_version_is_used from quality.held_back where source_id = ?", [source_id]
        ).fetchall()
    assert found == [(SLIPS[source_id][1], True)]


def test_a_source_without_a_good_past_is_left_out_by_name(slipped: Slipped) -> None:
    _, done, _ = slipped
    assert "new_and_wrong (left out: it has no good version yet): raw/new_and_wrong/source.yaml" in done.stderr


def test_status_and_page_name_each_of_them(slipped: Slipped) -> None:
    project, _, _ = slipped
    status = gongfu(project, "status").stdout
    page = (project.quality_report / "summary.html").read_text(encoding="utf-8")
    for source_id in [*SLIPS, "new_and_wrong"]:
        assert f"HELD BACK  {source_id} (" in status
        assert f"<b>{source_id}</b>（" in page


def test_the_check_in_dagster_names_them_too(slipped: Slipped, monkeypatch: pytest.MonkeyPatch) -> None:
    from dagster import DagsterEventType, DagsterInstance, EventRecordsFilter

    project, _, _ = slipped
    monkeypatch.setenv("DAGSTER_HOME", str(project.dagster_home))  # where dagster.yaml looks for the history
    with DagsterInstance.from_config(str(project.dagster_home)) as instance:
        wanted = EventRecordsFilter(event_type=DagsterEventType.ASSET_CHECK_EVALUATION)
        told = [
            record.event_log_entry.dagster_event.event_specific_data
            for record in instance.get_event_records(wanted, limit=1000)
            if record.event_log_entry.dagster_event
        ]
    latest = next(check for check in told if check.check_name == "no_source_is_held_back")
    assert not latest.passed
    assert latest.metadata["held back"].value == len(SLIPS) + 1
    assert all(source_id in latest.metadata["reasons"].value for source_id in SLIPS)


def test_put_right_nothing_is_held_back_and_every_figure_is_what_it_was(slipped: Slipped) -> None:
    project, _, before = slipped
    for source_id in SLIPS:
        shutil.rmtree(project.raw / source_id)
        shutil.copytree(CHECKOUT / "raw" / source_id, project.raw / source_id)
    shutil.rmtree(project.raw / "new_and_wrong")
    done = gongfu(project, "build")
    assert done.returncode == 0, done.stdout + done.stderr
    after = figures_by_source(project)
    assert {source_id: after[source_id] for source_id in before} == before
