"""A bulletin dropped into raw/ becomes printed figures with their characters; doubts wait until somebody decides."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import yaml
from click.testing import CliRunner

from pipelines.commands.review import review
from pipelines.project import Project
from pipelines.receiving.landing import Landed, land_all
from tests.conftest import gongfu

PRINTED = ["label", "breakdown_printed", "place_printed", "period_printed", "value_printed", "unit_printed"]
BULLETIN = (
    "2023年云和县国民经济和社会发展统计公报\n云和县统计局\n一、综合\n"
    "2023年全县生产总值112.5亿元，比上年下降5.6%。年末常住人口12.8万人。\n"
    "二、民生\n城镇居民人均可支配收入58235元，增长5.1%。分别为23323395346268亿元。\n"
    "达到95.6%。全市完成投资3亿元。\n"
)


def project_with(root: Path, text: str, **card: object) -> Project:
    """A project with one bulletin, as people would drop it in."""
    folder = root / "raw" / "yunhe_2023"
    folder.mkdir(parents=True)
    (folder / "document.txt").write_bytes(text.encode())
    fields: dict[str, object] = {
        "source_id": "yunhe_2023", "title": "2023年云和县统计公报", "title_en": "Yunhe 2023",
        "publisher": "云和县统计局", "publisher_en": "Yunhe Bureau of Statistics",
        "published_on": "2024-03", "retrieved_on": "2026-11-25", "licence": "written for a test", "reader": "bulletin",
        "files": [{"path": "document.txt", "sha256": hashlib.sha256(text.encode()).hexdigest()}],
    }  # fmt: skip
    (folder / "source.yaml").write_text(yaml.safe_dump(fields | card, allow_unicode=True), encoding="utf-8")
    return Project(root)


def characters(printed: str) -> str:
    """The locator of a print that stands once in the bulletin."""
    start = BULLETIN.index(printed)
    return f"char:{start}-{start + len(printed)}"


def landed(project: Project) -> tuple[Landed, pl.DataFrame]:
    (source,) = land_all(project, again=True)
    return source, pl.read_parquet(project.landing / "yunhe_2023.parquet")


def test_figures_land_with_the_crosswalks_labels_and_the_characters_of_their_digits(tmp_path: Path) -> None:
    _source, figures = landed(project_with(tmp_path, BULLETIN))
    rows = figures.select(PRINTED).rows()
    assert rows == [
        ("地区生产总值", "", "云和县", "2023年", "112.5", "亿元"),
        ("地区生产总值增长", "", "云和县", "2023年", "-5.6", "%"),
        ("年末常住人口", "", "云和县", "2023年末", "12.8", "万人"),
        ("居民人均可支配收入", "城镇居民", "云和县", "2023年", "58235", "元"),
        ("居民人均可支配收入增长", "城镇居民", "云和县", "2023年", "5.1", "%"),
    ]
    spans = figures.select("char_start", "char_end").rows()
    assert [BULLETIN[start:end] for start, end in spans] == ["112.5", "5.6", "12.8", "58235", "5.1"]


def test_what_is_refused_and_what_is_doubtful_is_told_with_its_characters(tmp_path: Path) -> None:
    source, _figures = landed(project_with(tmp_path, BULLETIN))
    assert [(problem.rule, problem.column, problem.value) for problem in source.problems] == [
        ("lost_separators", characters("23323395346268亿元"), "23323395346268亿元"),
        ("for_review", characters("95.6"), "95.6"),
        ("present", "place", ""),
    ]
    assert all(problem.message_zh and problem.line for problem in source.problems)


def test_every_number_of_the_text_is_accounted_for(tmp_path: Path) -> None:
    source, figures = landed(project_with(tmp_path, BULLETIN))
    assert {row["reason"]: row["numbers"] for row in source.numbers} == {
        "figures": len(figures), "refused": len(source.problems), "no_figure": BULLETIN.count("2023年"),
    }  # fmt: skip


def test_the_page_of_the_document_is_kept_beside_the_landing(tmp_path: Path) -> None:
    project = project_with(tmp_path, BULLETIN)
    landed(project)
    page = project.warehouse / "readings" / "yunhe_2023" / "document.txt.html"
    assert "112.5亿元</mark>" in page.read_text(encoding="utf-8")


def test_the_card_sets_the_threshold_of_review(tmp_path: Path) -> None:
    source, figures = landed(project_with(tmp_path, BULLETIN, layout={"review_below": 0.99}))
    assert len(figures) == 0
    assert sum(problem.rule == "for_review" for problem in source.problems) == 7


@pytest.mark.parametrize("layout", [{"review_below": 2}, {"review_below": "high"}, {"table": 1}])
def test_a_layout_that_is_no_threshold_is_refused(tmp_path: Path, layout: dict[str, object]) -> None:
    (source,) = land_all(project_with(tmp_path, BULLETIN, layout=layout), again=True)
    assert [problem.rule for problem in source.problems] == ["layout"]


@pytest.mark.parametrize(
    ("decision", "action", "more"),
    [("accept", "accept", ()), ("reject", "drop", ()), ("mend", "override", ("--value", "96.5"))],
)
def test_a_decision_is_written_into_the_ledger_and_the_figure_lands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, decision: str, action: str, more: tuple[str, ...]
) -> None:
    project = project_with(tmp_path, BULLETIN)
    landed(project)
    monkeypatch.setenv("GONGFU_ROOT", str(tmp_path))
    name = f"yunhe_2023:{characters('95.6')}"
    assert name in CliRunner().invoke(review).stdout
    done = CliRunner().invoke(review, [decision, name, "--reason", "对照原件", "--who", "王某", *more])
    assert done.exit_code == 0, done.output
    source, figures = landed(project)
    assert [(entry["action"], entry["figure_id"], entry["expect"]) for entry in source.corrections] == [
        (action, name, "95.6")
    ]
    assert name in figures.get_column("figure_id").to_list()
    assert "0 waiting" in CliRunner().invoke(review).stdout


def test_a_decision_needs_who_and_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    landed(project_with(tmp_path, BULLETIN))
    monkeypatch.setenv("GONGFU_ROOT", str(tmp_path))
    done = CliRunner().invoke(review, ["accept", f"yunhe_2023:{characters('95.6')}"])
    assert "needs FIGURE, --reason and --who" in str(done.exception)


@pytest.mark.builds
def test_prose_is_followed_from_its_characters_to_the_facts(begun: Callable[[Path], Project], tmp_path: Path) -> None:
    whole = begun(tmp_path)
    project_with(tmp_path, BULLETIN)
    done = gongfu(whole, "build")
    assert done.returncode == 0, done.stdout + done.stderr
    trace = gongfu(whole, "trace", f"yunhe_2023:{characters('112.5')}").stdout
    assert "11250000000 yuan, [11245000000, 11255000000)" in trace
    assert "2023年全县生产总值【112.5亿元】，比上年下降5.6%。" in trace
    found = gongfu(
        whole, "sql", "--csv",
        "select indicator, ref_area, obs_value from facts.observations where indicator = 'gdp_growth'",
    )  # fmt: skip
    assert found.stdout.splitlines()[1].startswith("gdp_growth,331125,-5.6")
