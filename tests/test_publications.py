"""The data set to take away and its dictionary explain themselves, and nothing in them needs a network."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from html import unescape
from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.conftest import gongfu

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project

pytestmark = pytest.mark.builds


@pytest.fixture(scope="module")
def dataset(built: tuple[Project, object], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dataset")
    done = gongfu(built[0], "dataset", str(folder))
    assert done.returncode == 0, done.stderr
    return folder


def test_parquet_and_csv_of_the_data_set_hold_the_same_rows(built: tuple[Project, object], dataset: Path) -> None:
    tables = sorted(path.stem for path in dataset.glob("*.parquet"))
    assert {"observations", "marts.mart_income_gap", "reference.sources"} <= set(tables)
    with duckdb.connect(str(built[0].published), read_only=True) as connection:
        for table in tables:
            name = "facts.observations" if table == "observations" else table
            (expected,) = connection.execute(f"select count(*) from {name}").fetchone() or (None,)
            parquet = duckdb.sql(f"select count(*) from '{dataset / table}.parquet'").fetchone()
            with (dataset / f"{table}.csv").open(encoding="utf-8-sig", newline="") as stream:
                assert (sum(1 for _ in csv.reader(stream)) - 1, parquet) == (expected, (expected,)), table


def test_every_column_of_the_data_set_is_in_its_dictionary_in_both_languages(dataset: Path) -> None:
    with (dataset / "dictionary.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = {(row["table"], row["column"]): row for row in csv.DictReader(stream)}
    for path in dataset.glob("m*.parquet"):
        columns = duckdb.sql(f"select name from parquet_schema('{path}') where type is not null").fetchall()
        assert columns
        for (column,) in columns:
            assert column == "element" or (path.stem, column) in rows
    for row in rows.values():
        assert re.search("[一-鿿]", row["meaning_zh"]), row
        assert re.search("[A-Za-z]{3}", row["meaning_en"]), row


def test_the_lines_for_python_read_the_data_set(dataset: Path) -> None:
    readme = (dataset / "README.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", readme, re.DOTALL)
    assert code is not None
    done = subprocess.run([sys.executable, "-c", code[1]], cwd=dataset, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^2022 +\d+$", done.stdout, re.MULTILINE)
    for language in ("r", "stata", "python"):
        lines = re.search(rf"```{language}\n(.*?)```", readme, re.DOTALL)
        assert lines is not None
        assert len(lines[1].splitlines()) == 5


def test_the_dictionary_names_every_table_and_indicator_in_two_languages(
    built: tuple[Project, object], tmp_path: Path
) -> None:
    assert gongfu(built[0], "dictionary", str(tmp_path)).returncode == 0
    pages = {name: unescape((tmp_path / f"{name}.html").read_text(encoding="utf-8")) for name in ("zh", "en")}
    with duckdb.connect(str(built[0].published), read_only=True) as connection:
        indicators = connection.execute("select indicator, name_zh, name_en from reference.indicators").fetchall()
        marts = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
    for page in pages.values():
        assert all(f'id="marts.{mart}"' in page for (mart,) in marts)
        assert all(f'id="{code}"' in page for code, _, _ in indicators)
        assert not re.search(r"(src|href)=\"?https?:", page)
    assert all(zh in pages["zh"] for _, zh, _ in indicators)
    assert "Disposable income of residents per capita" in pages["en"]
    assert "330114" in pages["zh"]  # Qiantang district took territory of two others in 2021
