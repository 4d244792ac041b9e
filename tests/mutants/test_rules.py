"""Which small changes a file allows, by rule."""

from __future__ import annotations

from tests.mutants.rules import changes


def lines(name: str, text: str) -> list[str]:
    """The text with each of its changes in it."""
    data = text.encode()
    return [change.apply(data).decode() for change in changes(name, data)]


def test_comparisons_conditions_factors_and_numbers_of_sql_are_turned() -> None:
    assert lines("a.sql", "select a * 2 where 约 >= 3 and b is null") == [
        "select a / 2 where 约 >= 3 and b is null",
        "select a * 3 where 约 >= 3 and b is null",
        "select a * 2 where 约 > 3 and b is null",
        "select a * 2 where 约 >= 4 and b is null",
        "select a * 2 where 约 >= 3 or b is null",
        "select a * 2 where 约 >= 3 and b is not null",
    ]


def test_remarks_texts_and_the_conditions_of_templates_stay() -> None:
    assert lines("a.sql", "-- a = 1\n{# b < 2 #}select * from t where x in ('c = 3'){% if d == 'e' %}{% endif %}") == []


def test_conditions_numbers_and_the_order_of_steps_of_python_are_turned() -> None:
    assert lines("a.py", "if not a or b < 1:\n    c()\n    d()\n") == [
        "if a or b < 1:\n    c()\n    d()\n",
        "if not a and b < 1:\n    c()\n    d()\n",
        "if not a or b <= 1:\n    c()\n    d()\n",
        "if not a or b < 2:\n    c()\n    d()\n",
        "if not a or b < 1:\n    pass\n    d()\n",
        "if not a or b < 1:\n    d()\n    c()\n",
        "if not a or b < 1:\n    c()\n    pass\n",
    ]


def test_what_only_a_type_checker_reads_stays() -> None:
    assert lines("a.py", "from typing import Literal\n\ndef f(x: Literal[1]) -> Literal[2]: ...\n") == []


def test_numbers_of_reference_data_are_one_larger() -> None:
    assert lines("a.csv", "unit,mult,factor\n亿元,8,1\n") == [
        "unit,mult,factor\n亿元,9,1\n",
        "unit,mult,factor\n亿元,8,2\n",
    ]
