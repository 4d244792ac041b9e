"""Marts stand on facts and reference data: none reads staging or landing, and which places they are about is data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT

DBT = CHECKOUT / "dbt_project"
MARTS = sorted((DBT / "models" / "marts").glob("*.sql"))
_REF = re.compile(r"ref\('(\w+)'")
_MACRO = re.compile(r"{%-? macro (\w+)\(.*?{%-? endmacro", re.DOTALL)
_PLACE = re.compile(r"'(\d{6}|\d{9}|\d{12})'|'[A-Z]{2}_[A-Z_]+'")


def with_its_macros(sql: str) -> str:
    """A model's SQL and that of every macro of ours that it calls, directly or not."""
    macros = {
        match[1]: match[0]
        for path in (DBT / "macros").glob("*.sql")
        for match in _MACRO.finditer(path.read_text(encoding="utf-8"))
    }
    called: dict[str, str] = {}
    waiting = [sql]
    while waiting:
        text = waiting.pop()
        for name in set(macros) - set(called):
            if re.search(rf"\b{name}\(", text):
                called[name] = macros[name]
                waiting.append(macros[name])
    return "\n".join([sql, *called.values()])


def models_of(folder: str) -> set[str]:
    return {path.stem for path in (DBT / "models" / folder).rglob("*.sql")}


@pytest.mark.parametrize("mart", MARTS, ids=lambda path: path.stem)
def test_a_mart_reads_facts_and_reference_data_only(mart: Path) -> None:
    sql = with_its_macros(mart.read_text(encoding="utf-8"))
    assert not set(_REF.findall(sql)) & (models_of("staging") | models_of("quality"))
    assert "source(" not in sql
    assert not re.search(r"\b(staging|landing)\.", sql)


@pytest.mark.parametrize("mart", MARTS, ids=lambda path: path.stem)
def test_a_mart_names_no_place(mart: Path) -> None:
    assert not _PLACE.search(with_its_macros(mart.read_text(encoding="utf-8")))


def test_the_marts_were_found_and_a_macro_is_followed() -> None:
    assert len(MARTS) >= 16
    cooperation = next(path for path in MARTS if path.stem == "mart_cooperation")
    assert "breakdown_codes" in _REF.findall(with_its_macros(cooperation.read_text(encoding="utf-8")))
