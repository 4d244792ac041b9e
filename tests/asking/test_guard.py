"""A query that somebody else wrote reads the warehouse within limits, and does nothing else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Timer
from typing import TYPE_CHECKING, cast

import duckdb
import pytest

from pipelines.asking import guard
from pipelines.asking.guard import Limits, QueryRefused, ask
from pipelines.engine.database import closed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from duckdb import DuckDBPyConnection

ENDLESS = "select count(*) from range(1000000000000) numbers(i) where hash(i) % 7 = 3"
LONG = "select count(*) from range(5000000000) numbers(i) where hash(i) % 7 = 3"


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """Three incomes in a file of its own, with a secret beside it."""
    path = tmp_path / "gongfu.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute("""
            create table marts.income as from (
                values ('杭州市', 2022, 70281), ('杭州市', 2023, 73797), ('宁波市', 2023, 72193)
            ) as rows(area, year, yuan)
        """)
    (tmp_path / "secret.csv").write_text("password\nhunter2\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("select yuan from marts.income where area = '宁波市'", 72193),
        ("from gongfu.marts.income select max(yuan)", 73797),
        ("with one as (select 1 as x) from one", 1),
        ("values (7)", 7),
        ("pivot marts.income on year using sum(yuan) group by area order by area", "宁波市"),
        ("pivot marts.income on year in (2022, 2023) using sum(yuan) group by area order by area", "宁波市"),
        ("describe marts.income", "area"),
        ("describe select 1 as x", "x"),
        ("summarize marts.income", "area"),
        ("show all tables", "gongfu"),
        ("  select 1 ; -- with a remark", 1),
        ("select count(*) from query('from marts.income')", 3),
    ],
)
def test_one_statement_that_reads_is_answered(warehouse: Path, query: str, first: object) -> None:
    assert ask(warehouse, query).rows[0][0] == first


@pytest.mark.parametrize(
    "query",
    [
        "copy (select 1) to '{folder}/gongfu.duckdb.wal'",
        "copy (select 1) to '{folder}/gongfu.duckdb' (format csv)",
        "copy marts.income to '{folder}/out.csv'",
        "attach '{folder}/other.duckdb'",
        "detach gongfu",
        "use memory",
        "set memory_limit = '100GB'",
        "reset memory_limit",
        "pragma memory_limit = '100GB'",
        "install httpfs",
        "load httpfs",
        "export database '{folder}/export'",
        "import database '{folder}/export'",
        "call enable_logging()",
        "checkpoint",
        "begin",
        "prepare x as select 1",
        "create table x as select 1",
        "create temp table x as select 1",
        "create temp table x as (pivot marts.income on year using sum(yuan))",
        "create temp table x as select 1; pivot marts.income on year using sum(yuan)",
        "create or replace table marts.income as select 1",
        "insert into marts.income values ('x', 1, 1)",
        "delete from marts.income",
        "update marts.income set yuan = 0",
        "drop table marts.income",
        "explain analyze copy (select 1) to '{folder}/out.csv'",
        "select 1; select 2",
        "select 1; copy (select 1) to '{folder}/out.csv'",
        "",
        "-- nothing",
    ],
)
def test_what_is_not_one_reading_statement_is_refused_and_leaves_no_trace(warehouse: Path, query: str) -> None:
    before = {path.name: path.read_bytes() for path in warehouse.parent.iterdir()}
    with pytest.raises(QueryRefused) as refused:
        ask(warehouse, query.format(folder=warehouse.parent))
    assert len(str(refused.value).splitlines()) == 1
    assert {path.name: path.read_bytes() for path in warehouse.parent.iterdir()} == before


@pytest.mark.parametrize(
    "query",
    [
        "from '{folder}/secret.csv'",
        "from read_csv('{folder}/secret.csv')",
        "from read_text('{folder}/secret.csv')",
        "from read_blob('{folder}/gongfu.duckdb')",
        "from read_text('{folder}/gongfu.duckdb.wal')",
        "from '{folder}/gongfu.duckdb'",
        "from glob('{folder}/*')",
        "from sniff_csv('{folder}/secret.csv')",
        "from read_parquet('{folder}/x.parquet')",
        "from read_json('{folder}/secret.csv')",
        "select (select content from read_text('{folder}/secret.csv'))",
        "from query('from read_text(''{folder}/secret.csv'')')",
        "from json_execute_serialized_sql(json_serialize_sql('from read_text(''{folder}/secret.csv'')'))",
        "from enable_profiling(format = 'json', save_location = '{folder}/out.json')",
        "from 'https://example.com/a.csv'",
    ],
)
def test_a_query_that_opens_a_file_is_refused_wherever_it_does_so(warehouse: Path, query: str) -> None:
    before = {path.name for path in warehouse.parent.iterdir()}
    with pytest.raises(QueryRefused, match="opens a file"):
        ask(warehouse, query.format(folder=warehouse.parent))
    assert {path.name for path in warehouse.parent.iterdir()} == before


def test_an_answer_has_the_names_of_its_columns(warehouse: Path) -> None:
    assert ask(warehouse, "select area, yuan as income from marts.income").columns == ["area", "income"]


def test_a_refusal_names_every_kind_of_statement_that_is_taken(warehouse: Path) -> None:
    with pytest.raises(QueryRefused) as refused:
        ask(warehouse, "checkpoint")
    taken = "SELECT, FROM, WITH, VALUES, PIVOT, DESCRIBE, SUMMARIZE or SHOW"
    assert str(refused.value).endswith(f"one statement that reads is taken: {taken}")


def test_a_variable_of_the_program_is_no_table(warehouse: Path) -> None:
    with pytest.raises(QueryRefused, match="within does not exist"):
        ask(warehouse, "from within")


def test_the_csv_that_was_named_is_a_table_and_the_one_beside_it_is_not(warehouse: Path) -> None:
    mine = warehouse.parent / "mine [2023].csv"
    mine.write_text("area,target\n杭州市,75000\n", encoding="utf-8")
    query = 'select target - yuan from "mine [2023]" join marts.income using (area) where year = 2023'
    assert ask(warehouse, query, csv=mine).rows == [(1203,)]
    with pytest.raises(QueryRefused, match="opens a file"):
        ask(warehouse, f"from '{warehouse.parent}/secret.csv'", csv=mine)


def test_the_help_of_the_database_is_handed_on_in_one_line(warehouse: Path) -> None:
    with pytest.raises(QueryRefused, match='Candidate bindings: "yuan"'):
        ask(warehouse, "select yuann from marts.income")
    with pytest.raises(QueryRefused, match=r'Did you mean "marts\.income"'):
        ask(warehouse, "from incom")


def test_an_error_that_quotes_an_escape_sequence_shows_it_as_a_sign(warehouse: Path) -> None:
    with pytest.raises(QueryRefused) as refused:
        ask(warehouse, 'select "\x1b[2J" from marts.income')
    assert "\x1b" not in str(refused.value)
    assert "␛[2J" in str(refused.value)


def test_a_query_without_an_end_is_stopped(warehouse: Path) -> None:
    with pytest.raises(QueryRefused, match=r"over 0\.2 seconds"):
        ask(warehouse, ENDLESS, limits=Limits(seconds=0.2))


class InterruptedTooSoon:
    """A real connection whose first interrupt comes before its query begins."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.came = Event()

    def interrupt(self) -> None:
        self.connection.interrupt()
        self.came.set()

    def execute(self, query: str) -> duckdb.DuckDBPyConnection:
        self.came.wait()
        return self.connection.execute(query)


