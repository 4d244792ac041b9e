"""What the warehouse exports it reads back, identical; and nothing exported executes in a spreadsheet."""

from __future__ import annotations

import csv
import hashlib
from typing import TYPE_CHECKING

import duckdb
import openpyxl
import yaml

from tests.conftest import HEADER, gongfu, write_source

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from pipelines.project import Project

SAME = """
    select indicator, breakdown, ref_area, freq, time_period, period_start, period_end, time_basis, base_period,
        obs_value, obs_value_low, obs_value_high, unit_measure, unit_mult, decimals, qualifier, obs_status, conf_status
    from facts.observations where source_id in ({}) order by all
"""


def source_from(project: Project, file: Path, source_id: str, reader: str) -> None:
    """A source whose one file is `file`."""
    folder = write_source(project, source_id, b"", {"reader": reader, "published_on": "2026-11-24"})
    (folder / "figures.csv").unlink()
    data = file.read_bytes()
    (folder / file.name).write_bytes(data)
    card = yaml.safe_load((folder / "source.yaml").read_text(encoding="utf-8"))
    card["files"] = [{"path": file.name, "sha256": hashlib.sha256(data).hexdigest()}]
    (folder / "source.yaml").write_text(yaml.safe_dump(card, allow_unicode=True), encoding="utf-8")


def test_sdmx_csv_comes_back_as_it_was(
    built: tuple[Project, subprocess.CompletedProcess[str]], begun: Callable[[Path], Project], tmp_path: Path
) -> None:
    sources = ("zj_first_batch_practices", "zj_yearbook_2016", "jinhua_yearbook_2003")
    file = tmp_path / "observations.sdmx.csv"
    wanted = [word for source in sources for word in ("--source", source)]
    done = gongfu(built[0], "export", "--output", str(file), *wanted)
    assert done.returncode == 0, done.stderr
    project = begun(tmp_path / "again")
    source_from(project, file, "read_back", "sdmx_csv")
    acknowledged = project.dbt / "seeds" / "audit" / "audit_acknowledged.csv"  # its disagreements came along
    acknowledged.write_text(acknowledged.read_text(encoding="utf-8").replace(sources[0], "read_back"), encoding="utf-8")
    again = gongfu(project, "build")
    assert again.returncode == 0, again.stdout + again.stderr
    named = ", ".join(f"'{source}'" for source in sources)
    with duckdb.connect(str(built[0].published), read_only=True) as connection:
        before = connection.execute(SAME.format(named)).fetchall()
    with duckdb.connect(str(project.published), read_only=True) as connection:
        after = connection.execute(SAME.format("'read_back'")).fetchall()
    assert len(before) > 500
    assert after == before


