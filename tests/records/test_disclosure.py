"""Nothing that leaves gives a firm away, by an attacker who shares no code with what protects; and it could be seen
if it did."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pipelines.problems import BuildStopped
from pipelines.records.disclosure import brought
from pipelines.records.disclosure.counts import protected, with_totals
from pipelines.records.disclosure.protect import protect
from pipelines.records.disclosure.tables import TOTAL
from pipelines.records.registers import register
from tests.conftest import gongfu
from tests.records.attacker import Findings, attack
from tests.records.release import release, targets

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.records.disclosure.tables import Tables

RULES = register("land_productivity").disclosure


def _attacked(tables: Tables, held_back: np.ndarray) -> Findings:
    measure = tables.measures["tax"]
    return attack(measure.values, tables.firms, ~held_back, tables.relations, targets(measure))


@pytest.fixture(scope="module")
def tables() -> Tables:
    """A smaller release, for what does not need a whole province."""
    return release(1, counties=40, industries=20, firms=25_000)


def test_an_attacker_comes_within_no_margin_of_a_protected_release() -> None:
    tables = release(1)
    protection = protect(tables)
    assert protection.unprotectable == []
    assert _attacked(tables, protection.held_back).inside == set()


def test_an_attacker_recovers_cells_where_secondary_suppression_is_off(tables: Tables) -> None:
    found = _attacked(tables, protect(tables, secondary=False).held_back)
    assert len(found.exact) >= 1
    assert len(found.inside) > 5


def test_elimination_alone_leaves_cells_within_the_margin(tables: Tables) -> None:
    assert _attacked(tables, protect(tables, repair=False).held_back).inside != set()


def test_a_release_by_scale_too_is_protected() -> None:
    tables = release(3, with_scale=True, counties=20, industries=8, firms=2500)
    assert _attacked(tables, protect(tables, secondary=False).held_back).inside != set()
    assert _attacked(tables, protect(tables).held_back).inside == set()


def test_a_count_of_two_is_held_back_and_what_would_tell_it_too() -> None:
    counts = [(("A", "x"), 2), (("A", "y"), 9), (("B", "x"), 8), (("B", "y"), 7)]
    cells = {key: (count, status) for key, count, status in protected(with_totals(counts, 3, [{}, {}]))}
    assert cells["A", "x"] == (None, "C")
    # the others of its row and column must go with it, or it is 11 - 9 or 10 - 8
    assert all(cells[key] == (None, "D") for key in [("A", "y"), ("B", "x"), ("B", "y")])
    assert cells[TOTAL, TOTAL] == (26, "F")


@pytest.mark.parametrize(
    ("value", "firms", "largest", "second", "breaks"),
    [
        (100, 2, 60, 40, True),  # two firms
        (100, 9, 76, 4, True),  # one holds more than 75 %
        (100, 9, 75, 9, False),  # exactly 75 % is not more
        (100, 9, 50, 36, True),  # two hold more than 85 %
        (100, 9, 50, 35, False),
        (100, 9, 48, 48, True),  # the rest, 4, is less than 10 % of 48
    ],
)
def test_the_primary_rules_by_hand(value: float, firms: int, largest: float, second: float, breaks: bool) -> None:
    one = [np.array([float(number)]) for number in (value, firms, largest, second)]
    primary, _ = brought.primary_of(*one, RULES)
    assert bool(primary[0]) == breaks


BROUGHT = """county,industry,value,firms,largest,second,conf_status
A,x,100,2,60,40,{status}
A,y,400,20,40,30,F
A,_T,500,22,60,40,F
B,x,300,15,40,30,F
B,y,200,12,30,20,F
B,_T,500,27,40,30,F
_T,x,400,17,60,40,F
_T,y,600,32,40,30,F
_T,_T,1000,49,60,40,F
"""


def test_a_table_that_somebody_brings(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(BROUGHT.format(status="F"), encoding="utf-8")
    done = gongfu(project, "disclosure", "check", str(path))
    assert done.returncode == 1
    assert "shown, but breaks a rule · 应保密而公布: A, x" in done.stdout
    path.write_text(BROUGHT.format(status="C"), encoding="utf-8")
    done = gongfu(project, "disclosure", "check", str(path))
    assert done.returncode == 1
    assert "held back, but can be reckoned too closely · 可被推算: A, x" in done.stdout
    proposed = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")]
    assert sorted(proposed) == ["C", "D", "D", "D"]
    text = path.read_text(encoding="utf-8")
    for cell in ("A,y", "B,x", "B,y"):
        text = "\n".join(line[:-1] + "D" if line.startswith(f"{cell},") else line for line in text.splitlines())
    path.write_text(text, encoding="utf-8")
    done = gongfu(project, "disclosure", "check", str(path))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        ("A,y,400", "A,y,many", r"line 3, column value: 'many'"),
        ("A,y,400", "A,y,-400", r"line 3, column value"),
        ("A,_T,500", "A,_T,501", r"line \d+: the total .*_T is \d+, its parts add up to \d+"),
        ("B,x,300", "A,x,300", r"line 5: the same cell stands twice"),
        ("B,x,300,15,40,30,F", "B,x,300", r"line 5: another number of fields"),
        (",value,", ",amount,", r"needs columns for dimensions and `value`"),
    ],
)
def test_a_bad_table_is_one_line(tmp_path: Path, was: str, becomes: str, message: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(BROUGHT.format(status="F").replace(was, becomes), encoding="utf-8")
    with pytest.raises(BuildStopped, match=message):
        brought.check(path, RULES)


def test_reviews_that_are_impossible_are_said_to_be() -> None:
    from pipelines.records.reviews import counts_that_fit, wholes_that_fit

    # of 672, 671 is 99.85 % and 670 is 99.70 %: 99.83 % [99.825, 99.835) is neither
    assert counts_that_fit(672, 99.825, 99.835) == []
    assert counts_that_fit(600, 99.825, 99.835) == [599]
    # one in m must lie between 0.165 % and 0.175 %: m from 572 to 606
    assert wholes_that_fit(1, 99.825, 99.835, 672) == (572, 606)
    assert Decimal(100 * 571) / 572 >= Decimal("99.825")