def test_an_interrupt_that_comes_before_the_query_begins_is_repeated(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def too_soon(path: Path, *, memory: str, csv: Mapping[str, Path]) -> Iterator[InterruptedTooSoon]:
        with closed(path, memory=memory, csv=csv) as connection:
            yield InterruptedTooSoon(connection)

    monkeypatch.setattr(guard, "closed", too_soon)
    with pytest.raises(QueryRefused, match="over 0 seconds"):
        ask(warehouse, LONG, limits=Limits(seconds=0))


class InterruptedLate(InterruptedTooSoon):
    """A real connection that an interrupt takes its time to reach: it gets there when it is closed, if it may."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        super().__init__(connection)
        self.is_closed = Event()
        self.met_it_closed = False

    def interrupt(self) -> None:
        self.came.set()
        self.met_it_closed = self.is_closed.wait(timeout=1)


def test_a_connection_is_not_closed_while_an_interrupt_is_on_its_way(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[InterruptedLate] = []

    @contextmanager
    def late(path: Path, *, memory: str, csv: Mapping[str, Path]) -> Iterator[InterruptedLate]:
        with closed(path, memory=memory, csv=csv) as connection:
            made.append(InterruptedLate(connection))
            yield made[0]
        made[0].is_closed.set()

    monkeypatch.setattr(guard, "closed", late)
    assert ask(warehouse, "select 1", limits=Limits(seconds=0)).rows == [(1,)]
    assert not made[0].met_it_closed


def test_handing_over_counts_as_time_too(warehouse: Path) -> None:
    with pytest.raises(QueryRefused, match=r"over 0\.2 seconds"):
        ask(warehouse, "from range(1000000000000)", limits=Limits(seconds=0.2, rows=10**12))


def test_more_rows_than_allowed_are_refused_and_not_cut_in_silence(warehouse: Path) -> None:
    assert len(ask(warehouse, "from range(10)", limits=Limits(rows=10)).rows) == 10
    with pytest.raises(QueryRefused, match="over 10 rows"):
        ask(warehouse, "from range(11)", limits=Limits(rows=10))


def test_more_memory_than_allowed_is_refused_and_nothing_is_spilled(warehouse: Path) -> None:
    with pytest.raises(QueryRefused, match="over 50MB of memory"):
        ask(warehouse, "select list(i order by hash(i)) from range(100000000) r(i)", limits=Limits(memory="50MB"))
    assert {path.name for path in warehouse.parent.iterdir()} == {"gongfu.duckdb", "secret.csv"}


def test_while_one_query_runs_and_is_stopped_others_are_answered(warehouse: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        stopped = pool.submit(ask, warehouse, ENDLESS, limits=Limits(seconds=0.5))
        answers = [ask(warehouse, "select count(*) from marts.income").rows]
        while not stopped.done():
            answers.append(ask(warehouse, "select count(*) from marts.income").rows)
        with pytest.raises(QueryRefused, match="seconds"):
            stopped.result()
    assert all(rows == [(3,)] for rows in answers)


def test_an_interrupt_that_is_on_its_way_is_over_before_the_connection_may_be_closed() -> None:
    order: list[str] = []
    on_its_way, may_end = Event(), Event()

    class Connection:
        def interrupt(self) -> None:
            on_its_way.set()
            may_end.wait()
            order.append("interrupted")

    with guard._stopped_after(0, cast("DuckDBPyConnection", Connection())):
        on_its_way.wait()
        Timer(0.2, may_end.set).start()
    order.append("closed")
    assert order == ["interrupted", "closed"]
