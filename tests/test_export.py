"""What the warehouse exports it reads back, identical; and nothing exported executes in a spreadsheet."""

from __future__ import annotations

import csv
import hashlib
from typing import TYPE_CHECKING

import duckdb
import openpyxl
import yaml

from tests.conftest import HEADER, copy_of_project, gongfu, write_source

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


def test_sdmx_csv_comes_back_as_it_was(built: tuple[Project, subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    sources = ("zj_first_batch_practices", "zj_yearbook_2016", "jinhua_yearbook_2003")
    file = tmp_path / "observations.csv"
    wanted = [word for source in sources for word in ("--source", source)]
    done = gongfu(built[0], "export", "--format", "sdmx-csv", "--output", str(file), *wanted)
    assert done.returncode == 0, done.stderr
    project = copy_of_project(tmp_path / "again", sources=[])
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

    file = tmp_path / "observations.csv"
    assert gongfu(built[0], "export", "--format", "sdmx-csv", "-o", str(file), "--indicator", "gdp").returncode == 0
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
    for file, form in ((csv_file, "csv"), (xlsx_file, "xlsx")):
        done = gongfu(project, "export", "quality.unmapped_labels", "--format", form, "-o", str(file))
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
        (("marts.nothing",), "there is no table marts.nothing"),
        (("marts.mart_income_gap", "--format", "sdmx-csv"), "only facts.observations is SDMX"),
        (("--format", "sdmx-csv", "--source", "nobody"), "no observation"),
    ):
        done = gongfu(built[0], "export", *arguments, "-o", str(tmp_path / "x.csv"))
        assert done.returncode == 2
        assert words in done.stderr
        assert done.stderr.count("\n") == 1
