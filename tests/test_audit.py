"""The audit against arithmetic done by hand: tests/audit_by_hand.csv, each end of each interval as a sum to redo.

Its numbers are those of the files under raw/, half a step of the last printed digit down and up; `warehouse` says
whether a row is of the sources of `built` or of all. A relation has two rows where two of it can be reckoned.
"""

from __future__ import annotations

import ast
import csv
import operator
import shutil
from decimal import Decimal, getcontext
from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.conftest import CHECKOUT, HEADER, gongfu, write_source

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from pipelines.project import Project

getcontext().prec = 40
BY_HAND = list(csv.DictReader((CHECKOUT / "tests" / "audit_by_hand.csv").open(encoding="utf-8", newline="")))
OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
#: Intervals are kept to seven decimals, rounded outward by more than a double can err (`outward` in macros/audit.sql).
STEP = Decimal("0.0000001")
DOUBLE = Decimal("1E-13")


def reckoned(arithmetic: str) -> Decimal | None:
    """A sum written down by hand, reckoned exactly; None for an open end."""

    def value(node: ast.expr) -> Decimal:
        if isinstance(node, ast.BinOp):
            return OPERATORS[type(node.op)](value(node.left), value(node.right))
        assert isinstance(node, ast.Constant)
        return Decimal(str(node.value))

    return value(ast.parse(arithmetic, mode="eval").body) if arithmetic else None


def test_the_table_has_at_least_forty_relations() -> None:
    assert len(BY_HAND) >= 40


@pytest.mark.builds
@pytest.mark.parametrize(
    "by_hand", BY_HAND, ids=lambda row: f"{row['relation']}-{row['source_id']}-{row['ref_area']}-{row['time_period']}"
)
def test_relation_comes_out_as_by_hand(by_hand: dict[str, str], request: pytest.FixtureRequest) -> None:
    keys = {name: by_hand[name] for name in ("relation", "source_id", "ref_area", "time_period")}
    where = " and ".join(f"{name} = ${name}" for name in keys)
    warehouse = request.getfixturevalue(by_hand["warehouse"])
    project = warehouse if by_hand["warehouse"] == "whole" else warehouse[0]
    with duckdb.connect(str(project.published), read_only=True) as connection:
        found = connection.execute(
            f"select outcome, computed_low, computed_high, printed_low, printed_high from quality.audit where {where}",
            keys,
        ).fetchall()
    assert len(found) == 1, by_hand
    outcome, low, high, printed_low, printed_high = found[0]
    assert outcome == by_hand["outcome"], by_hand
    for end, name, outward in ((low, "computed_low", -1), (high, "computed_high", 1)):
        expected = reckoned(by_hand[name])
        assert (end is None) == (expected is None), (name, by_hand)
        if expected is not None and isinstance(end, Decimal):
            # at or just outside the exact end, never inside it
            assert 0 <= (end - expected) * outward <= STEP * 2 + abs(expected) * DOUBLE * 2, (name, end, expected)
    for end, name in ((printed_low, "printed_low"), (printed_high, "printed_high")):
        assert end == reckoned(by_hand[name]), (name, by_hand)


def test_the_outcome_follows_from_the_two_intervals() -> None:
    """The table itself is sound: intervals that meet pass, others do not."""
    for row in BY_HAND:
        if row["relation"] == "poor_reviews_recheck":
            continue  # its ends are the nearest rates that can be had
        low, high = reckoned(row["computed_low"]), reckoned(row["computed_high"])
        printed_low, printed_high = reckoned(row["printed_low"]), reckoned(row["printed_high"])
        meet = (low is None or printed_high is None or low <= printed_high) and (
            high is None or printed_low is None or high >= printed_low
        )
        assert meet == (row["outcome"] == "pass"), row


def test_only_the_known_disagreements_fail(query: Callable[[str], list[tuple[object, ...]]]) -> None:
    failing = query("select relation, source_id from quality.audit where outcome = 'fail' order by 1")
    assert failing == [
        ("disabled_not_employed", "zj_first_batch_practices"),
        ("poor_reviews_recheck", "zj_first_batch_practices"),
        ("rural_income_average_growth", "zj_first_batch_practices"),
        ("same_figure", "xinhua_zj_digital_plan_2025"),
    ]


