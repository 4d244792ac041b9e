"""What cannot be right in a rule is one line with its place; what the text leaves open is said, not filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.records.documents import Unreadable
from pipelines.records.rules.check import load
from tests.conftest import CHECKOUT
from tests.records.laboratory import SHIPPED

if TYPE_CHECKING:
    from pathlib import Path

HUANGYAN = (SHIPPED / "huangyan_2022.yaml").read_text(encoding="utf-8")
MORE_WORDS = (CHECKOUT / "tests" / "records" / "rules" / "more_words.yaml").read_text(encoding="utf-8")
WENLING = (SHIPPED / "wenling_zones_2022.yaml").read_text(encoding="utf-8")


def said(tmp_path: Path, text: str) -> list[str]:
    """What is wrong, as `line: message`."""
    path = tmp_path / "rule.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        faults = load(path).faults
    except Unreadable as error:
        faults = error.faults
    return [f"{fault.line}: {fault.message}" for fault in faults]


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


@pytest.mark.parametrize("name", ["huangyan_2022", "wenling_zones_2022", "demonstration_2022"])
def test_the_shipped_rules_have_no_fault(name: str) -> None:
    assert load(SHIPPED / f"{name}.yaml").faults == []


def test_what_huangyan_leaves_unsaid_is_said() -> None:
    notes = " ".join(note.message for note in load(SHIPPED / "huangyan_2022.yaml").notes)
    assert "schemes.below.indicators.tax_per_mu.base" in notes
    assert "schemes.above.grades.by" in notes
    assert "precedence" not in notes  # it has nothing that could compete


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        ("weight: 30", "weight: 31", "weights add up to 101, not to 100"),
        ("labour_productivity:", "labour_prod:", 'unknown indicator "labour_prod"'),
        ("base: 136.16", "base: about 136", "valid decimal (it says about 136)"),
        ("base: 136.16", "base: 0", "a base of 0 divides nothing"),
        ("base: 136.16", "base: NaN", "finite number (it says NaN)"),
        ("value_added_per_mu: {weight: 20, base: 136.16,", "value_added_per_mu: {weight: 20,", "points: ratio needs `base`"),  # noqa: E501
        ("weight: 30,", "weight: 30, wieght: 3,", "is not a word of the rule language"),
        ("equals: above", "equals: \"above' or 1=1 --\"", "match pattern"),
        ("fact: firm.scale, equals: above", "fact: firm.firm_id, equals: SYN1", "never for one by its name"),
        ("fact: firm.scale, equals: above", "flag: friend_of_mine", 'unknown flag "friend_of_mine"'),
        ("years: [2022]", "years: [twenty]", "valid integer"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(tmp_path: Path, was: str, becomes: str, message: str) -> None:
    line = line_of(HUANGYAN, was)
    broken = HUANGYAN.replace(was, becomes, 1)
    found = said(tmp_path, broken)
    assert len(found) == 1
    number, _, words = found[0].partition(": ")
    assert message in words
    # weights are wrong together: the line is that of the block
    assert int(number) in (line, line_of(HUANGYAN, "indicators:"))


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        ('scope: {areas: ["330110"]}', 'scope: {areas: ["330110"], where: {fact: item.land_used, at_least: 3}}', "item.land_used is not known where"),  # noqa: E501
        ("ties: [labour_productivity]", "ties: [profit_per_mu]", 'unknown indicator "profit_per_mu"'),
        ("numerator: {tax_paid: 1}", "numerator: {}", "names no item"),
        ("value_added_per_mu: 5}}", "value_added_per_mu: 6}}", "of a weight of 20 21 are moved"),
        ("value_added_per_mu: 5}}", "rnd_share: 5}}", 'the weight cannot go to "rnd_share"'),
        ("steps_of: share", "steps_of: base", "steps_of: base needs `base`"),
        ("{from: 60, points: 10}", "{from: 60, to: 110, points: 10}", "steps of shares lie between 0 and 100"),
        ("{from: 60, points: 10}", "{from: 50, points: 10}", "steps overlap"),
        ("effect: {at_most: B}", "effect: {at_least: B}", "the next ones take the better grades"),
        ("grades: {by: share, bands: {A: {to: 40}, B: {from: 40, to: 80}, C: {from: 80}}}", "grades: {by: score, bands: {A: {from: 40}, B: {to: 40}}}", "have no places that others could take"),  # noqa: E501
    ],
)  # fmt: skip
def test_a_fault_in_the_rarer_words_is_named_too(tmp_path: Path, was: str, becomes: str, message: str) -> None:
    assert was in MORE_WORDS
    found = said(tmp_path, MORE_WORDS.replace(was, becomes, 1))
    assert len(found) == 1, found
    assert message in found[0]


def test_overlaps_are_faults_and_gaps_are_notes(tmp_path: Path) -> None:
    overlapping = WENLING.replace("B: {from: 20, to: 80}", "B: {from: 15, to: 80}", 1)
    assert said(tmp_path, overlapping) == [f"{line_of(WENLING, 'B: {from: 20')}: A and B overlap at 15"]
    closed = WENLING.replace("B: {from: 20, to: 80}", "B: {from: 20, to: 80, from_closed: true}", 1)
    assert "A and B overlap at 20" in said(tmp_path, closed)[0]
    path = tmp_path / "gap.yaml"
    path.write_text(WENLING.replace("B: {from: 20, to: 80}", "B: {from: 25, to: 80}", 1), encoding="utf-8")
    assert any("gap between A and B, from 20 to 25" in note.message for note in load(path).notes)


def test_an_industry_in_two_classes_a_class_of_nobody_and_industries_without_a_class(tmp_path: Path) -> None:
    twice = WENLING.replace('industries: ["34"]', 'industries: ["33"]')
    assert 'industry 33 is in "metals" and in "pumps_machinery"' in said(tmp_path, twice)[0]
    nobody = WENLING.replace('industries: ["34"]', "industries: []")
    assert 'class "pumps_machinery" has no industry: nobody maps to it' in said(tmp_path, nobody)[0]
    (tmp_path / "rule.yaml").write_text(
        nobody.replace("industries: []", 'industries: ["46"]').replace('"45", "46"', '"45"'), encoding="utf-8"
    )
    assert any("no class for industries 34" in note.message for note in load(tmp_path / "rule.yaml").notes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("[" * 30_000, "nested deeper"),
        ("rule: a\nrule: b\n", '2: "rule" stands twice'),
        ("rule: &a x\ntitle: *a\n", "anchor or alias"),
        ("rule: [a\n", "is not YAML"),
        ("just words", "valid dictionary"),
        ("rule: \x00", "is not YAML"),
    ],
)
def test_what_is_no_rule_at_all_is_one_line(tmp_path: Path, text: str, message: str) -> None:
    found = said(tmp_path, text)
    assert len(found) == 1
    assert message in found[0]


def test_an_untyped_byte_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "rule.yaml"
    path.write_bytes("rule: a\ntitle: 黄岩".encode("gb18030"))
    with pytest.raises(Unreadable, match="line 2: is not UTF-8"):
        load(path)
