"""A question that would take more memory and disk than questions may have ends by itself, and the next is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines.asking.warehouse import Unreadable, Warehouse
from pipelines.engine.database import ATTACHED_AS, opened_apart
from pipelines.project import Project

if TYPE_CHECKING:
    from pathlib import Path

#: A million and a half rows of some 80 bytes in no order; to order them takes more than the memory and the disk below.
TEXTS = """
    create table texts as
    select repeat(hash(i)::varchar, 2) as text, repeat(hash(7 * i)::varchar, 2) as other
    from range(1_500_000) as numbers(i)
"""
ORDERED = "select text from (from texts order by other) offset 1_499_999"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("limits") / "large.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(TEXTS)
    return path


def opened(file: Path, spill: Path, *, disk: str) -> Warehouse:
    connection = opened_apart(file, memory="80MB", spill=spill, disk=disk)
    connection.execute("set threads = 2")  # each thread orders in memory of its own
    return Warehouse(Project(file.parent), file, connection, attached_as=ATTACHED_AS)


def test_what_does_not_fit_into_memory_lies_on_disk_while_it_is_asked(file: Path, tmp_path: Path) -> None:
    warehouse = opened(file, tmp_path / "spill", disk="1GB")
    assert warehouse.one(ORDERED) == warehouse.one("select arg_max(text, other) as text from texts")
    warehouse.connection.close()


def test_a_question_that_needs_more_disk_than_it_may_have_ends_in_one_line(file: Path, tmp_path: Path) -> None:
    warehouse = opened(file, tmp_path / "spill", disk="20MB")
    with pytest.raises(Unreadable, match=r"large\.duckdb could not be asked: Out of Memory Error") as stopped:
        warehouse.one(ORDERED)
    assert "\n" not in str(stopped.value)
    assert warehouse.one("select count(*) as texts from texts") == {"texts": 1_500_000}
    assert sum(path.stat().st_size for path in (tmp_path / "spill").rglob("*")) <= 20_000_000
    warehouse.connection.close()