def test_no_figure_is_held_against_a_vintage_of_another_time(query: Callable[[str], list[tuple[object, ...]]]) -> None:
    """GDP 2023 was 82 553亿 first and 85 619.6亿 later: its industries of the time agree with what it was then."""
    warned = query(
        "select source_id, time_period from quality.audit where outcome = 'warn' and relation = 'gdp_industries'"
    )
    assert warned == []
    found = query(
        "select distinct outcome, vintage, finding_en like '%agrees with an earlier vintage, 8,255.3 billion%', "
        "finding_zh like '%与此前公布的版本%相符%' from quality.audit where relation = 'gdp_industries' "
        "and ref_area = '330000' and time_period = '2023' and source_id = 'grp_export_2026_03'"
    )
    assert found == [("pass", "earlier_print", True, True)]


def test_an_undated_print_agrees_if_one_vintage_fits(query: Callable[[str], list[tuple[object, ...]]]) -> None:
    """52.5 % of 2023 bears no date: 4.33万亿 are 52.45 % of the first 82 553亿 and 50.6 % of the revised."""
    assert query(
        "select outcome, vintage, finding_en like '%agrees with an earlier vintage of the terms%' from quality.audit "
        "where relation = 'ratio_digital_economy_share_of_gdp' and ref_area = '330000' and time_period = '2023' "
        "and printed_low = 52.45"
    ) == [("pass", "earlier_terms", True)]


def test_a_count_is_not_negative_so_a_bound_can_contradict(query: Callable[[str], list[tuple[object, ...]]]) -> None:
    """140万 of 近700万 are at least 1 395 000 / 7 000 000 = 19.93 %: the 17.4 % printed for 2012 cannot be."""
    assert query(
        "select outcome, round(computed_low, 4)::double, computed_high from quality.audit "
        "where relation = 'ratio_high_skilled_share_of_skilled' and time_period = '2012'"
    ) == [("warn", 19.9286, None)]


def test_what_cannot_be_evaluated_names_the_missing_term(
    query: Callable[[str], list[tuple[object, ...]]],
) -> None:
    ((finding,),) = query(
        "select finding_en from quality.audit where relation = 'vocational_training_completion' "
        "and source_id = 'zj_first_batch_practices'"
    )
    assert "cannot be evaluated, missing: vocational_training 330000 2022" in str(finding)


def test_every_outcome_has_its_sentence_in_both_languages(
    query: Callable[[str], list[tuple[object, ...]]],
) -> None:
    assert query("select count(*) from quality.audit where finding_zh is null or finding_en is null") == [(0,)]


def test_the_command_prints_the_disagreements_with_their_arithmetic(
    built: tuple[Project, subprocess.CompletedProcess[str]],
) -> None:
    done = gongfu(built[0], "audit")
    assert done.returncode == 0, done.stderr
    assert "51.4万名 − 32.5万人" in done.stdout
    assert "672" in done.stdout
    assert "43% ↔ 46.8%" in done.stdout
    assert "4 fail" in done.stdout
    one = gongfu(built[0], "audit", "--kind", "count_ratio", "--language", "en")
    assert "No whole number of 672" in one.stdout
    assert "51.4" not in one.stdout


def test_a_source_whose_parts_miss_their_total_is_held_back_until_it_is_acknowledged(
    begun: Callable[[Path], Project], tmp_path: Path
) -> None:
    project = begun(tmp_path)
    rows = HEADER + (
        "地区生产总值,,浙江省,2030年,,{total},亿元,\n"
        "地区生产总值,第一产业,浙江省,2030年,,10,亿元,\n"
        "地区生产总值,第二产业,浙江省,2030年,,20,亿元,\n"
        "地区生产总值,第三产业,浙江省,2030年,,30,亿元,\n"
    )
    folder = write_source(project, "a_bulletin", rows.format(total=61))
    assert gongfu(project, "build").returncode == 0  # 9.5 to 10.5 and so on: 58.5 to 61.5 meets 60.5 to 61.5
    shutil.rmtree(folder)
    write_source(project, "a_bulletin", rows.format(total=63))
    held_back = gongfu(project, "build")
    assert held_back.returncode == 6
    assert "makes 5.85 billion to 6.15 billion" in held_back.stderr
    page = (project.quality_report / "summary.html").read_text(encoding="utf-8")
    assert "a_bulletin" in page
    with duckdb.connect(str(project.published), read_only=True) as connection:
        assert connection.execute("select obs_value / 1e8 from facts.observations where breakdown = ''").fetchone() == (
            61,
        )  # the last good warehouse
    with (project.dbt / "seeds" / "audit" / "audit_acknowledged.csv").open("a", encoding="utf-8") as file:
        file.write("gdp_industries,a_bulletin,330000,2030,gdp,原文如此,so printed,a tester,2026-11-23\n")
    done = gongfu(project, "build")
    assert done.returncode == 0, done.stderr
    assert "so printed" in gongfu(project, "audit").stdout
    assert "may be published" in (project.quality_report / "summary.html").read_text(encoding="utf-8")