def test_sdmx_csv_has_the_form_that_pysdmx_knows(
    built: tuple[Project, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    from pysdmx.io import get_datasets

    file = tmp_path / "observations.sdmx.csv"
    assert gongfu(built[0], "export", "-o", str(file), "--indicator", "gdp").returncode == 0
    (dataset,) = get_datasets(file)
    assert dataset.short_urn == "Dataflow=GONGFU:OBSERVATIONS(1.0)"
    assert {"REF_AREA", "INDICATOR", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "UNIT_MULT"} <= set(
        dataset.data.columns
    )


def test_words_that_begin_a_formula_are_harmless_in_every_export(
    begun: Callable[[Path], Project], tmp_path: Path
) -> None:
    project = begun(tmp_path / "project")
    for number, start in enumerate("=+-@", 1):
        write_source(project, f"formula_{number}", f'{HEADER}"{start}cmd|calc",,浙江省,2022年,,1,元,\n')
    assert gongfu(project, "build").returncode == 0
    csv_file, xlsx_file = tmp_path / "labels.csv", tmp_path / "labels.xlsx"
    for file in (csv_file, xlsx_file):
        done = gongfu(project, "export", "quality.unmapped_labels", "-o", str(file))
        assert done.returncode == 0, done.stderr
    expected = {f"'{start}cmd|calc" for start in "=+-@"}
    with csv_file.open(encoding="utf-8-sig", newline="") as stream:
        assert {row["label"] for row in csv.DictReader(stream)} == expected
    sheet = openpyxl.load_workbook(xlsx_file).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert expected <= {cell.value for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_an_export_that_cannot_be_is_one_line(built: tuple[Project, object], tmp_path: Path) -> None:
    for arguments, words in (
        (("marts.nothing", "-o", "x.csv"), "there is no table marts.nothing"),
        (("marts.mart_income_gap", "-o", "x.sdmx.csv"), "only figures are SDMX"),
        (("marts.mart_income_gap", "--wide", "-o", "x.csv"), "only figures can be chosen or made a panel"),
        (("--source", "nobody", "-o", "x.sdmx.csv"), "no observation"),
        (("--indicator", "nothing", "-o", "x.csv"), "no figure is of these"),
        (("--since", "soon", "-o", "x.csv"), '"soon" is no period'),
        (("-o", "x.doc"), "x.doc has no known ending"),
    ):
        done = gongfu(built[0], "export", *arguments[:-1], str(tmp_path / arguments[-1]))
        assert done.returncode == 2
        assert words in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_workbook_can_be_sent_on(built: tuple[Project, object], tmp_path: Path) -> None:
    """The bureau prints Zhejiang's product of 2023 as 85619.6亿元: one decimal, in 亿元."""
    file = tmp_path / "gdp.xlsx"
    arguments = ("--indicator", "gdp", "--place", "330000", "--since", "2023", "--until", "2023")
    assert gongfu(built[0], "export", *arguments, "-o", str(file)).returncode == 0
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["数据", "来源", "定义"]
    data = book["数据"]
    heads = [str(cell.value).replace("\n", "") for cell in data[3]]
    (total,) = [
        row
        for row in data.iter_rows(min_row=4)
        if row[heads.index("分组")].value in (None, "")
        and (row[heads.index("时期")].value, row[heads.index("口径")].value) == ("2023", "当期")
    ]
    value = total[heads.index("数值（所印）")]
    assert (value.value, value.number_format) == (85619.6, "#,##0.0")
    assert total[heads.index("单位（所印）")].value == "亿元"
    assert total[heads.index("发布机构")].value == "国家统计局"
    assert data.freeze_panes == "B4"
    assert data.auto_filter.ref == f"A3:{data.cell(3, len(heads)).column_letter}{data.max_row}"
    last_on_paper = data.cell(3, heads.index("发布机构") + 1).column_letter
    assert data.print_area == f"'数据'!$A$1:${last_on_paper}${data.max_row}"
    sources = [[cell.value for cell in row] for row in book["来源"].iter_rows(min_row=3)]
    cited = {row[0]: row[-1] for row in sources}
    assert cited["grp_export_2026_03"].startswith("国家统计局：《")
    assert book["定义"]["A3"].value == "地区生产总值"


def test_every_figure_that_is_wanted_stands_in_the_list(built: tuple[Project, object], tmp_path: Path) -> None:
    with duckdb.connect(str(built[0].published), read_only=True) as connection:
        (current,) = connection.execute("select count(*) from facts.current_observations").fetchone() or (0,)
    for name in ("all.xlsx", "all.csv", "all.parquet"):
        done = gongfu(built[0], "export", "-o", str(tmp_path / name))
        assert f"{current} rows in" in done.stdout, name
    sheet = openpyxl.load_workbook(tmp_path / "all.xlsx", read_only=True)["数据"]
    assert sum(1 for _ in sheet.rows) == current + 3
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == current
    assert all(row["publisher_zh"] and row["licence"] for row in rows)
    parquet = duckdb.sql(f"select count(*), count(distinct figure_id) from '{tmp_path / 'all.parquet'}'").fetchone()
    assert parquet == (current, current)


def test_a_panel_holds_each_yearly_figure_once_with_its_flags(built: tuple[Project, object], tmp_path: Path) -> None:
    file = tmp_path / "panel.csv"
    done = gongfu(built[0], "export", "--wide", "-o", str(file), "--indicator", "skilled_workers")
    assert done.returncode == 0, done.stderr
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with duckdb.connect(str(built[0].published), read_only=True) as connection:
        figures = connection.execute("""
            select ref_area, time_period, obs_value, qualifier from facts.current_observations
            where indicator = 'skilled_workers' and freq = 'A'
        """).fetchall()
    values = [
        value for row in rows for name, value in row.items() if name.startswith("skilled") and "flags" not in name
    ]
    assert sorted(float(value) for value in values if value) == sorted(float(each[2]) for each in figures)
    assert len({(row["ref_area"], row["year"]) for row in rows}) == len(rows)
    flags = " ".join(value for row in rows for name, value in row.items() if name.endswith("flags"))
    for _, _, _, qualifier in figures:
        assert qualifier == "exact" or qualifier in flags


def test_publisher_and_terms_lie_beside_every_table(built: tuple[Project, object], tmp_path: Path) -> None:
    file = tmp_path / "income.csv"
    assert gongfu(built[0], "export", "mart_income_gap", "-o", str(file)).returncode == 0
    with (tmp_path / "income.csv.sources.csv").open(encoding="utf-8-sig", newline="") as stream:
        sources = list(csv.DictReader(stream))
    assert len(sources) > 3
    assert all(row["publisher_zh"] and row["licence"] and row["cite_as"] for row in sources)
