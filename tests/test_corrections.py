"""What a source prints wrongly is corrected in the open, and the raw file stays as it is."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
import yaml

from pipelines.problems import SourceRefused
from pipelines.sources.ledger import read_ledger
from tests.conftest import HEADER, gongfu, write_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipelines.project import Project

POPULATIONS = {"桐庐县": "461", "建德市": "4.43", "淳安县": "32.6", "杭州市": "1252.2", "宁波市": "9697"}
FIGURES = HEADER + "".join(f"常住人口,年末,{place},2023年,,{value},万人,\n" for place, value in POPULATIONS.items())
ENTRY = {
    "figure": "figures.csv:2:value",
    "action": "override",
    "value": "46.1",
    "expect": "461",
    "reason": "小数点漏印",
    "who": "测试",
    "date": "2026-11-23",
    "status": "confirmed",
}


def write_ledger(folder: Path, *entries: dict[str, str | None]) -> None:
    whole = [{name: value for name, value in (ENTRY | entry).items() if value is not None} for entry in entries]
    (folder / "corrections.yaml").write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")


@pytest.fixture(scope="module")
def corrected(begun: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Path]:
    """A source with an entry of each kind, built."""
    project = begun(tmp_path_factory.mktemp("corrections"))
    folder = write_source(project, "errs", FIGURES)
    write_ledger(
        folder,
        {},
        {"figure": "errs:figures.csv:3:value", "action": "scale", "value": None, "factor": "10", "expect": "4.43"},
        {"figure": "figures.csv:4:value", "action": "drop", "value": None, "expect": "32.6", "status": "open"},
        {"figure": "figures.csv:5:value", "action": "flag", "value": None, "expect": "1252.2"},
        {"figure": "figures.csv:6:value", "value": "969.7", "expect": "9697", "status": "withdrawn"},
    )
    done = gongfu(project, "build")
    assert done.returncode == 0, done.stdout + done.stderr
    return project, folder


def rows(project: Project, query: str) -> list[str]:
    return gongfu(project, "sql", "--csv", query).stdout.splitlines()[1:]


@pytest.mark.builds
def test_each_action_does_what_it_says(corrected: tuple[Project, Path]) -> None:
    query = (
        "select figure_id, obs_value, obs_value_low, obs_value_high, obs_status from facts.observations order by all"
    )
    # 46.1万 ± 500; 4.43万 × 10 is 443 000 ± 50 × 10; 1252.2万 ± 500; 9697万 ± 5 000
    assert rows(corrected[0], query) == [
        "errs:figures.csv:2:value,461000,460500,461500,I",
        "errs:figures.csv:3:value,443000,442500,443500,I",
        "errs:figures.csv:5:value,12522000,12521500,12522500,U",
        "errs:figures.csv:6:value,96970000,96965000,96975000,A",
    ]


@pytest.mark.builds
def test_a_dropped_figure_is_seen_in_the_quarantine(corrected: tuple[Project, Path]) -> None:
    query = "select figure_id, rule, printed_value, message_en from quality.quarantine"
    assert rows(corrected[0], query) == [
        'errs:figures.csv:4:value,corrected_drop,32.6,"dropped by raw/errs/corrections.yaml, entry 3: 小数点漏印"'
    ]


@pytest.mark.builds
def test_the_ledger_is_a_table_and_trace_shows_it(corrected: tuple[Project, Path]) -> None:
    query = "select entry, action, status from reference.corrections order by entry"
    assert rows(corrected[0], query) == [
        "1,override,confirmed", "2,scale,confirmed", "3,drop,open", "4,flag,confirmed", "5,override,withdrawn",
    ]  # fmt: skip
    screen = gongfu(corrected[0], "trace", "errs:figures.csv:2:value").stdout
    assert "461 × 10^4 = 461000 person (after the correction)" in screen
    assert "override 46.1 (confirmed): 小数点漏印 (测试, 2026-11-23; raw/errs/corrections.yaml, entry 1)" in screen
    dropped = gongfu(corrected[0], "trace", "errs:figures.csv:4:value")
    assert dropped.returncode == 0, dropped.stderr
    assert "not taken: corrected_drop" in dropped.stdout


@pytest.mark.builds
def test_a_source_that_prints_another_value_now_is_held_back_until_the_entry_is_renewed(
    corrected: tuple[Project, Path],
) -> None:
    project, folder = corrected
    query = "select figure_id, obs_value from facts.observations order by all"
    before = rows(project, query)
    figures = folder / "figures.csv"
    figures.write_text(figures.read_text(encoding="utf-8").replace(",461,", ",46.1,"), encoding="utf-8")
    card = yaml.safe_load((folder / "source.yaml").read_text(encoding="utf-8"))
    card["files"][0]["sha256"] = hashlib.sha256(figures.read_bytes()).hexdigest()
    (folder / "source.yaml").write_text(yaml.safe_dump(card, allow_unicode=True), encoding="utf-8")
    for _ in range(2):  # a build that finds nothing changed says it again
        done = gongfu(project, "build")
        assert done.returncode == 6
        assert (
            "errs (its last good version stays): raw/errs/corrections.yaml, line 1, column entry 1: written against "
            "461, but errs:figures.csv:2:value is now printed as 46.1; check"
        ) in done.stderr
        assert "withdraw the entry or renew its expect" in done.stderr
    assert rows(project, query) == before


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ({"reason": None}, "reason_missing"),
        ({"expect": None}, "expect_missing"),
        ({"action": "guess"}, "action_unknown"),
        ({"value": None}, "value_missing"),
        ({"value": "many"}, "value"),
        ({"action": "scale", "value": None}, "factor_missing"),
        ({"action": "scale", "value": None, "factor": "0"}, "factor"),
        ({"action": "scale", "value": None, "factor": "1e-9"}, "factor"),
        ({"action": "drop"}, "action_field"),
        ({"status": "maybe"}, "status_unknown"),
        ({"date": "23.11.2026"}, "date"),
        ({"colour": "red"}, "field_unknown"),
    ],
)
def test_an_entry_that_says_too_little_is_refused(project: Project, entry: dict[str, str | None], rule: str) -> None:
    folder = write_source(project, "errs", FIGURES)
    write_ledger(folder, entry)
    with pytest.raises(SourceRefused) as refused:
        read_ledger(project, "errs", folder)
    assert [problem.rule for problem in refused.value.problems] == [rule]
    assert "entry 1" in str(refused.value)


@pytest.mark.parametrize("text", ["", "figure: x", "- [", "[" * 5000, "- figure", "- {a: [b]}"])
def test_a_ledger_of_another_form_is_refused(project: Project, text: str) -> None:
    folder = write_source(project, "errs", FIGURES)
    (folder / "corrections.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SourceRefused):
        read_ledger(project, "errs", folder)


def test_two_entries_about_one_figure_are_refused_unless_one_is_withdrawn(project: Project) -> None:
    folder = write_source(project, "errs", FIGURES)
    write_ledger(folder, {}, {"value": "46.2"})
    with pytest.raises(SourceRefused, match="withdraw one of them"):
        read_ledger(project, "errs", folder)
    write_ledger(folder, {"status": "withdrawn"}, {"value": "46.2"})
    assert [each.correction.status for each in read_ledger(project, "errs", folder)] == ["withdrawn", "confirmed"]
