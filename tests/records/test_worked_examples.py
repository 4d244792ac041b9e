"""Scores and grades reckoned by hand, one rule after another, against what the models make of the same records.

Every county here has its rule; all are evaluated in one run, as a province would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import CHECKOUT
from tests.records.laboratory import SHIPPED, Laboratory

if TYPE_CHECKING:
    from pathlib import Path

RULES = CHECKOUT / "tests" / "records" / "rules"


def _huangyan(lab: Laboratory) -> None:
    # large round firms, so that the four decimals of a record carry the bases to the last digit that a score shows
    land, added = 1_769_357_000.0, 1_769_357_000.0 * 136.16
    on_base = {
        "land_used": land, "tax_paid": land * 24.097, "value_added": added, "energy_used": added / 2.694,
        "emissions_total": added / 4929.81, "employees_average": added / 18.14, "rnd_spending": 302_000_000,
        "main_revenue": 10_000_000_000,
    }  # fmt: skip
    scale = 1e-2  # keeps the largest below what the door takes for possible
    lab.firm("HY1", "331003", {name: round(value * scale, 4) for name, value in on_base.items()})
    # tax per mu 48.194 = 2 bases; value added per mu 68.08 = half a base; the others as they fall
    half = {"land_used": 10, "tax_paid": 481.94, "value_added": 680.8, "energy_used": 252.7097, "emissions_total": 0.1381,  # noqa: E501
            "employees_average": 37.53, "rnd_spending": 0, "main_revenue": 5000}  # fmt: skip
    lab.firm("HY2", "331003", half)
    lab.firm("HY3", "331003", half | {"emissions_total": 0})
    lab.firm("HY4", "331003", half | {"energy_used": 0})
    lab.firm("HY5", "331003", {"land_used": 10, "tax_paid": 100, "electricity_used": 5}, scale="below")


def _wenling(lab: Laboratory) -> None:
    for number in range(1, 21):  # twenty in one class, twenty-one in the other; the first pays most
        lab.firm(f"WA{number:02d}", "331081", {"land_used": 1, "tax_paid": 200 - number}, zone="industrial_park")
    for number in range(1, 22):
        lab.firm(
            f"WB{number:02d}",
            "331081",
            {"land_used": 1, "tax_paid": 200 - number},
            zone="industrial_park",
            industry="33",
        )
    for tenants in range(4):
        who = {"zone": "industrial_park", "tenants": str(tenants), "scale": "below"}
        lab.firm(f"WC{tenants}", "331081", {"land_used": 1, "tax_paid": 50}, **who)
        lab.firm(
            f"WD{tenants}", "331081", {"land_used": 1, "tax_paid": 50}, **who | {"scale": "above", "industry": "33"}
        )


def _every_word(lab: Laboratory) -> None:
    base = {"land_used": 10, "tax_paid": 100, "value_added": 1000, "emissions_total": 5, "employees_average": 50,
            "rnd_spending": 40, "main_revenue": 1000, "patents_invention": 3}  # fmt: skip

    def firm(name: str, change: dict[str, object], **attributes: str) -> None:
        lab.firm(name, "330102", base | change, **attributes)
        lab.firm(name, "330102", {"land_used": 10, "tax_paid": 80}, period=2021)
        lab.firm(name, "330102", {"land_used": 10, "tax_paid": 60}, period=2020)

    firm("EW1", {})
    firm("EW2", {"main_revenue": 0}, industry="17")
    firm("EW3", {}, flags="national_champion|little_giant")
    firm("EW4", {}, flags="unpaid_wages")
    firm("EW5", {}, founded_on="2021-06-01")
    firm("EW6", {}, tenancy="tenant", landlord_id="EW1")  # at designated size: its values join the landlord's
    lab.firm("EW7", "330102", {"land_used": 1, "tax_paid": 1}, scale="below", tenancy="tenant", landlord_id="EW3")
    lab.firm("EW8", "330102", {"land_used": 10, "tax_paid": 50}, scale="below", group_id="G1")
    lab.firm("EW9", "330102", {"land_used": 10, "tax_paid": 150}, scale="below", group_id="G1")


def _overrides(lab: Laboratory) -> None:
    for county in ("330103", "330104", "330105"):
        for number in range(1, 6):
            flags = {1: "safety_accident|national_champion", 5: "national_champion", 4: "safety_accident"}.get(
                number, ""
            )
            lab.firm(f"P{county[-1]}{number}", county, {"land_used": 1, "tax_paid": 100 - number}, flags=flags)
    for county in ("330106", "330107", "330108"):
        for number in range(1, 6):
            items = {"land_used": 1, "tax_paid": 100 - number, "value_added": 1}
            lab.firm(f"Q{county[-1]}{number}", county, items, flags="safety_accident" if number == 1 else "")


def _ties(lab: Laboratory) -> None:
    # 47.3 of tax on each mu; as doubles the quotients of T3 and T4 are a last bit above those of T2 and T1
    for number, land, added in ((5, 3, 90), (3, 7, 70), (4, 6, None), (2, 0.3, 3), (1, 11, None)):
        items = {"land_used": land, "tax_paid": round(land * 47.3, 4)}
        lab.firm(f"T{number}", "330109", items if added is None else items | {"value_added": added})


def _more_words(lab: Laboratory) -> None:
    # land 10 mu each; mean of tax per mu (30 + 25 + 10 + 10 + 5) / 5 = 16
    firms = ((1, 100, 500, 5), (2, 50, 400, 8), (3, 300, 300, 0), (4, 250, 200, 4), (5, 100, 400, 8))
    for number, tax, added, emissions in firms:
        lab.firm(f"MW{number}", "330110", {
            "land_used": 10, "tax_paid": tax, "value_added": added, "emissions_total": emissions,
            "employees_average": 10 + number,
        })  # fmt: skip
    lab.firm("MW6", "330110", {"land_used": 10, "tax_paid": 900}, enrolled_in="2021")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    lab = Laboratory(tmp_path_factory.mktemp("examples"))
    for write in (_huangyan, _wenling, _every_word, _overrides, _ties, _more_words):
        write(lab)
    assert not lab.deliver().refused
    rules = [SHIPPED / "huangyan_2022.yaml", *sorted(RULES.glob("*.yaml"))]
    assert lab.evaluate(rules).failed == {}
    return lab


def test_a_firm_exactly_on_every_base_scores_one_hundred(lab: Laboratory) -> None:
    assert lab.results("score", "firm_id = 'HY1'") == {"HY1": 100.0}


def test_huangyan_by_hand(lab: Laboratory) -> None:
    points = lab.results(
        "round(tax_per_mu_points, 3), round(value_added_per_mu_points, 3), round(value_added_per_energy_points, 2), "
        "round(value_added_per_emission_points, 2), round(labour_productivity_points, 2), rnd_share_points",
        "firm_id = 'HY2'",
    )
    # 48.194 / 24.097 × 30 = 60; 68.08 / 136.16 × 20 = 10; 680.8 / 252.7097 / 2.694 × 20 = 20.00;
    # 680.8 / 0.1381 / 4929.81 × 10 = 10.00; 680.8 / 37.53 / 18.14 × 10 = 10.00; no R&D: 0
    assert points == {"HY2": (60.0, 10.0, 20.0, 10.0, 10.0, 0.0)}


def test_a_firm_without_emissions_gets_the_mean_of_its_class(lab: Laboratory) -> None:
    points = lab.results(
        "value_added_per_emission_points, value_added_per_emission_missing",
        "rule = 'huangyan_2022' and scale = 'above'",
    )
    known = [points[firm][0] for firm in ("HY1", "HY2", "HY4")]
    assert points["HY3"] == (pytest.approx(sum(known) / 3, abs=1e-9), "zero_denominator")


def test_where_the_rule_is_silent_the_firm_is_not_scored(lab: Laboratory) -> None:
    found = lab.results("score, grade, status, status_reason", "rule = 'huangyan_2022'")
    assert found["HY4"] == (None, None, "unrated", "unsaid:missing:value_added_per_energy:zero_denominator")
    assert found["HY5"] == (None, None, "unrated", "unsaid:base:tax_per_mu")
    assert found["HY1"] == (100.0, None, "unrated", "unsaid:grades")


def test_grades_at_their_boundaries_with_twenty_and_twenty_one_firms(lab: Laboratory) -> None:
    grades = lab.results("grade", "rule = 'wenling_completed' and scale = 'above'")
    of = lambda kind, size: "".join(grades[f"{kind}{number:02d}"] for number in range(1, size + 1))  # noqa: E731
    # twenty: 20 % is 4, 80 % is 16, 95 % is 19
    assert of("WA", 20) == "A" * 4 + "B" * 12 + "C" * 3 + "D"
    # twenty-five metal firms with the four that let: 20 % is 5, 80 % is 20, 95 % is 23.75
    assert of("WB", 21) + "".join(grades[f"WD{tenants}"] for tenants in range(4)) == "A" * 5 + "B" * 15 + "CC" + "CDD"


def test_deductions_for_sub_letting_as_printed(lab: Laboratory) -> None:
    below = lab.results("deductions", "firm_id like 'WC%'")
    above = lab.results("deductions", "firm_id like 'WD%'")
    assert list(below.values()) == [0, -10, -15, -20]
    assert list(above.values()) == [0, 0, -5, -10]


def test_every_word_of_the_language_by_hand(lab: Laboratory) -> None:
    names = (
        "tax_three_years",
        "tax_growth",
        "emission_intensity",
        "value_added_per_mu",
        "labour_productivity",
        "rnd_share",
    )
    found = lab.results(
        ", ".join(f"round({name}_points, 6)" for name in names), "rule = 'every_word' and scale = 'above'"
    )
    # EW1 with its tenant EW6: tax (200+160+120) / land 60 = 8; 8 / 10 × 20 = 16
    # growth 200 / 160 - 1 = 25 %, past the best: 10; emissions 10 / 2000 = 0.005: (2 - 0.5) × 20 = 30
    # value added per mu 100 in every unit: mean 100, base 200: 10; 2000 / 100 = 20 a head: from 20: 20
    # R&D 80 / 2000 = 0.04: 0.02 / 0.04 × 10 = 5
    assert found["EW1"] == (16, 10, 30, 10, 20, 5)
    # textiles: base 5, 8 / 5 × 20 = 32, capped at 30; no revenue: its 10 go to the others
    assert found["EW2"] == (30, 10, 30, 10, 20, 0)
    scores = lab.results("round(score, 6), additions", "rule = 'every_word' and scale = 'above' and score is not null")
    assert scores["EW1"] == (16 + 10 + 30 + 10 + 20 + 5 + 2, 2)  # six patents of the two: three pieces, at most 2
    assert scores["EW2"] == (pytest.approx(100 * 100 / 90 + 1, abs=1e-6), 1)
    assert scores["EW3"] == (91 + 6, 6)  # of the two honours 5 counts, a patent 1
    assert scores["EW4"] == (91 * 0.5 + 1, 1)


def test_more_words_by_hand(lab: Laboratory) -> None:
    names = ("tax_per_mu", "value_added_per_mu", "value_added_per_emission", "tax_total")
    found = lab.results(", ".join(f"round({name}_points, 6)" for name in names), "rule = 'more_words'")
    # tax per mu against 16: 10 is 0.625 of it, 5 is 0.31, 30 and 25 are above it
    # value added per mu: 50 is the first of five (20 %), 40 twice the second (40 %), 30 the fourth, 20 the last
    # value added per emission 100, 50, none, 50, 50 against 100; tax of 1 000 brings all ten points
    assert found["MW1"] == (20, 30, 20, 1)
    assert found["MW2"] == (10, 20, 10, 0.5)
    assert found["MW3"] == (40, 10, 0, 3)
    assert found["MW4"] == (40, 10, 10, 2.5)
    assert found["MW5"] == (20, 20, 10, 1)
    graded = lab.results("score, rank_in_group, grade, status_reason", "rule = 'more_words'")
    # the twenty of MW3 without emissions: 15 more on tax per mu (40 / 40 of them), 5 on value added per mu (10 / 30)
    assert graded["MW3"][0] == pytest.approx(53 + 15 + 5 / 3, abs=1e-9)
    # by score MW1 (71) comes first, but pays less than 20 a mu: MW3 and MW4 are the two of five that are A
    assert {firm: row[2] for firm, row in graded.items() if row[2]} == {
        "MW3": "A", "MW4": "A", "MW1": "B", "MW5": "B", "MW2": "C",
    }  # fmt: skip
    assert [graded[f"MW{number}"][1] for number in (3, 4, 1, 5, 2)] == [1, 2, 3, 4, 5]
    assert graded["MW6"] == (None, None, None, "exempt:newly_enrolled")


def test_exempt_merged_and_following_firms(lab: Laboratory) -> None:
    found = lab.results("status, status_reason, grade, unit_id", "rule = 'every_word'")
    assert found["EW5"][:2] == ("exempt", "exempt:young")
    assert found["EW6"] == ("evaluated", "with:EW1", found["EW1"][2], "EW1")
    assert found["EW7"] == ("evaluated", "follows:EW3", found["EW3"][2], "EW7")
    # a group: 200 of tax on 20 mu, 10 per mu, 100 points
    assert found["EW8"][2] == found["EW9"][2] == "A"
    assert found["EW9"][1] == "with:EW8"


def test_equal_scores_are_ordered_by_the_named_indicator_then_by_the_lower_id(lab: Laboratory) -> None:
    found = lab.results("score, rank_in_group, grade", "rule = 'ties'")
    assert {score for score, _, _ in found.values()} == {473.0}
    # value added per mu: T5 has 30; T2 and T3 have 10; T1 and T4 none, and come last
    assert sorted(found, key=lambda firm: found[firm][1]) == ["T5", "T2", "T3", "T1", "T4"]
    # 40 % of five are two: the line runs between the two that are equal in everything but their id
    assert [found[firm][2] for firm in ("T5", "T2", "T3")] == ["A", "A", "B"]


@pytest.mark.parametrize(
    ("county", "of_both", "reason"), [("3", "D", None), ("4", "B", None), ("5", None, "unsaid:precedence")]
)
def test_a_veto_against_a_protection(lab: Laboratory, county: str, of_both: str | None, reason: str | None) -> None:
    found = lab.results("grade, status_reason", f"firm_id like 'P{county}%'")
    assert found[f"P{county}1"] == (of_both, reason)
    assert [found[f"P{county}{number}"][0] for number in (2, 3, 4, 5)] == ["B", "B", "D", "B"]


@pytest.mark.parametrize(("county", "grades"), [("6", "CBBCC"), ("7", "CABBC"), ("8", "CBBCC")])
def test_what_happens_to_the_shares_after_a_veto(lab: Laboratory, county: str, grades: str) -> None:
    # of five: A 1, B 3, the rest C. The first is vetoed. stays: its A is lost. refilled: the next takes it, of five
    # still.
    # excluded: four remain, 20 % is 0.8 of a firm: nobody is A; 60 % is 2.4: two are B
    assert "".join(lab.results("grade", f"firm_id like 'Q{county}%'").values()) == grades


@pytest.mark.parametrize(
    "path", [*sorted(SHIPPED.glob("*.yaml")), *sorted(RULES.glob("*.yaml"))], ids=lambda path: path.stem
)
def test_every_rule_also_runs_alone(lab: Laboratory, path: Path) -> None:
    outcome = lab.evaluate([path], database=lab.folder / f"{path.stem}.duckdb")
    assert outcome.failed == {}
