"""The card of a source: what it must say, and what is said back where it does not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from pipelines.problems import SourceRefused
from pipelines.sources.card import last_day, read_card
from tests.conftest import HEADER, write_source

if TYPE_CHECKING:
    from pipelines.project import Project

FIGURES = HEADER + "地区生产总值,,浙江省,2022年,,77715,亿元,\n"


def refusal(project: Project, **card: object) -> dict[str, str]:
    folder = write_source(project, "abc", FIGURES, card)
    with pytest.raises(SourceRefused) as refused:
        read_card(project, folder)
    return {problem.rule: str(problem) for problem in refused.value.problems}


def test_a_good_card_is_read_with_the_precision_of_its_date(project: Project) -> None:
    source = read_card(project, write_source(project, "abc", FIGURES, {"published_on": "2023-02"}))
    assert source.published_on == "2023-02"
    assert source.published_on_precision == "month"
    assert source.known_from == date(2023, 2, 28)


def test_without_a_date_it_counts_from_the_day_of_retrieval(project: Project) -> None:
    source = read_card(project, write_source(project, "abc", FIGURES, {"published_on": None}))
    assert source.published_on_precision == "unknown"
    assert source.known_from == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2024", date(2024, 12, 31)), ("2024-02", date(2024, 2, 29)), ("2024-12", date(2024, 12, 31)),
     ("2024-03-04", date(2024, 3, 4))],
)  # fmt: skip
def test_the_last_day_that_a_date_can_mean(text: str, day: date) -> None:
    assert last_day(text) == day


def test_a_card_without_a_licence_is_refused(project: Project) -> None:
    assert refusal(project, licence=None) == {
        "licence_missing": "raw/abc/source.yaml, column licence: licence is missing; write it"
    }


def test_a_wrong_hash_is_refused_and_both_hashes_are_shown(project: Project) -> None:
    found = refusal(project, files=[{"path": "figures.csv", "sha256": "0" * 64}])
    assert list(found) == ["sha256_differs"]
    assert "the card says 000000000000…" in found["sha256_differs"]


@pytest.mark.parametrize("path", ["../../secret.csv", "/etc/passwd", "sub/../../other/figures.csv"])
def test_a_path_that_leaves_the_folder_is_refused(project: Project, path: str) -> None:
    assert list(refusal(project, files=[{"path": path, "sha256": "0" * 64}])) == ["path_leaves_folder"]


def test_a_link_that_leaves_the_folder_is_refused(project: Project) -> None:
    outside = project.root / "outside.csv"
    outside.write_text(FIGURES, encoding="utf-8")
    folder = write_source(project, "abc", FIGURES, {"files": [{"path": "link.csv", "sha256": "0" * 64}]})
    (folder / "link.csv").symlink_to(outside)
    with pytest.raises(SourceRefused, match="leaves the source's folder"):
        read_card(project, folder)


def test_a_second_folder_with_the_same_id_is_refused_and_the_first_is_kept(project: Project) -> None:
    first = write_source(project, "abc", FIGURES)
    copy = write_source(project, "abc_copy", FIGURES, {"source_id": "abc"})
    assert read_card(project, first).source_id == "abc"
    with pytest.raises(SourceRefused, match="two sources of one id"):
        read_card(project, copy)


@pytest.mark.parametrize(
    ("card", "rule"),
    [
        ({"published_on": "March 2023"}, "published_on_date"),
        ({"published_on": "2023-13"}, "published_on_date"),
        ({"published_on": "2023", "published_on_precision": "day"}, "published_on_precision"),
        ({"retrieved_on": "soon"}, "retrieved_on_date"),
        ({"files": []}, "files_missing"),
        ({"files": [{"path": "figures.csv"}]}, "file_entry"),
        ({"files": [{"path": "gone.csv", "sha256": "0" * 64}]}, "file_missing"),
        ({"colour": "red"}, "field_unknown"),
    ],
)
def test_each_slip_of_a_card_has_its_rule(project: Project, card: dict[str, object], rule: str) -> None:
    assert list(refusal(project, **card)) == [rule]


def test_a_card_that_is_no_yaml_names_the_line(project: Project) -> None:
    folder = write_source(project, "abc", FIGURES)
    (folder / "source.yaml").write_text("source_id: abc\ntitle: [unclosed\n", encoding="utf-8")
    with pytest.raises(SourceRefused, match=r"raw/abc/source\.yaml, line 3: not valid YAML"):
        read_card(project, folder)


def test_a_card_cannot_run_code(project: Project) -> None:
    folder = write_source(project, "abc", FIGURES)
    (folder / "source.yaml").write_text("source_id: !!python/object/apply:os.getcwd []\n", encoding="utf-8")
    with pytest.raises(SourceRefused, match="not valid YAML"):
        read_card(project, folder)


def test_every_problem_of_a_card_is_told_at_once(project: Project) -> None:
    assert set(refusal(project, licence=None, title_en=None, retrieved_on="soon")) == {
        "licence_missing", "title_en_missing", "retrieved_on_date",
    }  # fmt: skip
