"""Whoever answers people asks through pipelines/asking; one module opens databases."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

QUERY = re.compile(
    r"\b(select|with)\b[\s\S]+\bfrom\b\s+[\w(]|\b(insert into|create table|create view|delete from)\b", re.I
)


def modules(*rooms: str) -> list[Path]:
    found = [path for room in rooms for path in sorted((CHECKOUT / "pipelines" / room).rglob("*.py"))]
    assert found
    return found


def texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("room", ["commands", "orchestration", "quality", "serving"])
def test_rooms_that_answer_hold_no_query(room: str) -> None:
    held = {path.name: text for path in modules(room) for text in texts(path) if QUERY.search(text)}
    assert held == {}


def test_a_query_would_be_seen() -> None:
    for text in (
        "select 1 as a from facts.observations",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "insert into t values",
    ):
        assert QUERY.search(text)


def test_only_the_engine_opens_databases() -> None:
    openers = {
        path.relative_to(CHECKOUT).as_posix()
        for path in modules("")
        if "duckdb.connect(" in path.read_text(encoding="utf-8")
    }
    assert openers == {"pipelines/engine/database.py"}
